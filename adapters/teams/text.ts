import { cut, type Inline, type Line } from '../../src/index.ts';

/**
 * Text for an Adaptive Card that must be read as it is. Cards understand a part of Markdown, `{{DATE()}}` and `<at>`;
 * clients differ in what escapes they know, so the signs are given their look-alikes, each as long as what it replaces.
 * https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features
 */
export function escapeText(text: string): string {
  return withoutLists(escapeSigns(text));
}

function escapeSigns(text: string): string {
  return text
    .replace(/[*_~`[\]\\#{]/g, (sign) => LOOK_ALIKES[sign] ?? sign)
    .replace(/<(?=[a-z/!]|$)/gi, '＜');
}

/** What begins a list at the beginning of a line: Markdown would count anew, or draw a dot. */
function withoutLists(text: string): string {
  return text.replace(
    /(^|[\n\r])(\s*\d*)([-+.)])(?=\s)/g,
    (_, start, before, sign) => `${start}${before}${LOOK_ALIKES[sign]}`,
  );
}

const LOOK_ALIKES: Record<string, string> = {
  '*': '∗',
  _: '＿',
  '~': '∼',
  '`': 'ˋ',
  '[': '［',
  ']': '］',
  '\\': '＼',
  '#': '＃',
  '{': '｛',
  '-': '‐',
  '+': '＋',
  '.': '․',
  ')': '）',
};

/** A line as the text of a TextBlock or a fact, at most `limit` characters long. No mark of ours is ever cut in two. */
export function toMarkdown(line: Line, limit = 2000): string {
  let text = '';
  for (const part of line) {
    const next = inline(part);
    if (text.length + next.length > limit) {
      text += escapeSigns(cut(wordsOf(part), limit - text.length));
      break;
    }
    text += next;
  }
  return withoutLists(text);
}

function inline(part: Inline): string {
  if (typeof part === 'string') return escapeSigns(part);
  if ('bold' in part) return bold(part.bold);
  if ('code' in part) return escapeSigns(part.code);
  // Cards know no strike (the part of Markdown that they read has none): a tick says that it is done with.
  if ('strike' in part) return `✓ ${escapeSigns(part.strike)}`;
  if ('link' in part) return link(part.link, part.text);
  return instant(part.instant);
}

/** Emphasis must begin and end with a word, and stay on its line. */
function bold(text: string): string {
  const words = escapeSigns(text.trim().replace(/\s+/g, ' '));
  return words && `**${words}**`;
}

function link(address: string, text: string): string {
  const words = escapeSigns(text.trim().replace(/\s+/g, ' '));
  return words && `[${words}](${address.replace(/[()<>\s]/g, (sign) => PERCENT[sign] ?? '%20')})`;
}

const PERCENT: Record<string, string> = { '(': '%28', ')': '%29', '<': '%3C', '>': '%3E' };

/** Teams draws these in the reader's own time zone, in this form only: UTC, no fractions of a second. */
function instant(text: string): string {
  const at = Date.parse(text);
  if (Number.isNaN(at)) return escapeSigns(text);
  const utc = `${new Date(at).toISOString().slice(0, 19)}Z`;
  return `{{DATE(${utc},SHORT)}} {{TIME(${utc})}}`;
}

function wordsOf(part: Inline): string {
  if (typeof part === 'string') return part;
  if ('bold' in part) return part.bold;
  if ('code' in part) return part.code;
  if ('strike' in part) return part.strike;
  return 'text' in part ? part.text : '';
}
