import type { Pool } from '../routing/pools.ts';
import type { Reasons } from '../routing/reasons.ts';
import { shortReference } from '../routing/task.ts';
import { findVerb } from '../verbs/index.ts';
import { UNTIL_CHOICES } from '../verbs/until.ts';
import { type Field, NOTE_LIMIT, type Verb } from '../verbs/verb.ts';
import type { Choice, Form, FormInput, Given } from './ports/desk.ts';
import { poolChoice } from './targets.ts';

/** The dialog of a verb. Needs nothing read, so that it opens at once; undefined for an unknown verb. */
export function formOf(
  verbName: string,
  taskId: string | undefined,
  pools: readonly Pool[],
  reasons: Reasons,
  given: Given = {},
): Form | undefined {
  const verb = findVerb(verbName);
  if (verb === undefined) return undefined;
  const task = taskId === undefined ? undefined : { id: taskId, short: shortReference(taskId) };
  return {
    verb: verb.name,
    title: task ? `${verb.label} ${task.short}` : `${verb.label} a Task`,
    submit: verb.label,
    task,
    inputs: [
      ...(task ? [] : [TASK_INPUT]),
      ...verb.fields.map((field) => inputOf(field, verb, pools, reasons, given[field.name])),
    ],
    previews: verb.fields.some(({ name }) => name === 'target'),
  };
}

const TASK_INPUT: FormInput = {
  name: 'task',
  label: 'Task',
  hint: 'Yours, or one that waits in your pools',
  required: true,
  kind: 'search',
};

/** The specification's two ways of rerouting, and who sees what afterwards. */
const VISIBILITY_CHOICES: readonly Choice[] = [
  { value: 'in-place', label: 'Loses sight of it' },
  { value: 'new-task', label: 'Keeps a closed copy in sight' },
];

function inputOf(
  field: Field,
  verb: Verb,
  pools: readonly Pool[],
  reasons: Reasons,
  initial: string | undefined,
): FormInput {
  const { name, label, hint, required } = field;
  const base = { name, label, hint, required, ...(initial && { initial }) };
  switch (field.name) {
    case 'target':
      return { ...base, kind: 'search', choices: pools.map(poolChoice) };
    case 'reason': {
      const choices = reasons[verb.reasons ?? 'reroute'];
      return {
        ...base,
        kind: 'choice',
        choices: choices.map(({ code, display }) => ({ value: code, label: display })),
      };
    }
    case 'visibility':
      return { ...base, kind: 'choice', choices: VISIBILITY_CHOICES };
    case 'until':
      return {
        ...base,
        kind: 'choice',
        choices: UNTIL_CHOICES.map(({ words, label: text }) => ({ value: words, label: text })),
      };
    case 'note':
      return { ...base, kind: 'text', maxLength: NOTE_LIMIT };
    default:
      return field.name satisfies never;
  }
}
