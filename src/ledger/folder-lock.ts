import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const TRIES = 5;

/**
 * Takes a data folder for this process. Two processes on one folder would corrupt an embedded Postgres without a
 * word, so the second is refused. The lock of a process that has died is taken over.
 *
 * @returns the function that gives the folder back.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = `${folder.replace(/\/+$/, '')}.lock`;
  await mkdir(dirname(path), { recursive: true });
  // Written whole under another name first: a lock that is there always says whose it is.
  const mine = `${path}.${process.pid}`;
  await writeFile(mine, String(process.pid));
  try {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      if (await linked(mine, path)) return () => rm(path, { force: true });
      const holder = await holderOf(path);
      if (holder !== undefined && holder !== process.pid && isAlive(holder))
        throw new Error(inUse(folder, holder));
      await retire(path, holder);
    }
  } finally {
    await rm(mine, { force: true });
  }
  throw new Error(`The data folder ${folder} could not be locked.`);
}

/** Makes the lock, unless somebody else's is there: of many who try at once, one succeeds. */
async function linked(mine: string, path: string): Promise<boolean> {
  try {
    await link(mine, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Takes a dead process's lock away; where another was quicker and it is a living one's by now, it is put back. */
async function retire(path: string, dead: number | undefined): Promise<void> {
  const aside = `${path}.${process.pid}.old`;
  try {
    await rename(path, aside);
    if ((await holderOf(aside)) !== dead) await linked(aside, path);
    await rm(aside, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function holderOf(path: string): Promise<number | undefined> {
  const pid = Number(await readFile(path, 'utf8').catch(() => ''));
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It lives, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function inUse(folder: string, holder: number): string {
  return (
    `The data folder ${folder} is in use by another Switchboard (process ${holder}). ` +
    'Stop it, give this one a folder of its own (DATA_DIR), or let both share a PostgreSQL server (DATABASE_URL).'
  );
}
