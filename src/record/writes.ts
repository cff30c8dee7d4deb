import type { PatchOperation } from '@medplum/core';
import type {
  Binary,
  Bundle,
  BundleEntry,
  Practitioner,
  Provenance,
  Reference,
  Task,
} from '@medplum/fhirtypes';
import type { Accepted, Situation } from '../verbs/verb.ts';
import { taskPatch } from './patch.ts';
import { provenanceOf } from './provenance.ts';
import { type Ownership, type RecipientRule, recipientPatch } from './recipients.ts';
import { SUCCESSOR_PLACEHOLDER, type SuccessorWrite, successorOf } from './successor.ts';

/** Everything that one accepted decision writes, as one unit of work: Task first, always. */
export interface Writes {
  /** The patch is empty once it is known to be written, where the rest is still owed. */
  readonly task: { readonly id: string; readonly patch: readonly PatchOperation[] };
  /** The Task that takes its place, where one does. */
  readonly successor?: SuccessorWrite;
  readonly thread: ThreadWrite | undefined;
  readonly provenance: Provenance;
  /** `Practitioner/<id>` on whose behalf all of it is written. */
  readonly as?: string;
}

/** The thread header, whose recipients follow the Task's owner. */
export interface ThreadWrite {
  readonly id: string;
  /** For the header as it was read; made anew from `ownership` where somebody else has written it since. */
  readonly patch: readonly PatchOperation[];
  readonly ownership: Ownership;
}

/** Who answers for a change in the record. */
export interface Author {
  /** The Practitioner; the service itself for what nobody asked it to do. */
  readonly who: Reference<Practitioner>;
  /** `Practitioner/<id>` on whose behalf it is written; absent where the service writes in its own name. */
  readonly as?: string;
}

/** What Switchboard does by itself. R4's Provenance knows no agent that is a program, so it is named in words. */
export const SERVICE: Author = { who: { display: 'Switchboard' } };

/** What a decision was made on. */
export type Occasion = Pick<Situation, 'task' | 'thread' | 'now'>;

/** Turns a decision into what is to be written, on the Task and thread that it was made on. */
export function writesOf(
  decision: Accepted,
  occasion: Occasion,
  author: Author,
  rule: RecipientRule,
): Writes {
  const { task, now } = occasion;
  const { who, as } = author;
  const { successor } = decision;
  return {
    task: { id: task.id, patch: taskPatch(task, decision, who, now) },
    ...(successor && { successor: successorOf(task, successor, who, now) }),
    thread: threadWrite(decision, occasion, rule),
    provenance: provenanceOf(task, decision, who, now, as),
    ...(as && { as }),
  };
}

function threadWrite(
  decision: Accepted,
  { task, thread }: Occasion,
  rule: RecipientRule,
): ThreadWrite | undefined {
  const ownership = ownershipAfter(decision, task);
  const patch = thread && ownership && recipientPatch(thread, ownership, rule);
  return patch && { id: thread.id, patch, ownership };
}

/** Undefined where nobody's right to see the thread changes. */
function ownershipAfter({ change, successor }: Accepted, task: Task): Ownership | undefined {
  // Whoever had the old Task keeps it in sight, and with it the thread.
  if (successor) return { owner: successor.owner, former: [] };
  if (change.owner === undefined) return undefined;
  const former = task.owner?.reference === undefined ? [] : [task.owner.reference];
  return { owner: change.owner ?? undefined, former };
}

/** The writes as one transaction. Only for a server that is known to keep it: others run it as a batch and say 200. */
export function transactionOf(writes: Writes): Bundle {
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      ...(writes.successor ? [successorEntry(writes.successor)] : []),
      patchEntry(`Task/${writes.task.id}`, writes.task.patch),
      ...(writes.thread ? [patchEntry(`Communication/${writes.thread.id}`, writes.thread.patch)] : []),
      { request: { method: 'POST', url: 'Provenance' }, resource: writes.provenance },
    ],
  };
}

/** Which parts of a change were done, by what became of each entry of its transaction. */
export function partsOf(
  { successor }: Writes,
  done: readonly boolean[],
): { readonly taskIsDone: boolean; readonly successorIsDone: boolean } {
  const [first = false, second = false] = done;
  return { taskIsDone: successor ? second : first, successorIsDone: successor !== undefined && first };
}

/** Its place in the Provenance is filled in by the server, which knows the entry by its `fullUrl`. */
function successorEntry({ task, unless }: SuccessorWrite): BundleEntry {
  return {
    fullUrl: SUCCESSOR_PLACEHOLDER,
    request: { method: 'POST', url: 'Task', ifNoneExist: unless },
    resource: task,
  };
}

/** A PATCH inside a Bundle: servers take it as a Binary that holds the JSON Patch. */
export function patchEntry(url: string, patch: readonly PatchOperation[]): BundleEntry {
  const data = Buffer.from(JSON.stringify(patch)).toString('base64');
  const resource: Binary = { resourceType: 'Binary', contentType: 'application/json-patch+json', data };
  return { request: { method: 'PATCH', url }, resource };
}
