import { describe, expect, it } from 'vitest';
import type { Writes } from '../../src/record/writes.ts';
import { SERVICE, writesOf } from '../../src/record/writes.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import { createCommit } from '../../src/runtime/commit.ts';
import { claim } from '../../src/verbs/claim.ts';
import { decide } from '../../src/verbs/index.ts';
import { note } from '../../src/verbs/note.ts';
import { release } from '../../src/verbs/release.ts';
import {
  ANA,
  BEN,
  claimedBy,
  header,
  NOW,
  POOLS,
  refTo,
  situationOf,
  taskIn,
} from '../support/pure-clinic.ts';
import { endOfShift } from '../support/pure-reasons.ts';
import { FakeRecord, type Fault, memoryJournal } from '../support/unit-record.ts';
import { capturedLog } from '../support/unit-slack.ts';

const NURSE_DESK = { reference: 'Practitioner/desk' };

/** Ana's claim of a waiting Task, about to be written. */
function claiming(transactions: boolean) {
  const record = new FakeRecord(taskIn(), header([NURSE_DESK]));
  const journal = memoryJournal();
  const commit = createCommit(record, journal, () => transactions, 'follow', capturedLog().log);
  const situation = {
    task: record.current,
    thread: record.header,
    provenances: [],
    actor: ANA,
    pools: POOLS,
    rules: DEFAULT_TASK_RULES,
    now: NOW,
  };
  const decision = decide(claim, {}, situation);
  if (decision.kind === 'refused') throw new Error(decision.sentence);
  const writes: Writes = writesOf(decision, situation, { who: refTo(ANA) }, 'follow');
  const found = () => ({
    owner: record.current.owner?.reference,
    recipients: record.header?.recipient?.map((one) => one.reference),
    provenances: record.provenances.length,
    journal: journal.open.size,
  });
  return { record, journal, commit, writes, found };
}

const BEFORE = { owner: undefined, recipients: ['Practitioner/desk'], provenances: 0, journal: 0 };
const WRITTEN = {
  owner: 'Practitioner/ana',
  recipients: ['Practitioner/desk', 'Practitioner/ana'],
  provenances: 1,
  journal: 0,
};

/** The faults of the Task's own write that end well, and how many versions they leave. */
const MENDED: readonly [what: string, faults: Omit<Fault, 'on'>[]][] = [
  ['nothing', []],
  ['a conflict', [{ kind: 'conflict', times: 3 }]],
  ['a short wait', [{ kind: 'throttled', retryAfterMs: 10 }]],
  ['a lost request', [{ kind: 'unreachable' }]],
  ['a lost answer', [{ kind: 'unreachable', done: 'after' }]],
  ['a request that arrives late', [{ kind: 'unreachable', done: 'late' }]],
];

/** The faults after which nothing may be written. */
const REFUSED: readonly [what: string, fault: Omit<Fault, 'on'>][] = [
  ['it is not allowed', { kind: 'forbidden' }],
  ['it is malformed', { kind: 'invalid' }],
  ['conflicts do not end', { kind: 'conflict', times: 9 }],
  ['the quota is used up for a minute', { kind: 'throttled', retryAfterMs: 60_000 }],
];

describe.each([
  ['with the journal', false, 'task'],
  ['in a transaction', true, 'transaction'],
] as const)('a change %s', (_how, transactions, step) => {
  it.each(MENDED)('is written once, whole, in spite of %s', async (_what, faults) => {
    const { record, commit, writes, found } = claiming(transactions);
    for (const fault of faults) record.fail({ on: step, ...fault });

    const outcome = await commit.run(writes);

    expect(outcome).toBe('done');
    expect(found()).toEqual(WRITTEN);
    expect(record.past).toHaveLength(2);
  });

  it.each(REFUSED)('writes nothing and says why where %s', async (_what, fault) => {
    const { record, commit, writes, found } = claiming(transactions);
    record.fail({ on: step, ...fault });

    await expect(commit.run(writes)).rejects.toMatchObject({ kind: fault.kind });

    expect(found()).toEqual(BEFORE);
  });

  it('is lost where somebody else was quicker, and writes nothing', async () => {
    const { record, commit, writes, found } = claiming(transactions);
    record.change({ status: 'accepted', owner: refTo(BEN) });

    expect(await commit.run(writes)).toBe('lost');
    expect(found()).toEqual({ ...BEFORE, owner: 'Practitioner/ben' });
  });

  it('is lost where the Task is gone', async () => {
    const { record, commit, writes, found } = claiming(transactions);
    record.fail({ on: step, kind: 'gone' });

    expect(await commit.run(writes)).toBe('lost');
    expect(found()).toEqual(BEFORE);
  });

  it('is lost where the request was, and somebody else was quicker than the next try', async () => {
    const { record, commit, writes, found } = claiming(transactions);
    const meanwhile = () => record.change({ status: 'accepted', owner: refTo(BEN) });
    record.fail({ on: step, kind: 'unreachable', meanwhile });

    expect(await commit.run(writes)).toBe('lost');
    expect(found()).toEqual({ ...BEFORE, owner: 'Practitioner/ben' });
  });

  it('is not written again where its answer was lost and somebody has put the Task back since', async () => {
    const { record, commit, writes } = claiming(transactions);
    const { owner: _owner, ...waiting } = record.current;
    const meanwhile = () => record.past.unshift({ ...waiting, meta: { versionId: 'back' } });
    record.fail({ on: step, kind: 'unreachable', done: 'after', meanwhile });

    expect(await commit.run({ ...writes, thread: undefined })).toBe('done');
    expect(record.current.owner).toBeUndefined();
    expect(record.past).toHaveLength(3);
  });

  it('is written where the request was lost, although the same person has done the very same before', async () => {
    const { record, commit, writes, found } = claiming(transactions);
    const held = { status: 'accepted', owner: refTo(ANA), businessStatus: { text: 'claimed' } } as const;
    record.past.push({ ...record.current, ...held, meta: { versionId: 'then' } });
    record.past.push({ ...record.current, meta: { versionId: 'first' } });
    record.fail({ on: step, kind: 'unreachable' });

    expect(await commit.run(writes)).toBe('done');
    expect(found()).toEqual(WRITTEN);
  });

  it('is not written where somebody has had the Task and put it back between our look and our next try', async () => {
    const { record, commit, writes, found } = claiming(transactions);
    record.fail({ on: step, kind: 'unreachable' });
    const versions = record.versions;
    record.versions = async (taskId) => {
      const read = await versions(taskId);
      const { owner: _owner, ...waiting } = record.current;
      record.change({ status: 'accepted', owner: refTo(BEN) });
      record.past.unshift({ ...waiting, meta: { versionId: 'back' } });
      return read;
    };

    expect(await commit.run(writes)).toBe('lost');
    expect(found()).toEqual(BEFORE);
  });

  it('is unknown where the server stays silent', async () => {
    const { record, commit, writes } = claiming(transactions);
    record.fail({ on: step, kind: 'unreachable', times: 9 });

    expect(await commit.run(writes)).toBe('unknown');
  });

  it('is unknown, not lost, where it was heard after all and that cannot be found out', async () => {
    const { record, commit, writes } = claiming(transactions);
    const look = transactions ? 'observe' : 'versions';
    const silence = () => record.fail({ on: look, kind: 'unreachable', times: 9 });
    record.fail({ on: step, kind: 'unreachable', done: 'late' });
    record.fail({ on: step, kind: 'lost', done: 'before', meanwhile: silence });

    expect(await commit.run(writes)).toBe('unknown');
    expect(record.current.owner?.reference).toBe('Practitioner/ana');
  });
});

describe('a change in a transaction', () => {
  it('needs no journal', async () => {
    const { record, journal, commit, writes } = claiming(true);
    record.fail({ on: 'transaction', kind: 'unreachable', times: 9 });

    await commit.run(writes);

    expect(journal.open.size).toBe(0);
    expect(record.calls).not.toContain('task');
  });
});

describe('a change with the journal', () => {
  it.each<[string, Fault]>([
    ['was refused', { on: 'task', kind: 'forbidden' }],
    ['was lost', { on: 'task', kind: 'lost' }],
  ])('that %s is unknown where the journal holds it still: it may yet be done', async (_what, fault) => {
    const { record, journal, commit, writes } = claiming(false);
    record.fail(fault);
    journal.end = async () => {
      throw new Error('no database');
    };

    expect(await commit.run(writes)).toBe('unknown');
  });

  it('writes the Task first, then the thread, then the Provenance', async () => {
    const { record, commit, writes } = claiming(false);

    await commit.run(writes);

    expect(record.calls).toEqual(['task', 'thread', 'provenance']);
  });

  it('leaves a Provenance of its own where somebody has written a note in that very moment', async () => {
    const { record, commit, writes, found } = claiming(false);
    const situation = situationOf(record.current, BEN, { thread: record.header });
    const noting = decide(note, { note: 'Seen' }, situation);
    if (noting.kind === 'refused') throw new Error(noting.sentence);

    await commit.run(writesOf(noting, situation, { who: refTo(BEN) }, 'follow'));
    await commit.run(writes);

    expect(found()).toEqual({ ...WRITTEN, provenances: 2 });
    expect(record.provenances.map(({ agent }) => agent[0]?.who.display)).toEqual(['Ana Silva', 'Ben Carter']);
  });

  it('leaves one Provenance where two replicas do the same by themselves and the request of one was lost', async () => {
    const record = new FakeRecord(claimedBy(ANA), header([refTo(ANA)]));
    const replicas = [0, 1].map((seconds) => {
      const now = new Date(NOW.getTime() + seconds * 1000);
      const situation = situationOf(record.current, ANA, { thread: record.header, now });
      const decision = decide(release, { reason: endOfShift }, situation);
      if (decision.kind === 'refused') throw new Error(decision.sentence);
      const commit = createCommit(record, memoryJournal(), () => false, 'follow', capturedLog().log);
      return () => commit.run(writesOf(decision, situation, SERVICE, 'follow'));
    });
    const [first, second] = replicas as [() => Promise<unknown>, () => Promise<unknown>];

    const outcomes = [await first()];
    record.fail({ on: 'task', kind: 'unreachable' });
    outcomes.push(await second());

    expect(outcomes).toEqual(['done', 'done']);
    expect(record.past).toHaveLength(2);
    expect(record.provenances).toHaveLength(1);
  });

  it('leaves a thread alone that has none of its people to change', async () => {
    const { record, commit, writes } = claiming(false);

    await commit.run({ ...writes, thread: undefined });

    expect(record.calls).toEqual(['task', 'provenance']);
  });

  it('keeps what somebody else has written into the thread meanwhile', async () => {
    const { record, commit, writes, found } = claiming(false);
    record.changeHeader({ recipient: [NURSE_DESK, { reference: 'Patient/1' }] });

    expect(await commit.run(writes)).toBe('done');
    expect(found()).toEqual({
      ...WRITTEN,
      recipients: ['Practitioner/desk', 'Patient/1', 'Practitioner/ana'],
    });
  });

  it.each<[string, Fault]>([
    ['a lost request for the thread', { on: 'thread', kind: 'unreachable' }],
    ['a lost answer for the thread', { on: 'thread', kind: 'unreachable', done: 'after' }],
    ['a conflict on the thread', { on: 'thread', kind: 'conflict', times: 3 }],
    ['a lost request for the Provenance', { on: 'provenance', kind: 'unreachable' }],
    ['a lost answer for the Provenance', { on: 'provenance', kind: 'unreachable', done: 'after' }],
  ])('is whole in spite of %s', async (_what, fault) => {
    const { record, commit, writes, found } = claiming(false);
    record.fail(fault);

    expect(await commit.run(writes)).toBe('done');
    expect(found()).toEqual(WRITTEN);
  });

  it('does without a thread that is gone', async () => {
    const { record, commit, writes, found } = claiming(false);
    record.fail({ on: 'thread', kind: 'gone' });

    expect(await commit.run(writes)).toBe('done');
    expect(found()).toMatchObject({ provenances: 1, journal: 0 });
  });
});
