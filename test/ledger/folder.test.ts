import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/ledger/folder-lock.ts';
import { createLedger, openDatabase } from '../../src/ledger/index.ts';

const PROGRAM = fileURLToPath(new URL('../support/unit-ledger-process.ts', import.meta.url));

let parent: string;
let folder: string;
let lock: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'unit-ledger-'));
  folder = join(parent, 'deep', 'ledger');
  lock = `${folder}.lock`;
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(parent, { recursive: true, force: true });
});

/** Starts another process on the folder; gives what it says first. */
async function another() {
  const child = spawn(process.execPath, [PROGRAM, folder], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  const [said] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, said };
}

/** The id of a process that has ended. */
async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('a data folder', () => {
  it('belongs to one process, and survives its being killed', async () => {
    const first = await another();
    const second = await another();
    const held = await readFile(lock, 'utf8');
    const third = openDatabase({ folder }, () => undefined);

    expect(first.said).toBe('ready');
    expect(held).toBe(String(first.child.pid));
    expect(second.said).toBe(
      `The data folder ${folder} is in use by another Switchboard (process ${first.child.pid}). ` +
        'Stop it, give this one a folder of its own (DATA_DIR), or let both share a PostgreSQL server (DATABASE_URL).',
    );
    await expect(third).rejects.toThrow('is in use by another Switchboard');

    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const database = await openDatabase({ folder }, () => undefined);
    const ledger = createLedger(database.db);
    const [known, open] = [await ledger.taskIdsByPrefix('t', 50), await ledger.tasksWithOpenCards()];
    await database.close();

    expect([known.length, open.length]).toEqual([20, 20]);
    await expect(readFile(lock)).rejects.toThrow('ENOENT');
  });
});

describe('the lock of a folder', () => {
  it('names its process, and is gone when the folder is given back', async () => {
    const unlock = await lockFolder(`${folder}/`);
    const holder = await readFile(lock, 'utf8');
    await unlock();

    expect(holder).toBe(String(process.pid));
    await expect(readFile(lock)).rejects.toThrow('ENOENT');
  });

  it.each([
    ['a process that is dead', async () => String(await deadProcess())],
    ['this very process id, from before a restart', async () => String(process.pid)],
    ['nobody', async () => ''],
    ['nonsense', async () => 'x'],
    ['a group of processes', async () => '-1'],
  ])('is taken over from %s', async (_whom, content) => {
    await (await lockFolder(folder))();
    await writeFile(lock, await content());

    const unlock = await lockFolder(folder);

    expect(await readFile(lock, 'utf8')).toBe(String(process.pid));
    await unlock();
  });

  it('is not taken from a process of somebody else', async () => {
    await (await lockFolder(folder))();
    await writeFile(lock, '1');

    await expect(lockFolder(folder)).rejects.toThrow('(process 1)');
  });
});
