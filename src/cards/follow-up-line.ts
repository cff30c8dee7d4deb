import type { Task } from '@medplum/fhirtypes';
import { followUpsOf } from '../duties/follow-up.ts';
import type { Message } from '../duties/thread.ts';
import { heardAt } from '../record/answer.ts';
import { CLOSED } from '../routing/task.ts';
import type { Card, Line } from './card.ts';

/**
 * "2 new messages, the last one 4 min ago.": that the patient has written more since the Task was opened, and nobody has
 * answered it. A number and a time say nothing about the patient, so this stands on cards of every level of privacy.
 * Undefined where there is nothing new, and for a Task that is closed.
 */
export function followUpLine(task: Task, messages: readonly Message[]): Line | undefined {
  if (CLOSED.includes(task.status)) return undefined;
  const followUps = followUpsOf(task, messages);
  const newest = followUps.at(-1);
  if (newest === undefined) return undefined;
  const when = { instant: heardAt(newest), as: 'ago' } as const;
  return followUps.length === 1
    ? ['💬 ', { bold: '1 new message' }, ', ', when, '.']
    : ['💬 ', { bold: `${followUps.length} new messages` }, ', the last one ', when, '.'];
}

/** The card, with the line about further messages below all others, where there is one. */
export function withFollowUps(card: Card, task: Task, messages: readonly Message[]): Card {
  const line = followUpLine(task, messages);
  return line ? { ...card, lines: [...card.lines, line] } : card;
}
