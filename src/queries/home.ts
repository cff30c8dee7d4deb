import type { Task } from '@medplum/fhirtypes';
import { askButton } from '../cards/row.ts';
import { nameOf } from '../routing/eligibility.ts';
import type { Asking } from './asking.ts';
import { NO_POOLS } from './asking.ts';
import { counted, quoted } from './counting.ts';
import { mine, mineRows } from './mine.ts';
import { ROWS, sectionsOf, type TitledRow } from './paging.ts';
import type { Listing, Query, Row, Section } from './query.ts';
import { MINE, tasks, type Waiting, waitingRow } from './tasks.ts';
import { type Linked, whoRows } from './whoami.ts';

/** Everything that concerns one person, on one page. */
export const home = {
  name: 'home',
  label: 'Home',
  description: 'Your Tasks, what waits in your pools, and who you are',
  takes: 'nothing',
} as const satisfies Query;

/** So many of my own, so that what waits and who I am fit into one message beside them. */
const OWN_ROWS = 8;

/** What a Home is made of. */
export interface HomeParts extends Linked {
  /** The person's open Tasks, the most urgent first. */
  readonly owned: readonly (Task & { id: string })[];
  /** What waits in their pools. */
  readonly waiting: Waiting;
}

/** The person's own Tasks, what waits in their pools, and who they are; as much of each as fits on one page. */
export function listHome(parts: HomeParts, asking: Asking): Listing {
  const { owned, waiting } = parts;
  const sections = [
    ...ownSections(owned, asking),
    waitingSection(waiting, asking),
    { title: 'Who you are', rows: whoRows(parts, asking) },
  ];
  return { sentence: sentenceOf(parts, asking), sections };
}

function sentenceOf({ owned, waiting }: HomeParts, { actor }: Asking): string {
  const yours = `${counted(owned.length, 'Task')} ${owned.length === 1 ? 'is' : 'are'} yours`;
  const wait = waiting.total === 1 ? 'waits' : 'wait';
  return `${nameOf(actor.practitioner)}: ${yours}, and ${counted(waiting.total, 'Task')} ${wait} in your pools.`;
}

function ownSections(owned: readonly (Task & { id: string })[], asking: Asking): Section[] {
  if (owned.length === 0) return [{ title: 'Yours', rows: [say('You have no Tasks now.')] }];
  const all = mineRows(owned, asking);
  const shown = all.slice(0, OWN_ROWS);
  const left = all.length - shown.length;
  const more: TitledRow[] =
    left > 0
      ? [{ title: shown.at(-1)?.title, row: say(`${left.toLocaleString('en')} more are yours.`, mine) }]
      : [];
  return sectionsOf([...shown, ...more]);
}

function waitingSection({ pools, tasks: some, total }: Waiting, asking: Asking): Section {
  const title = 'Waiting in your pools';
  if (pools.length === 0) return { title, rows: [say(NO_POOLS)] };
  const names = quoted(pools.map((pool) => pool.name));
  if (total === 0) return { title, rows: [say(`Nothing waits in ${names}.`)] };
  const shown = some.slice(0, ROWS);
  const left = total - shown.length;
  return {
    title,
    rows: [
      ...shown.map((task) => waitingRow(task, pools, asking)),
      ...(left > 0 ? [say(`${left.toLocaleString('en')} more wait in ${names}.`, tasks)] : []),
    ],
  };
}

/** A row that only says something, with a button that shows all of it where there is more. */
function say(sentence: string, all?: Pick<Query, 'name'>): Row {
  return { line: [sentence], buttons: all === undefined ? [] : [askButton(all, 'Show all', MINE)] };
}
