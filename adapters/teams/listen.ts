import type { Activity } from 'botbuilder';
import {
  type ChatUser,
  createRepeats,
  type Desk,
  type FormInput,
  type Log,
  type Memory,
  TAKEN_UP,
} from '../../src/index.ts';
import { changeOf, earOf, isMessageAction, keyOf, userOf } from './activity.ts';
import { createActs, UNKNOWN_BUTTON } from './acts.ts';
import { dialogAnswer, failure, pressAnswer, searchAnswer } from './answers.ts';
import type { InvokeAnswer } from './auth.ts';
import { type ChosenMessage, readChosen } from './chosen-message.ts';
import type { Conversations } from './conversations.ts';
import { matching } from './inputs.ts';
import { type MessageBody, readMessage, strangersIn } from './mention.ts';
import { createMessageActions } from './message-action.ts';
import { type Invoke, parseInvoke, parseSubmit } from './press.ts';
import type { Ear, Note } from './tell.ts';

export interface ListenParts {
  readonly desk: Desk;
  readonly conversations: Conversations;
  readonly memory: Memory;
  tell(ear: Ear, note: Note): Promise<void>;
  /** Goes on after the answer; Teams gives up on a turn after some seconds. */
  later(work: Promise<void>): void;
  /** The Entra object id of somebody whom this person mentions, by their Teams id. */
  objectIdOf(by: ChatUser, ear: Ear, teamsId: string): Promise<string | undefined>;
  readonly now: () => number;
  readonly log: Log;
}

/** Turns what people do in Teams into questions to the desk. */
export interface Listener {
  /** An invoke wants its answer at once. */
  invoke(activity: Activity): Promise<InvokeAnswer>;
  /** Everything else is answered first and worked on after. */
  hear(activity: Activity): Promise<void>;
}

/** Teams sends an activity again when it thinks that we were too slow. */
const REPEATED_MS = 60 * 60_000;

/** So many people of a message are looked up; a command names one. */
const MENTIONS = 3;

export function createListener(parts: ListenParts): Listener {
  const { desk, conversations, memory, tell, later, log } = parts;
  const acts = createActs(desk);
  const messageActions = createMessageActions(desk, acts, parts.now);
  const repeats = { memory, forMs: REPEATED_MS, log };
  const heard = createRepeats<void>(repeats);
  const invoked = createRepeats<InvokeAnswer>(repeats);

  /** What is learned is for later; what the person wants now must not fail because of it. */
  async function learn(activity: Activity): Promise<void> {
    await conversations.learn(activity).catch((error: unknown) => {
      log.warn({ err: error }, 'where an activity came from could not be remembered');
    });
  }

  async function objectIds(
    message: MessageBody,
    by: ChatUser,
    ear: Ear,
  ): Promise<ReadonlyMap<string, string | undefined>> {
    const ids = new Map<string, string | undefined>();
    for (const id of strangersIn(message).slice(0, MENTIONS))
      ids.set(id, await parts.objectIdOf(by, ear, id));
    return ids;
  }

  async function hear(activity: Activity): Promise<void> {
    await learn(activity);
    if (activity.type === 'message') return hearMessage(activity);
    const change = changeOf(activity);
    if (change?.kind === 'left') await conversations.left(change.chat);
    if (change?.kind === 'came') await greet(activity, change.chat);
  }

  async function hearMessage(activity: Activity): Promise<void> {
    const by = userOf(activity);
    if (!by) return log.info({ type: activity.type }, 'a message from nobody we can know');
    const ear = earOf(activity, by);
    const press = parseSubmit(activity.value);
    if (press) {
      const { answer, aside } = await acts.press(press, by);
      return tell(ear, aside ?? answer);
    }
    const message = activity as MessageBody;
    const ids = await objectIds(message, by, ear);
    await tell(
      ear,
      await acts.say(
        readMessage(message, (id) => ids.get(id)),
        by,
      ),
    );
  }

  /** Whoever adds the app for themselves sees at once who they are here, and what there is to do. */
  async function greet(activity: Activity, chat: string): Promise<void> {
    const by = userOf(activity);
    // Teams says twice that the app was added, in two ways.
    if (by && (await conversations.isNew(chat)))
      await tell(earOf(activity, by), await acts.say({ word: 'home', text: '' }, by));
  }

  async function invoke(activity: Activity, meant: Invoke, learned: Promise<void>): Promise<InvokeAnswer> {
    await learned;
    const by = userOf(activity);
    if (!by) {
      const sentence = 'Teams does not say who you are, so nothing was done.';
      return isMessageAction(activity) ? dialogAnswer(sentence) : pressAnswer(sentence);
    }
    const ear = earOf(activity, by);
    switch (meant.kind) {
      case 'press':
      case 'form':
      case 'preview':
      case 'turn': {
        const { answer, aside } = await acts.press(meant, by);
        if (aside) later(tell(ear, aside));
        return pressAnswer(answer);
      }
      case 'search':
        return searchAnswer(await search(meant.dataset, meant.words, by));
      case 'open':
        return messageActions.open(
          meant.command,
          await chosen(meant.message, ear, activity.recipient?.id),
          by,
        );
      case 'submit': {
        const { answer, told } = await messageActions.submit(meant.command, meant.submission, by);
        if (told) later(tell(ear, told));
        return answer;
      }
      case 'unsupported':
        log.info({ reason: meant.reason }, 'a press that means nothing');
        return failure(UNKNOWN_BUTTON);
      default:
        return meant satisfies never;
    }
  }

  /** The message that was chosen; an answer below the card of a Task is about that Task. */
  async function chosen(payload: unknown, ear: Ear, us: string | undefined): Promise<ChosenMessage> {
    const message = readChosen(payload, us);
    const taskId = message.taskId ?? (await conversations.taskOf(ear.conversation).catch(() => undefined));
    return { ...message, taskId };
  }

  /** Choices of the desk's; for `reroute.reason` those of the form, where they are too many to stand in a card. */
  async function search(dataset: string, words: string, by: ChatUser) {
    const [, verb, input] = /^([\w-]+)\.([\w-]+)$/.exec(dataset) ?? [];
    return verb && input
      ? matching(desk.form(verb, undefined), input, words)
      : desk.search(dataset as FormInput['name'], words, by);
  }

  return {
    hear: async (activity) => {
      await heard.once(keyOf(activity), () => hear(activity));
    },

    invoke: async (activity) => {
      const meant = parseInvoke(activity.name, activity.value);
      // A message action may come from a place that we are not in: nobody can be asked about there.
      const learned = isMessageAction(activity) ? Promise.resolve() : learn(activity);
      const answer = () => invoke(activity, meant, learned);
      if (!doesSomething(meant)) return answer();
      const delivered = await invoked.once(keyOf(activity), answer);
      if (delivered.kind !== 'elsewhere') return delivered.result;
      return meant.kind === 'submit' ? dialogAnswer(TAKEN_UP) : pressAnswer(TAKEN_UP);
    },
  };
}

/** Whether it may change or send something; a mere question is answered as often as it comes. */
function doesSomething({ kind }: Invoke): boolean {
  return kind === 'press' || kind === 'form' || kind === 'submit';
}
