import { describe, expect, it } from 'vitest';
import { foundOf, SENT, sendingToBen, UNSENT } from '../support/unit-commit.ts';
import type { Fault, Step } from '../support/unit-record.ts';

/** Tasks that wait for somebody. */
const open = (about: ReturnType<typeof sendingToBen>) =>
  [about.record.current, ...about.record.created].filter(({ status }) => status !== 'cancelled').length;

describe.each([
  ['with the journal', false, 'task'],
  ['in a transaction', true, 'transaction'],
] as const)('a new Task in the place of another, %s', (_how, transactions, step) => {
  it.each<[string, Fault[]]>([
    ['nothing', []],
    ['a conflict', [{ on: step, kind: 'conflict', times: 3 }]],
    ['a lost request', [{ on: step, kind: 'unreachable' }]],
    ['a lost answer', [{ on: step, kind: 'unreachable', done: 'after' }]],
    ['a request that arrives late', [{ on: step, kind: 'unreachable', done: 'late' }]],
  ])('is written whole, and once, in spite of %s', async (_what, faults) => {
    const about = sendingToBen({ transactions });
    for (const fault of faults) about.record.fail(fault);

    expect(await about.commit.run(about.writes)).toBe('done');
    expect(foundOf(about)).toEqual(SENT);
  });

  it('is not there where somebody else was quicker', async () => {
    const about = sendingToBen({ transactions });
    about.record.change({ priority: 'stat' });

    expect(await about.commit.run(about.writes)).toBe('lost');
    expect(foundOf(about)).toEqual(UNSENT);
  });

  it('is not there where the change is refused', async () => {
    const about = sendingToBen({ transactions });
    about.record.fail({ on: step, kind: 'forbidden' });

    await expect(about.commit.run(about.writes)).rejects.toMatchObject({ kind: 'forbidden' });
    expect(foundOf(about)).toEqual(UNSENT);
  });
});

describe('a new Task with the journal', () => {
  it('comes after the old one is closed, then the thread, then the Provenance of both', async () => {
    const about = sendingToBen();

    await about.commit.run(about.writes);

    expect(about.record.calls).toEqual(['task', 'create', 'thread', 'provenance']);
  });

  it.each<[string, Fault]>([
    ['a lost request for it', { on: 'create', kind: 'unreachable' }],
    ['a lost answer about it', { on: 'create', kind: 'unreachable', done: 'after' }],
    ['a lost answer for the thread', { on: 'thread', kind: 'unreachable', done: 'after' }],
    ['a lost answer for the Provenance', { on: 'provenance', kind: 'unreachable', done: 'after' }],
  ])('is whole in spite of %s', async (_what, fault) => {
    const about = sendingToBen();
    about.record.fail(fault);

    expect(await about.commit.run(about.writes)).toBe('done');
    expect(foundOf(about)).toEqual(SENT);
  });

  it.each<[Step, number]>([
    ['create', 0],
    ['thread', 1],
    ['provenance', 1],
  ])(
    'leaves one open Task at most while the %s is out of reach, and is finished afterwards',
    async (on, left) => {
      const about = sendingToBen();
      about.record.fail({ on, kind: 'unreachable', times: 99 });

      await about.commit.run(about.writes);
      const waiting = { open: open(about), journal: about.journal.open.size };
      about.record.heal();
      const touched = await about.commit.recover(0);

      expect(waiting).toEqual({ open: left, journal: 1 });
      expect(touched).toEqual([about.writes.task.id, 'created-1']);
      expect(foundOf(about)).toEqual(SENT);
    },
  );
});

describe('a new Task whose process died', () => {
  it.each<[string, Step[]]>([
    ['before the old one', []],
    ['after the old one', ['task']],
    ['after the new one', ['task', 'create']],
    ['after the thread', ['task', 'create', 'thread']],
    ['after the Provenance', ['task', 'create', 'thread', 'provenance']],
  ])('%s is finished, and nothing of it is done twice', async (_when, done) => {
    const about = sendingToBen();
    const { record, journal, commit, writes } = about;
    await journal.begin(writes);
    // The process dies as soon as it wants to do what is not among these.
    for (const step of ['task', 'create', 'thread', 'provenance'] as const)
      if (!done.includes(step)) record.fail({ on: step, kind: 'unreachable', times: 99 });
    await commit.run(writes);
    expect(open(about)).toBeLessThanOrEqual(1);
    record.heal();

    await commit.recover(0);

    expect(foundOf(about)).toEqual(SENT);
    expect(record.past).toHaveLength(2);
  });

  it('is found although somebody has claimed it since, and the thread is theirs', async () => {
    const about = sendingToBen();
    about.record.fail({ on: 'thread', kind: 'unreachable', times: 99 });
    await about.commit.run(about.writes);
    about.record.change({ status: 'accepted', owner: { reference: 'Practitioner/chidi' } }, 'created-1');
    about.record.heal();

    await about.commit.recover(0);

    expect(foundOf(about)).toEqual({
      ...SENT,
      new: ['accepted Practitioner/chidi'],
      recipients: ['Practitioner/ana', 'Practitioner/chidi'],
    });
  });

  it('is given up where somebody else was quicker: there is no new Task', async () => {
    const about = sendingToBen();
    await about.journal.begin(about.writes);
    about.record.change({ priority: 'stat' });

    expect(await about.commit.recover(0)).toEqual([about.writes.task.id]);
    expect(foundOf(about)).toEqual(UNSENT);
  });
});
