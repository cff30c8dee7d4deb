import { useLayoutEffect, useRef } from 'react';
import { type Dict, isDict } from '../data/teams.ts';
import { withTeamsDates } from '../data/time.ts';
import { type CardHost, renderCard } from './render-card.ts';

interface CardProps {
  readonly card: Dict;
  readonly host: CardHost;
}

/** A place in the page that the card renderer draws in; again only when the card has changed. */
export function Card({ card, host }: CardProps) {
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(host);
  latest.current = host;
  const json = JSON.stringify(card);

  useLayoutEffect(() => {
    const node = box.current;
    const parsed: unknown = JSON.parse(withTeamsDates(json));
    if (node === null || !isDict(parsed)) return;
    const hadFocus = node.contains(document.activeElement);
    const drawn = renderCard(parsed, {
      search: (dataset, text) => latest.current.search(dataset, text),
      press: (press) => latest.current.press(press),
    });
    node.replaceChildren(drawn ?? 'This card cannot be drawn here.');
    if (hadFocus) node.focus();
  }, [json]);

  return <div className="card" ref={box} tabIndex={-1} />;
}
