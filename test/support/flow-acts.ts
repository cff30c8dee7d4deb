import { COMMANDS } from '../../adapters/slack/commands.ts';
import { TURN } from '../../adapters/slack/listing.ts';
import { ADD_NOTE } from '../../adapters/slack/note.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import type {
  ListedView,
  PressAnswer,
  SlackEphemeral,
  SlackMessage,
  SlackWorkspace,
  SubmitAnswer,
} from '../../sandbox/slack/index.ts';
import { wordsOf } from './flow-card.ts';
import { eventually } from './flow-wait.ts';

/** What a person fills into a dialog: `target` and `task` in words, picked from what is offered for them. */
export interface Filled {
  /** In words; the first that is offered is taken, or the one that is this Practitioner (`words = Practitioner/id`). */
  readonly target?: string;
  readonly task?: string;
  readonly reason?: string;
  readonly visibility?: string;
  readonly until?: string;
  readonly note?: string;
}

/** What people do in the workspace, and what only they see of it. */
export interface PeopleActs {
  /** Presses a button of a card by its verb, whether or not the card still shows it. */
  press(user: string, card: SlackMessage, verb: string): Promise<PressAnswer>;
  /** Presses a button that the card must show. */
  pressShown(user: string, card: SlackMessage, verb: string): Promise<PressAnswer>;
  /** Picks what a card has in its menu. */
  pick(user: string, card: SlackMessage, verb: string): Promise<PressAnswer>;
  /** Types a slash command; a word that is no command of the app's, behind `/switchboard`. */
  slash(user: string, command: string, channel?: string): Promise<void>;
  /** Presses a button in a row of a listing or card; the row of this Task, where several rows have that button. */
  pressRow(
    user: string,
    rows: SlackEphemeral | SlackMessage,
    verb: string,
    taskId?: string,
  ): Promise<PressAnswer>;
  /** Turns a listing to its other rows, and gives it as it stands then. */
  turn(user: string, listing: SlackEphemeral): Promise<SlackEphemeral>;
  /** A listing, or another private answer, as it stands now. */
  again(user: string, listing: SlackEphemeral): SlackEphemeral;
  /** Looks at the Home tab, and gives it as soon as it is drawn. */
  openHome(user: string): Promise<ListedView>;
  /** The Home tab as it is drawn now. */
  home(user: string): ListedView;
  /** Presses a button on the Home tab; the row of this Task, where several rows have that button. */
  pressHome(user: string, verb: string, taskId?: string): Promise<PressAnswer>;
  /** Does something on the Home tab, and gives what is said in answer. */
  answerAtHome(user: string, act: () => Promise<unknown>): Promise<string>;
  /** Uses "Add to Task note" in the menu of a message, and gives the dialog. */
  addNote(user: string, message: Pick<SlackMessage, 'channel' | 'ts'>): Promise<ListedView>;
  /** Does something after which a dialog opens for this person, and gives the dialog. */
  dialog(user: string, act: () => Promise<unknown>): Promise<ListedView>;
  /** Types into a type-ahead and gives what is offered, as label and value. */
  offers(user: string, view: ListedView, input: string, words: string): Promise<[string, string][]>;
  /** Chooses where a dialog should send the Task, and gives what the dialog says of it before it is submitted. */
  preview(user: string, view: ListedView, target: string): Promise<string>;
  /** Fills in a dialog and submits it. */
  submit(user: string, view: ListedView, filled: Filled): Promise<SubmitAnswer>;
  /** Presses Reroute on a card, fills in its dialog and submits it. */
  reroute(user: string, card: SlackMessage, filled: Filled): Promise<SubmitAnswer>;
  /** Every sentence that only this person has seen, oldest first. */
  sentences(user: string): string[];
  /** Does something, and gives the private answer that comes of it. */
  told(user: string, act: () => Promise<unknown>): Promise<SlackEphemeral>;
  /** Does something, and gives the sentence that this person is told. */
  answer(user: string, act: () => Promise<unknown>): Promise<string>;
}

export function createPeople({ slack }: Pick<Sandbox, 'slack'>): PeopleActs {
  const acts: PeopleActs = {
    ...pressing(slack),
    ...atHome(slack),
    ...inDialogs(slack, () => acts),

    slash: async (user, typed, channel = 'C0NURSES') => {
      const [, word = '', rest = ''] = /^\/?(\S+)\s*([\s\S]*)$/.exec(typed) ?? [];
      const isCommand = COMMANDS.some(({ name }) => name === word);
      const { error } = await slack.slash({
        user,
        channel,
        command: isCommand ? `/${word}` : '/switchboard',
        text: isCommand ? rest : `${word} ${rest}`.trim(),
      });
      if (error) throw new Error(`Slack shows ${user} an error: ${error}`);
    },

    sentences: (user) => slack.ephemerals(user).map(({ text }) => text),

    told: async (user, act) => {
      const before = new Set(slack.ephemerals(user).map(({ ts }) => ts));
      await act();
      return eventually(() => {
        const heard = slack.ephemerals(user).find(({ ts }) => !before.has(ts));
        if (heard === undefined) throw new Error(`Nothing was said to ${user}.`);
        return heard;
      });
    },

    answer: async (user, act) => (await acts.told(user, act)).text,
  };
  return acts;
}

type Pressing = Pick<PeopleActs, 'press' | 'pressShown' | 'pick' | 'pressRow' | 'turn' | 'again'>;

/** Buttons of cards and of listings. */
function pressing(slack: SlackWorkspace): Pressing {
  const at = ({ channel, ts }: SlackMessage | SlackEphemeral) => ({ channel, ts });
  const again: Pressing['again'] = (user, { ts }) => {
    const found = slack.ephemerals(user).find((one) => one.ts === ts);
    if (found === undefined) throw new Error(`${user} does not see this any more.`);
    return found;
  };
  return {
    press: (user, card, verb) =>
      slack.press({ user, ...at(card), action_id: verb, value: taskIn(card), stale: true }),
    pressShown: (user, card, verb) =>
      slack.press({ user, ...at(card), action_id: verb, value: taskIn(card) }),
    pick: (user, card, verb) => {
      const value = `${verb}:${taskIn(card)}`;
      return slack.press({ user, ...at(card), action_id: menuWith(card, value) ?? 'more', value });
    },
    pressRow: (user, rows, verb, taskId) =>
      slack.press({ user, ...at(rows), action_id: verb, ...(taskId && { value: taskId }) }),
    again,
    turn: async (user, listing) => {
      const before = JSON.stringify(again(user, listing).blocks);
      await slack.press({ user, ...at(listing), action_id: TURN });
      return eventually(() => {
        const now = again(user, listing);
        if (JSON.stringify(now.blocks) === before) throw new Error('The listing still shows the same rows.');
        return now;
      });
    },
  };
}

type AtHome = Pick<PeopleActs, 'openHome' | 'home' | 'pressHome' | 'answerAtHome'>;

/** The Home tab, where answers come in a window above it. */
function atHome(slack: SlackWorkspace): AtHome {
  const home = (user: string): ListedView => {
    const drawn = slack.homes(user).at(-1);
    if (drawn === undefined) throw new Error(`The Home tab of ${user} is empty.`);
    return drawn;
  };
  return {
    home,
    openHome: async (user) => {
      const before = slack.homes(user).at(-1)?.hash;
      const { error } = await slack.openHome(user);
      if (error) throw new Error(`Slack could not tell the app: ${error}`);
      return eventually(() => {
        const drawn = home(user);
        if (drawn.hash === before) throw new Error(`The Home tab of ${user} was not drawn again.`);
        return drawn;
      });
    },
    pressHome: (user, verb, taskId) =>
      slack.press({ user, view_id: home(user).id, action_id: verb, ...(taskId && { value: taskId }) }),
    answerAtHome: async (user, act) => wordsOf(await opened(slack, user, act)),
  };
}

type InDialogs = Pick<PeopleActs, 'addNote' | 'dialog' | 'offers' | 'preview' | 'submit' | 'reroute'>;

function inDialogs(slack: SlackWorkspace, acts: () => PeopleActs): InDialogs {
  /** The value of the first offer for these words. */
  const pickFirst = async (user: string, view: ListedView, input: string, given: string): Promise<string> => {
    const [words = '', id] = given.split(' = Practitioner/');
    const offered = await acts().offers(user, view, input, words);
    const found = offered.find(([, value]) => id === undefined || value === `person:${id}`);
    if (found === undefined) throw new Error(`Nothing is offered for “${given}”.`);
    return found[1];
  };
  return {
    dialog: (user, act) => opened(slack, user, act),

    addNote: (user, { channel, ts }) =>
      opened(slack, user, () => slack.shortcut({ user, channel, ts, callback_id: ADD_NOTE })),

    offers: async (user, view, input, words) => {
      const { options, error } = await slack.suggest({
        user,
        view_id: view.id,
        action_id: input,
        text: words,
      });
      if (error) throw new Error(`Slack shows ${user} an error: ${error}`);
      return options.map((option) => [textOf(option.text), String(option.value)]);
    },

    preview: async (user, view, target) => {
      const said = () => previewIn(slack.views(user).find(({ id }) => id === view.id));
      const before = said();
      const value = await pickFirst(user, view, 'target', target);
      await slack.press({ user, view_id: view.id, action_id: 'target', value });
      return eventually(() => {
        const now = said();
        if (now === undefined || now === before) throw new Error(`The dialog says nothing of “${target}”.`);
        return now;
      });
    },

    submit: async (user, view, { target, task, ...typed }) => {
      const values: Record<string, unknown> = { ...typed };
      for (const [input, words] of Object.entries({ target, task }))
        if (words !== undefined) values[input] = await pickFirst(user, view, input, words);
      return slack.submit({ user, view_id: view.id, values });
    },

    reroute: async (user, card, filled) => {
      const view = await acts().dialog(user, () => acts().pressShown(user, card, 'reroute'));
      return acts().submit(user, view, filled);
    },
  };
}

/** Does something, and gives the window that opens for this person. */
async function opened(slack: SlackWorkspace, user: string, act: () => Promise<unknown>): Promise<ListedView> {
  const before = new Set(slack.views(user).map((view) => view.id));
  await act();
  return eventually(() => {
    const fresh = slack.views(user).find((view) => !before.has(view.id));
    if (fresh === undefined) throw new Error(`No dialog has opened for ${user}.`);
    return fresh;
  });
}

/** What a dialog says of the target that is chosen in it. */
function previewIn(view: ListedView | undefined): string | undefined {
  const blocks = view?.blocks.filter(({ block_id }) => block_id === 'preview') ?? [];
  return blocks.length > 0 ? wordsOf({ blocks }) : undefined;
}

/** The action id of the menu of a card that has this choice. */
function menuWith({ blocks }: SlackMessage, value: string): string | undefined {
  const menus = JSON.stringify(blocks).matchAll(/"action_id":"(more[^"]*)","options":(\[.*?\])/g);
  return [...menus].find(([, , options]) => options?.includes(JSON.stringify(value)))?.[1];
}

function taskIn(card: SlackMessage): string {
  const payload = card.metadata?.event_payload;
  if (typeof payload !== 'object' || payload === null || !('task' in payload))
    throw new Error('This message is no card of a Task.');
  return String(payload.task);
}

function textOf(text: unknown): string {
  return typeof text === 'object' && text !== null && 'text' in text ? String(text.text) : '';
}
