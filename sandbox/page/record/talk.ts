import type { Communication, Reference } from '@medplum/fhirtypes';

/** A message as one reads it in a chat: whose side it stands on, and whether its sender has just spoken. */
export interface Bubble {
  readonly message: Communication;
  readonly side: 'patient' | 'staff';
  /** The sender's message before this one was their own, a few minutes ago at most. */
  readonly goesOn: boolean;
}

const PAUSE_MS = 5 * 60 * 1000;

/** Messages, oldest first: the patient on one side, the clinic on the other. */
export function talkOf(
  messages: readonly Communication[],
  patient: Reference | undefined,
): readonly Bubble[] {
  return messages.map((message, i) => {
    const before = messages[i - 1];
    const goesOn =
      before !== undefined &&
      before.sender?.reference === message.sender?.reference &&
      timeOf(message) - timeOf(before) < PAUSE_MS;
    return { message, side: sideOf(message, patient), goesOn };
  });
}

function sideOf({ sender }: Communication, patient: Reference | undefined): Bubble['side'] {
  const reference = sender?.reference ?? '';
  const family = /^(Patient|RelatedPerson)\//.test(reference);
  return family || reference === patient?.reference ? 'patient' : 'staff';
}

const timeOf = ({ sent }: Communication): number => (sent === undefined ? 0 : Date.parse(sent));
