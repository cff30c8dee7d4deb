import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClock } from '../../sandbox/clock.ts';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { CLINIC_CONFIG, environmentFor } from '../../sandbox/settings.ts';
import { digestsIn, nextEight, teamsDigestsIn, withDigest } from '../support/flow-digest.ts';
import { type Replica, startReplica } from '../support/flow-replicas.ts';
import { CARDIO, NURSES } from '../support/flow-teams.ts';
import { eventually } from '../support/flow-wait.ts';
import { databases, type Home } from '../support/unit-postgres.ts';

const REPLICAS = 5;
const SHARED = (await databases()).filter(({ shared }) => shared);
/** What a killed process was just doing is taken up by another once it has been silent for a while. */
const TAKEN_UP_MS = 180_000;

describe.each(SHARED)('five replicas on one ledger, $name, killed and started again around eight', (kind) => {
  const clock = createClock();
  const replicas: Replica[] = [];
  let sandbox: Sandbox;
  let home: Home;
  let folder: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    sandbox = await startSandbox({ clock });
    await sandbox.teams.install();
    home = await kind.create();
    folder = await mkdtemp(join(tmpdir(), 'switchboard-replicas-'));
    const file = join(folder, 'switchboard.yaml');
    await writeFile(file, withDigest()(await readFile(CLINIC_CONFIG, 'utf8')));
    env = {
      ...environmentFor(sandbox.url, 'http://127.0.0.1:1'),
      PATH: process.env.PATH ?? '',
      SWITCHBOARD_CONFIG: file,
      DATABASE_URL: 'url' in home.where ? home.where.url : '',
      // The sweep finds the Tasks: deliveries would be one replica's.
      PUBLIC_URL: '',
      MEDPLUM_WEBHOOK_SECRET: '',
    };
    clock.moveTo(new Date(nextEight(clock.now()).getTime() + 2 * 3_600_000));
    for (const pool of ['registered-nurse', 'cardiology']) {
      for (let i = 0; i < 3; i++) await sandbox.inbox.write({ pool });
    }
    await startAll();
    await eventually(() => {
      for (const { slack, teams } of [NURSES, CARDIO]) {
        expect(sandbox.slack.messages(slack)).toHaveLength(3);
        expect(
          sandbox.teams.messages(teams).filter(({ attachments }) => attachments.length > 0),
        ).toHaveLength(3);
      }
    }, 120_000);
  }, 300_000);
  afterAll(async () => {
    await killAll();
    await sandbox?.close();
    await home?.drop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  async function startAll(): Promise<void> {
    // One after the other takes less time where processors are few.
    while (replicas.length < REPLICAS) replicas.push(await startReplica(env, clock.offset()));
  }
  const killAll = () => Promise.all(replicas.splice(0).map((replica) => replica.kill()));
  const toEight = () => {
    clock.moveTo(nextEight(clock.now()));
    for (const replica of replicas) replica.move(clock.offset());
  };
  const counts = () => [
    ...[NURSES, CARDIO].map(({ slack }) => digestsIn({ sandbox }, slack).length),
    ...[NURSES, CARDIO].map(({ teams }) => teamsDigestsIn({ sandbox }, teams).length),
  ];
  const each = (n: number) => [n, n, n, n];

  it('post one digest in each channel, when all of them die between a post and its answer', async () => {
    sandbox.slack.addFault({ method: 'chat.postMessage', kind: 'delay', ms: 60_000, times: 2 });
    toEight();
    await eventually(() => expect(digestsIn({ sandbox }, NURSES.slack)).toHaveLength(1), 60_000);
    await killAll();
    sandbox.slack.addFault({ kind: 'none' });

    await startAll();

    await eventually(() => expect(counts()).toEqual(each(1)), TAKEN_UP_MS);
    await settled();
    expect(counts()).toEqual(each(1));
  }, 400_000);

  it('post one digest in each channel, when they die one by one while they are at it', async () => {
    toEight();

    for (let i = 0; i < REPLICAS; i++) {
      await sleep(400 + Math.random() * 2_500);
      await replicas.shift()?.kill();
      replicas.push(await startReplica(env, clock.offset()));
    }

    await eventually(() => expect(counts()).toEqual(each(2)), TAKEN_UP_MS);
    await settled();
    expect(counts()).toEqual(each(2));
  }, 400_000);

  /** Everything that was begun for the digests has come to its end, and a few ticks more have passed. */
  async function settled(): Promise<void> {
    const database = await home.open();
    try {
      await eventually(async () => {
        const open = await database.db
          .selectFrom('digest')
          .select('id')
          .where('state', 'in', ['due', 'posting'])
          .execute();
        expect(open).toEqual([]);
      }, TAKEN_UP_MS);
    } finally {
      await database.close();
    }
    await sleep(25_000);
  }
});
