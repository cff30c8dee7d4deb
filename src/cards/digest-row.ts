import type { Task } from '@medplum/fhirtypes';
import { type Pool, performerTypeName } from '../routing/pools.ts';
import { priorityLabel, priorityOf } from '../routing/priority.ts';
import { ownerName, shortReference, standingOf, type TaskRules } from '../routing/task.ts';
import { isReplaced } from '../verbs/holder.ts';
import type { Inline, Row } from './card.ts';
import { kindOf } from './privacy.ts';
import { DOT } from './row.ts';

/** What the rows of a digest are drawn from. */
export interface RowDrawing {
  /** By their id; one that is missing is no longer in the record. */
  readonly tasks: ReadonlyMap<string, Task & { id: string }>;
  readonly pools: readonly Pool[];
  readonly rules: TaskRules;
}

/** The row of a Task that is no longer what the digest lists: struck out, with what became of it. */
export function struckRow(taskId: string, { tasks, pools, rules }: RowDrawing): Row {
  const task = tasks.get(taskId);
  if (task === undefined) return struck(`Task ${shortReference(taskId)}`, 'is no longer in the record');
  const what = [priorityLabel(priorityOf(task)), kindOf(task, 'none'), shortReference(taskId)].join(DOT);
  return struck(what, ...became(task, pools, rules));
}

function struck(what: string, ...became: readonly Inline[]): Row {
  return { line: [{ strike: what }, DOT, ...became], buttons: [] };
}

function became(task: Task, pools: readonly Pool[], rules: TaskRules): Inline[] {
  const where = performerTypeName(task, pools);
  const owner = { bold: ownerName(task) };
  const standing = standingOf(task, rules);
  switch (standing) {
    case 'unclaimed':
      return where === undefined ? ['is in no pool now'] : ['waits for ', { bold: where }];
    case 'assigned':
      return ['was given to ', owner];
    case 'claimed':
      return [owner, ' has it'];
    case 'closed':
      if (isReplaced(task)) return ['was rerouted'];
      return task.status === 'completed' && task.owner ? ['completed by ', owner] : [task.status];
    case 'paused':
      return [`${task.status} in the record`];
    case 'ignored':
      return ['is not work for a pool'];
    default:
      return standing satisfies never;
  }
}
