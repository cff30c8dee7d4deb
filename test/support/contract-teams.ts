import { PREVIEW, TURN } from '../../adapters/teams/actions.ts';
import { FOLLOWS, FORM_FOLLOWS } from '../../adapters/teams/acts.ts';
import { toAdaptiveCard } from '../../adapters/teams/adaptive-card.ts';
import { teams } from '../../adapters/teams/index.ts';
import { bytesOf, CARD_LIMIT_BYTES } from '../../adapters/teams/limits.ts';
import { asDict, type Dict } from '../../sandbox/dict.ts';
import {
  aadObjectIdOf,
  checkCard,
  type FaultRequest,
  type PressAnswer,
  SANDBOX_APP,
  type TeamsMessage,
} from '../../sandbox/teams/index.ts';
import type { MessageRef } from '../../src/index.ts';
import { openApp } from './contract-app.ts';
import type { Driver, Filled, Trouble } from './contract-driver.ts';
import { askedIn, cardOf, pressable, readIn, textsIn } from './contract-teams-card.ts';
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

/** A message in the tenant. */
type At = Pick<TeamsMessage, 'conversation' | 'activityId'>;

/** Teams, and the adapter for it. */
export async function openTeams(): Promise<Driver> {
  const { sandbox, platform, desk, close } = await openApp(teams);
  const tenant = sandbox.teams;
  /** What each person's client showed them in answer to a press. */
  const answers = new Map<string, string[]>();
  /** The message that is each person's Home. */
  const homes = new Map<string, string>();

  const placeOf = (ref: MessageRef): At => {
    const { conversation, activity } = JSON.parse(ref) as { conversation: string; activity: string };
    return { conversation, activityId: activity };
  };
  const messageAt = (ref: MessageRef) => {
    const { conversation, activityId } = placeOf(ref);
    const found = tenant.messages(conversation).find((one) => one.activityId === activityId);
    if (found === undefined) throw new Error(`There is no message ${ref}.`);
    return found;
  };
  const chatOf = (person: string) => tenant.people().find(({ id }) => id === person)?.personal ?? '';
  const inbox = (person: string) =>
    tenant.messages(chatOf(person), person).filter(({ from }) => from.user === undefined);
  /** The cards that only this person sees, oldest first. */
  const privateCards = (person: string): TeamsMessage[] =>
    [...tenant.targeted(person), ...inbox(person)]
      .filter(({ attachments }) => attachments.length > 0)
      .sort((a, b) => Number(a.activityId) - Number(b.activityId));
  const formOf = (person: string, verb: string): TeamsMessage => {
    const form = privateCards(person).findLast((one) => askedIn(cardOf(one), verb).inputs.length > 0);
    if (form === undefined) throw new Error(`${person} was asked nothing.`);
    return form;
  };
  const listingOf = (person: string): TeamsMessage => {
    const listing = privateCards(person).findLast(({ attachments }) => !asks(attachments));
    if (listing === undefined) throw new Error(`${person} was given nothing.`);
    return listing;
  };
  const homeOf = (person: string): TeamsMessage => {
    const home = inbox(person).find(({ activityId }) => activityId === homes.get(person));
    if (home === undefined) throw new Error(`${person} has no Home open.`);
    return home;
  };

  /** The values of the inputs, by their ids; what is searched for is picked from what is offered. */
  const valuesOf = async (
    user: string,
    at: { conversation: string; activityId?: string },
    verb: string,
    { target, task, ...typed }: Filled,
  ): Promise<Dict> => {
    const values: Record<string, string> = { ...typed };
    for (const [dataset, text] of Object.entries({ target, task })) {
      if (text === undefined) continue;
      const { results, error } = await tenant.search({ user, ...at, dataset, text });
      const [first] = results;
      if (error || first === undefined) throw new Error(`Nothing is offered for “${text}”: ${error}`);
      values[dataset] = first.value;
    }
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${verb}.${name}`, value]));
  };
  const pressAt = async (user: string, message: At, verb: string, data: Dict = {}, own: Dict = {}) => {
    const { conversation, activityId } = message;
    const answer = await tenant.press({ user, conversation, activityId, verb, data, own });
    const text = said(answer)?.filter((one) => one !== FOLLOWS && !one.endsWith(FORM_FOLLOWS));
    if (text) answers.set(user, [...(answers.get(user) ?? []), ...text]);
    return text;
  };
  const fillAt = async (user: string, { conversation, activityId }: At, verb: string, filled: Filled) =>
    valuesOf(user, { conversation, activityId }, verb, filled);
  const dialogOf = (person: string) => tenant.dialogs(person).at(-1);
  const userOf = (id: string) => ({
    platform: 'teams',
    tenant: SANDBOX_APP.tenantId,
    id: aadObjectIdOf(id),
  });
  const type = async (user: string, text: string) => {
    const { error } = await tenant.say({ user, conversation: NURSES, text: `@Switchboard ${text}` });
    if (error) throw new Error(`Teams shows ${user} an error: ${error}`);
  };

  const fill = async (person: string, verb: string, filled: Filled): Promise<void> => {
    const open = dialogOf(person);
    if (open) {
      const data = await valuesOf(person, { conversation: open.conversation }, verb, filled);
      const { shown } = await tenant.submit({ user: person, verb, data });
      if (shown.kind === 'error') throw new Error(`Teams shows ${person} an error: ${shown.message}`);
      if (shown.kind === 'open')
        answers.set(person, [...(answers.get(person) ?? []), ...textsIn(shown.card)]);
      return;
    }
    const form = await eventually(() => formOf(person, verb));
    await pressAt(person, form, verb, await fillAt(person, form, verb, filled));
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

    press: async (person, ref, verb, filled) => {
      const at = placeOf(ref);
      const unfolds = askedIn(cardOf(messageAt(ref)), verb).inputs.length > 0;
      if (filled && !unfolds) {
        await pressAt(person, at, verb);
        return fill(person, verb, filled);
      }
      await pressAt(person, at, verb, await fillAt(person, at, verb, filled ?? {}));
    },
    pressRow: async (person, ref, verb, task) => {
      await pressAt(person, placeOf(ref), verb, {}, { task });
    },
    type,
    fill,
    asked: async (person, verb) => {
      const open = dialogOf(person);
      return askedIn(open ? open.card : cardOf(await eventually(() => formOf(person, verb))), verb);
    },
    preview: async (person, verb, target) => {
      const form = await eventually(() => formOf(person, verb));
      const answer = await pressAt(person, form, PREVIEW, await fillAt(person, form, verb, { target }));
      return answer?.join(' ') ?? '';
    },
    noteFrom: async (person, message) => {
      const at =
        'card' in message
          ? placeOf(message.card)
          : {
              conversation: NURSES,
              activityId: (await tenant.say({ user: person, conversation: NURSES, text: message.text }))
                .activityId,
            };
      const { error } = await tenant.messageAction({ user: person, ...at });
      if (error) throw new Error(`Teams shows ${person} an error: ${error}`);
    },

    listed: (person) => readIn(cardOf(listingOf(person))).buttons,
    listing: (person) => readIn(cardOf(listingOf(person))),
    pressListed: async (person, verb) => {
      const listing = listingOf(person);
      const first = pressable(cardOf(listing)).find((one) => verb === undefined || one.verb === verb);
      await pressAt(person, listing, first?.verb ?? '', {}, { task: first?.task });
    },
    turn: async (person) => {
      await pressAt(person, listingOf(person), TURN);
    },

    openHome: async (person) => {
      const before = new Set(inbox(person).map(({ activityId }) => activityId));
      await tenant.say({ user: person, conversation: 'personal', text: 'hi' });
      const home = await eventually(() => {
        const opened = inbox(person).find(({ activityId }) => !before.has(activityId));
        if (opened === undefined) throw new Error(`${person} was shown no Home.`);
        return opened;
      });
      homes.set(person, home.activityId);
    },
    home: (person) => readIn(cardOf(homeOf(person))),
    pressHome: async (person, verb) => {
      await pressAt(person, homeOf(person), verb);
    },

    told: (person) => [
      ...(answers.get(person) ?? []),
      ...[...tenant.targeted(person), ...inbox(person)]
        .filter(({ from, attachments }) => from.user === undefined && !asks(attachments))
        .map(({ text, attachments }) => text || textsIn(attachments).join('\n')),
    ],
    notified: (person) => sandbox.notifications().flatMap((one) => (one.person === person ? [one.kind] : [])),
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
    pressable: (ref) => pressable(cardOf(messageAt(ref))).map(({ verb }) => verb),
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

/** A form is a dialog, wherever it stands. */
function asks(attachments: TeamsMessage['attachments']): boolean {
  return JSON.stringify(attachments).includes('"Input.');
}

/** What the presser reads in answer: a sentence, or what stands in a card that took the place of the one before. */
function said({ shown }: PressAnswer): string[] | undefined {
  switch (shown?.kind) {
    case 'message':
      return [shown.text];
    case 'error':
      return [shown.message];
    case 'card':
      return textsIn(asDict(shown.card).body);
    default:
      return undefined;
  }
}
