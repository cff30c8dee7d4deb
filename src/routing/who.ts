import type { Reference } from '@medplum/fhirtypes';
import { referenceName } from './task.ts';

/**
 * Who did something, in words for a reader of the staff. A patient is never named: what stands in a history or behind
 * a status is seen in chat. Undefined where nobody is given.
 *
 * @param place whether the words begin a sentence.
 */
export function whoIs(
  reference: Reference | undefined,
  place: 'first' | 'within' = 'within',
): string | undefined {
  const type = reference?.type ?? reference?.reference?.split('/')[0];
  if (type === 'Patient') return place === 'first' ? 'The patient' : 'the patient';
  if (type === 'RelatedPerson')
    return place === 'first' ? 'A relative of the patient' : 'a relative of the patient';
  return referenceName(reference);
}
