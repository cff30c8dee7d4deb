import type { Practitioner, Provenance, Reference, Task } from '@medplum/fhirtypes';
import { waitingSince } from '../routing/priority.ts';
import type { Successor } from '../verbs/verb.ts';

/** Marks the Task that took another one's place, by the Task and the version of it that was left. */
export const SUCCESSOR_SYSTEM = 'urn:switchboard:successor';

/** http://hl7.org/fhir/StructureDefinition/task-replaces: the Task whose place this one took. */
export const TASK_REPLACES = 'http://hl7.org/fhir/StructureDefinition/task-replaces';

/** Stands for the new Task's reference where its id is not known yet; a transaction puts the id there by itself. */
export const SUCCESSOR_PLACEHOLDER = 'urn:uuid:0f6d2c1e-5b1a-4c0e-9a63-7d1f3c5e2b90';

/** A Task that is to be written in the place of another, once. */
export interface SuccessorWrite {
  readonly task: Task;
  /**
   * The search that finds it where it was written already (`If-None-Exist`): a version is left only once, so however
   * often the writing is tried, there is one.
   */
  readonly unless: string;
}

/** What the new Task has in common with the old one: all that says what is asked for, and for whom. */
const MIRRORED = [
  'priority',
  'code',
  'description',
  'focus',
  'for',
  'encounter',
  'basedOn',
  'reasonCode',
  'reasonReference',
  'input',
  'restriction',
] as const satisfies readonly (keyof Task)[];

/**
 * The specification's “Create a New Task for the New Owner”. It keeps the old Task's `authoredOn`, because the patient
 * has been waiting since then.
 *
 * @param requester who sends it there, and `at` when (UTC instant).
 */
export function successorOf(
  task: Task & { id: string },
  successor: Successor,
  requester: Reference<Practitioner>,
  at: Date,
): SuccessorWrite {
  const value = `${task.id}/${task.meta?.versionId}`;
  const { owner, performerType, businessStatus, note } = successor;
  return {
    unless: `identifier=${SUCCESSOR_SYSTEM}|${value}`,
    task: {
      resourceType: 'Task',
      ...labels(task),
      identifier: [{ system: SUCCESSOR_SYSTEM, value }],
      extension: [{ url: TASK_REPLACES, valueReference: { reference: `Task/${task.id}` } }],
      status: 'requested',
      businessStatus: { text: businessStatus },
      intent: task.intent,
      ...mirrored(task),
      ...(owner && { owner }),
      ...(performerType && { performerType: [...performerType] }),
      requester,
      authoredOn: task.authoredOn ?? waitingSince(task),
      note: [{ authorReference: requester, time: at.toISOString(), text: note }],
    },
  };
}

/** The id of the Task whose place this one took; undefined for one that took nobody's. */
export function predecessorOf(task: Task): string | undefined {
  const extension = task.extension?.find(({ url }) => url === TASK_REPLACES);
  const [type, id] = extension?.valueReference?.reference?.split('/') ?? [];
  return type === 'Task' ? id : undefined;
}

/** The Provenance with the new Task's id, which is known once that one is written. */
export function withSuccessor(provenance: Provenance, taskId: string): Provenance {
  const target = provenance.target.map((one) =>
    one.reference === SUCCESSOR_PLACEHOLDER ? { ...one, reference: `Task/${taskId}` } : one,
  );
  return { ...provenance, target };
}

function mirrored(task: Task): Partial<Task> {
  return Object.fromEntries(MIRRORED.filter((key) => task[key] !== undefined).map((key) => [key, task[key]]));
}

/** Who may see the old Task must be able to see the new one: access can follow a label. */
function labels({ meta }: Task): Pick<Task, 'meta'> {
  if (!meta?.tag && !meta?.security) return {};
  return { meta: { ...(meta.tag && { tag: meta.tag }), ...(meta.security && { security: meta.security }) } };
}
