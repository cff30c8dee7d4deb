import { type Piece, parseTyped } from './typed-text.ts';
import { useWorkspace } from './workspace-context.ts';

/** What a person typed. The Block Kit renderer is not asked: it takes the port of an address for an emoji. */
export function Typed({ text }: { readonly text: string }) {
  let at = 0;
  const keyed = parseTyped(text).map((piece) => ({ piece, key: at++ }));
  return (
    <p className="post__text" dir="auto">
      {keyed.map(({ piece, key }) => (
        <PieceView key={key} piece={piece} />
      ))}
    </p>
  );
}

function PieceView({ piece }: { readonly piece: Piece }) {
  const { people } = useWorkspace();
  switch (piece.kind) {
    case 'text':
      return piece.text;
    case 'person':
      return <span className="mention">@{people.find(({ id }) => id === piece.id)?.name ?? piece.id}</span>;
    case 'link':
      return (
        <a href={piece.url} target="_blank" rel="noreferrer">
          {piece.text}
        </a>
      );
    default:
      return piece satisfies never;
  }
}
