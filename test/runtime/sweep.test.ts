import { setTimeout as sleep } from 'node:timers/promises';
import type { Communication, Task } from '@medplum/fhirtypes';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSweep, type Sweep } from '../../src/runtime/sweep.ts';
import { NURSES, POOLS, taskIn } from '../support/pure-clinic.ts';
import { HOMER, said } from '../support/pure-thread.ts';
import { MemoryLedger, rememberedJobs } from '../support/unit-ledger.ts';
import { FakeRecord } from '../support/unit-record.ts';
import { capturedLog } from '../support/unit-slack.ts';

const START = Date.parse('2026-03-02T10:00:00Z');
const MINUTE = 60_000;
const SURFACE = { platform: 'chat', kind: 'channel', id: 'C1' } as const;

let now: number;
let ledger: MemoryLedger;
let jobs: ReturnType<typeof rememberedJobs>;
let abandoned: string[];
let waiting: Record<string, Task[]>;
let changed: (Task & { id: string })[];
let since: Date[];
let failure: Error | undefined;
let spoken: (Communication & { id: string })[];
let heardSince: Date[];
let newestMessage: Date | undefined;
let deafness: Error | undefined;

beforeEach(() => {
  now = START;
  ledger = new MemoryLedger();
  jobs = rememberedJobs();
  abandoned = [];
  waiting = {};
  changed = [];
  since = [];
  failure = undefined;
  spoken = [];
  heardSince = [];
  newestMessage = new Date(START);
  deafness = undefined;
});

const task = (id: string, versionId = 'v1', writtenAt = START) =>
  taskIn(NURSES, { id, meta: { versionId, lastUpdated: new Date(writtenAt).toISOString() } });

const message = (id: string, thread: string, writtenAt = START, versionId = 'v1') =>
  said(id, '10:00', HOMER, {
    partOf: [{ reference: `Communication/${thread}` }],
    meta: { versionId, lastUpdated: new Date(writtenAt).toISOString() },
  });

function sweep(everyMs = MINUTE): Sweep {
  const record = new FakeRecord(taskIn());
  const store = Object.assign(record, {
    unclaimed: (pool: { id: string }) => given(waiting[pool.id] ?? []),
    queue: async (pool: { id: string }) => {
      const tasks = (waiting[pool.id] ?? []).map((one) => ({ ...one, id: one.id ?? '' }));
      return { tasks, total: tasks.length };
    },
    newestChange: async () => new Date(START),
    changedSince: (at: Date) => {
      since.push(at);
      return given(changed);
    },
    newestMessageChange: async () => {
      if (deafness) throw deafness;
      return newestMessage;
    },
    messagesChangedSince: (at: Date) => {
      heardSince.push(at);
      return heard();
    },
  });
  const commit = { run: async () => 'done' as const, recover: async () => abandoned };
  return createSweep({
    store,
    ledger,
    jobs,
    commit,
    pools: POOLS,
    everyMs,
    overlapMs: 10_000,
    now: () => now,
    log: capturedLog().log,
  });
}

async function* given(tasks: readonly Task[]) {
  if (failure) throw failure;
  for (const one of tasks) yield { ...one, id: one.id ?? '' };
}

async function* heard() {
  if (deafness) throw deafness;
  yield* spoken;
}

async function lineUp(id: string): Promise<void> {
  const wish = { item: { kind: 'task', id }, surface: SURFACE, line: 'test', rank: 3 } as const;
  await ledger.line.shut(wish, 0, 10 * MINUTE);
}

describe('the sweep', () => {
  it('looks at everything that waits, and at every open card, when it has never looked', async () => {
    waiting = { 'registered-nurse': [task('n1'), task('n2')], pharmacy: [task('p1')] };
    await ledger.beginPost('old', SURFACE);

    await sweep().once();

    expect(jobs.marks).toEqual(['n1', 'n2', 'p1', 'old']);
    expect(await ledger.cursor('tasks')).toEqual(new Date(START));
  });

  it('looks first at what is urgent, in whichever pool, and once', async () => {
    waiting = {
      'registered-nurse': [task('n1'), { ...task('n2'), priority: 'asap' }],
      pharmacy: [task('p1'), { ...task('p2'), priority: 'stat' }],
    };

    await sweep().once();

    expect(jobs.marks).toEqual(['n2', 'p2', 'n1', 'p1']);
  });

  it('leaves alone what stands in line for its channel: it is looked at when its turn comes', async () => {
    waiting = { 'registered-nurse': [task('n1'), task('n2')] };
    await ledger.beginPost('n1', SURFACE);
    await lineUp('n1');

    await sweep().once();

    expect(jobs.marks).toEqual(['n2']);
  });

  it('looks at what stands in line where it has changed once more, and leaves it alone then', async () => {
    const regular = sweep();
    await regular.once();
    changed = [task('a', 'v1', START + 1000), task('b', 'v1', START + 1000)];
    await lineUp('a');

    await regular.once();
    const once = [...jobs.marks];
    await regular.once();

    expect(once).toEqual(['a', 'b']);
    expect(jobs.marks).toEqual(['a', 'b', 'b']);
  });

  it('looks at what has changed since the last look, and some seconds before it', async () => {
    const regular = sweep();
    await regular.once();
    now += MINUTE;
    changed = [task('a', 'v1', START + 1000), task('b', 'v2', START + 2000)];
    await ledger.seen('b', 'v1', undefined);

    await regular.once();

    expect(since.at(-1)).toEqual(new Date(START - 10_000));
    expect(jobs.marks).toEqual(['a', 'b']);
    expect(await ledger.cursor('tasks')).toEqual(new Date(START + 2000));
  });

  it('goes by the server’s clock, however far ours is ahead', async () => {
    const regular = sweep();
    await regular.once();
    now += 60 * MINUTE;
    await regular.once();
    changed = [task('late', 'v1', START + 5000)];

    await regular.once();

    expect(since.at(-1)).toEqual(new Date(START - 10_000));
    expect(jobs.marks).toEqual(['late']);
  });

  it('leaves alone what has been seen at this version', async () => {
    ledger.cursors.set('tasks', new Date(START));
    changed = [task('a')];
    await ledger.seen('a', 'v1', undefined);

    await sweep().once();

    expect(jobs.marks).toEqual([]);
  });

  it('finds every change among many', async () => {
    ledger.cursors.set('tasks', new Date(START));
    changed = Array.from({ length: 450 }, (_, i) => task(`t${i}`));

    await sweep().once();

    expect(new Set(jobs.marks).size).toBe(450);
  });

  it('looks at everything again after ten minutes', async () => {
    const regular = sweep();
    await regular.once();
    waiting = { pharmacy: [task('p1')] };

    now += 10 * MINUTE - 1;
    await regular.once();
    const early = [...jobs.marks];
    now += 1;
    await regular.once();

    expect([early, jobs.marks]).toEqual([[], ['p1']]);
  });

  it('finishes what was left half done, and looks at those Tasks', async () => {
    abandoned = ['t1'];
    ledger.cursors.set('tasks', new Date(START));

    await sweep().once();

    expect(jobs.marks).toEqual(['t1']);
  });

  it('does not move on where it failed, so that nothing is missed', async () => {
    ledger.cursors.set('tasks', new Date(START));
    now += MINUTE;
    failure = new Error('away');
    const regular = sweep();

    await expect(regular.once()).rejects.toThrow('away');
    expect(await ledger.cursor('tasks')).toEqual(new Date(START));
    failure = undefined;
    waiting = { pharmacy: [task('p1')] };
    await regular.once();

    expect(jobs.marks).toEqual(['p1']);
  });

  it('comes again by itself after a failure, until it is stopped', async () => {
    failure = new Error('away');
    const regular = sweep(10);

    await regular.start();
    await sleep(30);
    failure = undefined;
    waiting = { pharmacy: [task('p1')] };
    await expect.poll(() => jobs.marks).toContain('p1');
    await regular.stop();
    const looks = since.length;
    await sleep(50);

    expect(since).toHaveLength(looks);
  });
});

describe('the sweep of messages', () => {
  it('comes at once when it is asked for, and once more when that was during a look', async () => {
    ledger.cursors.set('tasks', new Date(START));
    const hourly = sweep(60 * MINUTE);
    await hourly.start();
    await expect.poll(() => since.length).toBe(1);
    changed = [task('a')];

    hourly.soon();
    await expect.poll(() => jobs.marks).toContain('a');
    expect(since).toHaveLength(2);
    let asked = false;
    jobs.mark = async () => {
      if (!asked) hourly.soon();
      asked = true;
    };
    changed = [task('b')];
    hourly.soon();
    await expect.poll(() => since.length).toBe(4);

    await hourly.stop();
  });

  it('takes what was said before its very first look for history', async () => {
    spoken = [message('m1', 'h1', START - 5_000), message('m2', 'h2')];
    const regular = sweep();

    await regular.once();
    await regular.once();

    expect(jobs.threads).toEqual([]);
    expect(heardSince).toEqual([new Date(START - 10_000), new Date(START - 10_000)]);
    expect(await ledger.cursor('messages')).toEqual(new Date(START));
  });

  it('has begun before it says that it has started: what is said from then on is news', async () => {
    const regular = sweep();

    await regular.start();
    const begun = await ledger.cursor('messages');
    await regular.stop();

    expect(begun).toEqual(new Date(START));
  });

  it('starts all the same where it cannot be told yet where the messages begin', async () => {
    deafness = new Error('away');
    const regular = sweep(10);

    await regular.start();
    expect(await ledger.cursor('messages')).toBeUndefined();
    deafness = undefined;

    await expect.poll(() => ledger.cursor('messages')).toEqual(new Date(START));
    await regular.stop();
  });

  it('finds what is said while it looks for the very first time', async () => {
    spoken = [message('m1', 'h1'), message('m2', 'h2', START + 1)];
    const regular = sweep();

    await regular.once();
    await regular.once();

    expect(jobs.threads).toEqual(['h2']);
  });

  it('finds the very first message of a record that had none', async () => {
    newestMessage = undefined;
    const regular = sweep();
    await regular.once();
    newestMessage = new Date(START);
    spoken = [message('m1', 'h1')];

    await regular.once();

    expect(jobs.threads).toEqual(['h1']);
    expect(heardSince).toEqual([new Date(-10_000)]);
    expect(await ledger.cursor('messages')).toEqual(new Date(START));
  });

  it('looks at the threads of what was said since the last look, and some seconds before it', async () => {
    ledger.cursors.set('messages', new Date(START));
    spoken = [
      message('m1', 'h1', START + 1000),
      message('m2', 'h1', START + 2000),
      message('m3', 'h2', START + 3000),
    ];

    await sweep().once();

    expect(heardSince).toEqual([new Date(START - 10_000)]);
    expect(jobs.threads).toEqual(['h1', 'h2']);
    expect(await ledger.cursor('messages')).toEqual(new Date(START + 3000));
  });

  it('leaves alone what has been seen at this version, and looks again at what was changed', async () => {
    ledger.cursors.set('messages', new Date(START));
    spoken = [message('m1', 'h1'), message('m2', 'h2')];
    const regular = sweep();
    await regular.once();
    spoken = [message('m1', 'h1'), message('m2', 'h2', START, 'v2')];

    await regular.once();

    expect(jobs.threads).toEqual(['h1', 'h2', 'h2']);
  });

  it('counts a message as seen only once its thread is marked: a crash in between marks it twice', async () => {
    ledger.cursors.set('messages', new Date(START));
    spoken = [message('m1', 'h1', START + 1000)];
    const [broken, whole] = [sweep(), sweep()];
    const { markThread } = jobs;
    jobs.markThread = () => Promise.reject(new Error('the ledger is away'));

    await expect(broken.once()).rejects.toThrow('the ledger is away');
    expect(await ledger.cursor('messages')).toEqual(new Date(START));
    jobs.markThread = markThread;
    await whole.once();

    expect(jobs.threads).toEqual(['h1']);
  });

  it('finds every thread among many', async () => {
    ledger.cursors.set('messages', new Date(START));
    spoken = Array.from({ length: 450 }, (_, i) => message(`m${i}`, `h${i}`));

    await sweep().once();

    expect(new Set(jobs.threads).size).toBe(450);
  });

  it('goes on where Tasks cannot be read, and Tasks are looked at where messages cannot', async () => {
    for (const name of ['tasks', 'messages']) ledger.cursors.set(name, new Date(START));
    changed = [task('a')];
    spoken = [message('m1', 'h1')];
    const regular = sweep();
    failure = new Error('no Tasks');

    await expect(regular.once()).rejects.toThrow('no Tasks');
    expect(jobs.threads).toEqual(['h1']);
    failure = undefined;
    deafness = new Error('no messages');
    await expect(regular.once()).rejects.toThrow('no messages');
    expect(jobs.marks).toContain('a');
    failure = new Error('no Tasks');
    await expect(regular.once()).rejects.toThrow('sweeping');
  });
});
