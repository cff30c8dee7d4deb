import type { Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { successorIn } from '../../src/queries/history.ts';
import { QUERIES } from '../../src/queries/index.ts';
import type { Listing } from '../../src/queries/query.ts';
import { performerTypeOf } from '../../src/routing/pools.ts';
import type { ChatUser } from '../../src/runtime/ports/chat.ts';
import { buttonsOn, linesOf, rowsOf, sectionsRead } from '../support/pure-queries.ts';
import { type DeskClinic, openDesk, user } from '../support/unit-desk.ts';

const ANA = user('ANA');
const BEN = user('BEN');
const MEI = user('MEI');
const SAM = user('SAM');

let clinic: DeskClinic;
beforeAll(async () => {
  clinic = await openDesk();
});
afterAll(() => clinic?.close());

const ask = (by: ChatUser, query: string, words = '', page = 1): Promise<Listing> =>
  clinic.desk.ask({ query, words, page }, by);

const short = (taskId: string) => taskId.slice(0, 6);

describe('“tasks”', () => {
  it('lists what waits in my pools, the most urgent first and then the oldest', async () => {
    const routine = await clinic.patientWrites({ pool: 'pharmacy', priority: 'routine' });
    const later = await clinic.patientWrites({ pool: 'pharmacy', priority: 'routine' });
    const stat = await clinic.patientWrites({ pool: 'pharmacy', priority: 'stat' });

    const listing = await ask(MEI, 'tasks');

    expect(listing.sentence).toBe('3 Tasks wait in “Pharmacist”.');
    expect(linesOf(listing).map((line) => line.split('  ·  ')[2])).toEqual([stat, routine, later].map(short));
    expect(await ask(MEI, 'tasks', 'mine')).toEqual(listing);
  });

  it('lists the pool that is named', async () => {
    expect((await ask(BEN, 'tasks', 'Pharmacist')).sentence).toBe('3 Tasks wait in “Pharmacist”.');
    expect((await ask(BEN, 'tasks', 'pharmcy')).sentence).toContain('Did you mean pharmacy?');
  });

  it('says how to look at any pool where I have none', async () => {
    expect(await ask(user('IVY'), 'tasks')).toEqual({
      sentence:
        'You have no active role whose pool is served here. /tasks registered-nurse lists a pool by its name.',
      sections: [],
    });
  });

  it('counts exactly beyond a thousand, and a Task of two pools once', async () => {
    const [dietetics, cardiology] = ['dietetics', 'cardiology'].map((id) => {
      const pool = clinic.pools.find((one) => one.id === id);
      if (!pool) throw new Error(id);
      return pool;
    });
    if (!dietetics || !cardiology) throw new Error('no pools');
    const both = [...performerTypeOf(dietetics), ...performerTypeOf(cardiology)];
    const make = (n: number, performerType: Task['performerType'] = both) =>
      Promise.all(
        Array.from({ length: n }, () =>
          clinic.sandbox.fhir.repository.createResource<Task>({
            resourceType: 'Task',
            status: 'requested',
            intent: 'order',
            performerType: performerType ?? [],
          }),
        ),
      );
    await make(1_010, performerTypeOf(dietetics));
    await make(1_005, performerTypeOf(cardiology));
    await make(7);
    await clinic.put({
      resourceType: 'PractitionerRole',
      practitioner: { reference: `Practitioner/${clinic.sandbox.practitionerOf('U0ZEYNEP')}` },
      code: performerTypeOf(cardiology),
    });

    expect((await ask(ANA, 'tasks', 'dietetics')).sentence).toContain('1,017 Tasks wait in “Dietitian”.');
    expect((await ask(user('ZEYNEP'), 'tasks')).sentence).toContain(
      '2,022 Tasks wait in “Cardiologist” and “Dietitian”.',
    );
  });
});

describe('“mine”', () => {
  it('lists what I have and what was assigned to me', async () => {
    const had = await clinic.patientWrites();
    const assigned = await clinic.patientWrites();
    await clinic.does(ANA, 'claim', had);
    await clinic.does(BEN, 'reroute', assigned, { target: 'Ana Silva', reason: 'workload' });

    const listing = await ask(ANA, 'mine');

    expect(listing.sentence).toBe('You have one Task, and one was assigned to you.');
    expect(sectionsRead(listing)).toEqual([
      ['Yours', [expect.stringContaining(short(had))]],
      ['Assigned to you, not accepted yet', [expect.stringContaining(short(assigned))]],
    ]);
    expect((await ask(user('CHIDI'), 'mine')).sections).toEqual([]);
  });
});

describe('What “next” gave', () => {
  it('is listed among what is mine when it is looked at again, and nothing more is claimed by that', async () => {
    await clinic.patientWrites({ pool: 'pharmacy' });
    const before = await ask(MEI, 'tasks');
    await clinic.desk.say('next', '', MEI);

    const again = await ask(MEI, 'next', 'pharmacy');

    expect(again).toEqual(await ask(MEI, 'mine'));
    expect(again.sentence).toBe('You have one Task.');
    expect(before.sentence).toContain('4 Tasks');
    expect((await ask(MEI, 'tasks')).sentence).toContain('3 Tasks');
  });
});

describe('“status” and “history”', () => {
  let taskId: string;
  beforeEach(async () => {
    taskId = await clinic.patientWrites();
  });

  it('tell how a Task stands, and how it came there', async () => {
    await clinic.does(ANA, 'claim', taskId);
    await clinic.does(ANA, 'reroute', taskId, {
      target: 'cardiology',
      reason: 'specialty-referral',
      note: 'Homer’s heart',
    });

    const status = await ask(BEN, 'status', short(taskId).toUpperCase());
    const history = await ask(BEN, 'history', taskId);

    expect(status.sentence).toBe(`Task ${short(taskId)} waits in “Cardiologist”; nobody has it.`);
    expect(buttonsOn(status)[0]).toEqual(['Claim', 'Reroute', 'Escalate', 'Add note', 'History']);
    expect(linesOf(history).map((line) => line.split('  ·  ')[1])).toEqual([
      expect.stringMatching(/^Arrived in Registered nurse, /),
      'Ana Silva claimed it. Had it for less than a minute.',
      'Ana Silva rerouted it to Cardiologist: Specialty referral, with a note. It has waited for less than a minute.',
    ]);
    expect(JSON.stringify([status, history])).not.toMatch(/homer/i);
  });

  it('follow a Task into the one that took its place, and back', async () => {
    await clinic.does(ANA, 'claim', taskId);
    const { sentence } = await clinic.does(ANA, 'reroute', taskId, {
      target: 'cardiology',
      reason: 'wrong-pool',
      visibility: 'new-task',
    });
    const seen = await clinic.parts.store.observe(taskId);
    const next = successorIn(taskId, seen?.provenances ?? []);

    const fromOld = await ask(ANA, 'history', taskId);
    const fromNew = await ask(ANA, 'history', next ?? 'none');

    expect(sentence).toContain('It goes on as a new Task');
    expect(fromOld.sections.map(({ title }) => title)).toEqual([
      `Task ${short(taskId)}`,
      `Task ${short(next ?? '')}`,
    ]);
    expect(fromNew).toEqual({ ...fromOld, sentence: fromNew.sentence });
    expect(linesOf(fromNew).at(-1)).toContain(`Replaces Task ${short(taskId)} in Cardiologist`);
    expect(linesOf(await ask(ANA, 'status', taskId)).at(-1)).toContain(
      `It goes on as Task ${short(next ?? '')}`,
    );
  });

  it('tell two hundred versions, ten at a time', async () => {
    for (let i = 0; i < 100; i++) {
      await clinic.does(ANA, 'claim', taskId);
      await clinic.does(ANA, 'release', taskId, { reason: 'workload' });
    }

    const latest = await ask(ANA, 'history', taskId.slice(0, 8));
    const oldest = await ask(ANA, 'history', taskId, 21);

    expect(linesOf(latest)).toHaveLength(10);
    expect(latest.turn).toEqual({ label: 'Earlier', question: { query: 'history', words: taskId, page: 2 } });
    expect(linesOf(latest).at(-1)).toContain('Ana Silva released it to Registered nurse: Workload.');
    expect(linesOf(oldest)[0]).toContain('Arrived in Registered nurse');
    expect(latest.sentence).toContain('has moved 100 times');
  }, 60_000);

  it.each([
    ['no Task at all', '¯\\_(ツ)_/¯', /^“¯\\_\(ツ\)_\/¯” is no Task\. Its reference/],
    ['nothing', '', /^“” is no Task\. Its reference/],
    ['a Task that is not there', 'zzzzzz', /^There is no Task “zzzzzz”\. Its reference/],
    ['an id that is not there', '00000000-0000-4000-8000-00000000dead', /in the record any more\.$/],
  ])('are answered with a sentence for %s', async (_what, words, says) => {
    for (const query of ['status', 'history']) {
      const listing = await ask(ANA, query, words);

      expect(listing.sentence).toMatch(says);
      expect(listing.sections).toEqual([]);
    }
  });

  it('ask which of two is meant, and what a slip may mean', async () => {
    await clinic.put({ resourceType: 'Task', id: 'feed01-a', status: 'requested', intent: 'order' });
    await clinic.put({ resourceType: 'Task', id: 'feed01-b', status: 'requested', intent: 'order' });

    expect((await ask(ANA, 'status', 'feed01')).sentence).toBe(
      '“feed01” fits several Tasks (feed01-a, feed01-b…). Type more of the reference.',
    );
    expect((await ask(ANA, 'status', 'feed10')).sentence).toContain('Did you mean feed01?');
  });
});

describe('“pools”', () => {
  it('say what waits in each, since when, who may claim, and which are mine', async () => {
    const listing = await ask(MEI, 'pools');

    expect(listing.sentence).toMatch(/^4 pools: Tasks wait in (all|3) of them, and you may claim in 1\.$/);
    const pharmacy = linesOf(listing).find((line) => line.startsWith('Pharmacist'));
    expect(pharmacy).toMatch(
      /^Pharmacist \(yours\) {2}· {2}3 Tasks wait, the oldest for [^·]+ {2}· {2}one person can claim there now$/,
    );
    expect(rowsOf(listing).map(({ buttons }) => buttons[0]?.taskId)).toEqual(
      clinic.pools.map(({ id }) => id),
    );
  });
});

describe('“whoami” and “home”', () => {
  it('say who I am, and what I may claim', async () => {
    const who = await ask(ANA, 'whoami');
    const byMail = await ask(user('OMAR'), 'whoami');

    expect(who.sentence).toBe('You are Ana Silva in the record.');
    expect(linesOf(who)[0]).toContain('by the identifier U0ANA');
    expect(linesOf(byMail)[0]).toContain('by your e-mail address');
    expect(linesOf(who)[2]).toBe('You may claim in Registered nurse.');
  });

  it('have what is mine, what waits for me and who I am on one page', async () => {
    const home = await ask(MEI, 'home');

    expect(home.sentence).toBe('Mei Tanaka: one Task is yours, and 3 Tasks wait in your pools.');
    expect(home.sections.map(({ title }) => title)).toEqual([
      'Yours',
      'Waiting in your pools',
      'Who you are',
    ]);
  });
});

describe('Every query', () => {
  it.each(QUERIES.map(({ name }) => name))(
    '“%s” tells a stranger nothing but how to be linked, or helps',
    async (query) => {
      const listing = await ask(SAM, query, query === 'status' || query === 'history' ? 'a1b2c3' : '');

      if (query === 'help') return expect(linesOf(listing).length).toBeGreaterThan(10);
      expect(listing.sentence).toContain('You are not linked to a Practitioner in the record yet');
      expect(listing.sections).toEqual([]);
    },
  );

  it.each(QUERIES.map(({ name }) => name))('“%s” shows no Task to somebody who has left', async (query) => {
    const listing = await ask(user('LENA'), query);

    if (query === 'help') return;
    const all = [listing.sentence, ...linesOf(listing)].join(' ');
    expect(all).toContain('Your Practitioner record is not active');
    expect(buttonsOn(listing).flat()).toEqual([]);
  });

  it.each(QUERIES.map(({ name }) => name))('“%s” changes nothing', async (query) => {
    const taskId = await clinic.patientWrites();
    clinic.sandbox.fhir.resetRequests();

    await ask(ANA, query, query === 'status' || query === 'history' ? taskId : '');

    const writes = clinic.sandbox.fhir.requests.filter(({ method }) => method !== 'GET');
    expect(writes).toEqual([]);
  });

  it.each(QUERIES.map(({ name }) => name))(
    '“%s” says so when the record cannot be reached',
    async (query) => {
      if (query === 'help' || query === 'whoami') return;
      clinic.sandbox.fhir.faults.add({ kind: 'error', resourceType: 'Task', times: 50 });

      const listing = await ask(
        ANA,
        query,
        query === 'status' || query === 'history' ? 'a1b2c3d4-0000-4000-8000-000000000001' : '',
      );
      clinic.sandbox.fhir.faults.clear();

      expect(listing.sentence).toBe('The record is not reachable just now; nothing was changed.');
    },
  );

  it('that is none is answered with a sentence', async () => {
    expect(await ask(ANA, 'explode\n<!channel>')).toEqual({
      sentence: 'There is no “explode <!channel>”.',
      sections: [],
    });
  });

  it('has no more than the listing’s shape: no patient in any of them', async () => {
    await clinic.patientWrites({ patient: 'homer', pool: 'dietetics', text: 'I cough.' });
    const all = await Promise.all(QUERIES.map(({ name }) => ask(user('ZEYNEP'), name, '')));

    expect(JSON.stringify(all)).not.toMatch(/homer|simpson|cough/i);
  });
});
