import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCommit } from '../../src/runtime/commit.ts';
import type { RecordStore } from '../../src/runtime/ports/record.ts';
import { ANA, BEN, refTo } from '../support/pure-clinic.ts';
import { type AboutToBeWritten, claiming, foundOf, SENT, sendingToBen } from '../support/unit-commit.ts';
import type { FakeRecord } from '../support/unit-record.ts';
import { capturedLog } from '../support/unit-slack.ts';

/** The record as a process sees it whose requests come through in whatever order. */
function late(record: FakeRecord, scheduler: fc.Scheduler): RecordStore {
  return new Proxy<RecordStore>(record, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return async (...words: unknown[]) => {
        await scheduler.schedule(Promise.resolve(), String(name));
        const answer: unknown = await method.apply(target, words);
        await scheduler.schedule(Promise.resolve(), `${String(name)} answers`);
        return answer;
      };
    },
  });
}

/** Two processes that have been handed the same row of the journal: one was so slow that it was handed on. */
async function raceFor(about: AboutToBeWritten, scheduler: fc.Scheduler, meanwhile?: () => void) {
  const { record, journal, writes } = about;
  await journal.begin(writes);
  const two = [1, 2].map(() =>
    createCommit(late(record, scheduler), journal, () => false, 'follow', capturedLog().log),
  );
  const running = two.map((commit) => commit.recover(0));
  if (meanwhile) scheduler.schedule(Promise.resolve(), 'somebody else').then(meanwhile);
  await scheduler.waitFor(Promise.all(running));
}

describe('two processes that finish the same change at once', () => {
  it('write a claim once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const about = claiming();

        await raceFor(about, scheduler);

        const { record, journal } = about;
        expect(record.past).toHaveLength(2);
        expect(record.provenances).toHaveLength(1);
        expect(record.header?.recipient).toEqual([refTo(ANA)]);
        expect(journal.open.size).toBe(0);
      }),
    );
  });

  it('make one new Task of a reroute, and one Provenance that names it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const about = sendingToBen();

        await raceFor(about, scheduler);

        expect(foundOf(about)).toEqual(SENT);
        expect(about.record.past).toHaveLength(2);
      }),
    );
  });

  it('do not claim it again where it was claimed and somebody has put it back meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const about = claiming();
        const { record } = about;
        const { owner: _owner, ...waiting } = record.current;
        const putBack = () => {
          if (record.current.owner) record.past.unshift({ ...waiting, meta: { versionId: 'back' } });
        };

        await raceFor(about, scheduler, putBack);

        const claims = record.past.filter(({ status }) => status === 'accepted');
        expect(claims).toHaveLength(1);
        expect(record.provenances).toHaveLength(1);
      }),
    );
  });

  it('leave it to somebody else who was quicker', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const about = claiming();
        about.record.change({ status: 'accepted', owner: refTo(BEN) });

        await raceFor(about, scheduler);

        expect(about.record.past).toHaveLength(2);
        expect(about.record.provenances).toEqual([]);
      }),
    );
  });
});
