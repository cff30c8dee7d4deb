import { fold } from '../routing/pools.ts';

/** Nobody mistypes a longer word into a known one; and what is compared must not be without end. */
const LONGEST = 40;

/**
 * The words that somebody may have meant: those that are nearest to what was typed, where they are near enough. A word
 * that begins like it counts as near: "cardio".
 *
 * @returns the best ones, in the order in which they were given; none where nothing is near.
 */
export function nearest(typed: string, known: readonly string[]): string[] {
  const wanted = fold(typed);
  if (wanted === '' || wanted.length > LONGEST) return [];
  const rated = known
    .map((word) => ({ word, far: distance(wanted, fold(word)) }))
    .filter(({ word, far }) => far <= tolerance(wanted, fold(word)));
  const best = Math.min(...rated.map(({ far }) => far));
  return [...new Set(rated.filter(({ far }) => far === best).map(({ word }) => word))];
}

/** A beginning of three letters is near; else one slip in a short word, two in a longer one. */
function tolerance(typed: string, word: string): number {
  if (typed.length >= 3 && word.startsWith(typed)) return Number.POSITIVE_INFINITY;
  if (typed.length < 3) return 0;
  return typed.length < 6 ? 1 : 2;
}

/** How many slips lie between two words: a letter too many, too few, another one, or two that changed places. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        at(last, j) + 1,
        at(row, j - 1) + 1,
        at(last, j - 1) + same,
        swapped ? at(before, j - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    before = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], i: number): number {
  return row[i] ?? Number.POSITIVE_INFINITY;
}
