import type { Communication, Patient, Reference, Task } from '@medplum/fhirtypes';
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

const CATEGORY = { text: 'Patient message' };

/** The header of a thread: no payload, no partOf, and no recipient while nobody has it. */
export function threadHeader({ patient, pool, sent }: ThreadParts): Communication {
  return {
    resourceType: 'Communication',
    status: 'in-progress',
    category: [CATEGORY],
    topic: { text: `Message for ${pool.name.toLowerCase()}` },
    subject: patientReference(patient),
    sender: patientReference(patient),
    sent,
  };
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

function patientReference({ id, given, family }: ThreadParts['patient']): Reference<Patient> {
  return { reference: `Patient/${id}`, display: `${given} ${family}` };
}
