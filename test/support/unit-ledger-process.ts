/*
 * A process of its own that opens a data folder, writes into it and stays, until it is killed:
 * `node test/support/unit-ledger-process.ts <folder>`. Says `ready`, or why it could not open it.
 */
import { createLedger, openDatabase } from '../../src/ledger/index.ts';

try {
  const database = await openDatabase({ folder: process.argv[2] ?? '' }, () => undefined);
  const ledger = createLedger(database.db);
  const surface = { platform: 'slack', kind: 'channel', id: 'C1' } as const;
  for (let i = 0; i < 20; i++) {
    await ledger.seen(`t${i}`, 'v1', undefined);
    await ledger.beginPost(`t${i}`, surface);
  }
  console.log('ready');
  setInterval(() => undefined, 60_000);
} catch (error) {
  console.log(error instanceof Error ? error.message : 'failed');
}
