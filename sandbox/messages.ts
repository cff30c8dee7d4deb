import { createReference } from '@medplum/core';
import type { Communication, Patient, Practitioner, Reference, Task } from '@medplum/fhirtypes';
import type { ClinicPool } from './clinic.ts';
import { POOLS, SAMPLE_MESSAGES } from './clinic.ts';
import { ControlError } from './control-error.ts';
import type { FhirServer } from './fhir/index.ts';
import { patientBy, patients, practitionerOf } from './seed.ts';
import type { ThreadParts } from './thread.ts';
import {
  messageIn,
  openHeader,
  patientReference,
  threadHeader,
  threadMessage,
  threadTask,
} from './thread.ts';

/** A patient's message, all of it optional. */
export interface PatientMessage {
  /** Id, name or code of a pool; `registered-nurse` when absent. */
  readonly pool?: string | undefined;
  /** Key of `clinic.ts`, or id; the patients take turns when absent. */
  readonly patient?: string | undefined;
  readonly text?: string | undefined;
  readonly priority?: Task['priority'] | undefined;
}

/** A patient's words, for which nobody but Switchboard makes a Task. */
export interface PatientWords extends PatientMessage {
  /** Id of a thread's header: more words of its patient, and `pool` is not asked. A new thread when absent. */
  readonly thread?: string | undefined;
}

/** What a member of staff writes to the patient, in a thread. */
export interface StaffWords {
  readonly thread: string;
  /** A Slack id of `clinic.ts`, or the id of a Practitioner. */
  readonly by: string;
  readonly text: string;
}

/** Ids of the Communications that words became, or became part of. */
export interface WrittenWords {
  readonly thread: string;
  readonly message: string;
}

/** Ids of what a message made. */
export interface WrittenMessage extends WrittenWords {
  readonly task: string;
}

export interface Inbox {
  /** What a message would be made of; a sentence when something about it is wrong. */
  read(input: unknown): ThreadParts | string;
  /** Writes thread header, message and Task. Throws when something about the message is wrong. */
  write(message?: PatientMessage): Promise<WrittenMessage>;
  /** Writes Communications only: header and message, or a message in a thread. Throws a ControlError. */
  say(words?: PatientWords): Promise<WrittenWords>;
  /** Somebody of the clinic answers in a thread: a Communication to its patient. Throws a ControlError. */
  answer(words: StaffWords): Promise<WrittenWords>;
}

export const PRIORITIES = ['routine', 'urgent', 'asap', 'stat'] as const;
const LONGEST_TEXT = 10_000;

/** "A patient writes": the way into the clinic. @param now in milliseconds since 1970. */
export function createInbox(fhir: FhirServer, now: () => number): Inbox {
  const instant = () => new Date(now()).toISOString();
  let turn = 0;

  const read = (input: unknown): ThreadParts | string => {
    if (typeof input !== 'object' || input === null || Array.isArray(input))
      return 'A message is a JSON object.';
    const { pool: poolName, patient: patientName, text, priority } = input as Record<string, unknown>;

    const pool = poolName === undefined ? POOLS[0] : findPool(poolName);
    if (!pool) return `There is no such pool. There are: ${POOLS.map(({ id }) => id).join(', ')}.`;
    const everybody = patients();
    const patient =
      patientName === undefined ? everybody[turn % everybody.length] : patientBy(String(patientName));
    if (!patient)
      return `There is no such patient. There are: ${everybody.map(({ key }) => key).join(', ')}.`;
    const wrongText = text === undefined ? undefined : problemOfText(text);
    if (wrongText !== undefined) return wrongText;
    const sample = sampleFor(pool, turn);
    const wanted = priority ?? (text === undefined ? sample.priority : 'routine');
    const known = PRIORITIES.find((name) => name === wanted);
    if (!known) return `priority must be one of: ${PRIORITIES.join(', ')}.`;

    turn += 1;
    return {
      patient,
      pool,
      text: typeof text === 'string' ? text : sample.text,
      priority: known,
      sent: instant(),
    };
  };

  return {
    read,
    write: async (message = {}) => {
      const parts = read(message);
      if (typeof parts === 'string') throw new Error(parts);
      return writeThread(fhir, parts);
    },
    say: async (words = {}) => {
      if (words.thread !== undefined) return followUp(fhir, words.thread, words, instant());
      const parts = read(words);
      if (typeof parts === 'string') throw new ControlError(400, parts);
      return openThread(fhir, parts);
    },
    answer: async ({ thread, by, text }) => {
      const header = await headerOf(fhir, thread);
      const sender = await staffMember(fhir, by);
      refuse(problemOfText(text));
      const words = { sender, recipient: patientOf(header), text, sent: instant() };
      return writeWords(fhir, header, words);
    },
  };
}

/** Stores the three resources of a message, in the patient's name. */
export async function writeThread(fhir: FhirServer, parts: ThreadParts): Promise<WrittenMessage> {
  const repository = fhir.repositoryFor({ author: `Patient/${parts.patient.id}` });
  const thread = await repository.createResource(threadHeader(parts));
  const focus = `Communication/${thread.id}`;
  const message = await repository.createResource(threadMessage(parts, focus));
  const task = await repository.createResource(threadTask(parts, focus));
  return { task: task.id, thread: thread.id, message: message.id };
}

/** Stores header and message, and leaves the Task to Switchboard. */
async function openThread(fhir: FhirServer, parts: ThreadParts): Promise<WrittenWords> {
  const sender = patientReference(parts.patient);
  const repository = fhir.repositoryFor({ author: sender.reference ?? '' });
  const header = await repository.createResource(openHeader(parts));
  return writeWords(fhir, header, { ...parts, sender });
}

async function followUp(
  fhir: FhirServer,
  thread: string,
  words: PatientMessage,
  sent: string,
): Promise<WrittenWords> {
  const header = await headerOf(fhir, thread);
  const sender = patientOf(header);
  const claimed = words.patient === undefined ? undefined : patientBy(words.patient)?.id;
  if (words.patient !== undefined && sender.reference !== `Patient/${claimed}`)
    throw new ControlError(
      400,
      `The thread is ${sender.display ?? sender.reference}’s, not ${words.patient}’s.`,
    );
  const text = words.text ?? 'Is there any news about this?';
  refuse(problemOfText(text));
  return writeWords(fhir, header, { sender, text, priority: words.priority, sent });
}

type Header = Communication & { id: string };

async function writeWords(
  fhir: FhirServer,
  header: Header,
  words: Parameters<typeof messageIn>[1],
): Promise<WrittenWords> {
  const repository = fhir.repositoryFor({ author: words.sender.reference ?? '' });
  const message = await repository.createResource(messageIn(header, words));
  return { thread: header.id, message: message.id };
}

async function headerOf(fhir: FhirServer, thread: string): Promise<Header> {
  const id = thread.replace(/^Communication\//, '');
  const header = await fhir.repository
    .readResource<Communication>('Communication', id)
    .catch(() => undefined);
  if (!header) throw new ControlError(404, `There is no thread ${thread}.`);
  if (header.partOf) throw new ControlError(400, `${thread} is a message; a thread is named by its header.`);
  return header;
}

function patientOf({ id, subject }: Header): Reference<Patient> {
  if (!subject?.reference?.startsWith('Patient/'))
    throw new ControlError(400, `The thread ${id} has no patient.`);
  const { reference, display } = subject;
  return { reference, ...(display && { display }) };
}

async function staffMember(fhir: FhirServer, by: string): Promise<Reference<Practitioner>> {
  const id = practitionerOf(by) ?? by.replace(/^Practitioner\//, '');
  const found = await fhir.repository.readResource<Practitioner>('Practitioner', id).catch(() => undefined);
  if (!found) throw new ControlError(404, `${by} is no Practitioner of the clinic.`);
  return createReference(found);
}

function problemOfText(text: unknown): string | undefined {
  if (typeof text !== 'string') return 'text must be a string.';
  if (text.trim() === '') return 'text must not be empty.';
  return text.length > LONGEST_TEXT ? `text must not exceed ${LONGEST_TEXT} characters.` : undefined;
}

function refuse(sentence: string | undefined): void {
  if (sentence !== undefined) throw new ControlError(400, sentence);
}

function findPool(wanted: unknown): ClinicPool | undefined {
  const name = String(wanted).toLowerCase();
  return POOLS.find(
    ({ id, name: full, code }) => id === name || full.toLowerCase() === name || code === name,
  );
}

function sampleFor(pool: ClinicPool, turn: number): { readonly text: string; readonly priority: string } {
  const ofPool = SAMPLE_MESSAGES.filter((sample) => sample.pool === pool.id);
  return (
    ofPool[turn % ofPool.length] ?? { text: 'Could somebody call me back, please?', priority: 'routine' }
  );
}
