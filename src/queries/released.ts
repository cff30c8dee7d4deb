import { count } from './counting.ts';

/** What became of everything that somebody had, when all of it was released. */
export interface Released {
  /** How many are back in their pools. */
  readonly back: number;
  /** Of those that stay, why: a sentence for each. */
  readonly stay: readonly string[];
}

/** So many reasons are told; whoever has more of them looks at each Task. */
const TOLD = 3;

/** "3 Tasks are back in their pools. One stays: Task a1b2c3 came from no pool." */
export function releasedSentence({ back, stay }: Released): string {
  if (back === 0 && stay.length === 0) return 'You have no Tasks, so there is nothing to release.';
  const done = backSentence(back);
  if (stay.length === 0) return done;
  // What went wrong for several may be one thing: the record is away, say.
  const reasons = [...new Set(stay)];
  const more = reasons.length > TOLD ? ['/mine lists the others.'] : [];
  const many = stay.length === 1 ? 'One stays:' : `${stay.length.toLocaleString('en')} stay:`;
  return [done, many, ...reasons.slice(0, TOLD), ...more].join(' ');
}

function backSentence(back: number): string {
  if (back === 0) return 'Nothing was released.';
  return back === 1 ? 'One Task is back in its pool.' : `${count(back, 'Task')} are back in their pools.`;
}
