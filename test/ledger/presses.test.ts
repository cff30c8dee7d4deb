import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedger, type Database } from '../../src/ledger/index.ts';
import type { Ledger } from '../../src/runtime/ports/ledger.ts';
import { databases, type Home } from '../support/unit-postgres.ts';

const HOUR = 3_600_000;

describe.each(await databases())('presses that have come, $name', ({ create, shared }) => {
  let home: Home;
  const open: Database[] = [];
  let ledgers: Ledger[];

  beforeAll(async () => {
    home = await create();
    for (let i = 0; i < (shared ? 3 : 1); i++) open.push(await home.open());
    ledgers = open.map(({ db }) => createLedger(db));
  });
  afterAll(async () => {
    for (const database of open) await database.close();
    await home?.drop();
  });

  const onceIn = (ledger: Ledger | undefined, key: string, forMs = HOUR, platform = 'slack') => {
    if (ledger === undefined) throw new Error('There is no such process.');
    return ledger.memoryOf(platform).once(key, forMs);
  };

  it('are the first for one of all who ask at the same moment', async () => {
    const asked = Array.from({ length: 30 }, (_, i) => onceIn(ledgers[i % ledgers.length], 'at once'));

    const answers = await Promise.all(asked);

    expect(answers.filter((isFirst) => isFirst)).toHaveLength(1);
  });

  it('are apart for each platform and each key', async () => {
    const answers = [
      await onceIn(ledgers[0], 'one'),
      await onceIn(ledgers[0], 'other'),
      await onceIn(ledgers[0], 'one', HOUR, 'teams'),
      await onceIn(ledgers[0], 'one'),
    ];

    expect(answers).toEqual([true, true, true, false]);
  });

  it('are new again when they can come again no more, and then forgotten', async () => {
    expect(await onceIn(ledgers[0], 'brief', 1)).toBe(true);
    await sleep(20);
    expect(await onceIn(ledgers[0], 'brief', 1)).toBe(true);
    await sleep(20);

    for (let i = 0; i < 500; i++) await onceIn(ledgers[0], `many ${i}`);

    const kept = await open[0]?.db.selectFrom('press').select('key').where('key', '=', 'brief').execute();
    expect(kept).toEqual([]);
  });
});
