import type { Provenance } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import type { Hours, LadderStep, PoolClock } from '../../src/clock/pool-clock.ts';
import { NO_CLOCK } from '../../src/clock/pool-clock.ts';
import { callsOf, climb, ladderOf, mentionOf } from '../../src/duties/ladder.ts';
import { STEP_SYSTEM, VERB_SYSTEM } from '../../src/record/provenance.ts';
import type { Pool } from '../../src/routing/pools.ts';
import { ANA, BEN, CARDIOLOGY, NURSES, POOLS, taskIn } from '../support/pure-clinic.ts';
import { provenance } from '../support/pure-past.ts';
import { at } from '../support/pure-thread.ts';

const MINUTE = 60_000;
const STEPS: readonly LadderStep[] = [
  { afterMs: 0, kind: 'mention', whom: 'here' },
  { afterMs: 15 * MINUTE, kind: 'lead' },
  { afterMs: 30 * MINUTE, kind: 'reroute', pool: 'cardiology' },
];
const CLOCK: PoolClock = {
  ...NO_CLOCK,
  claimWithin: { routine: 60 * MINUTE, stat: 5 * MINUTE },
  ladder: STEPS,
  leads: ['Practitioner/grace'],
};

/** The Task of these tests waits for the nurses since 09:00, so its target is missed at 10:00. */
const task = taskIn();

describe('A ladder', () => {
  it.each([
    ['the target is not missed yet', '09:59', [], undefined, at('10:00')],
    ['at the target', '10:00', [], 0, undefined],
    ['between the first and the second', '10:14', [['10:00', 0]], undefined, at('10:15')],
    ['at the second', '10:15', [['10:00', 0]], 1, undefined],
    [
      'before the third',
      '10:29',
      [
        ['10:00', 0],
        ['10:15', 1],
      ],
      undefined,
      at('10:30'),
    ],
    [
      'at the third',
      '10:30',
      [
        ['10:00', 0],
        ['10:15', 1],
      ],
      2,
      undefined,
    ],
    [
      'when all are taken',
      '12:00',
      [
        ['10:00', 0],
        ['10:15', 1],
        ['10:30', 2],
      ],
      undefined,
      undefined,
    ],
  ] as const)('has the right step due: %s', (_, time, taken, due, next) => {
    const found = ladderOf({ task, provenances: steps(...taken) }, NURSES, CLOCK, new Date(at(time)));

    expect(found.due?.index).toBe(due);
    expect(found.next?.toISOString()).toBe(next);
  });

  it('keeps its steps apart after an outage, so that whoever was called has the time to come', () => {
    const late = { task, provenances: steps(['11:40', 0]) };

    expect(ladderOf(late, NURSES, CLOCK, new Date(at('11:54'))).due).toBeUndefined();
    expect(ladderOf(late, NURSES, CLOCK, new Date(at('11:55'))).due?.index).toBe(1);
  });

  it('begins anew for a Task that was given back: its steps count from then', () => {
    const back = [
      provenance('release', ANA, at('11:00')),
      provenance('claim', ANA, at('10:20')),
      ...steps(['10:00', 0], ['10:15', 1]),
    ];

    expect(ladderOf({ task, provenances: back }, NURSES, CLOCK, new Date(at('11:00'))).due?.index).toBe(0);
  });

  it('gives a pool that gets a late Task its time: steps count from when it came', () => {
    const late = [provenance('reroute', BEN, at('11:00'))];
    const clock: PoolClock = { ...CLOCK, ladder: [{ afterMs: 15 * MINUTE, kind: 'lead' }] };
    const dueAt = (time: string) =>
      ladderOf({ task, provenances: late }, NURSES, clock, new Date(at(time))).due?.index;

    expect(dueAt('11:14')).toBeUndefined();
    expect(dueAt('11:15')).toBe(0);
  });

  it('does not send a Task back to a pool where nobody claimed it', () => {
    const circle: Pool = { ...CARDIOLOGY };
    const there = taskIn(circle);
    const clock: PoolClock = {
      ...CLOCK,
      ladder: [{ afterMs: 0, kind: 'reroute', pool: 'registered-nurse' }],
    };
    const provenances = steps(['10:30', 2, 'reroute'], ['10:00', 0]);

    const found = ladderOf({ task: there, provenances }, circle, clock, new Date(at('14:00')));

    expect(found).toEqual({ due: undefined, next: undefined });
  });

  it('waits for the morning, except for stat and asap', () => {
    const hours: Hours = {
      zone: 'UTC',
      openings: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: '08:00', to: '09:30' })),
      holidays: [],
    };
    const clock = { ...CLOCK, hours };
    const routine = ladderOf({ task, provenances: [] }, NURSES, clock, new Date(at('10:00')));
    const stat = { task: taskIn(NURSES, { priority: 'stat' }), provenances: [] };

    expect(routine.next?.toISOString()).toBe('2026-03-03T08:30:00.000Z');
    expect(ladderOf(stat, NURSES, clock, new Date(at('09:05'))).due?.index).toBe(0);
  });

  it('takes what was missed, or falls on the end of the day, at the next opening: at night it calls nobody', () => {
    const until = (to: string) => ({
      zone: 'UTC',
      openings: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: '08:00', to })),
      holidays: [],
    });
    const found = (to: string, now: string) =>
      ladderOf({ task, provenances: [] }, NURSES, { ...CLOCK, hours: until(to) }, new Date(now));
    const morning = new Date('2026-03-03T08:00:00.000Z');

    expect(found('10:30', at('21:00'))).toEqual({ due: undefined, next: morning });
    expect(found('10:00', at('10:00'))).toEqual({ due: undefined, next: morning });
    expect(found('10:30', morning.toISOString()).due?.index).toBe(0);
  });

  it('has no steps without a target', () => {
    const clock = { ...CLOCK, claimWithin: {} };

    expect(ladderOf({ task, provenances: [] }, NURSES, clock, new Date(at('23:00'))).due).toBeUndefined();
  });
});

describe('Taking a step', () => {
  it('escalates the Task, says why, and names the step', () => {
    const decision = climb({ index: 0, step: STEPS[0] as LadderStep }, NURSES, POOLS);

    expect(decision).toMatchObject({
      verb: 'escalate',
      guard: 'version',
      change: { businessStatus: 'escalated' },
      step: 'registered-nurse/0/mention',
      reason: { code: 'not-claimed-in-time' },
      note: 'Not claimed in time in “Registered nurse”: the channel was called.',
    });
  });

  it('sends the Task to the other pool where the step says so', () => {
    const decision = climb({ index: 2, step: STEPS[2] as LadderStep }, NURSES, POOLS);

    expect(decision?.change.performerType?.[0]?.coding?.[0]?.code).toBe(CARDIOLOGY.performerType.code);
  });
});

describe('Who is called', () => {
  it('forgets who was called before somebody had the Task', () => {
    const provenances = [provenance('claim', ANA, at('10:20')), ...steps(['10:00', 0])];

    expect(callsOf({ task, provenances }, 'claimed')).toEqual([]);
    expect(callsOf({ task, provenances: steps(['10:00', 0]) }, 'unclaimed')).toHaveLength(1);
  });

  it('counts an alarm that a person raises as a call of everybody', () => {
    const [call] = callsOf({ task, provenances: [provenance('escalate', BEN, at('09:30'))] }, 'unclaimed');

    expect(call?.kind).toBe('by hand');
    expect(call && mentionOf(call, CLOCK)).toBe('here');
  });

  it('mentions nobody where no mention is configured', () => {
    const [call] = callsOf({ task, provenances: [provenance('escalate', BEN, at('09:30'))] }, 'unclaimed');

    expect(call && mentionOf(call, { ...CLOCK, ladder: [] })).toBeUndefined();
  });
});

/** Steps of the nurses' ladder that were taken at these times, given oldest first; the record has the newest first. */
function steps(...taken: readonly (readonly [time: string, index: number, kind?: string])[]): Provenance[] {
  return taken
    .map(([time, index, kind = STEPS[index]?.kind]) => ({
      ...provenance('escalate', 'Switchboard', at(time)),
      activity: {
        coding: [
          { system: VERB_SYSTEM, code: 'escalate' },
          { system: STEP_SYSTEM, code: `registered-nurse/${index}/${kind}` },
        ],
      },
    }))
    .toSorted((a, b) => b.recorded.localeCompare(a.recorded));
}
