import type { Pool } from '../routing/pools.ts';
import { REASONS } from '../routing/reasons.ts';
import { shortReference } from '../routing/task.ts';
import { findVerb } from '../verbs/index.ts';
import { type Field, NOTE_LIMIT } from '../verbs/verb.ts';
import type { Form, FormInput } from './ports/desk.ts';
import { poolChoice } from './targets.ts';

/** The dialog of a verb. Needs nothing read, so that it opens at once; undefined for an unknown verb. */
export function formOf(
  verbName: string,
  taskId: string | undefined,
  pools: readonly Pool[],
): Form | undefined {
  const verb = findVerb(verbName);
  if (verb === undefined) return undefined;
  const task = taskId === undefined ? undefined : { id: taskId, short: shortReference(taskId) };
  return {
    verb: verb.name,
    title: task ? `${verb.label} ${task.short}` : `${verb.label} a Task`,
    submit: verb.label,
    task,
    inputs: [...(task ? [] : [TASK_INPUT]), ...verb.fields.map((field) => inputOf(field, pools))],
  };
}

const TASK_INPUT: FormInput = {
  name: 'task',
  label: 'Task',
  hint: 'Yours, or one that waits in your pools',
  required: true,
  kind: 'search',
};

function inputOf(field: Field, pools: readonly Pool[]): FormInput {
  const base = { name: field.name, label: field.label, hint: field.hint, required: field.required };
  switch (field.name) {
    case 'target':
      return { ...base, kind: 'search', choices: pools.map(poolChoice) };
    case 'reason':
      return {
        ...base,
        kind: 'choice',
        choices: REASONS.map(({ code, display }) => ({ value: code, label: display })),
      };
    case 'note':
      return { ...base, kind: 'text', maxLength: NOTE_LIMIT };
    default:
      return field.name satisfies never;
  }
}
