import type { Communication, Patient, Reference, Task } from '@medplum/fhirtypes';
import { fromPatient, type Message, sentOf } from '../duties/thread.ts';
import type { Privacy } from '../routing/pools.ts';
import { cut } from './cut.ts';

/*
 * The one file that decides what of a patient leaves the record for a channel. Everything else on a card is about
 * the work (pool, priority, age, who of the staff has it) and is the same at every level.
 *
 *   none      nothing about the patient; the kind of Task only by its code, because free text can say anything
 *   initials  the patient's initials
 *   full      the patient's name, and the beginning of what the patient wrote last
 *
 * Notification texts stand on lock screens and never carry anything of this file's.
 */

/** What may be said of the patient on a card, as far as the channel's level allows. */
export interface PatientFacts {
  readonly patient: string | undefined;
  readonly message: string | undefined;
}

/** The most characters of a message that a card shows. */
const EXCERPT_LIMIT = 280;

export function patientFacts(task: Task, message: Communication | undefined, privacy: Privacy): PatientFacts {
  switch (privacy) {
    case 'none':
      return { patient: undefined, message: undefined };
    case 'initials':
      return { patient: initials(task.for), message: undefined };
    case 'full':
      return { patient: task.for?.display, message: excerpt(message) };
    default:
      return privacy satisfies never;
  }
}

/** True when a card at this level needs the newest message of the thread to be read. */
export function needsMessage(privacy: Privacy): boolean {
  return privacy === 'full';
}

/**
 * The message that such a card shows: the patient's last, or the thread's, where the patient has written none. Drafts,
 * and what somebody took back, are never shown.
 */
export function shownMessage(messages: readonly Message[]): Message | undefined {
  return fromPatient(messages).at(-1) ?? sentOf(messages).at(-1);
}

/** The kind of Task in words that cannot name a patient: the code's display; free text only where all may be said. */
export function kindOf(task: Task, privacy: Privacy): string {
  const coded = task.code?.coding?.find((coding) => coding.display)?.display;
  const free = privacy === 'full' ? task.code?.text : undefined;
  return free ?? coded ?? 'Patient message';
}

function initials(patient: Reference<Patient> | Task['for']): string | undefined {
  const words = patient?.display?.split(/[\s-]+/).filter(Boolean) ?? [];
  // The first user-perceived character of each word: a name may begin with one that is made of several code points.
  const letters = words.map((word) => [...new Intl.Segmenter().segment(word)][0]?.segment ?? '');
  return letters.length > 0 ? letters.map((letter) => `${letter}.`).join(' ') : undefined;
}

function excerpt(message: Communication | undefined): string | undefined {
  const text = message?.payload
    ?.map((part) => part.contentString ?? '')
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text ? cut(text, EXCERPT_LIMIT) : undefined;
}
