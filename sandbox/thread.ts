import type {
  CodeableConcept,
  Communication,
  Patient,
  Practitioner,
  Reference,
  Task,
} from '@medplum/fhirtypes';
import type { ClinicPatient, ClinicPool } from './clinic.ts';

/** What a message is made of. */
export interface ThreadParts {
  readonly patient: ClinicPatient & { readonly id: string };
  readonly pool: ClinicPool;
  readonly text: string;
  readonly priority: NonNullable<Task['priority']>;
  /** When the patient wrote it. */
  readonly sent: string;
}

/** More words in a thread that is there already. */
export interface Words {
  readonly sender: Reference<Patient | Practitioner>;
  readonly recipient?: Reference<Patient>;
  readonly text: string;
  readonly priority?: NonNullable<Task['priority']> | undefined;
  readonly sent: string;
}

/** The system of the categories that intake rules go by: the code is the id of a pool of `clinic.ts`. */
export const CATEGORY_SYSTEM = 'urn:switchboard:sandbox:category';

const CATEGORY: CodeableConcept = { text: 'Patient message' };

/** What a message to this pool is about, for rules that decide who is to answer it. */
export function categoryFor({ id, name }: ClinicPool): CodeableConcept {
  return { ...CATEGORY, coding: [{ system: CATEGORY_SYSTEM, code: id, display: name }] };
}

/**
 * The header of a thread: no payload, no partOf, and no recipient while nobody has it. Without a coded category no rule
 * finds it: so writes a Bot that makes the Task itself.
 */
export function threadHeader({ patient, pool, sent }: ThreadParts, category = CATEGORY): Communication {
  return {
    resourceType: 'Communication',
    status: 'in-progress',
    category: [category],
    topic: { text: `Message for ${pool.name.toLowerCase()}` },
    subject: patientReference(patient),
    sender: patientReference(patient),
    sent,
  };
}

/** A header that leaves the Task to whoever makes Tasks by rules: what it is about is coded. */
export function openHeader(parts: ThreadParts): Communication {
  return { ...threadHeader(parts, categoryFor(parts.pool)), priority: parts.priority };
}

/** What the patient wrote, in a thread. */
export function threadMessage({ patient, text, sent }: ThreadParts, header: string): Communication {
  return {
    resourceType: 'Communication',
    status: 'in-progress',
    partOf: [{ reference: header }],
    category: [CATEGORY],
    subject: patientReference(patient),
    sender: patientReference(patient),
    sent,
    payload: [{ contentString: text }],
  };
}

/** A message in the thread with this header, about the same patient and the same thing. */
export function messageIn(header: Communication & { id: string }, words: Words): Communication {
  const { category, subject } = header;
  return {
    resourceType: 'Communication',
    status: 'in-progress',
    partOf: [{ reference: `Communication/${header.id}` }],
    ...(category && { category }),
    ...(words.priority && { priority: words.priority }),
    ...(subject && { subject }),
    sender: words.sender,
    ...(words.recipient && { recipient: [words.recipient] }),
    sent: words.sent,
    payload: [{ contentString: words.text }],
  };
}

/** The Task that waits in the pool for somebody to answer the thread. */
export function threadTask({ patient, pool, priority, sent }: ThreadParts, header: string): Task {
  return {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    priority,
    code: { text: 'Respond to patient message' },
    businessStatus: { text: 'unassigned' },
    focus: { reference: header },
    for: patientReference(patient),
    requester: patientReference(patient),
    performerType: [{ coding: [{ system: pool.system, code: pool.code, display: pool.name }] }],
    authoredOn: sent,
  };
}

export function patientReference({ id, given, family }: ThreadParts['patient']): Reference<Patient> {
  return { reference: `Patient/${id}`, display: `${given} ${family}` };
}
