import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../sandbox/server.ts';
import { environmentFor } from '../sandbox/settings.ts';
import { startProcess } from './support/cli-process.ts';
import { runCli } from './support/cli-run.ts';

const APP = 'http://127.0.0.1:1';
const SECRET = 'sandbox-webhook-secret';

describe('The command line', () => {
  let sandbox: Sandbox;
  let nowhere: string;
  beforeAll(async () => {
    sandbox = await startSandbox();
    nowhere = await mkdtemp(join(tmpdir(), 'switchboard-cli-'));
  });
  afterAll(async () => {
    await sandbox?.close();
    await rm(nowhere, { recursive: true, force: true });
  });

  const run = (args: string[], more: Record<string, string> = {}) =>
    runCli(args, { ...environmentFor(sandbox.url, APP), ...more }, nowhere);

  it('says what there is, in words, without any configuration', async () => {
    const { code, stdout } = await runCli(['--help'], {}, nowhere);

    expect(code).toBe(0);
    for (const command of ['start', 'setup', 'doctor', 'orphans', 'digest'])
      expect(stdout).toContain(`  ${command}`);
    expect(stdout).toContain('switchboard.example.yaml');
    expect(stdout.split('\n').every((line) => line.length <= 80)).toBe(true);
  });

  it('refuses a word that it does not know, and says where to look', async () => {
    const { code, stdout, stderr } = await runCli(['claim'], {}, nowhere);

    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain("unknown command 'claim'");
    expect(stderr).toContain('switchboard --help');
  });

  it.each(['start', 'setup', 'doctor', 'orphans'])(
    '%s: lists in one message what is not configured, and ends with 2',
    async (command) => {
      const { code, stdout, stderr } = await runCli([command], {}, nowhere);

      expect(code).toBe(2);
      expect(stdout).toBe('');
      expect(stderr.trim().split('\n')).toEqual([
        'The configuration is not complete:',
        '  - MEDPLUM_BASE_URL is missing',
        '  - MEDPLUM_CLIENT_ID is missing',
        '  - MEDPLUM_CLIENT_SECRET is missing',
        '  - switchboard.yaml cannot be read (SWITCHBOARD_CONFIG names another file)',
      ]);
    },
  );

  it('setup: rehearses, then does it, then has nothing to do; the secret is never said', async () => {
    const rehearsed = await run(['setup', '--dry-run']);
    const between = sandbox.fhir.requests.filter(({ method }) => method !== 'GET');
    const done = await run(['setup']);
    const again = await run(['setup']);

    expect([rehearsed.code, done.code, again.code]).toEqual([0, 0, 0]);
    expect(between).toEqual([]);
    expect(rehearsed.stdout).toContain('  would create  CodeSystem reasons: not there yet');
    expect(rehearsed.stdout).toContain('Nothing was changed.');
    expect(done.stdout).toContain('  created       Subscription for Task: not there yet');
    expect(done.stdout).toContain(
      'The AccessPolicy has no effect until it is given to the ClientApplication',
    );
    expect(again.stdout.match(/^ {2}\w+/gm)).toEqual(Array(8).fill('  unchanged'));
    expect([rehearsed, done, again].map(({ stdout, stderr }) => stdout + stderr).join()).not.toContain(
      SECRET,
    );
  });

  it.each([
    [{ PUBLIC_URL: '' }, 'PUBLIC_URL is not set'],
    [{ PUBLIC_URL: '', MEDPLUM_WEBHOOK_SECRET: '' }, 'PUBLIC_URL and MEDPLUM_WEBHOOK_SECRET are not set'],
  ])(
    'setup: leaves the Subscriptions out where they cannot work, and does the rest: %o',
    async (missing, words) => {
      const { code, stdout } = await run(['setup', '--dry-run'], missing);

      expect(code).toBe(0);
      expect(stdout).toContain(`The Subscriptions were left out: ${words}.`);
      expect(stdout).not.toContain('Subscription for');
      expect(stdout).toContain('CodeSystem reasons');
    },
  );

  it('setup: says in one line that the credentials are wrong, and ends with 1', async () => {
    const { code, stdout, stderr } = await run(['setup'], { MEDPLUM_CLIENT_SECRET: 'wrong' });

    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^Medplum at http:\S+ did not let us in\. .*\n$/);
  });

  it('orphans: has a table for people and JSON for programs', async () => {
    const { task } = await sandbox.inbox.write({ pool: 'pharmacy', text: 'Where are my pills?' });
    const { repository } = sandbox.fhir;
    for (const role of await repository.searchResources({
      resourceType: 'PractitionerRole',
      filters: [],
      count: 1000,
    })) {
      if (JSON.stringify(role).includes('46255001'))
        await repository.updateResource({ ...role, active: false });
    }

    const table = await run(['orphans']);
    const json = await run(['orphans', '--json']);

    expect([table.code, json.code]).toEqual([0, 0]);
    const [head = '', row = ''] = table.stdout.split('\n');
    expect(head.split(/ {2,}/)).toEqual(['TASK', 'POOL', 'AGE', 'WHY']);
    expect(row.split(/ {2,}/)).toEqual([
      task.slice(0, 6),
      'Pharmacist',
      '0 min',
      'nobody holds an active role for “Pharmacist”',
    ]);
    expect(table.stdout).toContain('1 Task is stuck.');
    expect(JSON.parse(json.stdout)).toEqual([
      {
        task: `Task/${task}`,
        reference: task.slice(0, 6),
        pool: 'Pharmacist',
        waitingSince: expect.stringMatching(/^20\d\d-/),
        why: [{ kind: 'unstaffed', sentence: 'nobody holds an active role for “Pharmacist”' }],
      },
    ]);
  });

  it('start: serves until it is told to stop, and ends with 0', async () => {
    const app = await startProcess({
      ...environmentFor(sandbox.url, APP),
      DATA_DIR: join(nowhere, 'ledger'),
    });

    expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
    expect(await app.stop()).toBe(0);
  }, 60_000);
});
