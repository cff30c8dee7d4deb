import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { NO_CLOCK, type PoolClock } from '../../src/clock/pool-clock.ts';
import { connect } from '../../src/medplum/client.ts';
import { createRecordStore } from '../../src/medplum/store.ts';
import { deedOf } from '../../src/record/provenance.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import { createCommit } from '../../src/runtime/commit.ts';
import { lookAt } from '../../src/runtime/look.ts';
import type { RecordStore } from '../../src/runtime/ports/record.ts';
import { createTimekeeper } from '../../src/runtime/timekeeper.ts';
import { MODES } from '../support/clinic.ts';
import { NURSES, pool } from '../support/pure-clinic.ts';
import { MemoryLedger } from '../support/unit-ledger.ts';

const MINUTE = 60_000;
const REPLICAS = 5;
const CLOCK: PoolClock = {
  ...NO_CLOCK,
  claimWithin: { routine: 60 * MINUTE },
  ladder: [
    { afterMs: 0, kind: 'mention', whom: 'here' },
    { afterMs: 15 * MINUTE, kind: 'lead' },
    { afterMs: 30 * MINUTE, kind: 'reroute', pool: 'cardiology' },
  ],
};
const pools = [{ ...NURSES, clock: CLOCK }, pool('cardiology', 'Cardiologist', '17561000')];

describe.each(MODES)('Five replicas that look at a Task at the same moment, $mode', ({ transactions }) => {
  let sandbox: Sandbox;
  let store: RecordStore;
  beforeAll(async () => {
    sandbox = await startSandbox({ transactions });
    const { url } = sandbox;
    const client = await connect({ baseUrl: `${url}/`, clientId: 'sandbox', clientSecret: 'sandbox' });
    store = createRecordStore(client, DEFAULT_TASK_RULES);
  });
  afterAll(() => sandbox?.close());

  /** A replica; its clock is so many minutes ahead. */
  function replica(ahead: number) {
    const ledger = new MemoryLedger();
    const log = pino({ level: 'silent' });
    const now = () => new Date(Date.now() + ahead * MINUTE);
    const commit = createCommit(store, ledger.journal, () => transactions, 'follow', log);
    const parts = {
      store,
      ledger,
      commit,
      pools,
      rules: DEFAULT_TASK_RULES,
      recipients: 'follow',
      log,
    } as const;
    const timekeeper = createTimekeeper({ ...parts, now });
    return (seen: NonNullable<Awaited<ReturnType<RecordStore['observe']>>>) =>
      timekeeper.settle(seen, lookAt(seen, store, now()));
  }

  it('take each step of its ladder once', async () => {
    const { task } = await sandbox.inbox.write({ pool: 'registered-nurse', priority: 'routine' });
    const stepsAfter = async (minutes: number) => {
      const seen = await store.observe(task);
      if (seen === undefined) throw new Error('The Task is gone.');
      await Promise.all(Array.from({ length: REPLICAS }, () => replica(minutes)(seen)));
      const after = await store.observe(task);
      return (after?.provenances ?? []).flatMap((one) => deedOf(one)?.step?.kind ?? []).toReversed();
    };

    expect(await stepsAfter(61)).toEqual(['mention']);
    expect(await stepsAfter(77)).toEqual(['mention', 'lead']);
    expect(await stepsAfter(93)).toEqual(['mention', 'lead', 'reroute']);
    expect(await stepsAfter(300)).toEqual(['mention', 'lead', 'reroute']);
    expect((await store.observe(task))?.task.note).toHaveLength(3);
  });
});
