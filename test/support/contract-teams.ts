import { toAdaptiveCard } from '../../adapters/teams/adaptive-card.ts';
import { teams } from '../../adapters/teams/index.ts';
import { bytesOf, CARD_LIMIT_BYTES } from '../../adapters/teams/limits.ts';
import { actionsOf } from '../../sandbox/teams/card-tree.ts';
import { aadObjectIdOf, checkCard, type FaultRequest, SANDBOX_APP } from '../../sandbox/teams/index.ts';
import type { MessageRef } from '../../src/index.ts';
import { openApp } from './contract-app.ts';
import type { Driver, Filled, Trouble } from './contract-driver.ts';
import { eventually } from './flow-wait.ts';

const NURSES = '19:registered-nurses@thread.tacv2';

const FAULTS: Record<Trouble, Omit<FaultRequest, 'operation'>> = {
  'asks for seven seconds': { kind: '429', seconds: 7 },
  'asks for patience': { kind: '429-bare' },
  'does not know it any more': { kind: 'not-found' },
  'does not allow it': { kind: 'roster' },
  fails: { kind: '500' },
  'hangs up before': { kind: 'drop' },
  'hangs up after': { kind: 'drop-after-commit' },
};

/** Teams, and the adapter for it. */
export async function openTeams(): Promise<Driver> {
  const { sandbox, platform, desk, close } = await openApp(teams);
  const tenant = sandbox.teams;
  /** What each person's client showed them in answer to a press. */
  const answers = new Map<string, string[]>();

  const placeOf = (ref: MessageRef) => {
    const { conversation, activity } = JSON.parse(ref) as { conversation: string; activity: string };
    return { conversation, activityId: activity };
  };
  const messageAt = (ref: MessageRef) => {
    const { conversation, activityId } = placeOf(ref);
    const found = tenant.messages(conversation).find((one) => one.activityId === activityId);
    if (found === undefined) throw new Error(`There is no message ${ref}.`);
    return found;
  };
  const newestOf = (person: string) => {
    const newest = tenant.targeted(person).findLast(({ attachments }) => attachments.length > 0);
    if (newest === undefined) throw new Error(`${person} was given nothing.`);
    return newest;
  };
  /** The values of the inputs, by their ids; what is searched for is picked from what is offered. */
  const valuesOf = async (
    person: string,
    at: { conversation: string; activityId: string },
    verb: string,
    { target, task, ...typed }: Filled,
  ): Promise<Record<string, string>> => {
    const values: Record<string, string> = { ...typed };
    for (const [dataset, text] of Object.entries({ target, task })) {
      if (text === undefined) continue;
      const { results, error } = await tenant.search({ user: person, ...at, dataset, text });
      const [first] = results;
      if (error || first === undefined) throw new Error(`Nothing is offered for “${text}”: ${error}`);
      values[dataset] = first.value;
    }
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${verb}.${name}`, value]));
  };
  const pressAt = async (
    person: string,
    at: { conversation: string; activityId: string },
    verb: string,
    filled: Filled = {},
  ): Promise<void> => {
    const data = await valuesOf(person, at, verb, filled);
    const { shown } = await tenant.press({ user: person, ...at, verb, data });
    const text = shown && ('text' in shown ? shown.text : 'message' in shown ? shown.message : undefined);
    if (text) answers.set(person, [...(answers.get(person) ?? []), text]);
  };
  const userOf = (id: string) => ({
    platform: 'teams',
    tenant: SANDBOX_APP.tenantId,
    id: aadObjectIdOf(id),
  });
  const inbox = (person: string) => {
    const personal = tenant.people().find(({ id }) => id === person)?.personal;
    return tenant.messages(personal).filter(({ from }) => from.user === undefined);
  };

  return {
    platform,
    desk,
    channel: { platform: 'teams', kind: 'channel', id: NURSES },
    userOf,
    guest: async () => {
      await tenant.say({ user: 'U0GUEST', conversation: 'personal', text: 'help' });
      await eventually(() => {
        if (inbox('U0GUEST').length === 0) throw new Error('The guest was not answered.');
      });
      return userOf('U0GUEST');
    },

    press: (person, ref, verb, filled) => pressAt(person, placeOf(ref), verb, filled),
    type: async (person, words) => {
      const { error } = await tenant.say({
        user: person,
        conversation: NURSES,
        text: `@Switchboard ${words}`,
      });
      if (error) throw new Error(`Teams shows ${person} an error: ${error}`);
    },
    fill: async (person, verb, filled) => {
      const at = await eventually(() => newestOf(person));
      await pressAt(person, at, verb, filled);
    },
    listed: (person) => pressed(newestOf(person)),
    pressListed: (person) => {
      const listing = newestOf(person);
      return pressAt(person, listing, pressed(listing)[0]?.verb ?? '');
    },

    told: (person) => [
      ...(answers.get(person) ?? []),
      ...tenant
        .targeted(person)
        .filter(({ from }) => from.user === undefined)
        .map(({ text, attachments }) => text || textsIn(attachments).join('\n')),
      ...inbox(person).map(({ text }) => text),
    ],
    standing: () =>
      tenant
        .messages(NURSES)
        .filter(({ from }) => from.user === undefined)
        .map((message) => JSON.stringify(message)),
    inbox: (person) => inbox(person).map((message) => JSON.stringify(message)),
    drawn: (ref) => {
      const { text, summary, attachments } = messageAt(ref);
      return { text, summary, attachments };
    },
    pressable: (ref) => pressed(messageAt(ref)).map(({ verb }) => verb),
    remove: (ref) => tenant.deleteMessage(placeOf(ref)),
    trouble: (what, on) => {
      // What was lost while a new card was drawn is known: the message was there already.
      const operation = on === 'update' || what === 'hangs up after' ? 'update' : 'create';
      tenant.addFault({ ...FAULTS[what], operation });
    },
    refusedPost: (card, key) => platform.post(platform.direct('nobody'), card, key),

    objections: (card) => {
      const drawn = toAdaptiveCard(card, desk.form);
      const bytes = bytesOf(drawn);
      return [...checkCard(drawn), ...(bytes > CARD_LIMIT_BYTES ? [`${bytes} bytes`] : [])];
    },
    texts: (card) => textsIn(toAdaptiveCard(card, desk.form)),
    markup: /[*_~`[\]\\#]|\{\{|<[a-z/!]|(^|\n)\s*([-+]|\d+[.)])\s/i,
    close,
  };
}

/** The actions of the card in a message, those that unfold first taken apart. */
function pressed({ attachments }: { readonly attachments: readonly Readonly<Record<string, unknown>>[] }) {
  const [first] = attachments;
  const card = typeof first?.content === 'object' && first.content !== null ? first.content : {};
  return actionsOf({ ...card }).map(({ action }) => {
    const data = action.data as { readonly task?: string } | undefined;
    return { verb: String(action.verb), task: data?.task ?? '' };
  });
}

/** Every text in which a card looks for Markdown. */
function textsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  const one = value as Readonly<Record<string, unknown>>;
  if (one.type === 'TextBlock') return [String(one.text)];
  if (one.type === 'FactSet' && Array.isArray(one.facts))
    return one.facts.flatMap((fact: Readonly<Record<string, string>>) => [
      fact.title ?? '',
      fact.value ?? '',
    ]);
  return Object.values(one).flatMap(textsIn);
}
