import { getJson, postJson } from './http.ts';

export interface Pool {
  readonly id: string;
  readonly name: string;
  readonly system: string;
  readonly code: string;
  readonly channel: { readonly id: string; readonly name: string };
}

export interface Patient {
  readonly key: string;
  readonly id: string;
  readonly name: string;
}

export interface Sample {
  readonly pool: string;
  readonly text: string;
  readonly priority: string;
}

/** What the sandbox knows of the clinic: `GET /sandbox/clinic`. */
export interface Clinic {
  readonly pools: readonly Pool[];
  readonly patients: readonly Patient[];
  readonly samples: readonly Sample[];
}

export interface PatientMessage {
  readonly pool: string;
  readonly patient: string;
  readonly text: string;
  readonly priority: string;
}

/** The ids of what was written: a message, and the header of its thread. */
export interface Written {
  readonly thread: string;
  readonly message: string;
}

/** FHIR's request priorities, calmest first. */
export const PRIORITIES = ['routine', 'urgent', 'asap', 'stat'] as const;

export const loadClinic = (): Promise<Clinic> => getJson('/sandbox/clinic');

/** A patient writes, and a Bot of the project makes the Task: gives back its id too. */
export const writeWithTask = (message: PatientMessage): Promise<Written & { task: string }> =>
  postJson('/sandbox/message', message);

/** A patient writes, in a new thread or in one that is there: who makes a Task of it is Switchboard. */
export const sayAsPatient = (
  words: PatientMessage | { readonly thread: string; readonly text: string },
): Promise<Written> => postJson('/sandbox/say', words);

/** Somebody of the clinic answers in a thread; `by` is the id of a Practitioner. */
export const answerInThread = (words: {
  readonly thread: string;
  readonly by: string;
  readonly text: string;
}): Promise<Written> => postJson('/sandbox/answer', words);
