import { type Question, WORDS } from '../../src/index.ts';

/* The question that a listing answers travels in the data of its buttons, so that it can be asked again. */

/** Longer words name no pool and no Task, and would stand in every button. */
const ROOM = 150;
const PAGES = 9_999;

/** The question as text for an action's data; undefined where it is too long to be carried about. */
export function writeQuestion({ query, words, page }: Question): string | undefined {
  const text = `${query} ${page} ${words}`.trim();
  return text.length <= ROOM ? text : undefined;
}

/** Reads the question back; undefined for what is none that could be asked. */
export function readQuestion(text: unknown): Question | undefined {
  if (typeof text !== 'string' || text.length > ROOM) return undefined;
  const [, query = '', digits = '', words = ''] = /^(\S+) (\d{1,4})(?: ([\s\S]*))?$/.exec(text) ?? [];
  const page = Number(digits);
  const isAsked = WORDS.some(({ name }) => name === query) && page >= 1 && page <= PAGES;
  return isAsked ? { query, words, page } : undefined;
}

/** The question behind typed words that were answered with a listing. */
export function questionOf(word: string, text: string): Question {
  const query = word.toLowerCase();
  // It takes a Task each time; what one has then is what can be asked again.
  return query === 'next' ? { query: 'mine', words: '', page: 1 } : { query, words: text.trim(), page: 1 };
}
