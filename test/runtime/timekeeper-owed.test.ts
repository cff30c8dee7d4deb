import { expect, it } from 'vitest';
import { NO_CLOCK, type PoolClock } from '../../src/clock/pool-clock.ts';
import { deedOf } from '../../src/record/provenance.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import { createCommit } from '../../src/runtime/commit.ts';
import { lookAt } from '../../src/runtime/look.ts';
import { createTimekeeper } from '../../src/runtime/timekeeper.ts';
import { NURSES, TASK_ID, taskIn } from '../support/pure-clinic.ts';
import { MemoryLedger } from '../support/unit-ledger.ts';
import { FakeRecord } from '../support/unit-record.ts';
import { capturedLog } from '../support/unit-slack.ts';

const MINUTE = 60_000;
const CLOCK: PoolClock = {
  ...NO_CLOCK,
  claimWithin: { routine: MINUTE },
  ladder: [{ afterMs: 0, kind: 'mention', whom: 'here' }],
};
const pools = [{ ...NURSES, clock: CLOCK }];

it('A step of a ladder is not taken again while the Provenance of the first time is owed', async () => {
  const record = new FakeRecord({ ...taskIn(), priority: 'routine', authoredOn: '2026-03-02T08:00:00.000Z' });
  const ledger = new MemoryLedger();
  const { log } = capturedLog();
  const now = () => new Date('2026-03-02T12:00:00Z');
  const commit = createCommit(record, ledger.journal, () => false, 'follow', log);
  const rules = DEFAULT_TASK_RULES;
  const keeper = createTimekeeper({
    store: record,
    ledger,
    commit,
    pools,
    rules,
    recipients: 'follow',
    now,
    log,
  });
  const settle = async () => {
    const seen = await record.observe(TASK_ID);
    if (seen) await keeper.settle(seen, lookAt(seen, record, now()));
  };
  record.fail({ on: 'provenance', kind: 'unreachable', times: 99 });

  await settle();
  record.heal();
  await settle();
  await commit.recover(0);
  await settle();

  expect(record.past).toHaveLength(2);
  expect(record.provenances.map((one) => deedOf(one)?.step?.kind)).toEqual(['mention']);
});
