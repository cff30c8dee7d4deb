import type { Pressed } from '../invariants.ts';

/** What whoever is told so knows: that it is done, that it is not, or neither. */
export function readAnswer(sentence: string): Pressed['answer'] {
  if (SILENT.test(sentence)) return 'unknown';
  return DONE.some((one) => one.test(sentence)) ? 'done' : 'no';
}

const SILENT =
  /^The record went silent in the middle of this|^This came twice|^It follows in a message|^Fill in the form/;

/** The sentences of the verbs, as they are said of something that was done. */
const DONE: readonly RegExp[] = [
  /Task \S+ is yours[.:]/,
  /^Task \S+ is back in “/,
  /^Task \S+ went to /,
  /^Task \S+ is completed/,
  /^Task \S+ is escalated: /,
  /^Your note is on Task /,
  /^You get no reminders of Task /,
];
