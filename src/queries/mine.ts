import type { Task } from '@medplum/fhirtypes';
import { taskLine } from '../cards/row.ts';
import { standingOf } from '../routing/task.ts';
import type { Asking } from './asking.ts';
import { buttonsFor } from './buttons.ts';
import { count, counted } from './counting.ts';
import { pageOf, sectionsOf, type TitledRow } from './paging.ts';
import type { Listing, Query } from './query.ts';

/** What the person has to do. */
export const mine = {
  name: 'mine',
  label: 'My Tasks',
  description: 'What you have, and what was assigned to you',
  takes: 'nothing',
} as const satisfies Query;

type OpenTask = Task & { id: string };

/** @param owned the person's open Tasks, the most urgent first. */
export function listMine(owned: readonly OpenTask[], asking: Asking): Listing {
  const { items, turn } = pageOf(mineRows(owned, asking), asking.question);
  return { sentence: mineSentence(owned, asking), sections: sectionsOf(items), ...(turn && { turn }) };
}

/** "You have 3 Tasks, and 2 were assigned to you." */
export function mineSentence(owned: readonly OpenTask[], asking: Asking): string {
  const assigned = owned.filter((task) => isAssigned(task, asking)).length;
  const had = owned.length - assigned;
  if (owned.length === 0)
    return 'You have no Tasks now. /next claims the most urgent one that you may claim.';
  if (assigned === 0) return `You have ${counted(had, 'Task')}.`;
  if (had > 0) {
    const more = assigned === 1 ? 'one was' : `${assigned.toLocaleString('en')} were`;
    return `You have ${counted(had, 'Task')}, and ${more} assigned to you.`;
  }
  return assigned === 1
    ? 'One Task was assigned to you; you have not accepted it yet.'
    : `${count(assigned, 'Task')} were assigned to you; you have not accepted them yet.`;
}

/** What the person has, and then what they have yet to accept. */
export function mineRows(owned: readonly OpenTask[], asking: Asking): TitledRow[] {
  const assigned = owned.filter((task) => isAssigned(task, asking));
  const had = owned.filter((task) => !assigned.includes(task));
  const rows = (title: string, some: readonly OpenTask[]) =>
    some.map((task): TitledRow => {
      const line = taskLine(task, { pools: asking.pools });
      return { title, row: { line, buttons: buttonsFor(task, asking, 'buttons and the first of the menu') } };
    });
  return [...rows('Yours', had), ...rows('Assigned to you, not accepted yet', assigned)];
}

function isAssigned(task: Task, { rules }: Asking): boolean {
  return standingOf(task, rules) === 'assigned';
}
