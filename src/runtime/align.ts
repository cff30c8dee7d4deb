import type { PatchOperation } from '@medplum/core';
import type { Communication, Practitioner, Reference } from '@medplum/fhirtypes';
import type { Logger } from 'pino';
import { deedOf } from '../record/provenance.ts';
import { type Ownership, type RecipientRule, recipientPatch } from '../record/recipients.ts';
import { CLOSED } from '../routing/task.ts';
import { withRetries } from './patience.ts';
import { type Observation, RecordError, type RecordStore } from './ports/record.ts';

/**
 * "If there's ever a conflict between Task.owner and Communication.recipient, the Task is the source of truth": puts
 * the thread's recipients right where an owner was changed without them (in another application, or by two people at
 * once).
 *
 * @returns true when they agree; false when it is too early to say.
 */
export type Align = (seen: Observation, lastOwner: string | undefined) => Promise<boolean>;

/** A change of ours writes the header right after the Task. It is given this long before anybody else mends it. */
const SETTLED_MS = 5_000;

export function createAlign(store: RecordStore, rule: RecipientRule, now: () => number, log: Logger): Align {
  return async (seen, lastOwner) => {
    const { task, thread } = seen;
    // A closed Task routes nothing any more, and another one may be open on its thread.
    if (thread === undefined || CLOSED.includes(task.status)) return true;
    const ownership = await withAssigned(seen, ownershipOf(seen, lastOwner));
    if (recipientPatch(thread, ownership, rule) === undefined) return true;
    if (now() - Date.parse(task.meta?.lastUpdated ?? '') < SETTLED_MS) return false;
    const patch = await patchBeside(task.id, thread, ownership);
    if (patch === undefined) return true;
    try {
      await withRetries(() => store.patch('Communication', thread.id, patch));
      log.info({ task: task.id, thread: thread.id }, 'recipients follow the owner again');
      return true;
    } catch (error) {
      if (error instanceof RecordError && (error.kind === 'lost' || error.kind === 'gone')) return false;
      throw error;
    }
  };

  /**
   * Whoever was given the Task, or took it elsewhere, and lost it before it was looked at is named by its versions alone.
   * They are read where somebody of the staff stands among the recipients of whom nothing else tells why.
   */
  async function withAssigned({ task, thread }: Observation, known: Ownership): Promise<Ownership> {
    const { owner, former } = known;
    const strangers = (thread?.recipient ?? []).filter(
      ({ reference = '' }) =>
        reference.startsWith('Practitioner/') &&
        reference !== owner?.reference &&
        !former.includes(reference),
    );
    if (strangers.length === 0) return known;
    const versions = await withRetries(() => store.versions(task.id));
    const owners = new Set(versions.map((version) => version.owner?.reference));
    const left = strangers.flatMap(({ reference }) =>
      reference && owners.has(reference) ? [reference] : [],
    );
    return { owner, former: [...former, ...left] };
  }

  /**
   * The owners of other open Tasks on the thread have as much right to see it: each Task adds its own and takes none of
   * theirs away, in the literal form too, or two Tasks would undo each other's.
   */
  async function patchBeside(
    taskId: string,
    thread: Communication & { id: string },
    { owner, former }: Ownership,
  ): Promise<PatchOperation[] | undefined> {
    const view = await withRetries(() => store.threadView(thread.id));
    const others = (view?.tasks ?? []).filter(
      (one) => one.id !== taskId && one.owner && !CLOSED.includes(one.status),
    );
    const theirs = others.map((one) => one.owner?.reference);
    const left = former.filter((one) => !theirs.includes(one));
    return recipientPatch(thread, { owner, former: left }, others.length > 0 ? 'follow' : rule);
  }
}

/** Whoever claimed or accepted the Task once, or owned it when it was last looked at, and does not own it now. */
function ownershipOf({ task, provenances }: Observation, lastOwner: string | undefined): Ownership {
  const holders = provenances
    .map(deedOf)
    .filter((deed) => deed?.verb === 'claim' || deed?.verb === 'accept')
    .map((deed) => deed?.who?.reference);
  const isPerson = task.owner?.reference?.startsWith('Practitioner/');
  return {
    owner: isPerson ? (task.owner as Reference<Practitioner>) : undefined,
    former: [...new Set([...holders, lastOwner])].filter(
      (one) => one !== undefined && one !== task.owner?.reference,
    ) as string[],
  };
}
