import { describe, expect, it } from 'vitest';
import { transactionOf } from '../../src/record/writes.ts';
import { BEN, refTo } from '../support/pure-clinic.ts';
import {
  type AboutToBeWritten,
  claiming,
  foundOf,
  SENT,
  sendingToBen,
  UNSENT,
} from '../support/unit-commit.ts';

/** The server keeps transactions no longer, and nobody has noticed yet. */
function switchedOff(about: AboutToBeWritten): AboutToBeWritten {
  about.record.transactions = false;
  return about;
}

const claimingInBatch = () => switchedOff(claiming({ transactions: true }));
const sendingInBatch = () => switchedOff(sendingToBen({ transactions: true }));

function claimOf({ record, journal }: AboutToBeWritten) {
  return {
    owner: record.current.owner?.reference,
    recipients: (record.header?.recipient ?? []).map(({ reference }) => reference),
    provenances: record.provenances.length,
    journal: journal.open.size,
  };
}

const CLAIMED = { owner: 'Practitioner/ana', recipients: ['Practitioner/ana'], provenances: 1, journal: 0 };

/** Somebody else has the Task, and nothing of Ana’s claim is left. */
const BENS = { owner: 'Practitioner/ben', recipients: [], provenances: 0, journal: 0 };

describe('a transaction that the server runs as a batch', () => {
  it('is as good as one where nothing was refused', async () => {
    const about = claimingInBatch();

    expect(await about.commit.run(about.writes)).toBe('done');
    expect(claimOf(about)).toEqual(CLAIMED);
  });

  it.each(['Task', 'Communication', 'Provenance'] as const)(
    'is finished in steps, once, where it has refused the %s of a claim',
    async (refused) => {
      const about = claimingInBatch();
      about.record.refusedInBatch = refused;

      expect(await about.commit.run(about.writes)).toBe('done');
      expect(claimOf(about)).toEqual(CLAIMED);
      expect(about.batches.count).toBe(1);
    },
  );

  it.each(['Task', 'Communication', 'Provenance', 'successor'] as const)(
    'is finished in steps, once, where it has refused the %s of a reroute to a new Task',
    async (refused) => {
      const about = sendingInBatch();
      about.record.refusedInBatch = refused;

      expect(await about.commit.run(about.writes)).toBe('done');
      expect(foundOf(about)).toEqual(SENT);
    },
  );

  it('leaves nothing of a claim that came too late: no Provenance, and nobody’s name in the thread', async () => {
    const about = claimingInBatch();
    about.record.change({ status: 'accepted', owner: refTo(BEN) });

    expect(await about.commit.run(about.writes)).toBe('lost');
    expect(claimOf(about)).toEqual({ ...BENS, recipients: ['Practitioner/ben'] });
  });

  it('leaves no second Task of a reroute that came too late', async () => {
    const about = sendingInBatch();
    about.record.change({ priority: 'stat' });

    expect(await about.commit.run(about.writes)).toBe('lost');
    const [second] = about.record.created;
    expect(foundOf(about)).toEqual({ ...UNSENT, new: ['entered-in-error Practitioner/ben'] });
    expect(second?.status).toBe('entered-in-error');
  });

  it('leaves the second Task alone where the first was cancelled: it may be what took its place', async () => {
    const about = sendingInBatch();
    about.record.change({ status: 'cancelled' });

    expect(await about.commit.run(about.writes)).toBe('lost');
    expect(about.record.created.map(({ status }) => status)).toEqual(['requested']);
  });

  it('names the Provenance of what never was where it may not be taken out', async () => {
    const about = claimingInBatch();
    about.record.change({ status: 'accepted', owner: refTo(BEN) });
    about.record.fail({ on: 'removal', kind: 'forbidden' });

    expect(await about.commit.run(about.writes)).toBe('lost');
    expect(about.journal.open.size).toBe(0);
    expect(about.lines.join()).toContain(
      'the record holds a Provenance that is not true, and we may not take it out',
    );
  });

  it('is known as one also where its answer was lost: nobody is told that a claim was done which was not', async () => {
    const about = claimingInBatch();
    about.record.change({ status: 'accepted', owner: refTo(BEN) });
    about.record.fail({ on: 'transaction', kind: 'unreachable', done: 'after' });

    expect(await about.commit.run(about.writes)).toBe('lost');
    expect(claimOf(about)).toEqual({ ...BENS, recipients: ['Practitioner/ben'] });
    expect(about.batches.count).toBe(1);
  });

  it('is finished where its answer was lost and the Provenance was refused', async () => {
    const about = claimingInBatch();
    about.record.refusedInBatch = 'Provenance';
    about.record.fail({ on: 'transaction', kind: 'unreachable', done: 'after' });

    expect(await about.commit.run(about.writes)).toBe('done');
    expect(claimOf(about)).toEqual(CLAIMED);
  });

  it('is the last one: what comes next goes by the journal', async () => {
    const about = claimingInBatch();
    about.record.change({ status: 'accepted', owner: refTo(BEN) });
    await about.commit.run(about.writes);
    about.record.calls.length = 0;

    await about.commit.run(about.writes);

    expect(about.record.calls).toEqual(['task']);
  });

  it('is seen to by the next process where this one dies in between', async () => {
    const about = claimingInBatch();
    await about.record.transact(transactionOf(about.writes));
    about.record.change({ status: 'requested' });
    const { owner: _owner, ...nobodys } = about.record.current;
    about.record.past.splice(0, 3, { ...nobodys, meta: { versionId: 'other' }, status: 'on-hold' });
    await about.journal.begin(about.writes, true);

    await about.commit.recover(0);

    expect(claimOf(about)).toEqual({ owner: undefined, recipients: [], provenances: 0, journal: 0 });
  });

  it('is seen to without a ledger', async () => {
    const about = claimingInBatch();
    about.record.refusedInBatch = 'Provenance';
    about.journal.begin = async () => {
      throw new Error('no database');
    };

    expect(await about.commit.run(about.writes)).toBe('done');
    expect(claimOf(about)).toEqual(CLAIMED);
  });
});
