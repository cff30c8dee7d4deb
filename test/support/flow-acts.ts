import type { Sandbox } from '../../sandbox/server.ts';
import type {
  ListedView,
  PressAnswer,
  SlackEphemeral,
  SlackMessage,
  SubmitAnswer,
} from '../../sandbox/slack/index.ts';
import { eventually } from './flow-wait.ts';

/** What a person fills into a dialog: `target` and `task` in words, picked from what is offered for them. */
export interface Filled {
  readonly target?: string;
  readonly task?: string;
  readonly reason?: string;
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
  slash(user: string, command: string, channel?: string): Promise<void>;
  /** Does something after which a dialog opens for this person, and gives the dialog. */
  dialog(user: string, act: () => Promise<unknown>): Promise<ListedView>;
  /** Types into a type-ahead and gives what is offered, as label and value. */
  offers(user: string, view: ListedView, input: string, words: string): Promise<[string, string][]>;
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

export function createPeople({ slack }: Sandbox): PeopleActs {
  const acts: PeopleActs = {
    press: (user, card, verb) =>
      slack.press({
        user,
        channel: card.channel,
        ts: card.ts,
        action_id: verb,
        value: taskIn(card),
        stale: true,
      }),

    pressShown: (user, card, verb) =>
      slack.press({ user, channel: card.channel, ts: card.ts, action_id: verb, value: taskIn(card) }),

    pick: (user, card, verb) =>
      slack.press({
        user,
        channel: card.channel,
        ts: card.ts,
        action_id: 'more',
        value: `${verb}:${taskIn(card)}`,
      }),

    slash: async (user, typed, channel = 'C0NURSES') => {
      const [, command = '', text = ''] = /^(\S+)\s*([\s\S]*)$/.exec(typed) ?? [];
      const { error } = await slack.slash({ user, channel, command, text });
      if (error) throw new Error(`Slack shows ${user} an error: ${error}`);
    },

    dialog: async (user, act) => {
      const before = new Set(slack.views(user).map((view) => view.id));
      await act();
      return eventually(() => {
        const opened = slack.views(user).find((view) => !before.has(view.id));
        if (opened === undefined) throw new Error(`No dialog has opened for ${user}.`);
        return opened;
      });
    },

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

    submit: async (user, view, { target, task, ...typed }) => {
      const values: Record<string, unknown> = { ...typed };
      for (const [input, words] of Object.entries({ target, task })) {
        if (words === undefined) continue;
        const [first] = await acts.offers(user, view, input, words);
        if (first === undefined) throw new Error(`Nothing is offered for “${words}”.`);
        values[input] = first[1];
      }
      return slack.submit({ user, view_id: view.id, values });
    },

    reroute: async (user, card, filled) => {
      const view = await acts.dialog(user, () => acts.pressShown(user, card, 'reroute'));
      return acts.submit(user, view, filled);
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

function taskIn(card: SlackMessage): string {
  const payload = card.metadata?.event_payload;
  if (typeof payload !== 'object' || payload === null || !('task' in payload))
    throw new Error('This message is no card of a Task.');
  return String(payload.task);
}

function textOf(text: unknown): string {
  return typeof text === 'object' && text !== null && 'text' in text ? String(text.text) : '';
}
