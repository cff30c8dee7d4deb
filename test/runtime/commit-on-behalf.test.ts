import { describe, expect, it } from 'vitest';
import { claiming, foundOf, SENT, sendingToBen, UNSENT } from '../support/unit-commit.ts';
import type { Fault, Step } from '../support/unit-record.ts';

const AS_ANA = { as: 'Practitioner/ana' };

describe('a change on somebody’s behalf', () => {
  it('is written so in every step', async () => {
    const { record, commit, writes } = sendingToBen(AS_ANA);

    await commit.run(writes);

    expect(record.onBehalfOf).toEqual([
      ['task', 'Practitioner/ana'],
      ['create', 'Practitioner/ana'],
      ['thread', 'Practitioner/ana'],
      ['provenance', 'Practitioner/ana'],
    ]);
  });

  it('is written so as one transaction', async () => {
    const { record, commit, writes } = sendingToBen({ ...AS_ANA, transactions: true });

    await commit.run(writes);

    expect(record.onBehalfOf).toEqual([['transaction', 'Practitioner/ana']]);
  });

  it.each([
    ['the Task', { on: 'task' }, false],
    ['anything of it', { on: 'transaction' }, true],
  ] as const)(
    'is refused whole where their own access does not allow %s',
    async (_what, fault, transactions) => {
      const about = sendingToBen({ ...AS_ANA, transactions });
      about.record.fail({ ...fault, kind: 'forbidden', onBehalf: true, times: 99 });

      await expect(about.commit.run(about.writes)).rejects.toMatchObject({ kind: 'forbidden' });
      expect(foundOf(about)).toEqual(UNSENT);
    },
  );

  it.each([
    ['task', false],
    ['transaction', true],
  ] as const)(
    'is refused, not lost, where their own access hides what is there (%s)',
    async (on, transactions) => {
      const about = sendingToBen({ ...AS_ANA, transactions });
      about.record.fail({ on, kind: 'gone', onBehalf: true, times: 99 });

      await expect(about.commit.run(about.writes)).rejects.toMatchObject({ kind: 'forbidden' });
      expect(foundOf(about)).toEqual(UNSENT);
    },
  );

  it('is lost where the Task is gone for everybody', async () => {
    const about = claiming(AS_ANA);
    about.record.fail({ on: 'task', kind: 'gone', meanwhile: () => about.record.past.splice(0) });

    expect(await about.commit.run(about.writes)).toBe('lost');
  });

  it.each<[Step, Fault['kind']]>([
    ['create', 'forbidden'],
    ['create', 'gone'],
    ['thread', 'forbidden'],
    ['thread', 'gone'],
    ['provenance', 'forbidden'],
  ])(
    'is finished as the service where the Task was theirs to change and the %s is not (%s)',
    async (on, kind) => {
      const about = sendingToBen(AS_ANA);
      about.record.fail({ on, kind, onBehalf: true, times: 99 });

      expect(await about.commit.run(about.writes)).toBe('done');
      expect(foundOf(about)).toEqual(SENT);
      expect(about.record.onBehalfOf.filter(([step]) => step === on)).toEqual([
        [on, 'Practitioner/ana'],
        [on, undefined],
      ]);
    },
  );

  it('is not tried again on their behalf where it may have been heard: they might not be shown what is there', async () => {
    const about = sendingToBen(AS_ANA);
    about.record.fail({ on: 'create', kind: 'unreachable', done: 'after' });

    await about.commit.run(about.writes);

    expect(about.record.onBehalfOf.filter(([step]) => step === 'create')).toEqual([
      ['create', 'Practitioner/ana'],
      ['create', undefined],
    ]);
    expect(foundOf(about)).toEqual(SENT);
  });

  it('is begun on their behalf by recovery, and what may be there already is looked for as the service', async () => {
    const about = sendingToBen(AS_ANA);
    await about.journal.begin(about.writes);

    await about.commit.recover(0);

    expect(about.record.onBehalfOf).toEqual([
      ['task', 'Practitioner/ana'],
      ['create', undefined],
      ['thread', 'Practitioner/ana'],
      ['provenance', undefined],
    ]);
    expect(foundOf(about)).toEqual(SENT);
  });

  it('is given up by recovery where it is not allowed to them any more', async () => {
    const about = sendingToBen(AS_ANA);
    await about.journal.begin(about.writes);
    about.record.fail({ on: 'task', kind: 'forbidden', onBehalf: true });

    await about.commit.recover(0);

    expect(foundOf(about)).toEqual(UNSENT);
  });
});
