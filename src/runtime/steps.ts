import type { PatchOperation } from '@medplum/core';
import type { Logger } from 'pino';
import { wasApplied } from '../record/applied.ts';
import { versionLeftOf, versionLeftOf } from '../record/provenance.ts';
import { type Ownership, type RecipientRule, recipientPatch } from '../record/recipients.ts';
import type { ThreadWrite, Writes } from '../record/writes.ts';
import { CLOSED } from '../routing/task.ts';
import { withRetries } from './patience.ts';
import type { Fuse } from './ports/fuse.ts';
import { RecordError, type RecordStore } from './ports/record.ts';
import { type Committed, is, writeOnce } from './write-once.ts';

/** The single steps of a change, each safe to repeat. */
export interface Steps {
  /**
   * The Task, which comes first. A patch whose answer was lost is looked for in the history before it is sent again: its
   * guard alone would let it through twice, if somebody has put the Task back meanwhile.
   *
   * @param inDoubt an earlier try may have been heard.
   */
  changeTask(writes: Writes, inDoubt: boolean): Promise<Committed>;
  /** Whether the Task's patch is in its history, and what makes a patch fail where the Task changes after this look. */
  lookAtTask(writes: Writes): Promise<{ readonly isApplied: boolean; readonly fence: PatchOperation[] }>;
  /**
   * The Task that takes its place; gives its id. Comes after the old Task is cancelled: wherever this breaks off, there
   * are never two that wait for somebody.
   */
  createSuccessor(writes: Writes, as: string | undefined): Promise<string | undefined>;
  /** The header is guarded by its version; where somebody else has written it meanwhile, the patch is made anew. */
  changeThread(thread: ThreadWrite, as: string | undefined): Promise<void>;
  /** The same for a thread of which time has passed: its recipients follow whoever owns the Task now. */
  alignThread(taskId: string, thread: ThreadWrite, as: string | undefined): Promise<void>;
  addProvenance(writes: Writes, as: string | undefined): Promise<void>;
  /** Takes out a Provenance that is not true, where we may. */
  takeBackProvenance(writes: Writes): Promise<void>;
  /** What a batch has written beside a Task that it could not change: none of it was ever meant to be by itself. */
  takeBack(writes: Writes): Promise<void>;
  /** What somebody's own access hides is answered like something that is not there. It was there a moment ago. */
  orHidden<T>(writes: Writes, write: () => Promise<T>): Promise<T>;
}

export function createSteps(store: RecordStore, rule: RecipientRule, log: Logger, fuse: Fuse): Steps {
  async function orHidden<T>({ task, thread, as }: Writes, write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      if (as === undefined || !is(error, 'gone')) throw error;
      const seen = await withRetries(() => store.observe(task.id));
      const isThere = seen !== undefined && (thread === undefined || seen.thread !== undefined);
      throw isThere
        ? new RecordError('forbidden', `changing Task/${task.id} for ${as}`, { cause: error })
        : error;
    }
  }

  async function changeTask(writes: Writes, inDoubt: boolean): Promise<Committed> {
    const { id, patch } = writes.task;
    let fence: PatchOperation[] = [];
    const outcome = await writeOnce(
      () => orHidden(writes, () => store.patch('Task', id, [...fence, ...patch], writes.as)),
      async () => {
        const seen = await lookAtTask(writes);
        fence = seen.fence;
        return seen.isApplied;
      },
      inDoubt,
    );
    if (outcome === 'done') fuse('task-written', id);
    return outcome;
  }

  async function lookAtTask({ task: { id, patch }, provenance, as }: Writes) {
    // The Task first: whatever changes it after the history was read is found by the fence.
    const now = await store.observe(id);
    const versions = await store.versions(id);
    // Before the version that was decided on the same person may have done the very same: that is another deed.
    const left = versions.findIndex(({ meta }) => versionLeftOf(provenance)?.endsWith(`/${meta?.versionId}`));
    const isApplied = wasApplied(patch, left < 0 ? versions : versions.slice(0, left + 1), as);
    return { isApplied, fence: fenceOf(now?.task.meta?.versionId) };
  }

  async function createSuccessor(
    { task: old, successor }: Writes,
    as: string | undefined,
  ): Promise<string | undefined> {
    if (successor === undefined) return undefined;
    const { task, unless } = successor;
    const { id } = await owed(as, (writer) => store.createTask(task, unless, writer));
    fuse('successor-written', old.id);
    return id;
  }

  async function addProvenance({ task, provenance }: Writes, as: string | undefined): Promise<void> {
    await owed(as, (writer) => store.addProvenance(provenance, writer));
    fuse('provenance-written', task.id);
  }

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

  async function alignThread(taskId: string, thread: ThreadWrite, as: string | undefined): Promise<void> {
    const seen = await withRetries(() => store.observe(taskId));
    const { owner, former } = thread.ownership;
    const ownership: Ownership = {
      owner: seen?.task.owner as Ownership['owner'],
      former: [...former, ...(owner?.reference ? [owner.reference] : [])],
    };
    const patch = seen?.thread && recipientPatch(seen.thread, ownership, rule);
    if (patch) await changeThread({ ...thread, ownership, patch }, as);
  }

  async function takeBack(writes: Writes): Promise<void> {
    const { task, thread } = writes;
    await takeBackProvenance(writes);
    await takeBackSuccessor(writes);
    if (thread) await alignThread(task.id, thread, undefined);
  }

  async function takeBackProvenance({ task, provenance }: Writes): Promise<void> {
    try {
      await withRetries(() => store.removeProvenance(provenance));
    } catch (error) {
      if (!is(error, 'forbidden')) throw error;
      // Few installations let a service delete what an audit reads, and it need not be able to.
      log.error(
        { task: task.id, left: versionLeftOf(provenance), recorded: provenance.recorded },
        'the record holds a Provenance that is not true, and we may not take it out: an administrator can',
      );
    }
  }

  /** Where the Task was cancelled meanwhile, the same Task may stand for somebody else's reroute: it stays. */
  async function takeBackSuccessor({ task, successor }: Writes): Promise<void> {
    if (successor === undefined) return;
    const made = await withRetries(() => store.findTask(successor.unless));
    if (made === undefined || CLOSED.includes(made.status)) return;
    const old = await withRetries(() => store.observe(task.id));
    if (old === undefined || old.task.status === 'cancelled') return;
    if (made.status !== successor.task.status) {
      log.error(
        { task: task.id, second: made.id },
        'a second Task was made by mistake, and is being worked on',
      );
      return;
    }
    const patch = [
      ...fenceOf(made.meta?.versionId),
      { op: 'replace', path: '/status', value: 'entered-in-error' },
    ] satisfies PatchOperation[];
    await withRetries(() => store.patch('Task', made.id, patch));
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

  return {
    changeTask,
    lookAtTask,
    createSuccessor,
    changeThread,
    alignThread,
    addProvenance,
    takeBackProvenance,
    takeBack,
    orHidden,
  };
}

function fenceOf(versionId: string | undefined): PatchOperation[] {
  return versionId === undefined ? [] : [{ op: 'test', path: '/meta/versionId', value: versionId }];
}
