import type { Logger } from 'pino';
import { wasApplied } from '../record/applied.ts';
import { versionLeftOf } from '../record/provenance.ts';
import { type Ownership, type RecipientRule, recipientPatch } from '../record/recipients.ts';
import { withSuccessor } from '../record/successor.ts';
import { type ThreadWrite, transactionOf, type Writes } from '../record/writes.ts';
import { withRetries } from './patience.ts';
import type { Journal } from './ports/ledger.ts';
import { RecordError, type RecordStore } from './ports/record.ts';
import { type Committed, is, writeOnce } from './write-once.ts';

export type { Committed } from './write-once.ts';

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
      () => orHidden(writes, () => store.transact(bundle, writes.as)),
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

  /** What somebody's own access hides is answered like something that is not there. It was there a moment ago. */
  async function orHidden({ task, thread, as }: Writes, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      if (as === undefined || !is(error, 'gone')) throw error;
      const seen = await withRetries(() => store.observe(task.id));
      const isThere = seen !== undefined && (thread === undefined || seen.thread !== undefined);
      throw isThere
        ? new RecordError('forbidden', `changing Task/${task.id} for ${as}`, { cause: error })
        : error;
    }
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
    if (outcome === 'done') await finish(id, writes);
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
      () => orHidden(writes, () => store.patch('Task', id, patch, writes.as)),
      () => isApplied(writes),
      inDoubt,
    );
  }

  /** Before the version that was decided on the same person may have done the very same: that is another deed. */
  async function isApplied({ task, provenance, as }: Writes): Promise<boolean> {
    const versions = await store.versions(task.id);
    const left = versions.findIndex(({ meta }) => versionLeftOf(provenance)?.endsWith(`/${meta?.versionId}`));
    return wasApplied(task.patch, left < 0 ? versions : versions.slice(0, left + 1), as);
  }

  /** Once the Task is written the rest is owed. Where it cannot be done now, the journal keeps it. */
  async function finish(id: string, writes: Writes): Promise<void> {
    try {
      const successorId = await createSuccessor(writes, writes.as);
      if (writes.thread) await changeThread(writes.thread, writes.as);
      await addProvenance(writes, successorId, writes.as);
      await journal.end(id);
    } catch (error) {
      log.error(
        { err: error, task: writes.task.id, journal: id },
        'a change is half written; the journal will finish it',
      );
    }
  }

  /** Comes after the old Task is cancelled: wherever this breaks off, there are never two that wait for somebody. */
  async function createSuccessor({ successor }: Writes, as: string | undefined): Promise<string | undefined> {
    if (successor === undefined) return undefined;
    const { task, unless } = successor;
    return (await owed(as, (writer) => store.createTask(task, unless, writer))).id;
  }

  function addProvenance(
    { provenance }: Writes,
    successorId: string | undefined,
    as: string | undefined,
  ): Promise<void> {
    const whole = successorId === undefined ? provenance : withSuccessor(provenance, successorId);
    return owed(as, (writer) => store.addProvenance(whole, writer));
  }

  /** The header is guarded by its version; where somebody else has written it meanwhile, the patch is made anew. */
  async function changeThread(thread: ThreadWrite, as: string | undefined): Promise<void> {
    let patch: ThreadWrite['patch'] | undefined = thread.patch;
    for (let attempt = 1; patch; attempt++) {
      const current = patch;
      try {
        return await owed(as, (writer) => store.patch('Communication', thread.id, current, writer));
      } catch (error) {
        if (is(error, 'gone')) return;
        if (!is(error, 'lost') || attempt === 5) throw error;
        const header = await withRetries(() => store.thread(thread.id));
        patch = header && recipientPatch(header, thread.ownership, rule);
      }
    }
  }

  /**
   * A step that is owed: on the person's behalf. As the service where their own access does not allow it, because half
   * a change is worse; and where an earlier try may have been heard, because what keeps it from being written twice is
   * a search, and that might show them less than there is.
   */
  async function owed<T>(as: string | undefined, step: (writer?: string) => Promise<T>): Promise<T> {
    let writer = as;
    return withRetries(async () => {
      try {
        return await step(writer);
      } catch (error) {
        if (writer === undefined || !is(error, 'forbidden', 'gone', 'unreachable')) throw error;
        log.info({ err: error, as }, 'the rest of a change is written as the service');
        writer = undefined;
        if (is(error, 'unreachable')) throw error;
        return step();
      }
    });
  }

  // ---------------------------------------------------------------------------------------------------- recovery

  async function recover(olderThanMs: number): Promise<readonly string[]> {
    const left = await journal.abandoned(olderThanMs);
    const touched: string[] = [];
    for (const { id, writes } of left) {
      touched.push(writes.task.id);
      try {
        touched.push(...(await resume(id, writes)));
      } catch (error) {
        // One that cannot be finished must not keep the others waiting; the journal has it still.
        log.error({ err: error, task: writes.task.id, journal: id }, 'a change could not be finished');
      }
    }
    return touched;
  }

  /** Gives the ids of Tasks beside the one that it is about. */
  async function resume(id: string, writes: Writes): Promise<string[]> {
    const outcome = await changeTask(writes, true);
    log.warn({ task: writes.task.id, journal: id, outcome }, 'finishing a change that was left half done');
    if (outcome === 'unknown') return [];
    const successorId = outcome === 'done' ? await finishLate(writes) : undefined;
    await journal.end(id);
    return successorId === undefined ? [] : [successorId];
  }

  /** What is owed may be there already, so what it creates is created as the service, which sees all of it. */
  async function finishLate(writes: Writes): Promise<string | undefined> {
    const successorId = await createSuccessor(writes, undefined);
    const thread = writes.thread && (await asOfNow(successorId ?? writes.task.id, writes.thread));
    if (thread) await changeThread(thread, writes.as);
    await addProvenance(writes, successorId, undefined);
    return successorId;
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
