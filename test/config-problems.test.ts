import { describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { CHAT, POOLS, problemsOf, VARIABLES } from './support/pure-config.ts';

describe('A configuration that is wrong', () => {
  it('is answered with everything at once: variables, platforms, and the file by line', () => {
    const problems = problemsOf(
      `${POOLS}  - id: Pharmacy!
    name: ''
    performerType: pharmacist
    colour: red
    channels:
      - irc: X
      - chat: C3
        privacy: everything
swep: { seconds: 1 }
`,
      {
        MEDPLUM_BASE_URL: 'record.example',
        PORT: 'many',
        MEDPLUM_CLIENT_ID: '',
        CHAT_TOKEN: 'x',
        OTHER_TOKEN: '',
        OTHER_URL: 'x',
      },
    );

    const places = problems.map((one) => one.match(/^FILE:\d+ [^:]+|^\w+/)?.[0]);
    expect(places.toSorted()).toEqual([
      'FILE:14 pools.2.id',
      'FILE:15 pools.2.name',
      'FILE:16 pools.2.performerType',
      'FILE:17 pools.2.colour',
      'FILE:19 pools.2.channels.0',
      'FILE:21 pools.2.channels.1.privacy',
      'FILE:22 swep',
      'MEDPLUM_BASE_URL',
      'MEDPLUM_CLIENT_ID',
      'OTHER_TOKEN',
      'OTHER_URL',
      'PORT',
    ]);
  });

  it.each<[string, string, string]>([
    [
      'a pool twice',
      POOLS.replace('id: cardiology', 'id: nurses'),
      'FILE:7 pools.1.id: is used twice: nurses',
    ],
    [
      'one performerType for two pools',
      POOLS.replace('17561000', '224535009'),
      'FILE:9 pools.1.performerType: belongs to another pool already: http://snomed.info/sct|224535009',
    ],
    [
      'a reroute to a pool that is none',
      POOLS.replace('[nurses]', '[nurses, surgery]'),
      'FILE:10 pools.1.rerouteTo.1: names no pool: surgery',
    ],
    [
      'a channel on an unknown platform',
      POOLS.replace('chat: C2', 'irc: C2'),
      'FILE:12 pools.1.channels.0: must name one channel of chat or other, e.g. chat: C012AB3CD',
    ],
    [
      'a channel on two platforms',
      POOLS.replace('chat: C2', 'chat: C2\n        other: C3'),
      'FILE:12 pools.1.channels.0: must name one channel of chat or other, e.g. chat: C012AB3CD',
    ],
    [
      'a channel without its id',
      POOLS.replace('chat: C2', "chat: ''"),
      'FILE:12 pools.1.channels.0: must name one channel of chat or other, e.g. chat: C012AB3CD',
    ],
    [
      'an unknown level of privacy',
      POOLS.replace('initials', 'some'),
      'FILE:13 pools.1.channels.0.privacy: Invalid option: expected one of "none"|"initials"|"full"',
    ],
    ['a setting that is none', `${POOLS}\nswep:\n  seconds: 1\n`, 'FILE:16 swep: is not a setting'],
    [
      'a setting that is none, deep inside',
      `${POOLS}sweep:\n  minutes: 1\n`,
      'FILE:15 sweep.minutes: is not a setting',
    ],
    [
      'a performerType without a system',
      POOLS.replace('http://snomed.info/sct|17561000', '17561000'),
      'FILE:9 pools.1.performerType: must be written as system|code, e.g. http://snomed.info/sct|224535009',
    ],
    [
      'statuses in which a released Task could not be claimed again',
      `${POOLS}tasks: { claimable: [ready] }\n`,
      'FILE:14 tasks.claimable: must list requested: a released Task has this status',
    ],
    [
      'statuses in which a claimed Task could be claimed again',
      `${POOLS}tasks: { claimable: [requested, accepted] }\n`,
      'FILE:14 tasks.claimable: must not list accepted: a claimed Task has this status',
    ],
    [
      'an intake rule for a pool that is none',
      `${POOLS}intake: [{ pool: surgery }]\n`,
      'FILE:14 intake.0.pool: names no pool: surgery',
    ],
    [
      'an intake rule that makes nothing and does not say so',
      `${POOLS}intake:\n  - when: { topic: x }\n  - pool: nurses\n`,
      'FILE:15 intake.0: must say one of pool, person, or task: false',
    ],
    [
      'an intake rule that makes two things',
      `${POOLS}intake: [{ pool: nurses, person: Practitioner/a }]\n`,
      'FILE:14 intake.0: must say one of pool, person, or task: false',
    ],
    [
      'an intake rule for a person who is written otherwise',
      `${POOLS}intake: [{ person: Ana Silva }]\n`,
      'FILE:14 intake.0.person: must be written as Practitioner/id',
    ],
    [
      'something that is no intake rule, before one that is',
      `${POOLS}intake: [5, { pool: nurses }]\n`,
      'FILE:14 intake.0: Invalid input: expected object, received number',
    ],
    [
      'a condition that lists nothing',
      `${POOLS}intake: [{ when: { topic: [] }, pool: nurses }]\n`,
      'FILE:14 intake.0.when.topic: must name at least one',
    ],
    [
      'an intake rule that is never reached',
      `${POOLS}intake:\n  - pool: nurses\n  - when: { topic: x }\n    pool: cardiology\n`,
      'FILE:16 intake.1: is never reached: the rule above it has no condition',
    ],
    [
      'a condition that is none',
      `${POOLS}intake:\n  - when: { sender: x }\n    pool: nurses\n`,
      'FILE:15 intake.0.when.sender: is not a setting',
    ],
    [
      'a priority that is none',
      `${POOLS}intake: [{ pool: nurses, priority: high }]\n`,
      'FILE:14 intake.0.priority: Invalid option: expected one of "routine"|"urgent"|"asap"|"stat"',
    ],
    [
      'follow-ups that count from nothing',
      `${POOLS}followUps: { raise: [{ messages: 0, to: urgent }] }\n`,
      'FILE:14 followUps.raise.0.messages: Too small: expected number to be >=1',
    ],
    [
      'an answerer who is none',
      `${POOLS}completeWhenAnsweredBy: patient\n`,
      'FILE:14 completeWhenAnsweredBy: Invalid option: expected one of "owner"|"staff"|"nobody"',
    ],
    [
      'a sign of absence that is none',
      `${POOLS}coverage: { away: [lunch] }\n`,
      'FILE:14 coverage.away.0: Invalid option: expected one of "not-available"|"no-free-slot"',
    ],
    [
      'somebody who covers, written otherwise',
      `${POOLS}coverage: { covers: { Practitioner/a: Ben Carter } }\n`,
      'FILE:14 coverage.covers.Practitioner/a: must be written as Practitioner/id',
    ],
    [
      'an operations channel on an unknown platform',
      `${POOLS}operations: [{ irc: C9 }]\n`,
      'FILE:14 operations.0: must name one channel of chat or other, e.g. chat: C012AB3CD',
    ],
    [
      'reasons that are no address',
      `${POOLS}reasons: { reroute: mine }\n`,
      'FILE:14 reasons.reroute: Invalid URL',
    ],
    [
      'a way to write that is none',
      `${POOLS}onBehalfOf: sometimes\n`,
      'FILE:14 onBehalfOf: Invalid option: expected one of "require"|"prefer"|"never"',
    ],
    [
      'a visibility that is none',
      POOLS.replace('rerouteTo', 'visibility: partly\n    rerouteTo'),
      'FILE:10 pools.1.visibility: Invalid option: expected one of "in-place"|"new-task"',
    ],
    ['no pools', 'pools: []\n', 'FILE:1 pools: must list at least one pool'],
    [
      'an alias of nothing',
      'pools: *nurses\n',
      'FILE Unresolved alias (the anchor must be set before the alias): nurses',
    ],
    ['an empty file', '', 'FILE:1 pools: must list at least one pool'],
    [
      'a list where settings should be',
      '- nurses\n',
      'FILE:1 the file: Invalid input: expected object, received array',
    ],
  ])('is told about %s', (_title, yaml, expected) => {
    expect(problemsOf(yaml)).toEqual([expected]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['a missing variable', { MEDPLUM_CLIENT_SECRET: '' }, 'MEDPLUM_CLIENT_SECRET is missing'],
    [
      'a platform’s missing variable, when a pool has a channel there',
      { CHAT_TOKEN: '' },
      'CHAT_TOKEN is missing',
    ],
    [
      'an address that is none',
      { MEDPLUM_BASE_URL: 'ftp://x' },
      'MEDPLUM_BASE_URL must be an http(s) address',
    ],
    [
      'a secret that is too short',
      { MEDPLUM_WEBHOOK_SECRET: 'short' },
      'MEDPLUM_WEBHOOK_SECRET must have at least 16 characters',
    ],
    [
      'a database of another kind',
      { DATABASE_URL: 'mysql://x' },
      'DATABASE_URL must be a postgres:// address',
    ],
    [
      'deliveries that cannot be made',
      { MEDPLUM_EVENTS: 'rest-hook', PUBLIC_URL: 'https://us.example' },
      'MEDPLUM_EVENTS is rest-hook, which needs PUBLIC_URL and MEDPLUM_WEBHOOK_SECRET',
    ],
    [
      'events of an unknown kind',
      { MEDPLUM_EVENTS: 'sse' },
      'MEDPLUM_EVENTS Invalid option: expected one of "rest-hook"|"websocket"|"none"',
    ],
  ])('is told about %s', (_title, variables, expected) => {
    expect(problemsOf(POOLS, variables)).toEqual([expected]);
  });

  it('is not told that a variable is missing which is there and wrong', () => {
    expect(problemsOf(POOLS, { PORT: 'many' })).toEqual([expect.stringMatching(/^PORT (?!is missing)/)]);
  });

  it('is told in which line the file is not YAML', () => {
    expect(problemsOf('pools:\n  - id: "nurses\n    name: [\n')).toEqual([
      expect.stringMatching(/^FILE:\d+ Missing closing/),
    ]);
  });

  it('is told which file cannot be read, and which variable names another', () => {
    const thrown = () => loadConfig({ ...VARIABLES, SWITCHBOARD_CONFIG: '/nowhere/x.yaml' }, [CHAT]);

    expect(thrown).toThrow(
      'The configuration is not complete:\n  - /nowhere/x.yaml cannot be read (SWITCHBOARD_CONFIG names another file)',
    );
  });

  it('never repeats a secret', () => {
    const problems = problemsOf(POOLS, {
      MEDPLUM_WEBHOOK_SECRET: 'hunter2',
      DATABASE_URL: 'hunter2',
      CHAT_TOKEN: 'x',
      OTHER_TOKEN: 'x',
      OTHER_URL: 'hunter2',
    });

    expect(problems.join()).not.toContain('hunter2');
    expect(problems).toHaveLength(3);
  });
});
