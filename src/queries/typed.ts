import { cut } from '../cards/cut.ts';

/* Words as people type them, and words of ours as people can type them. */

/**
 * Typed words without what nobody types: control characters (the record's database refuses some), signs that turn the
 * direction of all that follows, halves of characters. Line breaks and tabs stay.
 */
export function clean(words: string): string {
  return words.replace(/(?![\n\r\t])\p{Cc}|[\u202A-\u202E\u2066-\u2069]/gu, '').toWellFormed();
}

/** What people typed, said back to them in short and on one line. */
export function shorten(words: string): string {
  return cut(clean(words).replace(/\s+/g, ' ').trim(), 60);
}

/** The word that stands before all others where only one slash command is ours: `/switchboard status a1b2c3`. */
export const OWN_WORD = 'switchboard';

/** Words that a platform may keep for itself: behind our own word they are understood everywhere. */
export const COLLIDING: readonly string[] = ['status', 'help', 'home'];

/** The slash command of a word, in the form that is understood on every platform. */
export function commandOf(name: string): string {
  return COLLIDING.includes(name) ? `/${OWN_WORD} ${name}` : `/${name}`;
}
