import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { CLINIC_CONFIG, environmentFor } from '../../sandbox/settings.ts';
import { type Replica, startReplica } from '../support/flow-replicas.ts';
import { eventually } from '../support/flow-wait.ts';
import { databases, type Home } from '../support/unit-postgres.ts';

const NURSES = 'C0NURSES';
const SHARED = (await databases()).filter(({ shared }) => shared);

describe.each(SHARED)('two replicas on one ledger, $name', (kind) => {
  const replicas: Replica[] = [];
  let sandbox: Sandbox;
  let home: Home;
  let folder: string;

  beforeAll(async () => {
    sandbox = await startSandbox();
    sandbox.slack.setRateLimits(true);
    home = await kind.create();
    folder = await mkdtemp(join(tmpdir(), 'switchboard-pace-'));
    const file = join(folder, 'switchboard.yaml');
    const config = await readFile(CLINIC_CONFIG, 'utf8');
    await writeFile(file, config.replace(/^sweep:\n( {2}.*\n)*/m, 'sweep:\n  seconds: 1\n'));
    const env = {
      ...environmentFor(sandbox.url, 'http://127.0.0.1:1'),
      PATH: process.env.PATH ?? '',
      SWITCHBOARD_CONFIG: file,
      DATABASE_URL: 'url' in home.where ? home.where.url : '',
      LOG_LEVEL: 'info',
      // The sweep finds the Tasks: deliveries would be one replica's.
      PUBLIC_URL: '',
      MEDPLUM_WEBHOOK_SECRET: '',
    };
    replicas.push(await startReplica(env, 0));
    replicas.push(await startReplica(env, 0));
  }, 120_000);
  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.kill()));
    await sandbox?.close();
    await home?.drop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  const posts = () => sandbox.slack.calls().filter(({ method }) => method === 'chat.postMessage');
  const cards = () => sandbox.slack.messages(NURSES);

  it('keep the pace together, and what one has lined up before it died is shown by the other', async () => {
    const tasks: string[] = [];
    const write = async (many: number) => {
      for (let i = 0; i < many; i++)
        tasks.push((await sandbox.inbox.write({ pool: 'registered-nurse' })).task);
    };
    // The first three may go at once; from then on there is a place every second.
    await write(3);
    await eventually(() => expect(cards()).toHaveLength(3), 60_000);
    await write(21);
    await eventually(() => expect(cards().length).toBeGreaterThan(7), 60_000);

    await replicas.shift()?.kill();

    await eventually(() => expect(cards().length).toBeGreaterThanOrEqual(24), 120_000);
    const shown = cards().map(({ metadata }) => JSON.stringify(metadata));
    for (const task of tasks) expect(shown.filter((one) => one.includes(task))).toHaveLength(1);
    expect(posts().filter(({ status }) => status === 429)).toEqual([]);
  }, 240_000);
});
