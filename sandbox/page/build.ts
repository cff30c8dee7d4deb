import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = fileURLToPath(new URL('.', import.meta.url));
const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
/** All that the page takes from outside of its folder, types aside. */
const CLINIC = fileURLToPath(new URL('../clinic.ts', import.meta.url));
const CACHE = join(PROJECT, 'node_modules', '.cache', 'switchboard-page');

/**
 * The files of the built page by their path on the server ("/index.html", "/assets/..."). A build is kept in a folder
 * named after the content of its sources, so it is made again exactly when one of them changed.
 */
export async function builtPage(): Promise<[path: string, content: Buffer][]> {
  const folder = join(CACHE, await fingerprint());
  if (!(await exists(join(folder, 'index.html')))) await build(folder);
  const files = await filesUnder(folder);
  return Promise.all(
    files.map(
      async (file): Promise<[string, Buffer]> => [
        `/${relative(folder, file).split(sep).join('/')}`,
        await readFile(file),
      ],
    ),
  );
}

/** Two processes may build at once: each builds into a folder of its own, and the first to finish gives the name. */
async function build(folder: string): Promise<void> {
  const draft = `${folder}.${process.pid}.draft`;
  try {
    const [{ build: bundle }, { default: react }] = await Promise.all([
      import('vite'),
      import('@vitejs/plugin-react'),
    ]);
    await mkdir(CACHE, { recursive: true });
    await bundle({
      root: SOURCES,
      configFile: false,
      envFile: false,
      logLevel: 'error',
      mode: 'production',
      plugins: [react()],
      // One chunk on purpose: it comes from loopback.
      build: {
        outDir: draft,
        emptyOutDir: true,
        target: 'es2022',
        chunkSizeWarningLimit: 4000,
        assetsInlineLimit: 0,
      },
    });
    await rename(draft, folder);
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    if (await exists(join(folder, 'index.html'))) return;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The sandbox's page could not be built from ${SOURCES}: ${reason}`, { cause });
  }
  await forgetOthers(folder);
}

async function forgetOthers(folder: string): Promise<void> {
  for (const name of await readdir(CACHE)) {
    const other = join(CACHE, name);
    if (other !== folder && !name.endsWith('.draft')) await rm(other, { recursive: true, force: true });
  }
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  const files = [...(await filesUnder(SOURCES)).sort(), CLINIC, join(PROJECT, 'package-lock.json')];
  for (const file of files) {
    if (file.endsWith('.md')) continue;
    hash
      .update(relative(PROJECT, file))
      .update('\0')
      .update(await readFile(file))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
