import type { TeamsMessage } from '../../sandbox/teams/index.ts';

type Shown = Pick<TeamsMessage, 'attachments'>;

/** The labels of the buttons that a reader sees before anything is unfolded. */
export function teamsButtonsOf({ attachments }: Shown): string[] {
  return found(attachments, isAction, (one) => one.type === 'Action.ShowCard').map((one) =>
    String(one.title),
  );
}

/** Everything that a reader sees of a card, without its buttons and what they unfold. */
export function teamsWordsOf({ attachments }: Shown): string {
  return found(attachments, isText, isAction)
    .map((one) => (one.type === 'TextBlock' ? String(one.text) : `${one.title}: ${one.value}`))
    .join('\n');
}

/** What lock screens and lists show of a message: no card, just these words. */
export function noticesOf({ attachments, summary, text }: TeamsMessage): string[] {
  const fallbacks = found(attachments, (one) => typeof one.fallbackText === 'string');
  return [text, summary ?? '', ...fallbacks.map((one) => String(one.fallbackText))];
}

type Dict = Record<string, unknown>;

const isAction = (one: Dict) => typeof one.type === 'string' && one.type.startsWith('Action.');
const isText = (one: Dict) =>
  one.type === 'TextBlock' || (!('type' in one) && 'title' in one && 'value' in one);

/** Every object in there for which it is true, in order; nothing of what is inside a closed one. */
function found(
  value: unknown,
  wanted: (one: Dict) => boolean,
  closed: (one: Dict) => boolean = () => false,
): Dict[] {
  if (Array.isArray(value)) return value.flatMap((one) => found(one, wanted, closed));
  if (typeof value !== 'object' || value === null) return [];
  const one = value as Dict;
  // The older way of an action means the same button once more.
  const { fallback: _, ...parts } = one;
  const inside = closed(one) ? [] : Object.values(parts).flatMap((part) => found(part, wanted, closed));
  return wanted(one) ? [one, ...inside] : inside;
}
