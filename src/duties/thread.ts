import type { Communication, Patient, Reference, RelatedPerson, Task } from '@medplum/fhirtypes';
import { heardAt, latestAnswer } from '../record/answer.ts';

/** A message of a thread. */
export type Message = Communication & { id: string };

/** What the patient, or somebody for them, has said. */
export type PatientMessage = Message & { sender: Reference<Patient | RelatedPerson> };

/** https://www.medplum.com/docs/communications: a draft is in `preparation`, a retracted message `entered-in-error`. */
const SENT: readonly string[] = ['in-progress', 'completed'];

/** Who writes for the patient. */
const PATIENT_SIDE: readonly string[] = ['Patient', 'RelatedPerson'];

/** What was sent and not taken back, in the order in which it was said. */
export function sentOf(messages: readonly Message[]): Message[] {
  return messages
    .filter(({ status }) => SENT.includes(status))
    .toSorted((a, b) => heardAt(a).localeCompare(heardAt(b)) || a.id.localeCompare(b.id));
}

/** What came from the patient's side, in the order in which it was said. */
export function fromPatient(messages: readonly Message[]): PatientMessage[] {
  return sentOf(messages).filter(isFromPatient);
}

function isFromPatient(message: Message): message is PatientMessage {
  const [type = ''] = message.sender?.reference?.split('/') ?? [];
  return PATIENT_SIDE.includes(type);
}

/**
 * Whether somebody of the staff has said something after this message. What was said at the same instant answers nothing:
 * a patient who may still be waiting is taken to be.
 *
 * @param task that the thread has, or would have: it names the patient, who is never staff here.
 */
export function isAnswered(message: Message, messages: readonly Message[], task: Task): boolean {
  const said = heardAt(message);
  const answer = latestAnswer(messages, { ...task, authoredOn: said });
  return answer !== undefined && heardAt(answer) > said;
}

/** A message is part of one thread. Whoever writes a long list into it makes no long list of jobs. */
const MOST_THREADS = 5;

/** The ids of the threads that a message is part of; references of another form name none. */
export function threadIdsOf(references: readonly unknown[]): string[] {
  const ids = references.map((one) =>
    typeof one === 'string' ? /^Communication\/([A-Za-z0-9.-]{1,64})$/.exec(one)?.[1] : undefined,
  );
  return [...new Set(ids.filter((id) => id !== undefined))].slice(0, MOST_THREADS);
}

/** A reference and what it is called, without whatever else stood beside it. */
export function nameOnly({ reference, display }: Reference): { reference?: string; display?: string } {
  return { ...(reference && { reference }), ...(display && { display }) };
}
