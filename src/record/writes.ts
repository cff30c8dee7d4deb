import type { PatchOperation } from '@medplum/core';
import type { Binary, Bundle, BundleEntry, Provenance } from '@medplum/fhirtypes';
import { referenceTo } from '../routing/eligibility.ts';
import type { Accepted, Situation } from '../verbs/verb.ts';
import { taskPatch } from './patch.ts';
import { provenanceOf } from './provenance.ts';
import { type Ownership, type RecipientRule, recipientPatch } from './recipients.ts';

/** Everything that one accepted decision writes, as one unit of work: Task first, always. */
export interface Writes {
  readonly task: { readonly id: string; readonly patch: readonly PatchOperation[] };
  readonly thread: ThreadWrite | undefined;
  readonly provenance: Provenance;
}

/** The thread header, whose recipients follow the Task's owner. */
export interface ThreadWrite {
  readonly id: string;
  /** For the header as it was read; made anew from `ownership` where somebody else has written it since. */
  readonly patch: readonly PatchOperation[];
  readonly ownership: Ownership;
}

/** Turns a decision into what is to be written, on the Task and thread that it was made on. */
export function writesOf(decision: Accepted, situation: Situation, rule: RecipientRule): Writes {
  const { task, actor, now } = situation;
  const who = referenceTo(actor.practitioner);
  return {
    task: { id: task.id, patch: taskPatch(task, decision, who, now) },
    thread: threadWrite(decision, situation, rule),
    provenance: provenanceOf(task, decision, who, now),
  };
}

function threadWrite(
  decision: Accepted,
  { task, thread }: Situation,
  rule: RecipientRule,
): ThreadWrite | undefined {
  const { owner } = decision.change;
  if (thread === undefined || owner === undefined) return undefined;
  const former = task.owner?.reference === undefined ? [] : [task.owner.reference];
  const ownership: Ownership = { owner: owner ?? undefined, former };
  const patch = recipientPatch(thread, ownership, rule);
  return patch && { id: thread.id, patch, ownership };
}

/** The writes as one transaction. Only for a server that is known to keep it: others run it as a batch and say 200. */
export function transactionOf(writes: Writes): Bundle {
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      patchEntry(`Task/${writes.task.id}`, writes.task.patch),
      ...(writes.thread ? [patchEntry(`Communication/${writes.thread.id}`, writes.thread.patch)] : []),
      { request: { method: 'POST', url: 'Provenance' }, resource: writes.provenance },
    ],
  };
}

/** A PATCH inside a Bundle: servers take it as a Binary that holds the JSON Patch. */
export function patchEntry(url: string, patch: readonly PatchOperation[]): BundleEntry {
  const data = Buffer.from(JSON.stringify(patch)).toString('base64');
  const resource: Binary = { resourceType: 'Binary', contentType: 'application/json-patch+json', data };
  return { request: { method: 'PATCH', url }, resource };
}
