import type { Task } from '@medplum/fhirtypes';
import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Posted } from '../../src/cards/diff.ts';
import { type Surface, surfaceKey } from '../../src/cards/surfaces.ts';
import type { Member } from '../../src/routing/eligibility.ts';
import { type Pool, poolsOf } from '../../src/routing/pools.ts';
import { byUrgency } from '../../src/routing/priority.ts';
import { DEFAULT_TASK_RULES, standingOf } from '../../src/routing/task.ts';
import { createOrphanWatch } from '../../src/runtime/orphan-watch.ts';
import { createOrphans, REPORTED } from '../../src/runtime/orphans.ts';
import { RecordError } from '../../src/runtime/ports/record.ts';
import { read } from '../support/pure-cards.ts';
import {
  ANA,
  BEN,
  bareTask,
  CARDIOLOGY,
  INACTIVE,
  NOW,
  NURSES,
  PHARMACY,
  POOLS,
  pool,
  refTo,
  taskIn,
} from '../support/pure-clinic.ts';

const OPERATIONS: Surface = { platform: 'chat', kind: 'channel', id: 'C-operations' };
const CARDIO: Surface = { platform: 'chat', kind: 'channel', id: 'C-cardiology' };
const DERMATOLOGY = pool('dermatology', 'Dermatologist', '18803008');

type Stored = Task & { id: string };

/** A record in memory, of which it is counted what is asked, and a clock. */
class Surroundings {
  people: Member[] = [ANA, BEN];
  tasks: Stored[] = [];
  operations: Surface[] = [OPERATIONS];
  pools: readonly Pool[] = POOLS;
  readonly asked: string[] = [];
  readonly lines: string[] = [];
  failing: string | undefined;
  time = NOW.getTime();

  readonly orphans = () =>
    createOrphans({
      store: {
        queue: async (where, limit) => {
          this.ask(`queue ${where.id}`);
          const waiting = this.waiting(where);
          return { tasks: waiting.slice(0, limit), total: waiting.length };
        },
        unclaimed: (where) => listed(this.ask(`unclaimed ${where.id}`) ?? this.waiting(where)),
        ownedBy: (id) => listed(this.tasks.filter((task) => task.owner?.reference === `Practitioner/${id}`)),
      },
      people: {
        byRole: async ({ code }) => {
          this.ask(`role ${code}`);
          return this.people;
        },
        byId: async (id) => {
          this.ask(`person ${id}`);
          return this.people.find(({ practitioner }) => practitioner.id === id);
        },
      },
      openTasks: () => listed(this.tasks.filter(({ focus, status }) => focus && status !== 'completed')),
      pools: this.pools,
      rules: DEFAULT_TASK_RULES,
      operations: this.operations.map(({ platform, id }) => ({ platform, channel: id, privacy: 'full' })),
      taskLink: undefined,
      now: () => this.time,
      log: pino({ level: 'debug' }, { write: (line: string) => this.lines.push(line) }),
    });

  private waiting(where: Pool): Stored[] {
    return this.tasks
      .filter((task) => poolsOf(task, [where]).length > 0)
      .filter((task) => standingOf(task, DEFAULT_TASK_RULES) === 'unclaimed')
      .sort(byUrgency);
  }

  private ask(what: string): undefined {
    this.asked.push(what);
    if (this.failing && what.startsWith(this.failing)) throw new RecordError('forbidden', what);
  }
}

async function* listed(tasks: readonly Stored[]): AsyncIterable<Stored> {
  yield* tasks;
}

/** So many Tasks of the pool, each arrived a minute after the one before. */
const many = (count: number, where: Pool, more: Partial<Task> = {}): Stored[] =>
  Array.from({ length: count }, (_, i) => ({
    ...taskIn(where, more),
    id: `t${i}`,
    authoredOn: new Date(NOW.getTime() + i * 60_000).toISOString(),
  }));

const posted = (surface: Surface): Posted => ({
  id: 'c1',
  surface,
  state: 'live',
  ref: 'r1',
  hash: 'h',
});

const nowhere: ReadonlySet<string> = new Set();
const seen = (task: Stored) => ({ task, thread: undefined, provenances: [] });

let clinic: Surroundings;
beforeEach(() => {
  clinic = new Surroundings();
});

/** What the operations channels are to show of the Task: how, and its first line. */
async function shown(
  task: Stored,
  cards: readonly Posted[] = [],
  here = nowhere,
  orphans = clinic.orphans(),
) {
  const reports = await orphans.reports(seen(task), here, cards);
  return reports.map(({ surface, show }) => [
    surface.id,
    show?.how ?? 'as it is',
    show ? (read(show.card)[0] ?? '') : '',
  ]);
}

const STUCK = 'Task a1b2c3 is stuck: nobody holds an active role for “Pharmacist”.';

describe('The operations channel', () => {
  it('is told of a Task that nobody can take', async () => {
    const task = taskIn(PHARMACY);
    clinic.tasks = [task];

    expect(await shown(task)).toEqual([['C-operations', 'worth posting', STUCK]]);
  });

  it.each<[string, () => Stored, string]>([
    [
      'whose owner is not active',
      () => taskIn(NURSES, { owner: refTo(INACTIVE) }),
      'its owner, Lena Fischer, is not active in the record any more',
    ],
    [
      'whose owner was deleted',
      () => bareTask({ owner: { reference: 'Practitioner/nobody', display: 'Dr. Gone' } }),
      'its owner, Dr. Gone, is no longer in the record',
    ],
    ['of a role without a pool', () => taskIn(DERMATOLOGY), 'no pool is configured for “Dermatologist”'],
  ])('is told of a Task %s', async (_what, make, why) => {
    clinic.people.push(INACTIVE);
    const task = make();
    clinic.tasks = [task];

    expect(await shown(task)).toEqual([['C-operations', 'worth posting', `Task a1b2c3 is stuck: ${why}.`]]);
  });

  it('hears nothing of a Task that somebody can take or has', async () => {
    expect(await shown(taskIn(NURSES))).toEqual([]);
    expect(await shown(taskIn(PHARMACY, { owner: refTo(ANA) }))).toEqual([]);
    expect(await shown(taskIn(PHARMACY, { status: 'completed' }))).toEqual([]);
  });

  it('sees the end of it in the report’s own words', async () => {
    const card = posted(OPERATIONS);

    expect(await shown(taskIn(PHARMACY, { owner: refTo(ANA), status: 'accepted' }), [card])).toEqual([
      ['C-operations', 'closing', '✅ No longer stuck: Ana Silva has it.'],
    ]);
  });

  it('is one of several, and each is told', async () => {
    clinic.operations = [OPERATIONS, { ...OPERATIONS, id: 'C-second' }];
    clinic.tasks = [taskIn(PHARMACY)];

    expect((await shown(taskIn(PHARMACY))).map(([id]) => id)).toEqual(['C-operations', 'C-second']);
  });

  it('costs nothing where there is none', async () => {
    clinic.operations = [];

    expect(await shown(taskIn(PHARMACY))).toEqual([]);
    expect(clinic.asked).toEqual([]);
  });

  it('that is also the pool’s own shows the Task’s card, and no report', async () => {
    clinic.operations = [CARDIO];
    clinic.people = [];

    expect(await shown(taskIn(CARDIOLOGY), [posted(CARDIO)], new Set([surfaceKey(CARDIO)]))).toEqual([]);
  });

  it('that is another pool’s is told, and closes what stands there in the words of that pool', async () => {
    clinic.operations = [CARDIO];
    clinic.tasks = [taskIn(PHARMACY)];

    expect(await shown(taskIn(PHARMACY))).toEqual([['C-cardiology', 'worth posting', STUCK]]);
    expect(await shown(taskIn(NURSES), [posted(CARDIO)])).toEqual([]);
  });
});

describe('Of hundreds of Tasks that are stuck for one reason', () => {
  const worth = async (orphans = clinic.orphans()) => {
    const ids: string[] = [];
    for (const task of clinic.tasks) {
      const [[, how] = []] = await shown(task, [], nowhere, orphans);
      if (how === 'worth posting') ids.push(task.id);
    }
    return ids;
  };

  it('the oldest few are reported, whoever comes first', async () => {
    clinic.tasks = many(500, PHARMACY).reverse();

    expect((await worth()).sort()).toEqual(['t0', 't1', 't2', 't3', 't4']);
    expect(clinic.asked.filter((one) => one.startsWith('queue'))).toHaveLength(1);
  });

  it('an urgent one comes before them', async () => {
    const [last, ...others] = many(20, PHARMACY).reverse();
    clinic.tasks = last ? [...others, { ...last, priority: 'stat' }] : [];

    expect(await worth()).toContain(last?.id);
  });

  it('the next few are reported as soon as the first ones are mended', async () => {
    const orphans = clinic.orphans();
    clinic.tasks = many(20, PHARMACY);
    await worth(orphans);

    clinic.tasks = clinic.tasks.slice(REPORTED);
    clinic.time += 60_001;

    expect(await worth(orphans)).toEqual(['t5', 't6', 't7', 't8', 't9']);
  });

  it('one that comes a moment after few others is reported at once', async () => {
    const orphans = clinic.orphans();
    clinic.tasks = many(2, PHARMACY);
    await worth(orphans);

    clinic.tasks = many(3, PHARMACY);

    expect(await worth(orphans)).toEqual(['t0', 't1', 't2']);
  });

  it('those that were reported stay reported', async () => {
    clinic.tasks = many(20, PHARMACY);
    const last = clinic.tasks.at(-1) ?? taskIn(PHARMACY);

    expect((await shown(last, [posted(OPERATIONS)])).map(([, how]) => how)).toEqual(['only kept true']);
  });

  it.each<[string, () => Partial<Task>, Pool]>([
    ['an owner who left', () => ({ owner: { reference: 'Practitioner/nobody' } }), NURSES],
    ['a role without a pool', () => ({}), DERMATOLOGY],
    ['a role that has only a name', () => ({ performerType: [{ text: 'Night desk' }] }), DERMATOLOGY],
  ])('the same holds for %s', async (_what, more, where) => {
    const others = many(9, pool('surgery', 'Surgeon', '304292004'), { priority: 'stat' });
    clinic.tasks = [
      ...others.map((task) => ({ ...task, id: `other-${task.id}` })),
      ...many(30, where, more()),
    ].reverse();

    expect((await worth()).filter((id) => !id.startsWith('other')).sort()).toEqual([
      't0',
      't1',
      't2',
      't3',
      't4',
    ]);
  });
});

describe('Whether somebody is there', () => {
  it('is asked once a minute', async () => {
    const orphans = clinic.orphans();
    const again = () => shown(taskIn(NURSES), [], nowhere, orphans);
    await again();
    await again();
    clinic.time += 59_999;
    await again();
    const before = clinic.asked.length;
    clinic.time += 1;
    await again();

    expect([before, clinic.asked.length]).toEqual([1, 2]);
  });

  it('is found out anew: who comes back ends it', async () => {
    const orphans = clinic.orphans();
    const task = taskIn(CARDIOLOGY);
    clinic.tasks = [task];
    clinic.people = [ANA];
    const before = await shown(task, [], nowhere, orphans);

    clinic.people = [ANA, BEN];
    clinic.time += 60_000;

    expect(before.map(([, how]) => how)).toEqual(['worth posting']);
    expect((await shown(task, [posted(OPERATIONS)], nowhere, orphans)).map(([, how]) => how)).toEqual([
      'closing',
    ]);
  });

  it.each(['role', 'queue'])(
    'leaves what stands as it is where the %s cannot be read, and is asked again',
    async (what) => {
      const orphans = clinic.orphans();
      const task = taskIn(PHARMACY);
      clinic.tasks = [task];
      clinic.failing = what;

      expect(await shown(task, [], nowhere, orphans)).toEqual([]);
      expect(await shown(task, [posted(OPERATIONS)], nowhere, orphans)).toEqual([
        ['C-operations', 'as it is', ''],
      ]);
      clinic.failing = undefined;
      expect(await shown(task, [], nowhere, orphans)).toEqual([['C-operations', 'worth posting', STUCK]]);
      expect(clinic.lines.join()).toContain('whether the Task is stuck is not known');
    },
  );
});

describe('The list of all that is stuck', () => {
  const list = async () => {
    const found: string[] = [];
    for await (const { task, stuck } of clinic.orphans().all())
      found.push(`${task.id}: ${stuck.map(({ kind }) => kind)}`);
    return found;
  };

  it('has every one of them once, and none of the others', async () => {
    clinic.pools = [...POOLS, pool('silent', 'Night desk', '999', { channels: [] })];
    clinic.tasks = [
      ...many(2, PHARMACY),
      { ...taskIn(PHARMACY, { focus: { reference: 'ServiceRequest/1' } }), id: 'no-message' },
      { ...taskIn(NURSES), id: 'fine' },
      { ...taskIn(NURSES, { owner: { reference: 'Practitioner/nobody' } }), id: 'left-behind' },
      { ...taskIn(DERMATOLOGY), id: 'elsewhere' },
      { ...taskIn(PHARMACY, { status: 'on-hold' }), id: 'on-hold' },
    ];

    expect((await list()).sort()).toEqual([
      'elsewhere: no-pool',
      'left-behind: owner-gone',
      'no-message: unstaffed',
      't0: unstaffed',
      't1: unstaffed',
    ]);
  });

  it('does not page through pools in which all is well', async () => {
    clinic.tasks = many(3, NURSES);
    clinic.people = [ANA, BEN];
    clinic.pools = [NURSES, CARDIOLOGY];

    expect(await list()).toEqual([]);
    expect(clinic.asked.filter((one) => one.startsWith('unclaimed'))).toEqual([]);
  });
});

describe('The watch for what no event tells', () => {
  it('has the Tasks looked at that are to be reported, and no others', async () => {
    clinic.tasks = [
      ...many(30, PHARMACY),
      { ...taskIn(NURSES, { owner: { reference: 'Practitioner/nobody' } }), id: 'left-behind' },
      { ...taskIn(NURSES), id: 'fine' },
    ];
    const marked: string[] = [];
    const jobs = { mark: async (id: string) => void marked.push(id) };

    await createOrphanWatch({ orphans: clinic.orphans(), jobs, log: pino({ level: 'silent' }) }).once();

    expect(marked).toEqual(['t0', 't1', 't2', 't3', 't4', 'left-behind']);
  });

  it('goes on after a look that failed, and ends when it is told', async () => {
    clinic.tasks = many(1, PHARMACY);
    clinic.failing = 'role';
    const marked: string[] = [];
    const jobs = { mark: async (id: string) => void marked.push(id) };
    const log = pino({ level: 'silent' });
    const watch = createOrphanWatch({ orphans: clinic.orphans(), jobs, everyMs: 5, log });

    watch.start();
    await new Promise((resolve) => setTimeout(resolve, 20));
    clinic.failing = undefined;
    while (marked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await watch.stop();
    const before = marked.length;
    await new Promise((resolve) => setTimeout(resolve, 30));

    expect(marked).toHaveLength(before);
  });
});
