import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startSandbox } from './server.ts';
import { DEMO_CONFIG, environmentFor } from './settings.ts';

/*
 * `npm run demo`: the sandbox, and the real application beside it in a process of its own, pointed at the sandbox the
 * way an installation is pointed at Medplum and Slack. Its clock is the clinic's.
 */

const APP = fileURLToPath(new URL('./demo-app.ts', import.meta.url));
const READY_WITHIN_MS = 60_000;

const port = Number(process.env.SANDBOX_PORT ?? 4000);
console.log('Building the page and starting the clinic ...');
const sandbox = await startSandbox({ port, page: true });
const appUrl = `http://127.0.0.1:${await freePort()}`;
const folder = await mkdtemp(join(tmpdir(), 'switchboard-demo-'));
const app = startApp(appUrl, join(folder, 'ledger'));
sandbox.setApp(appUrl);
sandbox.clock.onMove((offset) => {
  if (app.connected) app.send({ offset });
});

let ending = false;
async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  const gone = app.exitCode === null ? new Promise((resolve) => app.once('exit', resolve)) : undefined;
  app.kill('SIGTERM');
  await gone;
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
  process.exit(code);
}
process.once('SIGINT', () => end(0));
process.once('SIGTERM', () => end(0));
app.once('exit', (code) => {
  if (!ending) console.error(`Switchboard ended by itself (${code}).`);
  end(1);
});

await ready(appUrl);
// As when an administrator adds the app to the team: Teams tells us where it is.
await sandbox.teams.install();
console.log(`
  The clinic is open:  ${sandbox.url}

  Let a patient write, press Claim as Ana, Reroute as Ben, in Slack or in Teams, and watch the record on the right.
  Ctrl-C ends it; nothing is kept.
`);

/** Its log goes to a file beside the ledger only when asked for: the demo's own words are few. */
function startApp(url: string, dataDir: string): ChildProcess {
  const env = {
    ...process.env,
    ...environmentFor(sandbox.url, url),
    SWITCHBOARD_CONFIG: DEMO_CONFIG,
    DATA_DIR: dataDir,
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
  };
  return spawn(process.execPath, [APP], { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

async function ready(url: string): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  while (Date.now() < until && !ending) {
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  if (!ending) throw new Error('Switchboard did not become ready.');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
