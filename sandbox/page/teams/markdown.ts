/** A piece of text in the part of Markdown that cards use. */
export type Piece =
  | { readonly kind: 'text' | 'bold'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string };

const MARKS = /\*\*(?<bold>[^*]+)\*\*|\[(?<label>[^\][]+)\]\((?<url>[^()\s]+)\)/g;
const SAFE_URL = /^(https?|mailto|tel):/i;

/** Reads `**bold**` and `[links](url)`; everything else is text, and so is a link to where no link should lead. */
export function parseMarkdown(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(MARKS)) {
    const { bold, label, url } = match.groups ?? {};
    if (match.index > from) pieces.push({ kind: 'text', text: text.slice(from, match.index) });
    if (bold !== undefined) pieces.push({ kind: 'bold', text: bold });
    else if (label !== undefined && url !== undefined && SAFE_URL.test(url))
      pieces.push({ kind: 'link', text: label, url });
    else pieces.push({ kind: 'text', text: match[0] });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ kind: 'text', text: text.slice(from) });
  return pieces;
}

/** The same as HTML, for the card renderer. Nothing of the text itself becomes a tag. */
export function markdownToHtml(text: string): string {
  const inner = parseMarkdown(text).map(pieceToHtml).join('').replace(/\r?\n/g, '<br>');
  return `<p>${inner}</p>`;
}

function pieceToHtml(piece: Piece): string {
  const text = escapeHtml(piece.text);
  if (piece.kind === 'bold') return `<strong>${text}</strong>`;
  return piece.kind === 'link' ? `<a href="${escapeHtml(piece.url)}" rel="noreferrer">${text}</a>` : text;
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
