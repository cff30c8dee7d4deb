import { useEffect, useRef, useState } from 'react';

interface AnnouncerProps {
  readonly place: string;
  /** What came last to the open place: when, in the platform's own count, and what it says. */
  readonly newest: { readonly at: number; readonly said: string } | undefined;
}

/** Says, to those who listen to the page, what just came to the open channel. */
export function Announcer({ place, newest }: AnnouncerProps) {
  const [said, setSaid] = useState('');
  const heard = useRef<{ place: string; at: number }>(undefined);
  const at = newest?.at ?? 0;
  const text = newest?.said ?? '';

  useEffect(() => {
    const before = heard.current;
    heard.current = { place, at };
    if (before?.place === place && before.at > 0 && at > before.at) setSaid(text);
  }, [place, at, text]);

  return (
    <p className="visually-hidden" aria-live="polite">
      {said}
    </p>
  );
}
