import type { Config } from '../config.ts';
import {
  createDeadLetters,
  createJobs,
  createLedger,
  type GivenUp,
  givenUp,
  JOURNAL,
  lookInto,
  openDatabase,
} from '../ledger/index.ts';
import { age } from './age.ts';
import type { Print } from './setup.ts';

/**
 * `switchboard jobs`: lists what was given up: jobs that ran out of tries, and changes that are half written and cannot be
 * finished. Reads only.
 *
 * @param json one line of JSON instead of a table.
 */
export async function jobs(
  config: Pick<Config, 'ledger'>,
  { json = false },
  print: Print,
  now: () => number = Date.now,
): Promise<number> {
  const letters =
    (await lookInto(config.ledger, async (db) =>
      givenUp(createDeadLetters(db), createLedger(db).journal, now),
    )) ?? [];
  if (json) print(JSON.stringify(letters));
  else for (const line of table(letters, new Date(now()))) print(line);
  return 0;
}

/** Which of them are done anew: those of a queue, the one of a key, or all. */
export interface Which {
  readonly key?: string;
  readonly queue?: string;
}

/**
 * `switchboard jobs retry`: does what was given up anew. Whatever it looks at is looked at as it is now, so it does no
 * harm where that was done long since.
 *
 * @returns the exit code: 1 where there was nothing of that name.
 */
export async function retryJobs(
  config: Pick<Config, 'ledger'>,
  { key, queue }: Which,
  print: Print,
  now: () => number = Date.now,
): Promise<number> {
  const database = await openDatabase(config.ledger, () => {});
  try {
    const worker = await createJobs(database.boss);
    const letters = createDeadLetters(database.db);
    const { journal } = createLedger(database.db);
    const found = await givenUp(letters, journal, now);
    const meant = found.filter(
      (one) => (queue === undefined || one.queue === queue) && (key === undefined || one.key === key),
    );
    for (const one of meant) {
      if (one.queue === JOURNAL) await journal.retry(one.id);
      else {
        await worker.again(one.queue, one.key);
        await letters.forget(one.queue, one.key);
      }
    }
    print(meant.length === 0 ? 'Nothing of that name was given up.' : `${count(meant.length)} tried again.`);
    const isMiss = meant.length === 0 && (key !== undefined || queue !== undefined);
    return isMiss ? 1 : 0;
  } finally {
    await database.close();
  }
}

function table(letters: readonly GivenUp[], now: Date): string[] {
  if (letters.length === 0) return ['Nothing was given up.'];
  const cells = [
    ['QUEUE', 'KEY', 'TRIES', 'AGE', 'LAST ERROR'],
    ...letters.map(({ queue, key, tries, since, error }) => [
      queue,
      key,
      tries === undefined ? '-' : String(tries),
      age(since.toISOString(), now),
      error,
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return [
    ...cells.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
    '',
    `${count(letters.length)} given up. switchboard jobs retry does them anew.`,
  ];
}

function count(many: number): string {
  return many === 1 ? '1 job was' : `${many} jobs were`;
}
