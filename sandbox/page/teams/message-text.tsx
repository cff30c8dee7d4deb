import type { ReactNode } from 'react';
import type { TeamsMessage } from '../data/teams.ts';
import { type Piece, parseMarkdown } from './markdown.ts';

/** The text of a message: people's with their mentions, the app's in Markdown unless it says otherwise. */
export function MessageText({ message }: { readonly message: TeamsMessage }) {
  const pieces: readonly Piece[] =
    message.textFormat === 'plain' ? [{ kind: 'text', text: message.text }] : parseMarkdown(message.text);
  return (
    <p className="post__text" dir="auto">
      {pieces.map((piece, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text have no other name.
        <PieceView key={i} piece={piece} />
      ))}
    </p>
  );
}

function PieceView({ piece }: { readonly piece: Piece }): ReactNode {
  if (piece.kind === 'link') {
    return (
      <a href={piece.url} target="_blank" rel="noreferrer">
        {piece.text}
      </a>
    );
  }
  return piece.kind === 'bold' ? <strong>{piece.text}</strong> : <WithMentions text={piece.text} />;
}

/** `<at>Switchboard</at>` is how a mention travels. */
function WithMentions({ text }: { readonly text: string }) {
  return text.split(/<at>(.*?)<\/at>/).map((part, i) =>
    i % 2 === 0 ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: every second part is a mention.
      <span key={i} className="mention">
        {part}
      </span>
    ),
  );
}
