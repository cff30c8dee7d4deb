import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PEOPLE } from '../sandbox/clinic.ts';
import { practitionerOf } from '../sandbox/seed.ts';
import { CLINIC_CONFIG, DEMO_CONFIG } from '../sandbox/settings.ts';
import { NO_CLOCK, type PoolClock } from '../src/clock/pool-clock.ts';
import { load, POOLS } from './support/pure-config.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const FULL = `
timezone: America/New_York
hours:
  mon-fri: "08:00-12:00, 13:00-17:00"
  sat: "09:00-24:00"
holidays: [2026-12-25, "2027-01-01"]
targets:
  claimWithin: { stat: 5m, asap: 15m, urgent: 1h, routine: 8h }
  answerWithin: { urgent: 4h, routine: 2d }
escalation:
  - { after: 0m, mention: here }
  - { after: 15m, tell: lead }
  - { after: 15m, mention: channel }
  - { after: 30m, rerouteTo: nurses }
leads: [Practitioner/grace]
reminders: { every: 1h, most: 2, returnToPool: true }
digest: { cron: "0 8 * * 1-5", graceMinutes: 60, empty: post }
shiftEnd: { cron: "0 19 * * *" }
`;

/** The clock of a pool of this configuration. */
function clockOf(yaml: string, pool: string): PoolClock | undefined {
  return load(yaml).pools.find(({ id }) => id === pool)?.clock;
}

/** POOLS, with these settings in the pool cardiology. */
function inCardiology(...settings: readonly string[]): string {
  return POOLS.replace('    rerouteTo:', `${settings.map((line) => `    ${line}\n`).join('')}    rerouteTo:`);
}

describe('The clock in the configuration', () => {
  it('is off where nothing is said: always open, and nothing is ever due', () => {
    const { pools, rules } = load(POOLS);

    expect(pools.map(({ clock }) => clock)).toEqual([NO_CLOCK, NO_CLOCK]);
    expect(rules.clock).toEqual(NO_CLOCK);
  });

  it('is told the hours, what is due when, and what happens then', () => {
    const clock = clockOf(`${POOLS}${FULL}`, 'cardiology');

    const week = [1, 2, 3, 4, 5].flatMap((weekday) => [
      { weekday, from: '08:00', to: '12:00' },
      { weekday, from: '13:00', to: '17:00' },
    ]);
    const holidays = ['2026-12-25', '2027-01-01'];
    expect(clock).toEqual({
      hours: {
        zone: 'America/New_York',
        openings: [...week, { weekday: 6, from: '09:00', to: '24:00' }],
        holidays,
      },
      claimWithin: { stat: 5 * MINUTE, asap: 15 * MINUTE, urgent: HOUR, routine: 8 * HOUR },
      answerWithin: { urgent: 4 * HOUR, routine: 48 * HOUR },
      ladder: [
        { afterMs: 0, kind: 'mention', whom: 'here' },
        { afterMs: 15 * MINUTE, kind: 'lead' },
        { afterMs: 15 * MINUTE, kind: 'mention', whom: 'channel' },
        { afterMs: 30 * MINUTE, kind: 'reroute', pool: 'nurses' },
      ],
      leads: ['Practitioner/grace'],
      reminders: { everyMs: HOUR, most: 2, returnToPool: true },
      digest: {
        at: { cron: '0 8 * * 1-5', zone: 'America/New_York', holidays },
        graceMs: HOUR,
        empty: 'post',
      },
      shiftEnd: { cron: '0 19 * * *', zone: 'America/New_York', holidays: [] },
    });
  });

  it('is the clinic’s for a Task that is in no pool', () => {
    expect(load(`${POOLS}${FULL}`).rules.clock).toMatchObject({
      hours: { zone: 'America/New_York' },
      claimWithin: { stat: 5 * MINUTE },
    });
  });

  it('does not send Tasks to the pool where they are, though the clinic’s ladder ends there', () => {
    const kinds = ['nurses', 'cardiology'].map((pool) =>
      clockOf(`${POOLS}${FULL}`, pool)?.ladder.map(({ kind }) => kind),
    );

    expect(kinds).toEqual([
      ['mention', 'lead', 'mention'],
      ['mention', 'lead', 'mention', 'reroute'],
    ]);
  });

  it.each<[string, string, Partial<PoolClock>]>([
    [
      'its own zone, in which its digest and its shifts are then as well',
      'timezone: Asia/Tokyo',
      {
        hours: expect.objectContaining({ zone: 'Asia/Tokyo' }),
        digest: expect.objectContaining({ at: expect.objectContaining({ zone: 'Asia/Tokyo' }) }),
        shiftEnd: expect.objectContaining({ zone: 'Asia/Tokyo' }),
      },
    ],
    [
      'a digest in another zone than its hours',
      'digest: { cron: "30 7 * * *", timezone: Europe/Berlin }',
      {
        hours: expect.objectContaining({ zone: 'America/New_York' }),
        digest: {
          at: { cron: '30 7 * * *', zone: 'Europe/Berlin', holidays: ['2026-12-25', '2027-01-01'] },
          graceMs: 2 * HOUR,
          empty: 'skip',
        },
      },
    ],
    [
      'hours in place of all of the clinic’s',
      'hours: { sun-tue: "10:00-11:00" }',
      {
        hours: expect.objectContaining({
          openings: [1, 2, 7].map((weekday) => ({ weekday, from: '10:00', to: '11:00' })),
        }),
      },
    ],
    ['no hours: always open', 'hours: false', { hours: expect.objectContaining({ openings: [] }) }],
    [
      'targets in place of all of the clinic’s',
      'targets: { claimWithin: { stat: 1m } }',
      {
        claimWithin: { stat: MINUTE },
        answerWithin: {},
      },
    ],
    ['no ladder', 'escalation: []', { ladder: [] }],
    ['no reminders', 'reminders: false', { reminders: undefined }],
    [
      'other reminders',
      'reminders: { every: 30m }',
      {
        reminders: { everyMs: 30 * MINUTE, most: 3, returnToPool: false },
      },
    ],
    ['no digest', 'digest: false', { digest: undefined }],
    ['no end of the shift', 'shiftEnd: false', { shiftEnd: undefined }],
    ['other leads', 'leads: [Practitioner/ben]', { leads: ['Practitioner/ben'] }],
    ['no holidays', 'holidays: []', { hours: expect.objectContaining({ holidays: [] }) }],
  ])('may be different in a pool: %s', (_what, setting, expected) => {
    // Without the answers' target reminders would be of no use; the other pool keeps it.
    const yaml = `${inCardiology(setting)}${FULL}`;

    expect(clockOf(yaml, 'cardiology')).toMatchObject(expected);
    expect(clockOf(yaml, 'nurses')).toEqual(clockOf(`${POOLS}${FULL}`, 'nurses'));
  });

  it('takes days that YAML itself has taken for instants', () => {
    const clock = clockOf(`${POOLS}holidays: [!!timestamp 2026-12-25]\n`, 'nurses');

    expect(clock?.hours.holidays).toEqual(['2026-12-25']);
  });
});

describe('The configuration of the demo', () => {
  const clinic = parse(readFileSync(CLINIC_CONFIG, 'utf8'));
  const demo = parse(readFileSync(DEMO_CONFIG, 'utf8'));

  it('is the one of the tests, and a clock', () => {
    const CLOCK = ['timezone', 'hours', 'targets', 'reminders', 'digest', 'escalation', 'leads'];
    const without = (settings: object) =>
      Object.fromEntries(Object.entries(settings).filter(([name]) => !CLOCK.includes(name)));

    const stripped = { ...without(demo), pools: demo.pools.map(without) };

    expect(stripped).toEqual(clinic);
    expect(without(clinic)).toEqual(clinic);
  });

  it('names a lead who works in the clinic', () => {
    const leads = demo.pools.flatMap(({ leads = [] }: { leads?: string[] }) => leads);

    const names = PEOPLE.filter(({ slackId }) => leads.includes(`Practitioner/${practitionerOf(slackId)}`));
    expect(names.map(({ given, family }) => `${given} ${family}`)).toEqual(['Grace Osei']);
  });
});
