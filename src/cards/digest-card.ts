import { dayName, weekdayTime } from '../clock/day-name.ts';
import type { DigestRow, PoolFacts, Since } from '../clock/digest-facts.ts';
import { NO_CLOCK } from '../clock/pool-clock.ts';
import { counted } from '../queries/counting.ts';
import { tasks } from '../queries/tasks.ts';
import { type Pool, poolsOf } from '../routing/pools.ts';
import { PRIORITIES, type Priority, priorityLabel } from '../routing/priority.ts';
import { standingOf } from '../routing/task.ts';
import { claim } from '../verbs/claim.ts';
import type { Card, Fact, Inline, Line, Row } from './card.ts';
import { type RowDrawing, struckRow } from './digest-row.ts';
import { askButton, DOT, taskLine } from './row.ts';
import { buttonOf } from './verb-button.ts';

/** All that the digest of a pool is drawn from. */
export interface DigestDrawing extends RowDrawing {
  readonly facts: PoolFacts;
  readonly pool: Pool;
}

/**
 * What nobody has claimed in a pool: its numbers as they were counted, and its most urgent Tasks as they are now. It says
 * nothing of a patient at any level of privacy.
 *
 * @param isCurrent false once a newer one stands below it: then nothing can be pressed here.
 */
export function digestCard(drawing: DigestDrawing, isCurrent: boolean): Card {
  const { facts, pool } = drawing;
  const rows = facts.rows.map((row) => rowOf(row, drawing));
  const isEmpty = facts.waiting === 0;
  return {
    title: `Daily digest${DOT}${pool.name}${DOT}${dayName(facts.day)}`,
    facts: isEmpty ? [] : factsShown(facts),
    lines: isEmpty ? [[`Nothing waits in “${pool.name}”.`]] : linesShown(drawing),
    rows: isCurrent ? rows : rows.map(({ line }) => ({ line, buttons: [] })),
    footer: ['Counted ', { instant: facts.at, as: 'time' }],
    buttons: isCurrent && facts.waiting > facts.rows.length ? [askButton(tasks, 'Show all', pool.id)] : [],
    menu: [],
    notification: notificationText(drawing),
  };
}

function factsShown(facts: PoolFacts): Fact[] {
  const { waiting, byPriority, oldest, over, traffic } = facts;
  const shown: (Fact | undefined)[] = [
    { label: 'Waiting', value: [{ bold: figure(waiting) }, ` (${parts(byPriority)})`] },
    oldest === undefined
      ? undefined
      : { label: 'The oldest', value: ['since ', { instant: oldest, as: 'time' }] },
    over === undefined ? undefined : { label: 'Past their target', value: [overValue(over)] },
    {
      label: SINCE[traffic.of],
      value: [`${figure(traffic.cameIn)} came in, ${figure(traffic.closed)} closed`],
    },
  ];
  return shown.filter((fact) => fact !== undefined);
}

const SINCE: Readonly<Record<Since['of'], string>> = {
  'last digest': 'Since the last digest',
  'day ago': 'In the last 24 hours',
};

function overValue(over: number): Inline {
  return over === 0 ? 'none' : { bold: figure(over) };
}

/** "2 STAT, 15 Routine": the most urgent first, without those of which there are none. */
function parts(byPriority: Readonly<Record<Priority, number>>): string {
  return PRIORITIES.toReversed()
    .filter((priority) => byPriority[priority] > 0)
    .map((priority) => `${figure(byPriority[priority])} ${priorityLabel(priority)}`)
    .join(', ');
}

function linesShown({ facts, pool }: DigestDrawing): Line[] {
  const { forecast, rows, waiting } = facts;
  const zone = (pool.clock ?? NO_CLOCK).hours.zone;
  return [
    ...(forecast === undefined ? [] : [forecastLine(forecast, (facts.over ?? 0) > 0, zone)]),
    ...(waiting > rows.length ? [[`These are the ${rows.length} most urgent.`]] : []),
  ];
}

/** "⏳ **3 more** will pass their target before Monday 08:00."; where none has passed it yet, they are no “more”. */
function forecastLine(
  { count: n, before }: NonNullable<PoolFacts['forecast']>,
  isMore: boolean,
  zone: string,
): Line {
  const will = n === 1 ? ' will pass its target' : ' will pass their target';
  return [
    '⏳ ',
    { bold: isMore ? `${figure(n)} more` : figure(n) },
    `${will} before ${weekdayTime(new Date(before), zone)}.`,
  ];
}

function rowOf(row: DigestRow, drawing: DigestDrawing): Row {
  const { facts, tasks: known, pool, pools, rules } = drawing;
  const task = known.get(row.id);
  const isWaiting =
    task !== undefined && standingOf(task, rules) === 'unclaimed' && poolsOf(task, pools).includes(pool);
  if (!isWaiting) return struckRow(row.id, drawing);
  return { line: [...taskLine(task), ...dueOf(row, facts.at)], buttons: [buttonOf(claim, row.id)] };
}

/** By when it is to be claimed; or since when it should have been. Both stay true while the digest stands. */
function dueOf({ due }: DigestRow, at: string): Line {
  if (due === undefined) return [];
  const when: Inline = { instant: due, as: 'time' };
  return due > at ? [`${DOT}claim by `, when] : [`${DOT}⏰ `, { bold: 'target missed' }, ' ', when];
}

function notificationText({ facts, pool }: DigestDrawing): string {
  const { waiting, over = 0 } = facts;
  if (waiting === 0) return `Daily digest: nothing waits in “${pool.name}”.`;
  const late = over === 0 ? '' : `, ${figure(over)} past ${over === 1 ? 'its' : 'their'} target`;
  return `Daily digest: ${counted(waiting, 'Task')} ${waiting === 1 ? 'waits' : 'wait'} in “${pool.name}”${late}.`;
}

function figure(n: number): string {
  return n.toLocaleString('en');
}
