import { PEOPLE } from '../../sandbox/clinic.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import type { Pressed } from '../invariants.ts';
import { teamsWordsOf } from '../support/flow-teams-card.ts';
import { readAnswer } from './answers.ts';
import { cardsOf, createEars } from './ears.ts';
import type { Random } from './random.ts';
import type { Records } from './records.ts';

export type Platform = 'slack' | 'teams';

/** A press as whoever looks for the cause of something wants to see it. */
export interface Attempt extends Pressed {
  /** Real time, as the processes' logs have it. */
  readonly at: number;
  readonly said: string | undefined;
}

/** What somebody wants done with a Task. */
export interface Wish {
  readonly verb: string;
  readonly task: string;
  /** What is typed behind the Task, e.g. `because workload`. */
  readonly typed?: string;
  /** The same, filled into the inputs of a card. */
  readonly filled?: Readonly<Record<string, string>>;
}

/** People who press and type, each one thing at a time, and remember what they were told. */
export interface People {
  /** Whoever is free among these, or anybody where none of them is; undefined where all are busy. */
  free(random: Random, among?: readonly string[]): string | undefined;
  /** Presses a button of a card; `twice`, as the platform delivers what it has had no answer to. */
  press(user: string, wish: Wish, platform: Platform, twice: boolean): Promise<void>;
  /** Types it as a command. */
  type(user: string, wish: Wish, platform: Platform, twice: boolean): Promise<void>;
  /** Takes whatever comes next. */
  next(user: string, platform: Platform): Promise<void>;
  /** Somebody may have done this without pressing, nobody knows to which Task. */
  mayHave(by: string, verb: string): void;
  readonly pressed: readonly Attempt[];
}

/** After so long people give up waiting for a word. */
const PATIENCE_MS = 12_000;
/** A button in Slack that did what it says says nothing; whoever was told nothing by now knows nothing. */
const SILENCE_MS = 2_500;
/** Whoever was told nothing does something else first: a late answer must not be taken for the next. */
const DISTRACTED_MS = 25_000;

export function createPeople(sandbox: Sandbox, records: Records): People {
  const { slack, teams } = sandbox;
  const pressed: Attempt[] = [];
  const ears = createEars(sandbox);
  const cards = cardsOf(sandbox);
  const busyUntil = new Map<string, number>();
  const everybody = PEOPLE.filter(({ obstacle }) => obstacle === undefined).map(({ slackId }) => slackId);
  const isFree = (user: string) => (busyUntil.get(user) ?? 0) < Date.now();

  /** Does it, with nothing else on one's mind, and remembers what came of it. */
  async function attempt(
    user: string,
    verb: string,
    task: string | undefined,
    act: () => Promise<string | undefined>,
    isTwice = false,
  ): Promise<void> {
    busyUntil.set(user, Number.POSITIVE_INFINITY);
    const at = Date.now();
    // A card that went away under the finger is no press.
    const sentence = await act().catch(() => undefined);
    const answer = sentence === undefined ? 'unknown' : readAnswer(sentence);
    busyUntil.set(user, answer === 'unknown' || isTwice ? Date.now() + DISTRACTED_MS : 0);
    // `next` says which Task it was by its reference alone.
    const taken =
      answer === 'done' ? records.idOf(/Task (\S{6}) is yours/.exec(sentence ?? '')?.[1]) : undefined;
    pressed.push({ by: user, verb, task: task ?? taken, answer, at, said: sentence });
  }

  /** What the platform delivers is delivered before this goes on, so the last delivery is this one. */
  function deliver<T>(platform: Platform, act: () => Promise<T>, isTwice: boolean): Promise<T> {
    const first = act();
    if (isTwice) sandbox[platform].redeliver().catch(() => undefined);
    return first;
  }

  function say(
    user: string,
    words: string,
    platform: Platform,
    isTwice = false,
  ): Promise<string | undefined> {
    const act = (): Promise<unknown> =>
      platform === 'slack'
        ? slack.slash({ user, channel: 'C0NURSES', command: '/switchboard', text: words })
        : teams.say({ user, conversation: 'personal', text: words });
    return ears[platform](user, () => deliver(platform, act, isTwice), PATIENCE_MS);
  }

  async function pressInTeams(
    user: string,
    { verb, task, filled }: Wish,
    isTwice: boolean,
  ): Promise<string | undefined> {
    const card = cards.teams(task);
    if (card === undefined) return undefined;
    const inputs = Object.entries(filled ?? {}).map(([name, value]) => [`${verb}.${name}`, value]);
    const data = { task, ...(filled && { form: 'card' }), ...Object.fromEntries(inputs) };
    const act = () => teams.press({ user, ...card, verb, data, stale: true });
    const { shown } = await deliver('teams', act, isTwice);
    if (shown?.kind === 'message') return shown.text;
    return shown?.kind === 'card' ? teamsWordsOf({ attachments: [{ content: shown.card }] }) : undefined;
  }

  const people: People = {
    pressed,
    free: (random, among = []) => {
      const some = [among.filter(isFree), everybody.filter(isFree)].find((free) => free.length > 0);
      return some && random.pick(some);
    },
    mayHave: (by, verb) => {
      pressed.push({ by, verb, task: undefined, answer: 'unknown', at: Date.now(), said: undefined });
    },
    press: (user, wish, platform, twice) => {
      const { verb, task } = wish;
      if (platform === 'teams')
        return attempt(user, verb, task, () => pressInTeams(user, wish, twice), twice);
      const card = cards.slack(task);
      // What must be told something opens a window; whoever knows it already types.
      if (card === undefined || wish.filled) return people.type(user, wish, platform, twice);
      const act = () => slack.press({ user, ...card, action_id: verb, value: task, stale: true });
      const hear = () => ears.slack(user, () => deliver('slack', act, twice), SILENCE_MS);
      return attempt(user, verb, task, hear, twice);
    },
    type: (user, { verb, task, typed = '' }, platform, twice) =>
      attempt(user, verb, task, () => say(user, `${verb} ${task} ${typed}`.trim(), platform, twice), twice),
    next: (user, platform) => attempt(user, 'claim', undefined, () => say(user, 'next', platform)),
  };
  return people;
}
