import type { Listing, Query } from './query.ts';
import { commandOf } from './typed.ts';

/** What can be said. */
export const help = {
  name: 'help',
  label: 'Help',
  description: 'What you can say here',
  takes: 'nothing',
} as const satisfies Query;

/** A word, what stands behind it, and what it does. */
interface Known {
  readonly name: string;
  readonly description: string;
  readonly hint: string;
}

/**
 * Every word with what stands behind it.
 *
 * @param words all of them, in the order in which they are listed; @param about what somebody wants help with: one of
 *   them is listed alone.
 */
export function listHelp(words: readonly Known[], about: string): Listing {
  const asked = about.trim().replace(/^\//, '').toLowerCase();
  const one = words.filter(({ name }) => name === asked);
  const rows = (one.length > 0 ? one : words).map(({ name, description, hint }) => ({
    line: [{ code: [commandOf(name), hint].filter(Boolean).join(' ') }, `  ${description}.`],
    buttons: [],
  }));
  return {
    sentence:
      'A Task is named by the reference at the foot of its card, such as a1b2c3. The slash may be left out where you write to me directly.',
    sections: [{ rows }],
  };
}
