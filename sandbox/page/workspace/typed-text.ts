/** A run of what somebody typed: words, a link, or the id of a person. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly url: string; readonly text: string }
  | { readonly kind: 'person'; readonly id: string };

/** What a person typed, as Slack keeps it: links and mentions in angle brackets, three signs escaped. */
export function parseTyped(kept: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const { 0: whole, 1: target = '', 2: label, index } of kept.matchAll(/<([^<>|]+)(?:\|([^<>]*))?>/g)) {
    if (index > from) pieces.push({ kind: 'text', text: decoded(kept.slice(from, index)) });
    pieces.push(pieceOf(decoded(target), label === undefined ? undefined : decoded(label)));
    from = index + whole.length;
  }
  if (from < kept.length) pieces.push({ kind: 'text', text: decoded(kept.slice(from)) });
  return pieces;
}

function pieceOf(target: string, label: string | undefined): Piece {
  if (target.startsWith('@')) return { kind: 'person', id: target.slice(1) };
  // Anything else than an address of the web, a script for instance, is only words.
  if (/^(https?|mailto|tel):/i.test(target)) return { kind: 'link', url: target, text: label ?? target };
  return { kind: 'text', text: label ?? target };
}

const decoded = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
