import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLATFORMS } from '../../adapters/index.ts';
import { createClock } from '../../sandbox/clock.ts';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { DEMO_CONFIG } from '../../sandbox/settings.ts';
import { digest } from '../../src/cli/digest.ts';
import { lockFolder } from '../../src/ledger/folder-lock.ts';
import { pointedAt } from '../support/cli-run.ts';
import { buttonsOf } from '../support/flow-card.ts';
import { configured } from '../support/flow-config.ts';
import { digestsIn, nextEight, teamsDigestsIn, withDigest } from '../support/flow-digest.ts';
import { bareTask, CARDIOLOGIST } from '../support/flow-tasks.ts';
import { NURSES } from '../support/flow-teams.ts';

const MANY = 3_000;

describe('switchboard digest', () => {
  const clock = createClock();
  let sandbox: Sandbox;
  let folder: string;
  let file: string;
  beforeAll(async () => {
    clock.moveTo(nextEight(clock.now()));
    sandbox = await startSandbox({ clock });
    await sandbox.teams.install();
    folder = await mkdtemp(join(tmpdir(), 'switchboard-digest-'));
    file = join(folder, 'switchboard.yaml');
    await writeFile(file, withDigest()(await readFile(DEMO_CONFIG, 'utf8')));
    for (const priority of ['routine', 'stat', 'urgent'] as const)
      await sandbox.inbox.write({ pool: 'registered-nurse', priority, patient: 'homer', text: 'My chest' });
  });
  afterAll(async () => {
    await sandbox?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  async function run(options: { pool: string; dryRun?: boolean }, config = file) {
    const ledger = join(folder, 'ledger');
    const said: string[] = [];
    const target = pointedAt(
      { sandbox, url: 'http://127.0.0.1:1' },
      { SWITCHBOARD_CONFIG: config, DATA_DIR: ledger },
    );
    const code = await digest(target, PLATFORMS, options, (line) => said.push(line), clock.now);
    return { code, said: said.join('\n') };
  }
  const standing = () => [digestsIn({ sandbox }, NURSES.slack), teamsDigestsIn({ sandbox }, NURSES.teams)];

  it('prints exactly what it would post, and posts nothing', async () => {
    const { code, said } = await run({ pool: 'registered-nurse', dryRun: true });

    expect(code).toBe(0);
    expect(said).toContain('To slack C0NURSES:\nDaily digest  ·  Registered nurse');
    expect(said).toContain('To teams 19:registered-nurses@thread.tacv2:\nDaily digest  ·  Registered nurse');
    expect(said).toContain('  Waiting: 3 (1 STAT, 1 Urgent, 1 Routine)');
    expect(said).toMatch(/ {2}- STAT.*\[Claim\]\n {2}- Urgent.*\[Claim\]\n {2}- Routine.*\[Claim\]/);
    expect(said).toContain('(Notification: Daily digest: 3 Tasks wait in “Registered nurse”.)');
    expect(said).not.toMatch(/homer|simpson|chest/i);
    expect(standing().flat()).toEqual([]);
  });

  it('posts it to each channel, once a day', async () => {
    const first = await run({ pool: 'Registered nurse' });
    const again = await run({ pool: 'registered-nurse' });
    const rehearsed = await run({ pool: 'registered-nurse', dryRun: true });

    expect([first.code, again.code]).toEqual([0, 0]);
    expect(first.said.split('\n').toSorted()).toEqual([
      'slack C0NURSES: today’s digest stands.',
      'teams 19:registered-nurses@thread.tacv2: today’s digest stands.',
    ]);
    expect(again.said).toContain('slack C0NURSES: today’s digest stands. Nothing was posted.');
    expect(rehearsed.said).toContain('slack C0NURSES: today’s digest stands. Nothing would be posted there.');
    expect(standing().map((all) => all.length)).toEqual([1, 1]);
    const [posted] = digestsIn({ sandbox }, NURSES.slack);
    expect(posted && buttonsOf(posted)).toEqual(['Claim', 'Claim', 'Claim']);
  });

  it('says of an empty pool that there is none', async () => {
    const rehearsed = await run({ pool: 'pharmacy', dryRun: true });
    const done = await run({ pool: 'pharmacy' });

    expect(rehearsed.said).toContain('Nothing waits in “Pharmacist”, so nothing would be posted');
    expect(done).toEqual({
      code: 0,
      said: expect.stringContaining('slack C0PHARMACY: nothing waited, so there is none today.'),
    });
  });

  it('says which pools there are, and where no digest is configured', async () => {
    const none = join(folder, 'none.yaml');
    await writeFile(none, configured({ digest: false })(await readFile(DEMO_CONFIG, 'utf8')));

    const unknown = await run({ pool: 'cardiologgy' });
    const unset = await run({ pool: 'cardiology' }, none);

    expect(unknown).toEqual({
      code: 1,
      said: expect.stringMatching(
        /^There is no pool “cardiologgy”\. Did you mean cardiology\? The pools are/,
      ),
    });
    expect(unset).toEqual({
      code: 1,
      said: 'The pool “cardiology” has no digest: no digest is configured for it in switchboard.yaml.',
    });
  });

  it('reads thousands of Tasks page by page, also beside a service that has the ledger', async () => {
    const { repository } = sandbox.fhir;
    for (let i = 0; i < MANY; i++) {
      const authoredOn = new Date(clock.now() - (MANY - i) * 60_000).toISOString();
      const task: Task = { ...bareTask, performerType: [CARDIOLOGIST], authoredOn };
      await repository.createResource<Task>(i % 1_000 === 999 ? { ...task, priority: 'urgent' } : task);
    }
    const unlock = await lockFolder(join(folder, 'ledger'));

    const { code, said } = await run({ pool: 'cardiology', dryRun: true }).finally(unlock);

    expect(code).toBe(0);
    expect(said).toContain('  Waiting: 3,000 (3 Urgent, 2,997 Routine)');
    expect(said).toMatch(/ {2}In the last 24 hours: 1,4[34]\d came in, 0 closed/);
    expect(said).toContain('These are the 10 most urgent.');
    expect(said.match(/ - (Urgent|Routine)/g)).toEqual(
      Array.from({ length: 20 }, (_, i) => (i % 10 < 3 ? ' - Urgent' : ' - Routine')),
    );
    expect(said).toContain('[Show all]');
  }, 240_000);
});
