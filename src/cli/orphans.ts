import pino from 'pino';
import type { Config } from '../config.ts';
import { connect } from '../medplum/client.ts';
import { openTasks } from '../medplum/open-tasks.ts';
import { createPeopleStore } from '../medplum/people.ts';
import { createRecordStore } from '../medplum/store.ts';
import { whyStuck } from '../routing/orphans.ts';
import { performerTypeName } from '../routing/pools.ts';
import { byUrgency, waitingSince } from '../routing/priority.ts';
import { shortReference } from '../routing/task.ts';
import { createOrphans, type Orphan } from '../runtime/orphans.ts';
import { age } from './age.ts';
import type { Print } from './setup.ts';

/**
 * `switchboard orphans`: lists every Task that nobody can take up or go on with, the most urgent first. Reads only.
 *
 * @param json one line of JSON instead of a table.
 */
export async function orphans(
  config: Config,
  { json = false },
  print: Print,
  now: () => number = Date.now,
): Promise<number> {
  const client = await connect(config.medplum);
  const { pools, rules, operations, taskLink } = config;
  const found: Orphan[] = [];
  const all = createOrphans({
    store: createRecordStore(client, rules),
    people: createPeopleStore(client),
    openTasks: () => openTasks(client, rules),
    pools,
    rules,
    operations,
    taskLink,
    now,
    log: pino({ level: 'silent' }),
  }).all();
  for await (const orphan of all) found.push(orphan);
  found.sort((a, b) => byUrgency(a.task, b.task));
  const rows = found.map(({ task, stuck }) => ({
    task: `Task/${task.id}`,
    reference: shortReference(task.id),
    pool: performerTypeName(task, pools) ?? '',
    waitingSince: waitingSince(task),
    why: stuck.map((one) => ({ kind: one.kind, sentence: whyStuck(one) })),
  }));
  if (json) print(JSON.stringify(rows));
  else for (const line of table(rows, new Date(now()))) print(line);
  return 0;
}

type Rows = readonly {
  readonly reference: string;
  readonly pool: string;
  readonly waitingSince: string;
  readonly why: readonly { readonly sentence: string }[];
}[];

function table(rows: Rows, now: Date): string[] {
  if (rows.length === 0) return ['No Task is stuck.'];
  const cells = [
    ['TASK', 'POOL', 'AGE', 'WHY'],
    ...rows.map(({ reference, pool, waitingSince: since, why }) => [
      reference,
      pool || '-',
      age(since, now),
      why.map(({ sentence }) => sentence).join(', and '),
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return [
    ...cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')),
    '',
    rows.length === 1 ? '1 Task is stuck.' : `${rows.length} Tasks are stuck.`,
  ];
}
