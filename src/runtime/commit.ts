import type { PatchOperation } from '@medplum/core';
import type { Logger } from 'pino';
import { versionLeftOf } from '../record/provenance.ts';
import type { RecipientRule } from '../record/recipients.ts';
import { withSuccessor } from '../record/successor.ts';
import { partsOf, transactionOf, type Writes } from '../record/writes.ts';
import { type Fuse, NO_FUSE } from './ports/fuse.ts';
import type { Journal } from './ports/ledger.ts';
import type { Observation, RecordStore } from './ports/record.ts';
import { createRecovery, type Recovery } from './recovery.ts';
import { createSteps } from './steps.ts';
import { type Committed, writeOnce } from './write-once.ts';

export type { Committed } from './write-once.ts';

/** Writes a decision as one unit of work. */
export interface Commit extends Recovery {
  run(writes: Writes): Promise<Committed>;
}

/** What a commit tells others of. */
export interface Told {
  /** The server has run a transaction as a batch. */
  readonly ranAsBatch?: () => void;
  readonly fuse?: Fuse;
}

/** What is found of a transaction whose answer was lost. `in parts`: it was run as a batch. */
type Found =
  | { readonly kind: 'there' }
  | { readonly kind: 'not there'; readonly fence: readonly PatchOperation[] }
  | InParts;

/** How a change is written in steps: what changes the Task, what is done where it cannot be, and who creates the rest. */
interface Way {
  readonly change: () => Promise<Committed>;
  readonly undo: () => Promise<void>;
  /** `Practitioner/<id>`; the service where absent. */
  readonly creator: string | undefined;
  /** The Provenance that is there names a Task that was never made. */
  readonly isToldWrong?: boolean;
}

/** A change that the server has taken apart, and which parts of it were done. */
interface InParts {
  readonly kind: 'in parts';
  readonly taskIsDone: boolean;
  /** The Task that takes its place, where one does. */
  readonly successorIsDone: boolean;
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
  { ranAsBatch = () => {}, fuse = NO_FUSE }: Told = {},
): Commit {
  const steps = createSteps(store, rule, log, fuse);

  // ------------------------------------------------------------------------------------------ with transactions

  async function inOneTransaction(writes: Writes): Promise<Committed> {
    const { id, patch } = writes.task;
    const seen: { parts?: InParts; fence: readonly PatchOperation[] } = { fence: [] };
    const outcome = await writeOnce(
      async () => {
        const fenced = { ...writes, task: { id, patch: [...seen.fence, ...patch] } };
        const sent = await steps.orHidden(writes, () => store.transact(transactionOf(fenced), writes.as));
        if (sent.kind === 'whole') return;
        ranAsBatch();
        if (sent.done.includes(false)) seen.parts = { kind: 'in parts', ...partsOf(writes, sent.done) };
      },
      async () => {
        const found = await lookFor(writes);
        if (found.kind === 'in parts') seen.parts = found;
        if (found.kind === 'not there') seen.fence = found.fence;
        return found.kind !== 'not there';
      },
      false,
    );
    if (seen.parts) return goOnInSteps(writes, seen.parts);
    fuse('transacted', id);
    return outcome;
  }

  /** The Provenance and the Task are written together: where only one of them is there, it was no transaction. */
  async function lookFor(writes: Writes): Promise<Found> {
    const { id, patch } = writes.task;
    const isTold = tells(await store.observe(id), writes);
    const { isApplied, fence } = await steps.lookAtTask(writes);
    const onlyTests = patch.every(({ op }) => op === 'test');
    if (isTold === isApplied || onlyTests) return isTold ? { kind: 'there' } : { kind: 'not there', fence };
    // It may have been done between the two looks.
    if (isApplied && tells(await store.observe(id), writes)) return { kind: 'there' };
    if (await store.keepsTransactions()) return { kind: 'there' };
    ranAsBatch();
    return { kind: 'in parts', taskIsDone: isApplied, successorIsDone: false };
  }

  // --------------------------------------------------------------------------------------------- with the journal

  async function inSteps(writes: Writes): Promise<Committed> {
    const id = await journal.begin(writes);
    fuse('journal-begun', writes.task.id);
    return settle(id, writes, {
      change: () => steps.changeTask(writes, false),
      undo: async () => {},
      creator: writes.as,
    });
  }

  /**
   * The server has run our transaction as a batch, and some of it was refused. Where the Task was changed, the rest is
   * owed; where it cannot be, the rest must not stand.
   */
  async function goOnInSteps(writes: Writes, parts: InParts): Promise<Committed> {
    const id = await journal.begin(writes, true).catch((error: unknown) => {
      // It must be seen to all the same, ledger or none.
      log.error({ err: error, task: writes.task.id }, 'a change is half written, and the journal is away');
      return undefined;
    });
    fuse('journal-begun', writes.task.id);
    return settle(id, writes, {
      change: async () => (parts.taskIsDone ? 'done' : steps.changeTask(writes, true)),
      undo: () => steps.takeBack(writes),
      // What the batch has created must be found: the service sees all of it.
      creator: undefined,
      isToldWrong: writes.successor !== undefined && !parts.successorIsDone,
    });
  }

  async function settle(id: string | undefined, writes: Writes, way: Way): Promise<Committed> {
    let outcome: Committed;
    try {
      outcome = await way.change();
    } catch (error) {
      // Refused without doubt: nothing was written, and nothing is owed.
      if (await giveUp(id, writes, way)) throw error;
      return 'unknown';
    }
    if (outcome === 'done') await finish(id, writes, way);
    if (outcome === 'lost' && !(await giveUp(id, writes, way))) return 'unknown';
    return outcome;
  }

  /** False where the journal holds it still: it may yet be done, so nobody must be told that it is not. */
  async function giveUp(id: string | undefined, { task }: Writes, { undo }: Way): Promise<boolean> {
    try {
      await undo();
      await end(id);
      return true;
    } catch (error) {
      log.error(
        { err: error, task: task.id, journal: id },
        'a change that was refused is in the journal still',
      );
      return false;
    }
  }

  /** Once the Task is written the rest is owed. Where it cannot be done now, the journal keeps it. */
  async function finish(
    id: string | undefined,
    writes: Writes,
    { creator, isToldWrong }: Way,
  ): Promise<void> {
    const { task, thread, provenance, as } = writes;
    try {
      const successorId = await steps.createSuccessor(writes, creator);
      if (thread) await steps.changeThread(thread, as);
      fuse('thread-written', task.id);
      if (isToldWrong) await steps.takeBackProvenance(writes);
      const whole = successorId === undefined ? provenance : withSuccessor(provenance, successorId);
      await steps.addProvenance({ ...writes, provenance: whole }, creator);
      await end(id);
      fuse('journal-ended', task.id);
    } catch (error) {
      log.error(
        { err: error, task: task.id, journal: id },
        'a change is half written; the journal will finish it',
      );
    }
  }

  async function end(id: string | undefined): Promise<void> {
    if (id !== undefined) await journal.end(id);
  }

  return {
    ...createRecovery(steps, journal, log, fuse),
    run: (writes) => (keepsTransactions() ? inOneTransaction(writes) : inSteps(writes)),
  };
}

function tells(seen: Observation | undefined, { provenance }: Writes): boolean {
  const left = versionLeftOf(provenance);
  return (
    seen?.provenances.some((one) => one.recorded === provenance.recorded && versionLeftOf(one) === left) ??
    false
  );
}
