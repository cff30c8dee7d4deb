import { applyPatch, type Operation, type PatchOperation } from '@medplum/core';
import type { Communication, Provenance, Resource, Task } from '@medplum/fhirtypes';
import type { RecipientRule } from '../../src/record/recipients.ts';
import { type Author, writesOf } from '../../src/record/writes.ts';
import { referenceTo } from '../../src/routing/eligibility.ts';
import { decide } from '../../src/verbs/index.ts';
import type { Decision, Inputs, Situation, Verb } from '../../src/verbs/verb.ts';

/**
 * The resource after the patch, as a server makes it: by Medplum's own engine, on what JSON leaves of the patch. Throws
 * where a server answers 400: an operation on an absent path, a failed `test`, a null. Arrays that became empty go away.
 */
export function applied<T extends Resource>(resource: T, patch: readonly PatchOperation[]): T {
  const sent: Operation[] = JSON.parse(JSON.stringify(patch));
  const nulls = sent.filter((operation) => 'value' in operation && operation.value === null);
  if (nulls.length > 0) throw new Error(`Invalid null value: ${JSON.stringify(nulls)}`);
  const after = structuredClone(resource);
  const faults = applyPatch(after, sent).filter((fault) => fault !== null);
  if (faults.length > 0) throw new Error(faults.map((fault) => fault.message).join('\n'));
  const kept = Object.entries(after).filter(([, value]) => !(Array.isArray(value) && value.length === 0));
  for (const key of Object.keys(after))
    if (!kept.some(([one]) => one === key)) Reflect.deleteProperty(after, key);
  return after;
}

/** The resource as the version that a server stores after a write. */
export function stored<T extends Resource>(resource: T, versionId: string): T {
  return { ...resource, meta: { ...resource.meta, versionId } };
}

/** What stands in the record after somebody pressed. */
export interface Outcome {
  readonly decision: Decision;
  readonly task: Task & { id: string };
  /** The Task that took its place, as it was written. */
  readonly successor: Task | undefined;
  readonly thread: (Communication & { id: string }) | undefined;
  readonly provenance: Provenance | undefined;
  readonly patch: readonly PatchOperation[];
}

/** Decides and writes, on the resources of the situation. A refusal leaves them as they are. */
export function press(
  verb: Verb,
  inputs: Inputs,
  situation: Situation,
  rule: RecipientRule = 'follow',
): Outcome {
  const { task, thread } = situation;
  const decision = decide(verb, inputs, situation);
  if (decision.kind === 'refused')
    return { decision, task, successor: undefined, thread, provenance: undefined, patch: [] };
  const writes = writesOf(decision, situation, authorOf(situation), rule);
  return {
    decision,
    task: applied(task, writes.task.patch),
    successor: writes.successor?.task,
    thread: thread && writes.thread ? applied(thread, writes.thread.patch) : thread,
    provenance: writes.provenance,
    patch: writes.task.patch,
  };
}

/** Whoever presses answers for it; the service writes. */
export function authorOf({ actor }: Pick<Situation, 'actor'>): Author {
  return { who: referenceTo(actor.practitioner) };
}

/**
 * Whether the parts of the record that say who has a Task say the same; one sentence for each that does not.
 *
 * status and owner decide: requested without owner is unassigned and waits in a pool; requested with owner is
 * assigned; accepted is claimed by its owner; completed is completed by its owner; cancelled was rerouted. The thread's
 * recipients name the owner and none of the others of the staff who might have it.
 *
 * @param isEscalated somebody raised the alarm since it came to stand so.
 */
export function disagreements(
  task: Task,
  thread: Communication | undefined,
  staff: readonly string[],
  isEscalated = false,
): string[] {
  const found: string[] = [];
  const expect = (holds: boolean, what: string) => holds || found.push(`${what}: ${JSON.stringify(task)}`);
  const word = task.businessStatus?.text;
  const alarm = isEscalated ? 'escalated' : undefined;
  switch (task.status) {
    case 'requested':
      expect(word === (alarm ?? (task.owner ? 'assigned' : 'unassigned')), `requested, but ${word}`);
      expect(task.owner !== undefined || Boolean(task.performerType?.length), 'nobody’s, and in no pool');
      break;
    case 'accepted':
      expect(task.owner !== undefined, 'accepted by nobody');
      expect(word === (alarm ?? 'claimed'), `accepted, but ${word}`);
      break;
    case 'completed':
      expect(task.owner !== undefined, 'completed by nobody');
      expect(word === 'completed', `completed, but ${word}`);
      break;
    case 'cancelled':
      return word === 'rerouted' ? found : [`cancelled, but ${word}`];
    default:
      expect(false, `no verb makes a Task ${task.status}`);
  }
  if (thread === undefined) return found;
  const named = (thread.recipient ?? [])
    .map((one) => one.reference ?? '')
    .filter((one) => staff.includes(one));
  const should = task.owner?.reference === undefined ? [] : [task.owner.reference];
  expect(
    JSON.stringify(named) === JSON.stringify(should),
    `the thread is for ${named.join(', ') || 'nobody'}`,
  );
  return found;
}
