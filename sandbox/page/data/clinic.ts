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

/** FHIR's request priorities, calmest first. */
export const PRIORITIES = ['routine', 'urgent', 'asap', 'stat'] as const;

export const loadClinic = (): Promise<Clinic> => getJson('/sandbox/clinic');

/** A patient writes: gives back the ids of the Task, the thread header and the message. */
export const writeAsPatient = (
  message: PatientMessage,
): Promise<{ task: string; thread: string; message: string }> => postJson('/sandbox/message', message);
