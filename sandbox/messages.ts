import type { Task } from '@medplum/fhirtypes';
import type { ClinicPool } from './clinic.ts';
import { POOLS, SAMPLE_MESSAGES } from './clinic.ts';
import type { FhirServer } from './fhir/index.ts';
import { patientBy, patients } from './seed.ts';
import type { ThreadParts } from './thread.ts';
import { threadHeader, threadMessage, threadTask } from './thread.ts';

/** A patient's message, all of it optional. */
export interface PatientMessage {
  /** Id, name or code of a pool; `registered-nurse` when absent. */
  readonly pool?: string | undefined;
  /** Key of `clinic.ts`, or id; the patients take turns when absent. */
  readonly patient?: string | undefined;
  readonly text?: string | undefined;
  readonly priority?: Task['priority'] | undefined;
}

/** Ids of what a message made. */
export interface WrittenMessage {
  readonly task: string;
  readonly thread: string;
  readonly message: string;
}

export interface Inbox {
  /** What a message would be made of; a sentence when something about it is wrong. */
  read(input: unknown): ThreadParts | string;
  /** Writes thread header, message and Task. Throws when something about the message is wrong. */
  write(message?: PatientMessage): Promise<WrittenMessage>;
}

const PRIORITIES = ['routine', 'urgent', 'asap', 'stat'] as const;
const LONGEST_TEXT = 10_000;

/** "A patient writes": the way into the clinic. */
export function createInbox(fhir: FhirServer): Inbox {
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
    if (text !== undefined && typeof text !== 'string') return 'text must be a string.';
    if (text !== undefined && text.trim() === '') return 'text must not be empty.';
    if (text !== undefined && text.length > LONGEST_TEXT)
      return `text must not exceed ${LONGEST_TEXT} characters.`;
    const sample = sampleFor(pool, turn);
    const wanted = priority ?? (text === undefined ? sample.priority : 'routine');
    const known = PRIORITIES.find((name) => name === wanted);
    if (!known) return `priority must be one of: ${PRIORITIES.join(', ')}.`;

    turn += 1;
    return { patient, pool, text: text ?? sample.text, priority: known, sent: new Date().toISOString() };
  };

  return {
    read,
    write: async (message = {}) => {
      const parts = read(message);
      if (typeof parts === 'string') throw new Error(parts);
      return writeThread(fhir, parts);
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
