import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobs, retryJobs } from '../src/cli/jobs.ts';
import { createDeadLetters, createJobs } from '../src/ledger/index.ts';
import { RecordError } from '../src/runtime/ports/record.ts';
import { inLedger } from './support/flow-ledger.ts';

const PATIENT = { timeout: 25_000, interval: 50 };

describe('switchboard jobs', () => {
  let home: string;
  let folder: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'switchboard-jobs-'));
    folder = join(home, 'ledger');
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  const list = async (options = {}) => {
    const lines: string[] = [];
    const code = await jobs({ ledger: { folder } }, options, (line) => lines.push(line));
    return { code, lines };
  };
  const retry = async (which: { key?: string; queue?: string }) => {
    const lines: string[] = [];
    const code = await retryJobs({ ledger: { folder } }, which, (line) => lines.push(line));
    return { code, lines };
  };

  /** Gives these Tasks up. */
  const giveUp = (...tasks: string[]) =>
    inLedger(folder, async ({ db, boss }) => {
      const worker = await createJobs(boss);
      await boss.updateQueue('reconcile', { retryLimit: 0 });
      const error = new RecordError('forbidden', 'reading a Task');
      await worker.start({ task: () => Promise.reject(error) });
      for (const task of tasks) await worker.mark(task);
      const letters = createDeadLetters(db);
      await expect.poll(async () => (await letters.list()).length, PATIENT).toBe(tasks.length);
    });

  it('lists nothing where nothing was given up, or there is no ledger yet', async () => {
    expect(await list()).toEqual({ code: 0, lines: ['Nothing was given up.'] });
    await inLedger(folder, async ({ boss }) => void (await createJobs(boss)));
    expect(await list()).toEqual({ code: 0, lines: ['Nothing was given up.'] });
  });

  it('lists what was given up in a table, and for programs', async () => {
    await giveUp('task-1');

    expect((await list()).lines).toEqual([
      'QUEUE      KEY     TRIES  AGE    LAST ERROR',
      'reconcile  task-1  1      0 min  record forbidden',
      '',
      '1 job was given up. switchboard jobs retry does them anew.',
    ]);
    const [json = ''] = (await list({ json: true })).lines;
    expect(JSON.parse(json)).toMatchObject([
      { queue: 'reconcile', key: 'task-1', tries: 1, error: 'record forbidden' },
    ]);
  });

  it('does one anew by its key, and leaves the others', async () => {
    await giveUp('task-1', 'task-2');

    expect(await retry({ key: 'task-1' })).toEqual({ code: 0, lines: ['1 job was tried again.'] });

    expect((await list()).lines.join('\n')).not.toContain('task-1');
    expect((await list()).lines.join('\n')).toContain('task-2');
    const done: string[] = [];
    await inLedger(folder, async ({ boss }) => {
      const worker = await createJobs(boss);
      await worker.start({
        task: async (task) => {
          done.push(task);
          return { kind: 'done' };
        },
      });
      await expect.poll(() => done, PATIENT).toEqual(['task-1']);
    });
  });

  it('does all of a queue anew, and says where there is nothing of that name', async () => {
    await giveUp('task-1', 'task-2');

    expect(await retry({ queue: 'thread' })).toEqual({
      code: 1,
      lines: ['Nothing of that name was given up.'],
    });
    expect(await retry({ queue: 'reconcile' })).toEqual({ code: 0, lines: ['2 jobs were tried again.'] });
    expect((await list()).lines).toEqual(['Nothing was given up.']);
  });
});
