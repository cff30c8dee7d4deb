/** Cuts text to at most `limit` UTF-16 units, as the platforms count them, and never inside a character. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  if (limit < 1) return '';
  return `${text.slice(0, limit - 1).replace(HALF_CHARACTER, '')}…`;
}

/** The first half of a character that two UTF-16 units make. */
const HALF_CHARACTER = /[\uD800-\uDBFF]$/;
