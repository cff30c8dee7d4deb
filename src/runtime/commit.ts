import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { wasApplied } from '../record/applied.ts';
import { versionLeftOf } from '../record/provenance.ts';
import { type Ownership, type RecipientRule, recipientPatch } from '../record/recipients.ts';
import { type ThreadWrite, transactionOf, type Writes } from '../record/writes.ts';
import { waitBefore, withRetries } from './patience.ts';
import type { Journal } from './ports/ledger.ts';
import { RecordError, type RecordErrorKind, type RecordStore } from './ports/record.ts';

/**
 * `done`: it is in the record. `lost`: the Task is not what the decision stood on any more; nothing was written.
 * `unknown`: the server went silent; the journal finishes it, or finds that it was refused, when it is back.
 */
export type Committed = 'done' | 'lost' | 'unknown';

/** Writes a decision as one unit of work. */
export interface Commit {
  run(writes: Writes): Promise<Committed>;
  /** Finishes what has been under way for too long: its process died, or the server was silent. Gives the Task ids. */
  recover(olderThanMs: number): Promise<readonly string[]>;
}

/**
 * @param keepsTransactions whether the server runs a transaction as one: found out at start-up, never assumed. Where
 *   it does not, the journal holds the writes until the last of them is done, so that a crash in between is mended.
 */
export function createCommit(
  store: RecordStore,
  journal: Journal,
  keepsTransactions: () => boolean,
  rule: RecipientRule,
  log: Logger,
): Commit {
  // ------------------------------------------------------------------------------------------ with transactions

  function inOneTransaction(writes: Writes): Promise<Committed> {
    const bundle = transactionOf(writes);
    return writeOnce(
      () => store.transact(bundle),
      () => isRecorded(writes),
      false,
    );
  }

  /** The Provenance is written in the same transaction, so it tells whether the rest was. */
  async function isRecorded(writes: Writes): Promise<boolean> {
    const seen = await store.observe(writes.task.id);
    const { recorded } = writes.provenance;
    const left = versionLeftOf(writes.provenance);
    return seen?.provenances.some((one) => one.recorded === recorded && versionLeftOf(one) === left) ?? false;
  }

  // --------------------------------------------------------------------------------------------- with the journal

  async function inSteps(writes: Writes): Promise<Committed> {
    const id = await journal.begin(writes);
    let outcome: Committed;
    try {
      outcome = await changeTask(writes, false);
    } catch (error) {
      // Refused without doubt: nothing was written, and nothing is owed.
      await journal.end(id);
      throw error;
    }
    if (outcome === 'done') await finish(id, writes, writes.thread);
    if (outcome === 'lost') await journal.end(id);
    return outcome;
  }

  /**
   * The Task first. A patch whose answer was lost is looked for in the history before it is sent again: its guard
   * alone would let it through twice, if somebody has put the Task back meanwhile.
   */
  function changeTask(writes: Writes, inDoubt: boolean): Promise<Committed> {
    const { id, patch } = writes.task;
    return writeOnce(
      () => store.patch('Task', id, patch),
      () => isApplied(writes),
      inDoubt,
    );
  }

  async function isApplied({ task }: Writes): Promise<boolean> {
    return wasApplied(task.patch, await store.versions(task.id));
  }

  /** Once the Task is written the rest is owed. Where it cannot be done now, the journal keeps it. */
  async function finish(id: string, writes: Writes, thread: ThreadWrite | undefined): Promise<void> {
    try {
      if (thread) await changeThread(thread);
      await withRetries(() => store.addProvenance(writes.provenance));
      await journal.end(id);
    } catch (error) {
      log.error(
        { err: error, task: writes.task.id, journal: id },
        'a change is half written; the journal will finish it',
      );
    }
  }

  /** The header is guarded by its version; where somebody else has written it meanwhile, the patch is made anew. */
  async function changeThread(thread: ThreadWrite): Promise<void> {
    let patch: ThreadWrite['patch'] | undefined = thread.patch;
    for (let attempt = 1; patch; attempt++) {
      const current = patch;
      try {
        return await withRetries(() => store.patch('Communication', thread.id, current));
      } catch (error) {
        if (is(error, 'gone')) return;
        if (!is(error, 'lost') || attempt === 5) throw error;
        const header = await withRetries(() => store.thread(thread.id));
        patch = header && recipientPatch(header, thread.ownership, rule);
      }
    }
  }

  // ---------------------------------------------------------------------------------------------------- recovery

  async function recover(olderThanMs: number): Promise<readonly string[]> {
    const left = await journal.abandoned(olderThanMs);
    for (const { id, writes } of left) {
      // One that cannot be finished must not keep the others waiting; the journal has it still.
      await resume(id, writes).catch((error: unknown) =>
        log.error({ err: error, task: writes.task.id, journal: id }, 'a change could not be finished'),
      );
    }
    return left.map(({ writes }) => writes.task.id);
  }

  async function resume(id: string, writes: Writes): Promise<void> {
    const outcome = await changeTask(writes, true);
    log.warn({ task: writes.task.id, journal: id, outcome }, 'finishing a change that was left half done');
    if (outcome === 'done')
      await finish(id, writes, writes.thread && (await asOfNow(writes.task.id, writes.thread)));
    if (outcome === 'lost') await journal.end(id);
  }

  /** Others may have moved the Task since: its recipients follow whoever owns it now. */
  async function asOfNow(taskId: string, thread: ThreadWrite): Promise<ThreadWrite | undefined> {
    const seen = await withRetries(() => store.observe(taskId));
    const { owner, former } = thread.ownership;
    const ownership: Ownership = {
      owner: seen?.task.owner as Ownership['owner'],
      former: [...former, ...(owner?.reference ? [owner.reference] : [])],
    };
    const patch = seen?.thread && recipientPatch(seen.thread, ownership, rule);
    return patch && { ...thread, ownership, patch };
  }

  return { run: (writes) => (keepsTransactions() ? inOneTransaction(writes) : inSteps(writes)), recover };
}

/**
 * Writes something that must not be written twice: tried again where that can help, and once an answer was lost, never
 * before it has been looked whether the write is there.
 *
 * @param inDoubt an earlier try may have been heard.
 */
async function writeOnce(
  write: () => Promise<void>,
  isWritten: () => Promise<boolean>,
  inDoubt: boolean,
): Promise<Committed> {
  let doubt = inDoubt;
  for (let attempt = 1; ; attempt++) {
    try {
      if (doubt && (await isWritten())) return 'done';
      await write();
      return 'done';
    } catch (error) {
      doubt ||= is(error, 'unreachable');
      if (isRefusal(error, doubt)) return doubt ? inHindsight(isWritten) : 'lost';
      const wait = waitBefore(error, attempt, Math.random());
      if (wait === undefined && !doubt) throw error;
      if (wait === undefined) return 'unknown';
      await sleep(wait);
    }
  }
}

function is(error: unknown, ...kinds: RecordErrorKind[]): boolean {
  return error instanceof RecordError && kinds.includes(error.kind);
}

/** A guard that failed wrote nothing. After doubt a clear no means as little: our first try may have been heard. */
function isRefusal(error: unknown, doubt: boolean): boolean {
  return is(error, 'lost', 'gone') || (doubt && is(error, 'forbidden', 'invalid'));
}

/** After doubt: was it our own write that came first? Where that cannot be found out now, nobody knows. */
async function inHindsight(isDone: () => Promise<boolean>): Promise<Committed> {
  try {
    return (await withRetries(isDone)) ? 'done' : 'lost';
  } catch (error) {
    if (is(error, 'gone')) return 'lost';
    if (error instanceof RecordError) return 'unknown';
    throw error;
  }
}
