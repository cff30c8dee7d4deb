/** Teams writes what people type as HTML: signs become names, lines become blocks. */

/** Longer than any message that Teams takes. */
const LIMIT = 200_000;

/** What a reader sees of a message: lines where blocks end, mentions as names, pictures as what they show. */
export function plainText(html: string): string {
  const text = html
    .slice(0, LIMIT)
    .replace(/[\r\n\t ]+/g, ' ')
    .replace(/<(?:emoji|img)\b[^<>]{0,2000}?\balt="([^"<>]{0,200})"[^<>]{0,2000}>/gi, '$1')
    .replace(/<li\b[^<>]{0,200}>/gi, '\n• ')
    .replace(/<(?:br|hr)\b[^<>]{0,200}>|<\/(?:p|div|ul|ol|tr|h[1-6]|blockquote|pre|codeblock)>/gi, '\n')
    .replace(/<[a-z/!][^<>]{0,5000}>/gi, '');
  return decode(text)
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** The signs behind their names, each once: what looks like a name after that was typed so. */
export function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal, hex, name) => {
    if (name) return SIGNS[name.toLowerCase()] ?? whole;
    return character(decimal ? Number(decimal) : Number.parseInt(hex, 16)) ?? whole;
  });
}

const SIGNS: Readonly<Record<string, string>> = {
  nbsp: ' ',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  amp: '&',
};

/** No character has such a number, or only half of one. */
function character(code: number): string | undefined {
  const isHalf = code >= 0xd800 && code <= 0xdfff;
  return code > 0 && code <= 0x10ffff && !isHalf ? String.fromCodePoint(code) : undefined;
}
