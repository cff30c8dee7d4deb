import { useState } from 'react';
import { sentenceOf } from '../data/http.ts';
import { pressCard, type TeamsAnswer, type TeamsMessage } from '../data/teams.ts';
import type { CardPress } from './render-card.ts';

/** What the presser alone is told after a press. */
export interface Note {
  readonly kind: 'message' | 'error';
  readonly text: string;
}

export interface Presses {
  noteAt(message: TeamsMessage): Note | undefined;
  dismiss(message: TeamsMessage): void;
  press(message: TeamsMessage, how: CardPress): Promise<void>;
}

/** Sends one person's presses, and keeps what they were told at each card until the next press there. */
export function usePresses(user: string): Presses {
  const [notes, setNotes] = useState<ReadonlyMap<string, Note>>(new Map());
  const keyOf = ({ activityId }: TeamsMessage) => `${user} ${activityId}`;

  const put = (message: TeamsMessage, note: Note | undefined) =>
    setNotes((before) => {
      const next = new Map(before);
      if (note === undefined) next.delete(keyOf(message));
      else next.set(keyOf(message), note);
      return next;
    });

  return {
    noteAt: (message) => notes.get(keyOf(message)),
    dismiss: (message) => put(message, undefined),
    press: async (message, { verb, inputs, data, ambiguous }) => {
      const { conversation, activityId } = message;
      put(message, undefined);
      try {
        const answer = await pressCard({
          user,
          conversation,
          activityId,
          verb,
          // Two buttons of a listing have the same verb; then their data say which it was.
          ...(ambiguous ? { data, stale: true } : { data: inputs }),
        });
        put(message, noteOf(answer));
      } catch (error) {
        put(message, { kind: 'error', text: sentenceOf(error) });
      }
    },
  };
}

function noteOf({ error, shown }: TeamsAnswer): Note | undefined {
  switch (shown?.kind) {
    case 'message':
      return { kind: 'message', text: shown.text };
    case 'error':
      return { kind: 'error', text: shown.message };
    case 'open':
      return { kind: 'error', text: 'Switchboard opened a dialog, and this page draws none.' };
    default:
      return error === undefined ? undefined : { kind: 'error', text: error };
  }
}
