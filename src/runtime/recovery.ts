import type { Logger } from 'pino';
import { withSuccessor } from '../record/successor.ts';
import type { Writes } from '../record/writes.ts';
import type { Fuse } from './ports/fuse.ts';
import type { Journal, LeftBehind } from './ports/ledger.ts';
import { RecordError } from './ports/record.ts';
import type { Steps } from './steps.ts';
import { is } from './write-once.ts';

/** What fails so often fails for good: half a day, as each try comes later than the last. */
const MOST_TRIES = 20;

/** Finishes what others have begun: their process died, or the server was silent. */
export interface Recovery {
  /** Takes over what has been under way for longer than that. Gives the ids of the Tasks that it has looked at. */
  recover(olderThanMs: number): Promise<readonly string[]>;
}

/** How far a change has come: what is left to be written, and the Task that takes the place of its Task. */
interface Progress {
  owed: Writes;
  successorId?: string | undefined;
}

/**
 * What is owed may be there already, and another process may be at the same change, because this one or that one is
 * slow: each step can be repeated. What it creates is created as the service, which sees all that is there.
 */
export function createRecovery(steps: Steps, journal: Journal, log: Logger, fuse: Fuse): Recovery {
  async function resume({ id, writes, ranAsBatch }: LeftBehind, progress: Progress): Promise<void> {
    const taskId = writes.task.id;
    if (writes.task.patch.length > 0) {
      const outcome = await steps.changeTask(writes, true);
      log.warn({ task: taskId, journal: id, outcome }, 'finishing a change that was left half done');
      // Asked once more for the reason why nobody knows.
      if (outcome === 'unknown') return void (await steps.lookAtTask(writes));
      if (outcome === 'lost') {
        if (ranAsBatch) await steps.takeBack(writes);
        return journal.end(id);
      }
      progress.owed = { ...writes, task: { id: taskId, patch: [] } };
    }
    if (progress.owed.successor) {
      progress.successorId = await steps.createSuccessor(progress.owed, undefined);
      // A batch that could not make it has named one that never was.
      if (ranAsBatch) await steps.takeBackProvenance(progress.owed);
      progress.owed = withoutSuccessor(progress.owed, progress.successorId ?? '');
    }
    const { owed } = progress;
    if (owed.thread) {
      await steps.alignThread(standsNow(owed), owed.thread, owed.as);
      fuse('thread-written', taskId);
    }
    await steps.addProvenance(owed, undefined);
    await journal.end(id);
    fuse('journal-ended', taskId);
  }

  async function recover(olderThanMs: number): Promise<readonly string[]> {
    const touched: string[] = [];
    for (const left of await journal.abandoned(olderThanMs)) {
      const progress: Progress = { owed: left.writes };
      try {
        await resume(left, progress);
      } catch (error) {
        // One that cannot be finished must not keep the others waiting; the journal has it still.
        const about = { task: left.writes.task.id, journal: left.id };
        log.error({ err: error, ...about }, 'a change could not be finished');
        if (!willPass(error)) await count(left.id, progress.owed, error);
      }
      touched.push(left.writes.task.id, ...(progress.successorId ? [progress.successorId] : []));
    }
    return touched;
  }

  async function count(id: string, owed: Writes, error: unknown): Promise<void> {
    const failure = error instanceof RecordError ? error.kind : 'error';
    try {
      const tries = await journal.failed(id, owed, failure);
      if (tries < MOST_TRIES) return;
      await journal.park(id);
      const about = { journal: id, task: owed.task.id, thread: owed.thread?.id, failure, tries };
      log.error(about, 'a change is half written and cannot be finished: it is a dead letter now');
    } catch (cause) {
      log.error({ err: cause, journal: id }, 'that a change could not be finished is not written down');
    }
  }

  return { recover };
}

/** A server that is away or busy refuses nothing: it is tried for as long as it takes. */
function willPass(error: unknown): boolean {
  return is(error, 'unreachable', 'throttled', 'conflict');
}

function withoutSuccessor({ successor: _written, ...writes }: Writes, successorId: string): Writes {
  return { ...writes, provenance: withSuccessor(writes.provenance, successorId) };
}

/** The Task that the thread belongs to by now: the one that took its place, where one has. */
function standsNow({ task, provenance }: Writes): string {
  return provenance.target[1]?.reference?.split('/')[1] ?? task.id;
}
