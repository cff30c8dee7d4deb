import { duration } from './duration.ts';

/*
 * What a reroute would mean, said before it is made: who is there, how long it would wait, who loses sight of it, and
 * whether it goes in circles.
 */

/** Where the Task would go, and how things are there. */
export type Destination =
  | {
      readonly kind: 'pool';
      /** How many people can claim there now. */
      readonly people: number;
      readonly waiting: number;
      /** How long the oldest of them has been waiting, in milliseconds. */
      readonly oldestMs: number | undefined;
    }
  | {
      readonly kind: 'person';
      readonly name: string;
      readonly roles: readonly string[];
      /** "Ben Carter is away until 2026-12-27"; undefined for somebody who is there. */
      readonly away: string | undefined;
      readonly openTasks: number;
    };

export interface Prospect {
  readonly to: Destination;
  /** What becomes of the sight of it that whoever asks has now: theirs to lose, or to keep as a closed copy. */
  readonly sight: 'lost' | 'kept' | 'not theirs';
  /** It was there, and was rerouted from there to where it is now. */
  readonly back: { readonly by: string | undefined; readonly reason: string | undefined } | undefined;
  /** How often it was rerouted before. */
  readonly reroutes: number;
}

/** What there is to know, warnings first. */
export function previewSentences({ to, sight, back, reroutes }: Prospect): string[] {
  return [
    ...(back ? [backSentence(back)] : []),
    ...(reroutes >= MANY ? [`This would be its ${ordinal(reroutes + 1)} reroute.`] : []),
    ...(to.kind === 'pool' ? poolSentences(to) : personSentences(to)),
    ...SIGHT[sight],
  ];
}

/** From the third reroute on, a Task is going in circles. */
const MANY = 2;

const SIGHT: Readonly<Record<Prospect['sight'], readonly string[]>> = {
  lost: ['You will no longer see this.'],
  kept: ['It goes on as a new Task, and you keep this one in sight, closed.'],
  'not theirs': [],
};

function backSentence({ by, reason }: NonNullable<Prospect['back']>): string {
  const who = by === undefined ? '' : ` by ${by}`;
  const why = reason === undefined ? '' : `: ${reason}`;
  return `⚠️ It came from there; it was rerouted away${who}${why}.`;
}

function poolSentences({ people, waiting, oldestMs }: Extract<Destination, { kind: 'pool' }>): string[] {
  const there =
    people === 0
      ? '⚠️ Nobody can claim there now.'
      : `${people === 1 ? 'One person' : `${people.toLocaleString('en')} people`} can claim there now.`;
  if (waiting === 0) return [there, 'Nothing waits there.'];
  const long = oldestMs === undefined ? '' : duration(oldestMs);
  if (waiting === 1) return [there, `One Task waits there${long && `, for ${long}`}.`];
  const oldest = long && `; the oldest has waited ${long}`;
  return [there, `${waiting.toLocaleString('en')} Tasks wait there${oldest}.`];
}

function personSentences({
  name,
  roles,
  away,
  openTasks,
}: Extract<Destination, { kind: 'person' }>): string[] {
  const tasks = openTasks === 1 ? 'one open Task' : `${openTasks.toLocaleString('en')} open Tasks`;
  return [
    ...(away === undefined ? [] : [`⚠️ ${away}.`]),
    `${name}: ${roles.join(', ')}, with ${openTasks === 0 ? 'no open Tasks' : tasks}.`,
  ];
}

const WORDS = ['third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];

function ordinal(n: number): string {
  const word = WORDS[n - 3];
  if (word !== undefined) return word;
  const tens = n % 100;
  const ending = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${ending}`;
}
