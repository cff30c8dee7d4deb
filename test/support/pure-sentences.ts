/** Written for a reader: begins like a sentence, ends like one, and has no hole in it. */
export function isSentence(text: string): boolean {
  const begins = /^[\p{Lu}\p{Lo}“/]/u.test(text) || /^\p{Extended_Pictographic}/u.test(text);
  return begins && text.endsWith('.') && !/undefined|null|NaN|\[object/.test(text) && text.isWellFormed();
}
