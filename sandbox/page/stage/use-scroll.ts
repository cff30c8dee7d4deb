import { type RefObject, useEffect, useRef } from 'react';
import type { CardPlace } from './twins.ts';

/** What comes to a new message a moment later: that it is also on the other platform. */
const SETTLING_MS = 1_500;

/** Scrolls a list of messages to what is new in it, and to a card that was asked for. Messages carry `data-entry`. */
export function useScroll(
  newest: string | undefined,
  revealed: CardPlace | undefined,
): RefObject<HTMLDivElement | null> {
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const node = newest === undefined ? undefined : entry(box.current, newest);
    if (!node) return;
    // The observer speaks up at once, and again when a line is added to the message.
    const observer = new ResizeObserver(() => node.scrollIntoView({ block: 'end' }));
    observer.observe(node);
    const timer = setTimeout(() => observer.disconnect(), SETTLING_MS);
    return () => {
      observer.disconnect();
      clearTimeout(timer);
    };
  }, [newest]);

  useEffect(() => {
    if (revealed !== undefined) entry(box.current, revealed.message)?.scrollIntoView({ block: 'nearest' });
  }, [revealed]);

  return box;
}

const entry = (box: Element | null, id: string) => box?.querySelector(`[data-entry="${CSS.escape(id)}"]`);
