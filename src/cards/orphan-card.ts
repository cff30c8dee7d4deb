import { remedyOf, type Stuck, whyStuck } from '../routing/orphans.ts';
import { performerTypeName } from '../routing/pools.ts';
import { ownerName, shortReference, standingOf } from '../routing/task.ts';
import { reroute } from '../verbs/reroute.ts';
import { type Card, type Line, plainText } from './card.ts';
import { type Drawing, taskCard } from './task-card.ts';

/**
 * The report that nobody can take a Task up, for an operations channel: why, what to do, and Reroute. It says nothing
 * of the patient at any level, because whoever looks after the service need not know.
 */
export function stuckCard(drawing: Drawing, stuck: readonly Stuck[]): Card {
  const card = taskCard(drawing, 'none');
  const why: Line = [
    'Task ',
    { code: shortReference(drawing.task.id) },
    ` is stuck: ${stuck.map(whyStuck).join(', and ')}.`,
  ];
  return {
    ...card,
    title: '⚠️ Stuck Task',
    lines: [why, [whatToDo(stuck)]],
    buttons: [...card.buttons, ...card.menu].filter(({ verb }) => verb === reroute.name),
    menu: [],
    notification: plainText(why),
  };
}

/** What stays of the report once somebody can go on with the Task. */
export function unstuckCard(drawing: Drawing): Card {
  const short = shortReference(drawing.task.id);
  return {
    ...taskCard(drawing, 'none'),
    title: 'Stuck Task',
    lines: [['✅ No longer stuck: ', ...whereNow(drawing)]],
    buttons: [],
    menu: [],
    notification: `Task ${short} is no longer stuck.`,
  };
}

function whatToDo(stuck: readonly Stuck[]): string {
  const words = [...stuck.map(remedyOf), 'reroute it'].filter((one) => one !== undefined).join(', or ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function whereNow({ task, pools, rules }: Drawing): Line {
  const standing = standingOf(task, rules);
  if (standing === 'closed') return [`it is ${task.status}.`];
  if (task.owner) return [{ bold: ownerName(task) }, standing === 'assigned' ? ' was given it.' : ' has it.'];
  const where = performerTypeName(task, pools);
  if (standing !== 'unclaimed' || where === undefined) return [`it is ${task.status} in the record.`];
  return ['it waits for ', { bold: where }, ', where it can be claimed.'];
}
