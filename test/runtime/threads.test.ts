import type { Communication, PractitionerRole, Task } from '@medplum/fhirtypes';
import { beforeEach, describe, expect, it } from 'vitest';
import type { IntakeRule } from '../../src/duties/intake.ts';
import type { Message } from '../../src/duties/thread.ts';
import { deedOf } from '../../src/record/provenance.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import { createCommit } from '../../src/runtime/commit.ts';
import { RecordError } from '../../src/runtime/ports/record.ts';
import { createThreads, type ThreadsParts } from '../../src/runtime/threads.ts';
import {
  ANA,
  BEN,
  bareTask,
  CARDIOLOGY,
  CHIDI,
  claimedBy,
  EVERYBODY,
  header,
  INACTIVE,
  NO_ROLE,
  NOW,
  NURSES,
  POOLS,
  refTo,
  taskIn,
} from '../support/pure-clinic.ts';
import { at, HOMER, patientSays, said, staffSays } from '../support/pure-thread.ts';
import { MemoryLedger, rememberedJobs } from '../support/unit-ledger.ts';
import { FakeRecord } from '../support/unit-record.ts';
import { capturedLog } from '../support/unit-slack.ts';

const DONE = { kind: 'done' };
const TO_NURSES: IntakeRule = { when: {}, make: { kind: 'pool', pool: NURSES.id, priority: 'routine' } };
const LEAVE = [{ description: 'On leave', during: { start: '2026-03-01', end: '2026-03-06' } }];

let record: FakeRecord;
let ledger: MemoryLedger;
let jobs: ReturnType<typeof rememberedJobs>;
let log: ReturnType<typeof capturedLog>;
/** People whose roles are all on leave. */
let away: string[];
let arrivals: Record<string, string>;
/** Messages whose history was read. */
let looked: string[];

beforeEach(() => {
  ledger = new MemoryLedger();
  jobs = rememberedJobs();
  log = capturedLog();
  away = [];
  arrivals = {};
  looked = [];
});

/** A thread with these messages, and with this Task; none where it is left out. */
function thread(messages: readonly Message[], task?: Task & { id: string }): void {
  record = new FakeRecord(task ?? taskIn(), header([HOMER], { subject: HOMER }));
  if (task === undefined) record.past = [];
  record.said = [...messages];
}

function parts(more: Partial<ThreadsParts> = {}): ThreadsParts {
  return {
    store: record,
    ledger,
    jobs,
    commit: createCommit(record, ledger.journal, () => false, 'follow', log.log),
    people: { member: async (id) => memberOf(id) },
    hasFreeSlot: async () => undefined,
    arrivedAt: async (id) => {
      looked.push(id);
      return arrivals[id];
    },
    intake: [TO_NURSES],
    followUps: { raise: [] },
    completeWhenAnsweredBy: 'owner',
    coverage: { away: ['not-available'], freeSlotWithinMinutes: 60, covers: {} },
    pools: POOLS,
    rules: DEFAULT_TASK_RULES,
    recipients: 'follow',
    now: () => NOW,
    log: log.log,
    ...more,
  };
}

const look = (more: Partial<ThreadsParts> = {}) => createThreads(parts(more))('header');

function memberOf(id: string) {
  const member = EVERYBODY.find(({ practitioner }) => practitioner.id === id);
  if (member === undefined || !away.includes(id)) return member;
  return {
    ...member,
    roles: member.roles.map((role): PractitionerRole => ({ ...role, notAvailable: LEAVE })),
  };
}

/** The Task as it was closed at this time, opened at nine. */
function closedTask(time: string, more: Partial<Task> = {}): Task & { id: string } {
  return claimedBy(ANA, { status: 'completed', meta: { versionId: 'v9', lastUpdated: at(time) }, ...more });
}

const deeds = () => record.provenances.map((one) => deedOf(one)?.verb);

describe('A thread in which the patient waits', () => {
  it('gets one Task, whose cards are drawn, however often it is looked at', async () => {
    thread([patientSays('m1', '09:00'), patientSays('m2', '09:10')]);

    expect(await look()).toEqual(DONE);
    expect(await look()).toEqual(DONE);

    expect(record.created).toMatchObject([
      { authoredOn: at('09:00'), requester: HOMER, status: 'requested' },
    ]);
    expect(jobs.marks).toEqual(['created-1', 'created-1']);
    expect(deeds()).toEqual([]);
  });

  it('gets one Task where two replicas look at once', async () => {
    thread([patientSays('m1', '09:00')]);

    await Promise.all([look(), look()]);

    expect(record.created).toHaveLength(1);
  });

  it('gets a Task for the person that the rule names, as they are called', async () => {
    const make = { kind: 'person', practitioner: 'Practitioner/ben', priority: 'urgent' } as const;
    thread([patientSays('m1', '09:00')]);

    await look({ intake: [{ when: {}, make }] });

    expect(record.created).toMatchObject([{ owner: refTo(BEN), businessStatus: { text: 'assigned' } }]);
  });

  it('gets a Task for a person whom the record does not know, by reference', async () => {
    const make = { kind: 'person', practitioner: 'Practitioner/gone', priority: 'routine' } as const;
    thread([patientSays('m1', '09:00')]);

    await look({ intake: [{ when: {}, make }] });

    expect(record.created[0]?.owner).toEqual({ reference: 'Practitioner/gone' });
  });

  it.each<[string, Partial<ThreadsParts>]>([
    ['no rules', { intake: [] }],
    ['a rule that wants none', { intake: [{ when: {}, make: { kind: 'nothing' } }] }],
  ])('gets no Task by %s', async (_what, more) => {
    thread([patientSays('m1', '09:00')]);

    expect(await look(more)).toEqual(DONE);

    expect(record.created).toEqual([]);
    expect(jobs.marks).toEqual([]);
  });

  it('gets no second Task beside one that somebody else has made; its cards are drawn', async () => {
    thread([patientSays('m1', '09:00'), patientSays('m2', '09:10')], taskIn());

    expect(await look()).toEqual(DONE);

    expect(record.created).toEqual([]);
    expect(jobs.marks).toEqual([taskIn().id]);
  });

  it('gets no second Task where one is made in the very moment', async () => {
    thread([patientSays('m1', '09:00')]);
    const late = taskIn();
    record.fail({ on: 'create', kind: 'conflict', meanwhile: () => record.past.push(late) });

    expect(await look()).toEqual(DONE);

    expect(record.created).toEqual([]);
    expect(jobs.marks).toEqual([late.id]);
  });

  it('gets no second Task where the answer to the first was lost, and somebody has closed that by the next try', async () => {
    thread([patientSays('m1', '09:00')]);
    const close = () => record.change({ status: 'cancelled' }, 'created-1');
    record.fail({ on: 'create', kind: 'unreachable', done: 'after', meanwhile: close });

    expect(await look()).toEqual(DONE);

    expect(record.created.map(({ status }) => status)).toEqual(['cancelled']);
    expect(jobs.marks).toEqual([]);
  });

  it('gets no second Task where several are open that could not be seen', async () => {
    thread([patientSays('m1', '09:00')]);
    record.fail({ on: 'create', kind: 'lost' });

    expect(await look()).toEqual(DONE);

    expect(record.created).toEqual([]);
    expect(log.lines.join('')).toContain('a thread has several open Tasks');
  });

  it('is nothing where there is no such thread', async () => {
    thread([patientSays('m1', '09:00')]);
    record.header = undefined;

    expect(await look()).toEqual(DONE);

    expect(record.calls).toEqual(['view']);
  });
});

describe('A thread whose Task is closed', () => {
  it.each<[string, readonly Message[], Task & { id: string }, string[]]>([
    ['has a new one for a message since', [patientSays('m2', '09:40')], closedTask('09:30'), ['m2']],
    ['has none for one before', [patientSays('m2', '09:20')], closedTask('09:30'), []],
    [
      'has one for the first message since',
      [patientSays('m2', '09:20'), patientSays('m3', '09:40'), patientSays('m4', '09:45')],
      closedTask('09:30'),
      ['m3'],
    ],
    [
      'has one too where it was cancelled',
      [patientSays('m2', '09:40')],
      closedTask('09:30', { status: 'cancelled' }),
      ['m2'],
    ],
  ])('%s', async (_what, more, task, expected) => {
    thread([patientSays('m1', '09:00'), ...more], task);

    await look();

    expect(record.created.map(({ identifier }) => identifier?.[0]?.value)).toEqual(expected);
    expect(looked).toEqual([]);
  });

  it('has a new one for a message since it was closed, though somebody has written a note on it later', async () => {
    thread([patientSays('m1', '09:00'), patientSays('m2', '09:40')], closedTask('09:30'));
    record.past.push(claimedBy(ANA, { meta: { versionId: 'v8', lastUpdated: at('09:10') } }));
    record.change({ note: [{ text: 'Filed.' }], meta: { lastUpdated: at('09:50') } });

    await look();

    expect(record.created).toHaveLength(1);
  });

  it('has a new one for a message that came into the record only afterwards', async () => {
    const late = patientSays('m2', '09:20', { meta: { versionId: 'x', lastUpdated: at('09:55') } });
    thread([patientSays('m1', '09:00'), late], closedTask('09:30'));
    arrivals = { m2: at('09:50') };

    await look();

    expect(record.created).toMatchObject([{ authoredOn: at('09:20') }]);
  });

  it('has none for a message that somebody has marked as read since', async () => {
    const read = patientSays('m2', '09:20', { meta: { versionId: 'x', lastUpdated: at('09:55') } });
    thread([patientSays('m1', '09:00'), read], closedTask('09:30'));
    arrivals = { m2: at('09:20') };

    await look();

    expect(record.created).toEqual([]);
  });

  it('is not looked at in the middle of a change: the Task that takes its place may be on its way', async () => {
    thread([patientSays('m1', '09:00'), patientSays('m2', '09:40')], closedTask('09:30'));
    const id = await ledger.journal.begin({
      task: { id: closedTask('09:30').id, patch: [] },
      thread: undefined,
      provenance: { resourceType: 'Provenance', target: [], recorded: '', agent: [] },
    });

    expect(await look()).toEqual({ kind: 'again', afterMs: 1_000 });
    expect(record.created).toEqual([]);

    await ledger.journal.end(id);
    await look();
    expect(record.created).toHaveLength(1);
  });
});

describe('A thread in which the owner has answered', () => {
  const ANSWERED = [patientSays('m1', '09:00'), staffSays(ANA, 'a1', '09:30')];

  it('completes the Task in the owner’s name, with the answer as output; its cards are drawn', async () => {
    thread(ANSWERED, claimedBy(ANA));

    expect(await look()).toEqual(DONE);

    expect(record.current).toMatchObject({
      status: 'completed',
      businessStatus: { text: 'completed' },
      output: [{ valueReference: { reference: 'Communication/a1' } }],
      owner: refTo(ANA),
    });
    expect(record.provenances).toMatchObject([
      { agent: [{ who: refTo(ANA) }, { who: { display: 'Switchboard' } }] },
    ]);
    expect(deeds()).toEqual(['complete']);
    expect(jobs.marks).toEqual([record.current.id]);
  });

  it('completes it for an answer that came from one of the owner’s roles', async () => {
    const asRole = said('a1', '09:30', { reference: 'PractitionerRole/ana-1' });
    thread([patientSays('m1', '09:00'), asRole], claimedBy(ANA));
    const member = { ...ANA, roles: ANA.roles.map((role) => ({ ...role, id: 'ana-1' })) };

    await look({ people: { member: async () => member } });

    expect(record.current.status).toBe('completed');
  });

  it('gives a Task that nobody had to whoever answered, and the thread to them', async () => {
    thread([patientSays('m1', '09:00'), staffSays(CHIDI, 'a1', '09:30')], taskIn());

    await look({ completeWhenAnsweredBy: 'staff' });

    expect(record.current).toMatchObject({ status: 'completed', owner: refTo(CHIDI) });
    expect(record.header?.recipient).toEqual([HOMER, refTo(CHIDI)]);
  });

  it('looks again at what the record says where others were quicker', async () => {
    thread(ANSWERED, claimedBy(ANA));
    record.fail({ on: 'task', kind: 'lost', meanwhile: () => record.change({ owner: refTo(CHIDI) }) });

    expect(await look()).toEqual(DONE);

    expect(record.current).toMatchObject({ status: 'accepted', owner: refTo(CHIDI) });
    expect(deeds()).toEqual([]);
  });

  it.each([
    ['in the moment in which it is closed', '09:59', 1],
    ['before the answer', '09:29', 0],
  ])(
    'gives the patient who writes %s a new Task, where nobody has answered that',
    async (_when, time, tasks) => {
      thread(ANSWERED, claimedBy(ANA));
      const real = createCommit(record, ledger.journal, () => false, 'follow', log.log);
      const crossing = patientSays('m2', time);

      await look({
        commit: {
          run: async (writes) => {
            record.said.push(crossing);
            const outcome = await real.run(writes);
            record.past[0] = { ...record.current, meta: { versionId: 'v9', lastUpdated: at('10:00') } };
            return outcome;
          },
        },
      });

      expect(record.current.status).toBe('completed');
      expect(record.created.map(({ authoredOn }) => authoredOn)).toEqual(Array(tasks).fill(at(time)));
      expect(jobs.marks).toContain(record.current.id);
      expect(jobs.marks).toHaveLength(tasks + 1);
    },
  );
});

describe('A thread in which the patient writes again', () => {
  const AGAIN = [patientSays('m1', '09:00'), patientSays('m2', '09:10'), patientSays('m3', '09:20')];
  const followUps = { raise: [{ messages: 2, to: 'asap' as const }] };

  it('makes its Task more urgent, in the name of Switchboard, once', async () => {
    thread(AGAIN, taskIn());

    await look({ followUps });
    await look({ followUps });

    expect(record.current.priority).toBe('asap');
    expect(record.provenances.map((one) => [deedOf(one)?.verb, one.agent[0]?.who])).toEqual([
      ['raise', { display: 'Switchboard' }],
    ]);
    expect(record.calls.filter((call) => call === 'task')).toHaveLength(1);
  });

  it('does everything that is due: more urgent, and to somebody who is there', async () => {
    away = ['ana'];
    thread(AGAIN, claimedBy(ANA));

    expect(await look({ followUps })).toEqual(DONE);

    expect(record.current).toMatchObject({ priority: 'asap', status: 'requested' });
    expect(record.current.owner).toBeUndefined();
    expect(deeds()).toEqual(['cover', 'raise']);
  });

  it('draws the cards of its Task even where nothing else is due', async () => {
    thread(AGAIN, taskIn());

    await look();

    expect(jobs.marks).toEqual([taskIn().id]);
    expect(record.calls).not.toContain('task');
  });
});

describe('A patient’s message to an owner who is away', () => {
  const AGAIN = [patientSays('m1', '09:00'), patientSays('m2', '09:30')];
  const covers = { 'Practitioner/ana': 'Practitioner/ben' };
  const coverage = { away: ['not-available'], freeSlotWithinMinutes: 60, covers } as const;

  beforeEach(() => {
    away = ['ana'];
    thread(AGAIN, claimedBy(ANA));
    record.changeHeader({ recipient: [HOMER, refTo(ANA)] });
  });

  it('puts the Task back into its pool, and takes the owner from the thread', async () => {
    await look();

    expect(record.current).toMatchObject({
      status: 'requested',
      businessStatus: { text: 'unassigned' },
      performerType: taskIn().performerType,
      note: [{ text: 'Ana Silva is away until 2026-03-06; back in “Registered nurse”.' }],
    });
    expect(record.current.owner).toBeUndefined();
    expect(record.header?.recipient).toEqual([HOMER]);
    expect(record.provenances[0]?.reason?.[0]?.coding?.[0]?.code).toBe('covering-absence');
    expect(jobs.marks).toEqual([record.current.id]);
  });

  it('gives the Task to whoever covers, who can accept it', async () => {
    await look({ coverage });

    expect(record.current).toMatchObject({
      status: 'requested',
      businessStatus: { text: 'assigned' },
      owner: refTo(BEN),
    });
    expect(record.header?.recipient).toEqual([HOMER, refTo(BEN)]);
  });

  it.each<[string, string]>([
    ['is away too', 'Practitioner/ben'],
    ['is not active', `Practitioner/${INACTIVE.practitioner.id}`],
    ['has no role', `Practitioner/${NO_ROLE.practitioner.id}`],
    ['is not in the record', 'Practitioner/gone'],
    ['is the owner', 'Practitioner/ana'],
  ])('puts it into the pool where whoever covers %s', async (_what, stand) => {
    away.push('ben');

    await look({ coverage: { ...coverage, covers: { 'Practitioner/ana': stand } } });

    expect(record.current.owner).toBeUndefined();
  });

  it('puts a Task that was sent to a person into the pool that it had before', async () => {
    thread(AGAIN, bareTask({ owner: refTo(ANA) }));
    record.past.push(taskIn(CARDIOLOGY));

    await look();

    expect(record.current.performerType).toEqual(taskIn(CARDIOLOGY).performerType);
  });

  it('leaves it where nobody covers and no pool is known', async () => {
    thread(AGAIN, bareTask({ owner: refTo(ANA) }));

    expect(await look()).toEqual(DONE);

    expect(record.current.owner).toEqual(refTo(ANA));
    expect(deeds()).toEqual([]);
  });

  it('leaves it with an owner who is there, or who is no Practitioner', async () => {
    away = [];
    await look();
    expect(record.current.owner).toEqual(refTo(ANA));

    thread(AGAIN, taskIn(NURSES, { owner: { reference: 'Organization/clinic' } }));
    await look();

    expect(record.calls).not.toContain('task');
  });

  it('leaves it with whoever takes it all the same, until the patient writes again', async () => {
    await look();
    record.change({ status: 'accepted', owner: refTo(ANA) });
    await look();
    expect(record.current.owner).toEqual(refTo(ANA));

    record.said.push(patientSays('m3', '10:01', { meta: { versionId: 'x', lastUpdated: at('10:01') } }));
    await look();

    expect(record.current.owner).toBeUndefined();
    expect(deeds()).toEqual(['cover', 'cover']);
  });

  it('gives a Task that was just made for somebody who is away to whoever covers', async () => {
    const make = { kind: 'person', practitioner: 'Practitioner/ana', priority: 'routine' } as const;
    thread([patientSays('m1', '09:00')]);

    await look({ intake: [{ when: {}, make }], coverage });

    expect(record.created).toMatchObject([{ owner: refTo(BEN) }]);
  });
});

describe('An owner’s Schedule', () => {
  const AGAIN = [patientSays('m1', '09:00'), patientSays('m2', '09:30')];
  const coverage = { away: ['no-free-slot'], freeSlotWithinMinutes: 90, covers: {} } as const;

  it.each<[string, boolean | undefined, boolean]>([
    ['without a free slot takes the Task from them', false, true],
    ['with one leaves it', true, false],
    ['that they do not have leaves it', undefined, false],
  ])('%s', async (_what, free, taken) => {
    const asked: unknown[] = [];
    thread(AGAIN, claimedBy(ANA));

    await look({
      coverage,
      hasFreeSlot: async (...question) => {
        asked.push(question);
        return free;
      },
    });

    expect(record.current.owner === undefined).toBe(taken);
    expect(asked[0]).toEqual(['ana', NOW, new Date(at('11:30'))]);
  });

  it('is not asked where it is no sign', async () => {
    thread(AGAIN, claimedBy(ANA));
    const hasFreeSlot = async () => {
      throw new Error('asked');
    };

    expect(await look({ hasFreeSlot })).toEqual(DONE);
  });

  it.each(['invalid', 'forbidden', 'gone'] as const)(
    'that the server cannot answer for (%s) leaves it, and that is said in the log',
    async (kind) => {
      thread(AGAIN, claimedBy(ANA));
      const hasFreeSlot = async () => {
        throw new RecordError(kind, 'asking');
      };

      expect(await look({ coverage, hasFreeSlot })).toEqual(DONE);

      expect(record.current.owner).toEqual(refTo(ANA));
      expect(log.lines.join('')).toContain('whether somebody has a free slot is not known');
    },
  );
});

describe('A look that fails', () => {
  it.each<[RecordError['kind'], number | undefined, number]>([
    ['unreachable', undefined, 15_000],
    ['throttled', 40_000, 40_000],
    ['forbidden', undefined, 300_000],
    ['invalid', undefined, 300_000],
  ])('because the record is %s is repeated, however long that lasts', async (kind, retryAfterMs, afterMs) => {
    thread([patientSays('m1', '09:00')]);
    record.fail({ on: 'view', kind, times: 100, ...(retryAfterMs && { retryAfterMs }) });

    expect(await look()).toEqual({ kind: 'again', afterMs });
    expect(log.lines.join('')).toContain('a thread could not be looked at; it will be again');

    record.heal();
    expect(await look()).toEqual(DONE);
    expect(record.created).toHaveLength(1);
  });

  it('for a reason that nobody planned is repeated too', async () => {
    thread([patientSays('m1', '09:00')]);

    const outcome = await look({ jobs: { mark: () => Promise.reject(new Error('the ledger is away')) } });

    expect(outcome).toEqual({ kind: 'again', afterMs: 300_000 });
  });

  it('while a change is in doubt is repeated soon, and the journal finishes the change', async () => {
    thread([patientSays('m1', '09:00'), staffSays(ANA, 'a1', '09:30')], claimedBy(ANA));
    record.fail({ on: 'task', kind: 'unreachable', times: 100 });

    expect(await look()).toEqual({ kind: 'again', afterMs: 1_000 });
    expect(await look()).toEqual({ kind: 'again', afterMs: 1_000 });
  });

  it('does not make a message count as seen', async () => {
    const [message] = [patientSays('m1', '09:00')];
    thread([message]);
    const versions = [{ id: 'm1', versionId: message.meta?.versionId ?? '' }];
    record.fail({ on: 'create', kind: 'forbidden' });

    await look();
    const after = await ledger.unseenMessages(versions);
    await look();

    expect([after, await ledger.unseenMessages(versions)]).toEqual([['m1'], []]);
  });

  it('says nothing of the patient in the log', async () => {
    const spoken: Communication['payload'] = [{ contentString: 'Zufallswort' }];
    thread([patientSays('m1', '09:00', { payload: spoken })]);
    record.fail({ on: 'create', kind: 'forbidden' });

    await look();
    await look();

    expect(log.lines.length).toBeGreaterThan(1);
    expect(log.lines.join('')).not.toMatch(/Zufallswort|Homer/);
  });
});
