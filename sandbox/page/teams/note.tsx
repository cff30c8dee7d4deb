import { useEffect, useRef } from 'react';
import { PrivateMark } from '../stage/private-mark.tsx';
import type { Note as NoteText } from './use-presses.ts';

interface NoteProps {
  readonly note: NoteText;
  onDismiss(): void;
}

/** What a press led to, below its card and for the presser alone. */
export function Note({ note, onDismiss }: NoteProps) {
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    box.current?.scrollIntoView({ block: 'nearest' });
  }, []);

  return (
    <div className={`note note--${note.kind}`} role="status" data-testid="teams-note" ref={box}>
      <PrivateMark onDismiss={onDismiss} />
      <p dir="auto">{note.text}</p>
    </div>
  );
}
