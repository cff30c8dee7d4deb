import type { Communication, Task, TaskOutput } from '@medplum/fhirtypes';
import { nameOf } from './changes.ts';

/** What a Task came to: the answer in its thread, or whatever else somebody wrote there. */
export interface Outcome {
  readonly key: string;
  /** "Reply" */
  readonly what: string;
  /** The message of the thread that it refers to. */
  readonly message: Communication | undefined;
  /** What it says where it refers to no message of the thread. */
  readonly text: string | undefined;
}

export function outcomesOf({ output = [] }: Task, messages: readonly Communication[]): readonly Outcome[] {
  return output.map((one, i) => {
    const reference = one.valueReference?.reference;
    const message = messages.find(({ id }) => reference === `Communication/${id}`);
    return {
      key: `${i} ${reference ?? ''}`,
      what: nameOf(one.type) ?? 'Output',
      message,
      text: message === undefined ? textOf(one) : undefined,
    };
  });
}

/** What was said, of a message. */
export const wordsOf = ({ payload = [] }: Communication): string =>
  payload.map(({ contentString }) => contentString ?? '').join('\n');

function textOf({ valueReference, valueString, valueCodeableConcept }: TaskOutput): string {
  const named = valueReference?.display ?? valueReference?.reference ?? nameOf(valueCodeableConcept);
  return valueString ?? named ?? 'A value that this page has no words for';
}
