import type { PatchOperation } from '@medplum/core';
import type { Annotation, Reference, Task } from '@medplum/fhirtypes';
import type { Accepted, BusinessStatus, Change } from '../verbs/verb.ts';
import { SNOOZE_URL, snoozeExtension } from './snooze.ts';

/**
 * The JSON Patch that turns the Task as it was read into what was decided. Begins with `test` on what the decision
 * stood on, so that a Task that has changed meanwhile refuses it whole; removes and replaces only what is there,
 * because a real server refuses the rest.
 *
 * @param author who wrote the note, and `at` when (UTC instant): both go into `Task.note`.
 */
export function taskPatch(task: Task, decision: Accepted, author: Reference, at: Date): PatchOperation[] {
  const { change } = decision;
  return [
    ...guard(task, decision),
    ...(change.status ? set('/status', task.status, change.status) : []),
    ...(change.priority ? set('/priority', task.priority, change.priority) : []),
    ...setOrRemove('/owner', task.owner, change.owner),
    ...setOrRemove('/performerType', task.performerType, change.performerType),
    ...setBusinessStatus(task, change.businessStatus),
    ...setSnooze(task, change),
    ...addOutput(task.output, change.output),
    ...addNote(task.note, decision.note, author, at),
  ] as PatchOperation[];
}

function guard(task: Task, { guard: kind, change }: Accepted): LoosePatch[] {
  if (kind === 'version') return [{ op: 'test', path: '/meta/versionId', value: task.meta?.versionId }];
  return [
    { op: 'test', path: '/status', value: task.status },
    // Without a value the server asserts that the element is absent; `null` would not mean that.
    { op: 'test', path: '/owner' },
    // The right to claim was judged on this: a reroute meanwhile must not hand the Task to the wrong profession.
    { op: 'test', path: '/performerType', value: task.performerType },
    // The list is written as a whole.
    ...(setSnooze(task, change).length > 0
      ? [{ op: 'test' as const, path: '/extension', value: task.extension }]
      : []),
  ];
}

/** A patch operation as servers take it; the type of core demands a `value` that must be left out at times. */
type LoosePatch = { op: PatchOperation['op']; path: string; value?: unknown };

function set(path: string, before: unknown, after: unknown): LoosePatch[] {
  return before === after ? [] : [{ op: before === undefined ? 'add' : 'replace', path, value: after }];
}

function setOrRemove(path: string, before: unknown, after: unknown): LoosePatch[] {
  if (after === undefined || (after === null && before === undefined)) return [];
  return after === null ? [{ op: 'remove', path }] : [{ op: 'add', path, value: after }];
}

function setBusinessStatus(task: Task, word: BusinessStatus | undefined): LoosePatch[] {
  return word === undefined || task.businessStatus?.text === word
    ? []
    : [{ op: 'add', path: '/businessStatus', value: { text: word } }];
}

/** Where the Task changes hands or its status, whoever wanted no reminders of it has it no longer, or has done it. */
function setSnooze(task: Task, change: Change): LoosePatch[] {
  const { extension = [] } = task;
  const at = extension.findIndex(({ url }) => url === SNOOZE_URL);
  const wanted = change.snooze ?? (change.snooze === null || movesOn(task, change) ? null : undefined);
  if (wanted === undefined || (wanted === null && at < 0)) return [];
  if (wanted === null) {
    const others = extension.filter(({ url }) => url !== SNOOZE_URL);
    return setOrRemove('/extension', extension, others.length > 0 ? others : null);
  }
  const value = snoozeExtension(wanted);
  return at < 0
    ? append('/extension', extension, value)
    : [{ op: 'replace', path: `/extension/${at}`, value }];
}

function movesOn(task: Task, { owner, status }: Change): boolean {
  return owner !== undefined || (status !== undefined && status !== task.status);
}

function addNote(
  before: Annotation[] | undefined,
  text: string | undefined,
  author: Reference,
  at: Date,
): LoosePatch[] {
  if (text === undefined) return [];
  return append('/note', before, { authorReference: author, time: at.toISOString(), text });
}

/** The specification: `output` “references the response Communication that resolved the Task”. */
function addOutput(before: Task['output'], answer: Reference | undefined): LoosePatch[] {
  const isThere = before?.some((one) => one.valueReference?.reference === answer?.reference);
  if (answer === undefined || isThere) return [];
  return append('/output', before, { type: { text: 'Response' }, valueReference: answer });
}

/** A server adds to the end of a list only where there is a list. */
function append(path: string, before: readonly unknown[] | undefined, value: unknown): LoosePatch[] {
  return before?.length ? [{ op: 'add', path: `${path}/-`, value }] : [{ op: 'add', path, value: [value] }];
}
