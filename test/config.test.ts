import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { NO_CLOCK } from '../src/clock/pool-clock.ts';
import type { Config } from '../src/config.ts';
import { DEFAULT_TASK_RULES } from '../src/routing/task.ts';
import { load, POOLS } from './support/pure-config.ts';

describe('A complete configuration', () => {
  it('needs no more than the record’s address, a client, and the pools', () => {
    const config = load(POOLS);

    expect(config).toEqual({
      medplum: { baseUrl: 'https://record.example/', clientId: 'id', clientSecret: 'secret' },
      events: 'none',
      webhookSecret: undefined,
      publicUrl: undefined,
      port: 3000,
      host: '127.0.0.1',
      ledger: { folder: '.data/ledger' },
      logLevel: 'info',
      pools: [
        {
          id: 'nurses',
          name: 'Registered nurse',
          performerType: { system: 'http://snomed.info/sct', code: '224535009' },
          channels: [{ platform: 'chat', channel: 'C1', privacy: 'none' }],
          visibility: 'in-place',
          clock: NO_CLOCK,
        },
        {
          id: 'cardiology',
          name: 'Cardiologist',
          performerType: { system: 'http://snomed.info/sct', code: '17561000' },
          channels: [{ platform: 'chat', channel: 'C2', privacy: 'initials' }],
          rerouteTo: ['nurses'],
          visibility: 'in-place',
          clock: NO_CLOCK,
        },
      ],
      rules: { ...DEFAULT_TASK_RULES, clock: NO_CLOCK },
      recipients: 'follow',
      intake: [],
      followUps: { raise: [] },
      completeWhenAnsweredBy: 'owner',
      coverage: { away: ['not-available'], freeSlotWithinMinutes: 60, covers: {} },
      reasons: {},
      onBehalfOf: 'prefer',
      operations: [],
      people: { linkByEmail: true, identifierSystems: {} },
      taskLink: undefined,
      tellOwners: true,
      sweep: { everyMs: 30_000, overlapMs: 15_000 },
      platforms: { chat: { CHAT_TOKEN: 'token' } },
    });
  });

  it('is frozen, all the way down', () => {
    const config = load(POOLS);

    const thawed = everyObjectIn(config).filter((one) => !Object.isFrozen(one));

    expect(thawed).toEqual([]);
    expect(() => Object.assign(config.medplum, { clientId: 'x' })).toThrow(TypeError);
  });

  it.each<[string, Record<string, string>, Partial<Config>]>([
    [
      'a Postgres server instead of a folder',
      { DATABASE_URL: 'postgres://u@h/d' },
      { ledger: { url: 'postgres://u@h/d' } },
    ],
    ['another folder', { DATA_DIR: '/var/x' }, { ledger: { folder: '/var/x' } }],
    ['a port', { PORT: '8080' }, { port: 8080 }],
    [
      'an address without its last slash',
      { PUBLIC_URL: 'https://us.example/sb/' },
      { publicUrl: 'https://us.example/sb' },
    ],
    [
      'where people open a Task',
      { MEDPLUM_APP_URL: 'https://app.example/' },
      { taskLink: 'https://app.example/Task/{id}' },
    ],
    ['changes over a websocket', { MEDPLUM_EVENTS: 'websocket' }, { events: 'websocket' }],
    [
      'deliveries of changes, where they can be made',
      { PUBLIC_URL: 'https://us.example', MEDPLUM_WEBHOOK_SECRET: 'sixteen letters!' },
      { events: 'rest-hook' },
    ],
    [
      'no events, also where deliveries could be made',
      {
        MEDPLUM_EVENTS: 'none',
        PUBLIC_URL: 'https://us.example',
        MEDPLUM_WEBHOOK_SECRET: 'sixteen letters!',
      },
      { events: 'none' },
    ],
    ['an empty variable, which counts as not set', { PORT: ' ', DATABASE_URL: '' }, { port: 3000 }],
    [
      'another platform, when one of its variables is set',
      { OTHER_TOKEN: 'x' },
      { platforms: { chat: { CHAT_TOKEN: 'token' }, other: { OTHER_TOKEN: 'x' } } },
    ],
  ])('takes %s from the environment', (_title, variables, expected) => {
    expect(load(POOLS, variables)).toMatchObject(expected);
  });

  it('takes from the file which Tasks are work, and how things are done', () => {
    const config = load(`${POOLS}
tasks: { claimable: [requested, received], ignoredCodes: ['urn:x|y|z'] }
recipients: replace
people: { linkByEmail: false, identifierSystems: { 'chat:T1': 'urn:staff' } }
directMessages: { assigned: false }
sweep: { seconds: 5, overlapSeconds: 60 }
`);

    expect(config).toMatchObject({
      rules: { claimable: ['requested', 'received'], ignoredCodes: [{ system: 'urn:x|y', code: 'z' }] },
      recipients: 'replace',
      people: { linkByEmail: false, identifierSystems: { 'chat:T1': 'urn:staff' } },
      tellOwners: false,
      sweep: { everyMs: 5_000, overlapMs: 60_000 },
    });
  });
});

describe('What Switchboard does by itself', () => {
  it('is told by rules: which messages get a Task, in which order the rules are tried', () => {
    const config = load(`${POOLS}
intake:
  - when: { category: newsletter }
    task: false
  - when: { category: [Refill, 'urn:x|y|rx'], topic: Chest pain, medium: 'urn:medium|SMS' }
    pool: cardiology
    priority: asap
  - when: { topic: Billing }
    person: Practitioner/ana.1
  - pool: nurses
`);

    expect(config.intake).toEqual([
      { when: { category: [{ text: 'newsletter' }] }, make: { kind: 'nothing' } },
      {
        when: {
          category: [{ text: 'Refill' }, { system: 'urn:x|y', code: 'rx' }],
          topic: [{ text: 'Chest pain' }],
          medium: [{ system: 'urn:medium', code: 'SMS' }],
        },
        make: { kind: 'pool', pool: 'cardiology', priority: 'asap' },
      },
      {
        when: { topic: [{ text: 'Billing' }] },
        make: { kind: 'person', practitioner: 'Practitioner/ana.1', priority: 'routine' },
      },
      { when: {}, make: { kind: 'pool', pool: 'nurses', priority: 'routine' } },
    ]);
  });

  it.each<[string, string, Partial<Config>]>([
    [
      'what further messages do',
      'followUps: { raise: [{ messages: 2, to: urgent }, { messages: 5, to: stat }] }',
      {
        followUps: {
          raise: [
            { messages: 2, to: 'urgent' },
            { messages: 5, to: 'stat' },
          ],
        },
      },
    ],
    ['whose answer counts', 'completeWhenAnsweredBy: staff', { completeWhenAnsweredBy: 'staff' }],
    [
      'who is away, and who covers',
      'coverage: { away: [no-free-slot], freeSlotWithinMinutes: 15, covers: { Practitioner/a: Practitioner/b } }',
      {
        coverage: {
          away: ['no-free-slot'],
          freeSlotWithinMinutes: 15,
          covers: { 'Practitioner/a': 'Practitioner/b' },
        },
      },
    ],
    [
      'that nobody is taken to be away',
      'coverage: { away: [] }',
      { coverage: { away: [], freeSlotWithinMinutes: 60, covers: {} } },
    ],
  ])('is told %s', (_what, yaml, expected) => {
    expect(load(`${POOLS}${yaml}\n`)).toMatchObject(expected);
  });

  it('is told by the project’s own lists of reasons, on whose behalf to write, and whom to tell', () => {
    const config = load(
      `${POOLS}
reasons: { reroute: https://x.example/ValueSet/reroute }
onBehalfOf: require
operations: [{ chat: C9 }, { other: X9, privacy: initials }]
`,
      { OTHER_TOKEN: 'x' },
    );

    expect(config).toMatchObject({
      reasons: { reroute: 'https://x.example/ValueSet/reroute' },
      onBehalfOf: 'require',
      operations: [
        { platform: 'chat', channel: 'C9', privacy: 'none' },
        { platform: 'other', channel: 'X9', privacy: 'initials' },
      ],
    });
  });
});

describe('Starting with nothing configured', () => {
  it('prints one message that lists what is missing, and exits with code 2', async () => {
    const main = resolve(import.meta.dirname, '../src/cli.ts');
    const nowhere = mkdtempSync(join(tmpdir(), 'switchboard-empty-'));
    onTestFinished(() => rmSync(nowhere, { recursive: true }));

    const { code, stdout, stderr } = await run(main, nowhere);

    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toEqual([
      'The configuration is not complete:',
      '  - MEDPLUM_BASE_URL is missing',
      '  - MEDPLUM_CLIENT_ID is missing',
      '  - MEDPLUM_CLIENT_SECRET is missing',
      '  - switchboard.yaml cannot be read (SWITCHBOARD_CONFIG names another file)',
    ]);
  });
});

function run(
  main: string,
  cwd: string,
): Promise<{ code: number | string | null | undefined; stdout: string; stderr: string }> {
  return new Promise((done) => {
    execFile(process.execPath, [main, 'start'], { cwd, env: {} }, (error, stdout, stderr) => {
      done({ code: error ? error.code : 0, stdout, stderr });
    });
  });
}

function everyObjectIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(everyObjectIn)];
}
