import { describe, expect, it } from 'vitest';
import { POOLS, problemsOf } from './support/pure-config.ts';

/** With them a ladder and reminders have something to begin with. */
const TARGETS = 'targets: { claimWithin: { stat: 5m }, answerWithin: { stat: 1h } }\n';

/** POOLS, with this in the pool cardiology (line 10). */
function inCardiology(setting: string): string {
  return POOLS.replace('    rerouteTo:', `    ${setting}\n    rerouteTo:`);
}

describe('A clock that is configured wrong', () => {
  it.each<[string, string, string[]]>([
    [
      'a zone that is none',
      'timezone: America/New_Yrok',
      ['14 timezone: is no time zone: write an IANA name such as America/New_York'],
    ],
    [
      'a day that is none',
      'hours: { mon-fry: "08:00-17:00" }',
      ['14 hours.mon-fry: names no days: write a day (mon), days in a row (mon-fri) or a list (mon,wed)'],
    ],
    [
      'too many ends of a row of days',
      'hours: { mon-wed-fri: "08:00-17:00" }',
      ['14 hours.mon-wed-fri: names no days: write a day (mon), days in a row (mon-fri) or a list (mon,wed)'],
    ],
    [
      'hours that are none',
      'hours: { mon: "8-17" }',
      ['14 hours.mon: must be written as 08:00-17:00, or several: 08:00-12:00, 13:00-17:00'],
    ],
    [
      'a time that is none',
      'hours: { mon: "08:00-24:30" }',
      ['14 hours.mon: must be written as 08:00-17:00, or several: 08:00-12:00, 13:00-17:00'],
    ],
    [
      'hours over midnight, in their own line',
      'hours:\n  mon: "08:00-17:00"\n  tue: "22:00-06:00"',
      [
        '16 hours.tue: 22:00-06:00 ends before it begins; a night is two stretches, to 24:00 and from 00:00 on the next day',
      ],
    ],
    [
      'hours that overlap in one line',
      'hours: { mon: "08:00-12:00, 11:00-17:00" }',
      ['14 hours.mon: 11:00-17:00 overlaps with 08:00-12:00 on mon'],
    ],
    [
      'hours that overlap in two lines',
      'hours:\n  mon-fri: "08:00-17:00"\n  fri,sat: "09:00-12:00"',
      ['16 hours.fri,sat: 09:00-12:00 overlaps with 08:00-17:00 on fri'],
    ],
    [
      'no hours where hours should be',
      'hours: {}',
      ['14 hours: must name days, such as mon-fri; false is always open'],
    ],
    [
      'hours without days',
      'hours: "08:00-17:00"',
      ['14 hours: must name days, such as mon-fri; false is always open'],
    ],
    [
      'a holiday that is no date, in its own line',
      'holidays:\n  - 2026-12-25\n  - 2026-02-30\n  - Christmas',
      [
        '16 holidays.1: must be a day, written as 2026-12-25',
        '17 holidays.2: must be a day, written as 2026-12-25',
      ],
    ],
    [
      'a length of time that is none',
      'targets: { claimWithin: { stat: 5 } }',
      ['14 targets.claimWithin.stat: must be a length of time such as 15m, 4h or 2d, and at most 90d'],
    ],
    [
      'a length of time that nobody waits for',
      'targets: { answerWithin: { stat: 91d } }',
      ['14 targets.answerWithin.stat: must be a length of time such as 15m, 4h or 2d, and at most 90d'],
    ],
    [
      'a target of no time at all',
      'targets: { claimWithin: { stat: 0m } }',
      ['14 targets.claimWithin.stat: must be longer than nothing'],
    ],
    [
      'a priority that is none',
      'targets: { claimWithin: { high: 5m } }',
      ['14 targets.claimWithin.high: is not a setting'],
    ],
    [
      'steps that are not in order',
      `${TARGETS}escalation:\n  - { after: 15m, mention: here }\n  - { after: 5m, mention: channel }`,
      ['17 escalation.1.after: is earlier than the step above it'],
    ],
    [
      'a step after a reroute, be it another reroute',
      `${TARGETS}escalation: [{ after: 0m, rerouteTo: nurses }, { after: 5m, rerouteTo: nurses }]`,
      ['15 escalation.1: is never reached: the step above it sends the Task to another pool'],
    ],
    [
      'a step that does nothing',
      `${TARGETS}escalation: [{ after: 5m }]`,
      ['15 escalation.0: must say one of mention, tell, or rerouteTo'],
    ],
    [
      'a step that does two things',
      `${TARGETS}escalation: [{ after: 5m, mention: here, rerouteTo: nurses }]`,
      ['15 escalation.0: must say one of mention, tell, or rerouteTo'],
    ],
    [
      'somebody mentioned who is nobody',
      `${TARGETS}escalation: [{ after: 5m, mention: everyone }]`,
      ['15 escalation.0.mention: Invalid option: expected one of "here"|"channel"'],
    ],
    [
      'a reroute to a pool that is none',
      `${TARGETS}escalation: [{ after: 5m, rerouteTo: surgery }]`,
      ['15 escalation.0.rerouteTo: names no pool: surgery'],
    ],
    [
      'a lead who is to be told, where there is none, for each pool',
      `${TARGETS}escalation: [{ after: 5m, tell: lead }]`,
      [
        '15 escalation.0.tell: tells nobody: nurses has no leads',
        '15 escalation.0.tell: tells nobody: cardiology has no leads',
      ],
    ],
    [
      'a ladder without a target to miss',
      'escalation: [{ after: 5m, mention: here }]',
      ['14 escalation: never begins: no claimWithin is set'],
    ],
    [
      'reminders without a target to miss',
      'targets: { claimWithin: { stat: 5m } }\nreminders: { every: 1h }',
      ['15 reminders: are never sent: no answerWithin is set'],
    ],
    [
      'what is wrong inside of what could be false',
      'reminders: { every: 1h, most: 0, returnsToPool: true }',
      [
        '14 reminders.most: Too small: expected number to be >=1',
        '14 reminders.returnsToPool: is not a setting',
      ],
    ],
    [
      'a return to the pool without reminders',
      'reminders: { returnToPool: true }',
      ['14 reminders.every: must be a length of time such as 15m, 4h or 2d, and at most 90d'],
    ],
    [
      'a lead who is written otherwise',
      'leads: [Grace Osei]',
      ['14 leads.0: must be written as Practitioner/id'],
    ],
    [
      'a digest in a zone that is none',
      'digest: { cron: "0 8 * * *", timezone: Mars }',
      ['14 digest.timezone: is no time zone: write an IANA name such as America/New_York'],
    ],
    [
      'a digest that has no time to be late',
      'digest: { cron: "0 8 * * *", graceMinutes: 0 }',
      ['14 digest.graceMinutes: Too small: expected number to be >=5'],
    ],
    [
      'a switch that only goes the other way',
      'digest: true',
      ['14 digest: Invalid input: expected object, received boolean'],
    ],
  ])('is told about %s', (_title, yaml, expected) => {
    expect(problemsOf(`${POOLS}${yaml}\n`)).toEqual(expected.map((one) => `FILE:${one}`));
  });

  it.each(['digest', 'shiftEnd'])(
    'is told about a cron expression that does not come once a day: %s',
    (name) => {
      const wrong = [
        '*/5 8 * * *',
        '0 8,20 * * *',
        '0 8 * *',
        '0 25 * * *',
        '0 8 * * 9',
        'daily',
        '0 0 8 * * *',
      ];

      const found = wrong.map((cron) => problemsOf(`${POOLS}${name}: { cron: "${cron}" }\n`));

      expect(found).toEqual(wrong.map(() => [expect.stringMatching(`^FILE:14 ${name}\\.cron: must `)]));
    },
  );

  it.each<[string, string, string[]]>([
    [
      'a reroute to itself',
      'escalation: [{ after: 5m, rerouteTo: cardiology }]',
      ['10 pools.1.escalation.0.rerouteTo: is the pool itself: cardiology'],
    ],
    [
      'a lead who is to be told, where the pool has taken the clinic’s away',
      'leads: []',
      ['16 escalation.0.tell: tells nobody: cardiology has no leads'],
    ],
    [
      'a zone that is none',
      'timezone: Nowhere',
      ['10 pools.1.timezone: is no time zone: write an IANA name such as America/New_York'],
    ],
    [
      'a ladder without a target of its own to miss',
      'targets: {}\n    escalation: [{ after: 5m, mention: here }]',
      ['11 pools.1.escalation: never begins: no claimWithin is set'],
    ],
  ])('is told about what does not fit in a pool: %s', (_title, setting, expected) => {
    const clinic = `${TARGETS}escalation: [{ after: 5m, tell: lead }]\nleads: [Practitioner/grace]\n`;

    expect(problemsOf(`${inCardiology(setting)}${clinic}`)).toEqual(expected.map((one) => `FILE:${one}`));
  });

  it('is told about a step to a pool to which Tasks may not be rerouted', () => {
    const third = `${POOLS}  - { id: surgery, name: Surgeon, performerType: urn:x|y }\n`;

    expect(problemsOf(`${third}${TARGETS}escalation: [{ after: 5m, rerouteTo: surgery }]\n`)).toEqual([
      'FILE:16 escalation.0.rerouteTo: is not among what cardiology may be rerouted to: surgery',
    ]);
  });

  it('is not told about a ladder that only some pools have a use for', () => {
    const yaml = `${inCardiology('targets: {}')}${TARGETS}escalation: [{ after: 5m, mention: here }]\nreminders: { every: 1h }\n`;

    expect(problemsOf(yaml)).toEqual([]);
  });
});
