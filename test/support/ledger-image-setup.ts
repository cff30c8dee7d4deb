import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { openDatabase } from '../../src/ledger/index.ts';
import { IMAGE_VARIABLE } from './ledger-image.ts';

/** Makes one empty ledger before all tests, which theirs are copies of. Gives what takes it away again. */
export default async function setup(): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), 'switchboard-image-'));
  const folder = join(home, 'ledger');
  const made = await openDatabase({ folder }, (error) => console.error('ledger', error));
  await made.close();
  const pglite = await PGlite.create(folder);
  const image = await pglite.dumpDataDir('none');
  await pglite.close();
  const file = join(home, 'ledger.tar');
  await writeFile(file, Buffer.from(await image.arrayBuffer()));
  process.env[IMAGE_VARIABLE] = file;
  return () => rm(home, { recursive: true, force: true });
}
