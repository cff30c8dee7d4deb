import { PREVIEW, TURN } from '../../adapters/teams/actions.ts';
import { asDict, asText, type Dict, isDict } from '../../sandbox/dict.ts';
import { actionsOf, inputsOf } from '../../sandbox/teams/card-tree.ts';
import type { TeamsMessage } from '../../sandbox/teams/index.ts';
import type { Asked, Pressable, Read } from './contract-driver.ts';

/** The card in a message. */
export function cardOf({ attachments }: Pick<TeamsMessage, 'attachments'>): Dict {
  return asDict(attachments[0]?.content);
}

/** What can be pressed in a card, those that unfold first taken apart; not what turns a listing or asks for a preview. */
export function pressable(card: Dict): Pressable[] {
  return actionsOf(card)
    .map(({ action }) => ({ verb: String(action.verb), task: asText(asDict(action.data).task) ?? '' }))
    .filter(({ verb }) => verb !== TURN && verb !== PREVIEW);
}

/** A card as a person reads it. */
export function readIn(card: Dict): Read {
  const turn = actionsOf(card).find(({ action }) => action.verb === TURN);
  return {
    text: textsIn(card).join('\n'),
    buttons: pressable(card),
    turn: turn && asText(turn.action.title),
  };
}

/** What a card asks for this verb, also where that is unfolded first. */
export function askedIn(card: Dict, verb: string): Asked {
  const prefix = `${verb}.`;
  const form = actionsOf(card).find(({ action }) => (action.verb ?? asDict(action.data).verb) === verb);
  const inputs = (form?.inputs ?? inputsOf(card.body)).filter(({ id }) => asText(id)?.startsWith(prefix));
  const nameOf = ({ id }: Dict) => String(id).slice(prefix.length);
  const filled = inputs.flatMap((one): [string, string][] =>
    one.value === undefined ? [] : [[nameOf(one), String(one.value)]],
  );
  return {
    text: textsIn(card).join('\n'),
    inputs: inputs.map(nameOf),
    filled: Object.fromEntries(filled),
  };
}

/** Every text in which a card looks for Markdown. */
export function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (!isDict(value)) return [];
  if (value.type === 'TextBlock') return [String(value.text)];
  if (value.type === 'FactSet' && Array.isArray(value.facts))
    return value.facts.flatMap((fact: unknown) => {
      const { title, value: words } = asDict(fact);
      return [asText(title) ?? '', asText(words) ?? ''];
    });
  return Object.values(value).flatMap(textsIn);
}
