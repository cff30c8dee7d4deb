import type { Task } from '@medplum/fhirtypes';
import { CLOSED } from '../routing/task.ts';

/**
 * When a Task that is closed now was closed (UTC, ISO 8601): a note on a closed Task changes it, and closes nothing.
 * Undefined where it is open.
 *
 * @param versions in any order; the order of a history is not to be relied on after writes that came together.
 */
export function closedAt(versions: readonly Task[]): string | undefined {
  const newestFirst = versions.toSorted((a, b) => writtenAt(b).localeCompare(writtenAt(a)));
  const open = newestFirst.findIndex(({ status }) => !CLOSED.includes(status));
  const closing = newestFirst[open < 0 ? newestFirst.length - 1 : open - 1];
  return closing?.meta?.lastUpdated;
}

function writtenAt({ meta }: Task): string {
  return meta?.lastUpdated ?? '';
}
