import type { Task } from '@medplum/fhirtypes';
import { type Priority, priorityOf } from '../../routing/priority.ts';

const RANKS: Readonly<Record<Priority, number>> = { stat: 0, asap: 1, urgent: 2, routine: 3 };

/** A digest says nothing that a card does not say, so it comes last. */
export const DIGEST_RANK = 4;

/** Which place in a line a Task has: 0 goes first. A Task that is gone is in no hurry. */
export function rankOf(task: Task | undefined): number {
  return task ? RANKS[priorityOf(task)] : RANKS.routine;
}

/** After so long in a line (ms) anything counts as urgent as the most urgent: nothing waits for ever. */
export const LONG_MS = 10 * 60_000;

/** Somebody in a line. */
export interface Standing {
  readonly rank: number;
  readonly since: Date;
}

/**
 * Sorts who goes first to the front: the more urgent, then who came first. Whoever has waited for long counts as most
 * urgent, behind those who really are. The ledger calls them in this order.
 */
export function byTurn(now: Date): (a: Standing, b: Standing) => number {
  const counted = ({ rank, since }: Standing) => (now.getTime() - since.getTime() > LONG_MS ? 0 : rank);
  return (a, b) => counted(a) - counted(b) || a.rank - b.rank || a.since.getTime() - b.since.getTime();
}
