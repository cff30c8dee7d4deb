import { PREVIEW, TURN } from '../../adapters/teams/actions.ts';
import type {
  Dialog,
  DialogReply,
  MessageRef,
  PressAnswer,
  SearchAnswer,
  TeamsMessage,
} from '../../sandbox/teams/index.ts';
import { type Clinic, type ClinicOptions, openClinic } from './clinic.ts';
import type { Filled } from './flow-acts.ts';
import { teamsWordsOf } from './flow-teams-card.ts';
import { eventually } from './flow-wait.ts';

/** A pool's channel on both platforms. */
export const NURSES = { slack: 'C0NURSES', teams: '19:registered-nurses@thread.tacv2' } as const;
export const CARDIO = { slack: 'C0CARDIO', teams: '19:cardiology@thread.tacv2' } as const;
export const PHARMACY = { slack: 'C0PHARMACY', teams: '19:pharmacy@thread.tacv2' } as const;
export const DIET = { slack: 'C0DIET', teams: '19:dietetics@thread.tacv2' } as const;

/** What the card of a Task offers, buttons first. */
export const OFFERED = {
  waiting: ['Claim', 'Reroute', 'Escalate', 'Add note', 'History'],
  assigned: ['Accept', 'Reroute', 'Release', 'Escalate', 'Add note', 'History'],
  claimed: ['Complete', 'Reroute', 'Release', 'Escalate', 'Snooze', 'Add note', 'History'],
  closed: ['History'],
} as const;

/** How a press is sent: by an older client, by one that has not heard of the change, or in the row of this Task. */
type How = {
  readonly fallback?: boolean;
  readonly stale?: boolean;
  readonly own?: { readonly task: string };
};

/** What people do in the tenant, and what only they see of it. */
export interface TeamsActs {
  /** Cards of a Task, oldest first: all, or those in one conversation. */
  cards(taskId: string, conversation?: string): TeamsMessage[];
  /** The newest card of a Task in a conversation, as soon as there is one. */
  card(taskId: string, conversation: string): Promise<TeamsMessage>;
  /** The chat of a person with the bot. */
  chatOf(user: string): string;
  /** Presses a button of a card by its verb, filled in by the ids of its inputs. */
  press(user: string, card: TeamsMessage, verb: string, data?: object, how?: How): Promise<PressAnswer>;
  /** Presses, and gives the sentence that comes back to whoever pressed. */
  pressAnswer(user: string, card: TeamsMessage, verb: string, data?: object, how?: How): Promise<string>;
  /** Presses a button in the row of a Task, and gives the card that then stands in the place of the one before. */
  pressRow(user: string, listing: TeamsMessage, verb: string, taskId: string): Promise<TeamsMessage>;
  /** Turns a listing to its other rows, and gives it as it stands then. */
  turn(user: string, listing: TeamsMessage): Promise<TeamsMessage>;
  /** A private message as it stands now. */
  again(user: string, message: TeamsMessage): TeamsMessage;
  /** Asks what a form would do as it is filled in, and gives what is said. */
  preview(user: string, card: TeamsMessage, data: object): Promise<string>;
  /** Uses "Add to Task note" in the menu of a message. */
  addNote(user: string, message: MessageRef): Promise<DialogReply>;
  /** The dialog that is open for this person. */
  dialog(user: string): Dialog;
  /** Types into a type-ahead of a card and gives what is offered. */
  offers(user: string, card: TeamsMessage, input: string, words: string): Promise<SearchAnswer['results']>;
  /** The inputs of a verb as a card sends them: `target` and `task` are picked from what is offered for the words. */
  fill(user: string, card: TeamsMessage, verb: string, filled: Filled): Promise<Record<string, string>>;
  /** Writes to the bot: in a channel, a thread, or `personal`. */
  say(user: string, conversation: string, text: string): Promise<void>;
  /** What only this person sees: targeted messages, and the chat with the bot; oldest first, cards of Tasks left out. */
  heard(user: string): TeamsMessage[];
  /** Does something, and gives the private answer that comes of it. */
  told(user: string, act: () => Promise<unknown>): Promise<TeamsMessage>;
  /** Does something, and gives the sentence that this person is told. */
  answer(user: string, act: () => Promise<unknown>): Promise<string>;
}

/** A clinic with both platforms, in whose team the app is installed. */
export interface TeamsClinic extends Clinic {
  readonly teams: TeamsActs;
}

/** Opens a clinic in whose team the app is installed. `close` it at the end. */
export async function openTeamsClinic(options: ClinicOptions = {}): Promise<TeamsClinic> {
  const clinic = await openClinic(options);
  await clinic.sandbox.teams.install();
  return { ...clinic, teams: createTeamsActs(clinic) };
}

export function createTeamsActs({ sandbox: { teams } }: Pick<Clinic, 'sandbox'>): TeamsActs {
  const acts: TeamsActs = {
    cards: (taskId, conversation) =>
      teams
        .messages(conversation)
        .filter((message) => isCard(message) && teamsWordsOf(message).includes(`/Task/${taskId})`)),

    card: (taskId, conversation) =>
      eventually(() => {
        const newest = acts.cards(taskId, conversation).at(-1);
        if (newest === undefined) throw new Error(`There is no card of Task/${taskId} in ${conversation}.`);
        return newest;
      }),

    chatOf: (user) => {
      const person = teams.people().find(({ id }) => id === user);
      if (person === undefined) throw new Error(`There is no ${user} in the tenant.`);
      return person.personal;
    },

    press: (user, { conversation, activityId }, verb, data, how) =>
      teams.press({ user, conversation, activityId, verb, ...how, ...(data && { data: { ...data } }) }),

    pressAnswer: async (...press) => {
      const { shown, error } = await acts.press(...press);
      if (shown?.kind === 'message') return shown.text;
      // A form that stands alone leaves the sentence in its place.
      if (shown?.kind === 'card') return teamsWordsOf({ attachments: [shown.card] });
      throw new Error(`Teams shows no sentence: ${error ?? shown?.kind}`);
    },

    pressRow: async (user, listing, verb, task) => {
      const { shown, error } = await acts.press(user, listing, verb, {}, { own: { task } });
      if (shown?.kind !== 'card') throw new Error(`Teams shows no card: ${error ?? shown?.kind}`);
      return acts.again(user, listing);
    },

    turn: async (user, listing) => {
      const { shown, error } = await acts.press(user, listing, TURN);
      if (shown?.kind !== 'card') throw new Error(`Teams shows no card: ${error ?? shown?.kind}`);
      return acts.again(user, listing);
    },

    again: (user, { activityId }) => {
      const found = acts.heard(user).find((one) => one.activityId === activityId);
      if (found === undefined) throw new Error(`${user} does not see this any more.`);
      return found;
    },

    preview: (user, card, data) => acts.pressAnswer(user, card, PREVIEW, data),

    addNote: (user, { conversation, activityId }) => teams.messageAction({ user, conversation, activityId }),

    dialog: (user) => {
      const open = teams.dialogs(user).at(-1);
      if (open === undefined) throw new Error(`No dialog is open for ${user}.`);
      return open;
    },

    offers: async (user, { conversation, activityId }, dataset, text) => {
      const { results, error } = await teams.search({ user, conversation, activityId, dataset, text });
      if (error) throw new Error(`Teams shows ${user} an error: ${error}`);
      return results;
    },

    fill: async (user, card, verb, { target, task, ...typed }) => {
      const data = Object.fromEntries(
        Object.entries(typed).map(([name, value]) => [`${verb}.${name}`, value]),
      );
      for (const [input, words] of Object.entries({ target, task })) {
        if (words === undefined) continue;
        const [first] = await acts.offers(user, card, input, words);
        if (first === undefined) throw new Error(`Nothing is offered for “${words}”.`);
        data[`${verb}.${input}`] = first.value;
      }
      return data;
    },

    say: async (user, conversation, text) => {
      const { error } = await teams.say({ user, conversation, text });
      if (error) throw new Error(`Teams shows ${user} an error: ${error}`);
    },

    heard: (user) =>
      [...teams.targeted(user), ...teams.messages(acts.chatOf(user), user)]
        .filter(({ from }) => from.user === undefined)
        .filter((message) => !isCard(message))
        .sort((a, b) => Number(a.activityId) - Number(b.activityId)),

    told: async (user, act) => {
      const before = new Set(acts.heard(user).map(({ activityId }) => activityId));
      await act();
      return eventually(() => {
        const heard = acts.heard(user).find(({ activityId }) => !before.has(activityId));
        if (heard === undefined) throw new Error(`Nothing was said to ${user}.`);
        return heard;
      });
    },

    answer: async (user, act) => (await acts.told(user, act)).text,
  };
  return acts;
}

/** A card of a Task, or the line that it begins as. A listing may lead to the record too, but has no facts. */
function isCard(message: TeamsMessage): boolean {
  return message.text === 'A card follows.' || JSON.stringify(message.attachments).includes('"FactSet"');
}
