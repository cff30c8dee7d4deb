import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCommands } from '../../src/runtime/commands.ts';
import type { DeskParts } from '../../src/runtime/desk-parts.ts';
import { createNext } from '../../src/runtime/next.ts';
import type { ChatUser } from '../../src/runtime/ports/chat.ts';
import type { Said } from '../../src/runtime/ports/desk.ts';
import { RecordError } from '../../src/runtime/ports/record.ts';
import { shareReads } from '../../src/runtime/shared-read.ts';
import { buttonsOn, linesOf } from '../support/pure-queries.ts';
import { type DeskClinic, openDesk, user } from '../support/unit-desk.ts';

const ANA = user('ANA');
const CHIDI = user('CHIDI');
const GRACE = user('GRACE');

let clinic: DeskClinic;
beforeAll(async () => {
  clinic = await openDesk();
});
afterAll(() => clinic?.close());
beforeEach(async () => {
  // What the last test left waiting is done.
  for (const pool of clinic.pools) {
    for await (const { id } of clinic.parts.store.unclaimed(pool))
      await clinic.parts.store.patch('Task', id, [{ op: 'replace', path: '/status', value: 'cancelled' }]);
  }
  clinic.ledger.reserved.clear();
});

const sentenceOf = (said: Said) => {
  if (said.kind === 'dialog') throw new Error('a dialog');
  return said.kind === 'answer' ? said.answer.sentence : said.listing.sentence;
};
const next = async (by: ChatUser, words = '') => sentenceOf(await clinic.desk.say('next', words, by));
/** The one that looks again only so often. */
const patient = (waits: number[], settle = createCommands(clinic.parts).settle) =>
  createNext(clinic.parts, { settle }, waits);
const ownerOf = async (taskId: string) => (await clinic.task(taskId)).owner?.display;
const short = (taskId: string) => taskId.slice(0, 6);

describe('“next”', () => {
  it('gives the most urgent Task, and of those that are as urgent the oldest', async () => {
    const routine = await clinic.patientWrites({ priority: 'routine' });
    const older = await clinic.patientWrites({ priority: 'stat' });
    const newer = await clinic.patientWrites({ priority: 'stat' });

    await next(ANA);
    await next(CHIDI);
    await next(user('NOA'));

    expect(await Promise.all([older, newer, routine].map(ownerOf))).toEqual([
      'Ana Silva',
      'Chidi Okafor',
      'נועה לוי',
    ]);
  });

  it('says which Task that is, where its message is answered, and what can be done with it', async () => {
    const taskId = await clinic.patientWrites({ priority: 'urgent', patient: 'homer', text: 'I cough.' });

    const said = await clinic.desk.say('next', '', ANA);

    if (said.kind !== 'listing') throw new Error('no listing');
    expect(said.listing.sentence).toBe(
      `Task ${short(taskId)} is yours: Urgent, arrived less than a minute ago. Answer it in its thread in Medplum.`,
    );
    expect(linesOf(said.listing)[0]).toMatch(/^Urgent .*Registered nurse .*Open in Medplum$/);
    expect(buttonsOn(said.listing)).toEqual([
      ['Complete', 'Reroute', 'Release', 'Escalate', 'Snooze', 'Add note'],
    ]);
    expect(JSON.stringify(said)).not.toMatch(/homer|cough/i);
  });

  it('looks in the pool that is named, and in all of mine where none is', async () => {
    const nurses = await clinic.patientWrites({ priority: 'stat' });
    const heart = await clinic.patientWrites({ pool: 'cardiology', priority: 'routine' });

    expect(await next(GRACE, 'Cardiologist')).toContain(short(heart));
    expect(await next(GRACE)).toContain(short(nurses));
    expect(await next(GRACE)).toBe('Nothing is left for you in “Registered nurse” and “Cardiologist”.');
  });

  it.each([
    [
      'a pool of others',
      ANA,
      'cardiology',
      'What waits in “Cardiologist” is not for you to claim: your role in the record is “Registered nurse”.',
    ],
    ['somebody without a role', user('IVY'), '', 'You have no active role whose pool is served here.'],
    [
      'somebody without a role who names a pool',
      user('PAT'),
      'cardiology',
      'What waits in “Cardiologist” is not for you to claim: you have no active role in the record.',
    ],
    [
      'somebody who has left',
      user('LENA'),
      '',
      'Your Practitioner record is not active, so no Tasks are shown to you. Ask your administrator.',
    ],
    [
      'a pool that is not there',
      ANA,
      'surgery',
      'There is no pool “surgery”. The pools are registered-nurse, cardiology, pharmacy, dietetics.',
    ],
    ['an empty pool', ANA, '', 'Nothing is left for you in “Registered nurse”.'],
  ])('is refused with the reason: %s', async (_what, by, words, sentence) => {
    await clinic.patientWrites({ pool: 'cardiology' });

    expect(await next(by, words)).toBe(sentence);
  });

  it('takes the next one where somebody else was quicker', async () => {
    const taken = await clinic.patientWrites({ priority: 'stat' });
    const left = await clinic.patientWrites();
    const { settle } = createCommands(clinic.parts);
    const slow = patient([], async (verb, inputs, taskId, actor) => {
      if (taskId === taken) await clinic.does(CHIDI, 'claim', taken);
      return settle(verb, inputs, taskId, actor);
    });

    const said = await slow('', ANA);

    expect(sentenceOf(said)).toContain(short(left));
    expect(await ownerOf(taken)).toBe('Chidi Okafor');
    expect(clinic.ledger.reserved.size).toBe(0);
  });

  it('gives no second Task to somebody whose claim was written although the answer was lost', async () => {
    const first = await clinic.patientWrites({ priority: 'stat' });
    const other = await clinic.patientWrites();
    const { settle } = createCommands(clinic.parts);
    const silent = patient([], async (...all) => {
      await settle(...all);
      return { kind: 'refused', sentence: 'The record went silent in the middle of this.' };
    });

    expect(sentenceOf(await silent('', ANA))).toContain(`Task ${short(first)} is yours`);
    expect(await ownerOf(other)).toBeUndefined();
  });

  it('says why, and takes nothing else, where the refusal is about the person', async () => {
    await clinic.patientWrites();
    await clinic.patientWrites();
    let asked = 0;
    const refused = patient([], async () => {
      asked++;
      return { kind: 'refused', sentence: 'Your membership is switched off.' };
    });

    expect(sentenceOf(await refused('', ANA))).toBe('Your membership is switched off.');
    expect(asked).toBe(1);
    expect(clinic.ledger.reserved.size).toBe(0);
  });

  it('keeps nothing for somebody for whom it failed', async () => {
    await clinic.patientWrites();
    const failing = patient([], () => Promise.reject(new RecordError('unreachable', 'a test')));

    await expect(failing('', ANA)).rejects.toThrow('unreachable');

    expect(clinic.ledger.reserved.size).toBe(0);
  });

  it('waits for what others are just taking, and gets what they give back', async () => {
    const taskId = await clinic.patientWrites();
    clinic.ledger.reserved.add(taskId);

    const said = patient([20, 20, 400])('', ANA);
    await sleep(100);
    clinic.ledger.reserved.clear();

    expect(sentenceOf(await said)).toContain(`Task ${short(taskId)} is yours`);
  });

  it('does not wait for ever', async () => {
    const taskId = await clinic.patientWrites();
    clinic.ledger.reserved.add(taskId);

    expect(sentenceOf(await patient([1, 1])('', ANA))).toBe(
      'Others are taking what waits in “Registered nurse” at this very moment. Try again.',
    );
  });

  it('gives twenty people who ask at once twenty different Tasks, with one look at the queue', async () => {
    await Promise.all(Array.from({ length: 15 }, () => clinic.patientWrites()));
    const nurses = Array.from({ length: 20 }, (_, i) => user(`R${String(i + 1).padStart(3, '0')}`));
    await Promise.all(nurses.map((one) => clinic.parts.people.identify(one)));
    clinic.sandbox.fhir.resetRequests();

    const told = await Promise.all(nurses.map((one) => next(one)));

    const given = told.filter((one) => one.includes('is yours'));
    expect(new Set(given.map((one) => one.slice(0, 11))).size).toBe(15);
    expect(told.filter((one) => one === 'Nothing is left for you in “Registered nurse”.')).toHaveLength(5);
    const { requests } = clinic.sandbox.fhir;
    expect(requests.filter(({ path }) => path.includes('_sort=-priority-order')).length).toBeLessThan(20);
    expect(requests.filter(({ method, path }) => method === 'PATCH' && path.includes('/Task/'))).toHaveLength(
      15,
    );
  });
});

describe('the ledger, when many ask for the next Task at once,', () => {
  it('is asked for one reservation after the other: nobody tries for what the one before has just got', async () => {
    await Promise.all(Array.from({ length: 8 }, () => clinic.patientWrites()));
    let [running, most, calls] = [0, 0, 0];
    const ledger: DeskParts['ledger'] = Object.create(clinic.ledger, {
      reserve: {
        value: async (ids: readonly string[]) => {
          calls++;
          most = Math.max(most, ++running);
          await sleep(5);
          running--;
          return clinic.ledger.reserve(ids);
        },
      },
    });
    const parts = { ...clinic.parts, ledger };
    const ask = createNext(parts, createCommands(parts));
    const nurses = Array.from({ length: 8 }, (_, i) => user(`R${String(i + 1).padStart(3, '0')}`));

    const told = await Promise.all(nurses.map((one) => ask('', one)));

    expect(told.every(({ kind }) => kind === 'listing')).toBe(true);
    expect([most, calls]).toEqual([1, 8]);
  });
});

describe('one read for many', () => {
  it('is made once for all who ask in the same moment, and again for who wants to see what came later', async () => {
    let now = 0;
    let reads = 0;
    const shared = shareReads(
      async (key) => `${key} ${++reads}`,
      () => now,
    );

    const together = await Promise.all([shared.read('a', 0), shared.read('a', 0), shared.read('b', 0)]);
    now = 100;
    const later = await shared.read('a', 50);

    expect(together.map(({ value }) => value)).toEqual(['a 1', 'a 1', 'b 2']);
    expect(later).toEqual({ value: 'a 3', began: 100 });
  });

  it('is tried again by the next after it failed', async () => {
    let reads = 0;
    const shared = shareReads(
      async () => {
        if (reads++ === 0) throw new Error('away');
        return 'here';
      },
      () => 0,
    );

    await expect(shared.read('a', 0)).rejects.toThrow('away');

    expect((await shared.read('a', 0)).value).toBe('here');
  });
});
