import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { CodeSystem, PractitionerRole } from '@medplum/fhirtypes';
import { describe, expect, it, onTestFinished } from 'vitest';
import { practitionerOf } from '../sandbox/seed.ts';
import { type Sandbox, startSandbox } from '../sandbox/server.ts';
import { CLINIC_CONFIG, DEMO_CONFIG } from '../sandbox/settings.ts';
import type { Surface } from '../src/cards/surfaces.ts';
import { doctor } from '../src/cli/doctor.ts';
import { setup } from '../src/cli/setup.ts';
import type { Config } from '../src/config.ts';
import type { PlatformModule } from '../src/platform.ts';
import { SWITCHBOARD_REASON } from '../src/routing/reasons.ts';
import { ChatError } from '../src/runtime/ports/chat.ts';
import { pointedAt } from './support/cli-run.ts';
import { fakePlatform } from './support/fake-platform.ts';
import { configured } from './support/flow-config.ts';

const APP = 'http://127.0.0.1:1';

interface Examined {
  readonly code: number;
  /** Every line, without the last two. */
  readonly lines: readonly string[];
  readonly ill: readonly string[];
}

/** A clinic in which nothing is wrong, unless somebody does something to it first. */
async function examine(
  harm: (sandbox: Sandbox) => Promise<unknown> = async () => {},
  more: Record<string, string> = {},
  change: (config: Config) => Config = (config) => config,
  modules: readonly PlatformModule[] = [],
): Promise<Examined & { sandbox: Sandbox }> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-doctor-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const config = (env: Record<string, string>) =>
    pointedAt({ sandbox, url: APP }, { DATA_DIR: join(folder, 'ledger'), ...env });
  await setup(config({}), {}, () => {});
  await harm(sandbox);
  sandbox.fhir.resetRequests();
  const lines: string[] = [];
  const code = await doctor(change(config(more)), modules, (line) => lines.push(line));
  return { sandbox, code, lines, ill: lines.filter((line) => line.startsWith('✗')) };
}

describe('The doctor', () => {
  it('finds nothing wrong where nothing is, says what was looked at, and ends with 0', async () => {
    const { code, lines, sandbox } = await examine();

    expect(code).toBe(0);
    expect(lines.map((line) => line[0])).toEqual([...Array(12).fill('✓'), '\n']);
    expect(lines.at(-1)).toBe('\nNothing is wrong.');
    expect(lines.join('\n')).toContain('✓ “Pharmacist”: 1 person may claim now.');
    expect(sandbox.slack.messages()).toEqual([]);
    // The one that is not a reading asks whether transactions are kept, with one that must fail.
    const writes = sandbox.fhir.requests.filter(({ method }) => method !== 'GET');
    expect(writes.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /fhir/R4']);
  });

  it.each<[string, (sandbox: Sandbox) => Promise<unknown>, Record<string, string>, RegExp[]]>([
    [
      'wrong credentials, and looks at nothing in the record then',
      async () => {},
      { MEDPLUM_CLIENT_SECRET: 'wrong' },
      [/^✗ Medplum at .* did not let us in\. .* What stands in the record was not looked at\.$/],
    ],
    [
      'a Subscription with another secret',
      async () => {},
      { MEDPLUM_WEBHOOK_SECRET: 'another secret, long enough' },
      [
        /^✗ The Subscription for Task differs: secret\. Run: switchboard setup$/,
        /^✗ The Subscription for Communication\S+ differs: secret\. Run: switchboard setup$/,
      ],
    ],
    [
      'Subscriptions for another address only',
      async () => {},
      { PUBLIC_URL: 'https://elsewhere.example' },
      [
        /^✗ The Subscription for Task is missing\. Run: switchboard setup$/,
        /^✗ The Subscription for Communication\S+ is missing\. Run: switchboard setup$/,
      ],
    ],
    [
      'reasons that are not loaded',
      forgetReasons,
      {},
      [/^✗ The CodeSystem reasons is missing\. Run: switchboard setup$/],
    ],
    [
      'a pool without people',
      (sandbox) => retire(sandbox, '46255001'),
      {},
      [
        /^✗ “Pharmacist”: nobody holds an active role of http:\/\/snomed\.info\/sct\|46255001, so .* PractitionerRole/,
      ],
    ],
    [
      'what the client may not read',
      async ({ fhir }) => {
        await fhir.change({ clientAdmin: false });
        await fhir.setMembership(`ClientApplication/${fhir.clientId}`, {
          policy: [
            ...['Task', 'Practitioner', 'PractitionerRole', 'CodeSystem', 'ValueSet', 'Subscription'].map(
              (resourceType) => ({ resourceType }),
            ),
          ],
        });
      },
      {},
      [/^✗ The client may not search Communication, Provenance\. Give its membership an AccessPolicy/],
    ],
  ])('finds %s', async (_what, harm, env, expected) => {
    const { code, ill, lines } = await examine(harm, env);

    expect(code).toBe(1);
    expect(ill).toHaveLength(expected.length);
    for (const [i, pattern] of expected.entries()) expect(ill[i]).toMatch(pattern);
    expect(lines.at(-1)).toBe('\nSomething is wrong: see the lines with ✗.');
    expect(lines.join('\n')).not.toContain('another secret');
  });

  it.each<[string, Config['onBehalfOf'], (sandbox: Sandbox) => Promise<unknown>, RegExp]>([
    [
      'a fault where it must',
      'require',
      noAdmin,
      /^✗ The client may not read ProjectMemberships: .* nobody can act\.$/,
    ],
    [
      'no fault where it may',
      'prefer',
      noAdmin,
      /^· The client may not read ProjectMemberships: .* names the person\.$/,
    ],
    ['not looked at where it never is', 'never', noAdmin, /^✓ The service writes in its own name/],
    [
      'possible for members',
      'require',
      async () => {},
      /^✓ Changes are written on behalf of people who have/,
    ],
  ])(
    'takes it for %s that nothing can be written on people’s behalf',
    async (_what, onBehalfOf, harm, line) => {
      const { code, lines } = await examine(harm, {}, (config) => ({ ...config, onBehalfOf }));

      expect(lines.filter((one) => line.test(one))).toHaveLength(1);
      expect(code).toBe(line.source.startsWith('^✗') ? 1 : 0);
    },
  );

  it.each([
    ['https://clinic.example/ValueSet/none', /^✗ .*none \(reasons\.reroute\) cannot be expanded/, 1],
    [
      'urn:switchboard:ValueSet:reroute-reason',
      /^✓ urn:switchboard:ValueSet:reroute-reason: 14 reasons\.$/,
      0,
    ],
  ])('looks whether the project’s own reasons can be read: %s', async (reroute, line, ends) => {
    const { code, lines } = await examine(undefined, {}, (config) => ({ ...config, reasons: { reroute } }));

    expect(lines.filter((one) => line.test(one))).toHaveLength(1);
    expect(code).toBe(ends);
  });

  it('only mentions what is left out on purpose', async () => {
    const { code, lines } = await examine(undefined, { PUBLIC_URL: '' });

    expect(code).toBe(0);
    expect(lines).toContain(
      '· Without PUBLIC_URL nobody tells us of changes: they are found by asking every 10 s.',
    );
  });

  it.each<[string, (sandbox: Sandbox) => Promise<unknown>, RegExp, number]>([
    [
      'told of changes over a websocket',
      ({ fhir }) => fhir.change({ websockets: true }),
      /^✓ Medplum can tell us of changes over ws:\/\/127\.0\.0\.1:\d+\/ws\/subscriptions-r4\.$/,
      0,
    ],
    [
      'refused a websocket',
      async () => {},
      /^✗ Medplum refuses WebSocket subscriptions: .* websocket-subscriptions\. Until then .* every 10 s\.$/,
      1,
    ],
  ])('says that we are %s, without an address of ours', async (_what, harm, line, ends) => {
    const { code, lines } = await examine(harm, { MEDPLUM_EVENTS: 'websocket', PUBLIC_URL: '' });

    expect(lines.filter((one) => line.test(one))).toHaveLength(1);
    expect(code).toBe(ends);
  });

  it('knows that nobody is to tell us of changes', async () => {
    const { code, lines } = await examine(undefined, { MEDPLUM_EVENTS: 'none' });

    expect(code).toBe(0);
    expect(lines).toContain(
      '· MEDPLUM_EVENTS is none, so nobody tells us of changes: they are found by asking every 10 s.',
    );
  });

  it('warns of an address to which new servers deliver nothing', async () => {
    const { lines } = await examine(undefined, { PUBLIC_URL: 'http://switchboard.clinic.example' });

    expect(lines).toContain('· PUBLIC_URL is not https, and newer Medplum servers deliver to nothing else.');
  });

  it('goes on with the next where one thing cannot be found out', async () => {
    const { code, lines, ill } = await examine(async ({ fhir }) =>
      fhir.faults.add({ kind: 'error', resourceType: 'Subscription', times: 100 }),
    );

    expect(code).toBe(1);
    expect(ill).toEqual([
      expect.stringMatching(/^✗ It could not be found out about how changes are told: unreachable/),
    ]);
    expect(lines.join('\n')).toContain('✓ “Pharmacist”');
  });
});

describe('The doctor, of the clock', () => {
  const led = (...leads: string[]) => ({ SWITCHBOARD_CONFIG: configFile(leads) });
  const lead = (slackId: string) => `Practitioner/${practitionerOf(slackId)}`;

  it('says whose time it is, and that the leads can be told', async () => {
    const { code, lines } = await examine(undefined, { SWITCHBOARD_CONFIG: DEMO_CONFIG });

    expect(code).toBe(0);
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^✓ “Registered nurse”, .* and “Dietitian” go by America\/New_York: it is \d\d:\d\d there, on \d{4}-\d\d-\d\d\.$/,
      ),
    );
    expect(lines).toContain(`✓ The lead ${lead('U0GRACE')} can be told.`);
  });

  it('finds leads who are nobody, have left, or cannot be told yet', async () => {
    const { ill, lines } = await examine(
      undefined,
      led('Practitioner/nobody', lead('U0LENA'), lead('U0OMAR')),
    );

    expect(ill).toEqual([
      '✗ The lead Practitioner/nobody is not in the record.',
      `✗ The lead ${lead('U0LENA')} is not active in the record.`,
    ]);
    expect(lines).toContain(
      `· The lead ${lead('U0OMAR')} is known by an e-mail address: they can be told once they have used Switchboard.`,
    );
  });

  it('finds a lead whom nobody can tell', async () => {
    const { ill } = await examine(undefined, led(lead('U0OMAR')), (config) => ({
      ...config,
      people: { ...config.people, linkByEmail: false },
    }));

    expect(ill).toEqual([`✗ The lead ${lead('U0OMAR')} has no chat identifier, so that nobody can be told.`]);
  });
});

/** The clinic's configuration with these leads. */
function configFile(leads: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-leads-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'switchboard.yaml');
  writeFileSync(path, configured({ leads })(readFileSync(CLINIC_CONFIG, 'utf8')));
  return path;
}

describe('The doctor, of chat platforms', () => {
  const OPEN = 'C0NURSES';
  const SILENT = 'C0DIET';
  /** Lets us into every channel but one; of one it does not tell. */
  const inspect = async (surface?: Surface) => {
    if (surface?.id === 'C0CARDIO')
      throw new ChatError('forbidden', 'asking for a channel', { cause: new Error('not_in_channel') });
    return surface?.id !== SILENT;
  };

  it('asks each whether it lets us in, and into every channel, once', async () => {
    const asked: (string | undefined)[] = [];
    const slack = fakePlatform('slack', async (surface) => {
      asked.push(surface?.id);
      return inspect(surface);
    });

    const { code, lines, ill } = await examine(
      undefined,
      {},
      (config) => ({
        ...config,
        operations: [{ platform: 'slack', channel: OPEN, privacy: 'none' }],
      }),
      [slack],
    );

    expect(code).toBe(1);
    expect(asked).toEqual([undefined, OPEN, 'C0CARDIO', 'C0PHARMACY', SILENT]);
    expect(ill).toEqual([
      '✗ slack: cards cannot be posted to C0CARDIO: forbidden while asking for a channel (not_in_channel). Is the app in ' +
        'that channel?',
    ]);
    expect(lines).toContain('✓ slack: cards can be posted to C0NURSES.');
    expect(lines).toContain('· slack does not tell whether 1 of its channels take cards.');
  });

  it('says so where one does not let us in, and asks no further', async () => {
    const slack = fakePlatform('slack', async () => {
      throw new Error('Slack did not let us in. Is the token right?', { cause: new Error('invalid_auth') });
    });

    const { code, ill } = await examine(undefined, {}, undefined, [slack]);

    expect(code).toBe(1);
    expect(ill).toEqual([
      '✗ slack: Slack did not let us in. Is the token right? (invalid_auth). See adapters/slack/README.md.',
    ]);
  });

  it('says of one that cannot be asked that it was not', async () => {
    const { code, lines } = await examine(undefined, {}, undefined, [fakePlatform('slack')]);

    expect(code).toBe(0);
    expect(lines).toContain(
      '· slack: cannot be asked without being started; its start says whether it lets us in.',
    );
  });
});

describe('The doctor, of the ledger', () => {
  const last = async (env: Record<string, string>) => {
    const { code, lines } = await examine(undefined, env);
    return [code, lines.at(-2)];
  };
  const place = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'switchboard-place-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    return folder;
  };

  it('finds one that is there, in use or not, and one that will be', async () => {
    const path = join(await place(), 'deep', 'ledger');
    const before = await last({ DATA_DIR: path });
    await mkdir(path, { recursive: true });
    await (await PGlite.create(path)).close();
    // A lock is as good as the process that it names.
    await writeFile(`${path}.lock`, String(process.ppid));
    const inUse = await last({ DATA_DIR: path });
    await rm(`${path}.lock`);
    const idle = await last({ DATA_DIR: path });

    expect(before).toEqual([0, `✓ The ledger in ${path} will be made at the first start.`]);
    expect(inUse).toEqual([
      0,
      `✓ The ledger in ${path} is in use by a running Switchboard (process ${process.ppid}).`,
    ]);
    expect(idle).toEqual([0, `✓ The ledger in ${path} opens.`]);
  }, 60_000);

  it('finds one that is broken, or cannot be made, or a server that is not there', async () => {
    const folder = await place();
    await writeFile(join(folder, 'a-file'), '');
    await mkdir(join(folder, 'broken'));
    await writeFile(join(folder, 'broken', 'PG_VERSION'), '18');

    const blocked = await last({ DATA_DIR: join(folder, 'a-file', 'ledger') });
    const broken = await last({ DATA_DIR: join(folder, 'broken') });
    const silent = await last({ DATABASE_URL: 'postgres://u:very-secret@127.0.0.1:1/d' });

    expect(blocked).toEqual([1, expect.stringMatching(/^✗ The ledger cannot be made in .* \(DATA_DIR\): /)]);
    expect(broken).toEqual([
      1,
      expect.stringMatching(/^✗ The ledger in .*broken does not open: .*move the folder away/),
    ]);
    expect(silent).toEqual([
      1,
      expect.stringMatching(
        /^✗ The ledger’s PostgreSQL server does not let us in \(DATABASE_URL\): .*ECONNREFUSED/,
      ),
    ]);
    expect(String(silent)).not.toContain('very-secret');
  });
});

async function noAdmin({ fhir }: Sandbox): Promise<void> {
  await fhir.change({ clientAdmin: false });
}

async function forgetReasons({ fhir }: Sandbox): Promise<void> {
  const found = await fhir.repository.searchResources<CodeSystem>({ resourceType: 'CodeSystem' });
  for (const { id, url } of found)
    if (url === SWITCHBOARD_REASON) await fhir.repository.deleteResource('CodeSystem', id);
}

async function retire({ fhir }: Sandbox, code: string): Promise<void> {
  const roles = await fhir.repository.searchResources<PractitionerRole>({
    resourceType: 'PractitionerRole',
    count: 1000,
  });
  for (const role of roles) {
    if (role.code?.some(({ coding }) => coding?.some((one) => one.code === code)))
      await fhir.repository.updateResource({ ...role, active: false });
  }
}
