import { type Question, WORDS } from '../../src/index.ts';
import { UMBRELLA } from './commands.ts';

/* The question that a listing answers travels in the listing itself, so that it can be asked again. */

/** What Slack takes in a `block_id`; a part of it makes the id new. */
const ROOM = 200;
const PAGES = 9_999;

/** The question as text for an id or a value; undefined where it is too long to be carried about. */
export function writeQuestion({ query, words, page }: Question, room = ROOM): string | undefined {
  const text = `${query} ${page} ${words}`.trim();
  return text.length <= room ? text : undefined;
}

/** Reads the question back; undefined for what is none that could be asked. */
export function readQuestion(text: string): Question | undefined {
  const [, query = '', digits = '', words = ''] = /^(\S+) (\d{1,4})(?: ([\s\S]*))?$/.exec(text) ?? [];
  const page = Number(digits);
  const isAsked = WORDS.some(({ name }) => name === query) && page >= 1 && page <= PAGES;
  return isAsked ? { query, words, page } : undefined;
}

/** The question behind typed words that turned out to be one; behind the umbrella, its first word is the query. */
export function questionOf(word: string, text: string): Question {
  const name = word.toLowerCase();
  if (name !== UMBRELLA.name) return { query: name, words: text.trim(), page: 1 };
  const [, inner = 'help', words = ''] = /^\s*\/?(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  return { query: inner.toLowerCase(), words: words.trim(), page: 1 };
}
