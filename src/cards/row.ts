import type { Task } from '@medplum/fhirtypes';
import { type Pool, performerTypeName } from '../routing/pools.ts';
import { priorityLabel, priorityOf, waitingSince } from '../routing/priority.ts';
import { shortReference } from '../routing/task.ts';
import type { Button, Inline, Line } from './card.ts';
import { kindOf } from './privacy.ts';

/** Between two things that a line says. */
export const DOT = '  ·  ';

/** A Task as one line of a listing: "**Urgent** · Patient message · `a1b2c3` · arrived 4 min ago". Nothing of the patient. */
export function taskLine(task: Task & { id: string }, more: { readonly pools?: readonly Pool[] } = {}): Line {
  const pool = more.pools && performerTypeName(task, more.pools);
  return [
    { bold: priorityLabel(priorityOf(task)) },
    `${DOT}${kindOf(task, 'none')}${DOT}`,
    { code: shortReference(task.id) },
    ...(pool === undefined ? [] : [`${DOT}${pool}`]),
    `${DOT}arrived `,
    { instant: waitingSince(task), as: 'ago' },
  ];
}

/** The address of a Task in the record's own application. */
export function linkTo(taskId: string, taskLink: string | undefined): Inline | undefined {
  if (taskLink === undefined) return undefined;
  return { link: taskLink.replaceAll('{id}', encodeURIComponent(taskId)), text: 'Open in Medplum' };
}

/** A button that asks something about a Task, or about a pool. */
export function askButton(query: { readonly name: string }, label: string, about: string): Button {
  return { verb: query.name, label, taskId: about, asks: false };
}
