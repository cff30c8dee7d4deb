import type { Task } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addOpenTime, isOpen } from '../../src/clock/hours.ts';
import { type Hours, NO_CLOCK, type PoolClock } from '../../src/clock/pool-clock.ts';
import { hoursFor, nextChange, overBy, overText, type Target, targetOf } from '../../src/clock/targets.ts';
import { PRIORITIES } from '../../src/routing/priority.ts';
import type { Standing } from '../../src/routing/task.ts';
import { closingHours, DAY, HOUR, instants, MINUTE, nineToFive } from '../support/pure-clock.ts';

const ZONE = 'America/New_York';
const CLOCK: PoolClock = {
  ...NO_CLOCK,
  hours: nineToFive(ZONE),
  claimWithin: { stat: 5 * MINUTE, asap: 15 * MINUTE, urgent: HOUR, routine: 8 * HOUR },
  answerWithin: { urgent: 2 * HOUR, routine: 16 * HOUR },
};

/** Friday, 6 March 2026, 16:30 in New York; its clocks go forward on Sunday. */
const FRIDAY = '2026-03-06T21:30:00.000Z';

const at = (instant: string) => new Date(instant);
const later = (from: Date, ms: number) => new Date(from.getTime() + ms);
/** Without a date, as no server would leave it. */
const UNDATED: Task = { resourceType: 'Task', status: 'requested', intent: 'order' };
const task = (more: Partial<Task> = {}): Task => ({ ...UNDATED, authoredOn: FRIDAY, ...more });

describe('A target', () => {
  it.each([
    ['stat', '2026-03-06T21:35:00.000Z'],
    ['asap', '2026-03-06T21:45:00.000Z'],
    // Half an hour on Friday, the rest on Monday.
    ['urgent', '2026-03-09T13:30:00.000Z'],
    ['routine', '2026-03-09T20:30:00.000Z'],
    [undefined, '2026-03-09T20:30:00.000Z'],
  ] as const)('for a claim of priority %s is counted in its hours', (priority, due) => {
    expect(targetOf(task(priority && { priority }), 'unclaimed', CLOCK)).toEqual({
      kind: 'claim',
      due: at(due),
    });
  });

  it('at night is missed by what is stat, and waits for the morning with the rest', () => {
    const saturday = '2026-03-07T05:00:00.000Z';

    expect(targetOf(task({ priority: 'stat', authoredOn: saturday }), 'unclaimed', CLOCK)?.due).toEqual(
      at('2026-03-07T05:05:00.000Z'),
    );
    expect(targetOf(task({ priority: 'urgent', authoredOn: saturday }), 'unclaimed', CLOCK)?.due).toEqual(
      at('2026-03-09T14:00:00.000Z'),
    );
  });

  it.each([
    ['unclaimed', 'claim'],
    ['assigned', 'claim'],
    ['claimed', 'answer'],
    ['closed', undefined],
    ['ignored', undefined],
    ['paused', undefined],
  ] satisfies [Standing, Target['kind'] | undefined][])('of a Task that is %s: %s', (standing, kind) => {
    expect(targetOf(task(), standing, CLOCK)?.kind).toBe(kind);
  });

  it('for an answer is counted from what is unanswered, and else from when the patient began to wait', () => {
    const urgent = task({ priority: 'urgent' });
    const monday = at('2026-03-09T13:00:00.000Z');

    expect(targetOf(urgent, 'claimed', CLOCK)?.due).toEqual(at('2026-03-09T14:30:00.000Z'));
    expect(targetOf(urgent, 'claimed', CLOCK, monday)?.due).toEqual(at('2026-03-09T15:00:00.000Z'));
    // A claim is not for the last thing that the patient wrote.
    expect(targetOf(urgent, 'unclaimed', CLOCK, monday)?.due).toEqual(at('2026-03-09T13:30:00.000Z'));
  });

  it('is none where the pool has none for the priority', () => {
    expect(targetOf(task({ priority: 'stat' }), 'claimed', CLOCK)).toBeUndefined();
    expect(targetOf(task(), 'unclaimed', NO_CLOCK)).toBeUndefined();
  });

  it('is none where the record does not say since when anybody waits', () => {
    expect(targetOf(UNDATED, 'unclaimed', CLOCK)).toBeUndefined();
    expect(targetOf(task({ authoredOn: 'soon' }), 'unclaimed', CLOCK)).toBeUndefined();
    expect(targetOf({ ...UNDATED, meta: { lastUpdated: FRIDAY } }, 'unclaimed', CLOCK)).toBeDefined();
  });

  it('is counted in the pool’s hours, except for stat and asap', () => {
    const always = PRIORITIES.filter((priority) =>
      isOpen(at('2026-03-07T05:00:00Z'), hoursFor(priority, CLOCK)),
    );

    expect(always).toEqual(['asap', 'stat']);
    expect(hoursFor('routine', CLOCK)).toBe(CLOCK.hours);
    expect(hoursFor('stat', CLOCK).zone).toBe(ZONE);
  });
});

describe('How long a target has been missed', () => {
  it.each([
    [0, 'due now'],
    [-HOUR, 'due now'],
    [MINUTE - 1, 'due now'],
    [MINUTE, '1 min over'],
    [7 * MINUTE + 59_999, '7 min over'],
    [10 * MINUTE, '10 min over'],
    [14 * MINUTE, '10 min over'],
    [29 * MINUTE, '25 min over'],
    [HOUR - 1, '55 min over'],
    [HOUR, '1 h over'],
    [3 * HOUR + 59 * MINUTE, '3 h over'],
    [DAY - 1, '23 h over'],
    [DAY, '1 d over'],
    [2 * DAY + 23 * HOUR, '2 d over'],
  ])('%i ms: %s', (ms, words) => {
    expect(overText(ms)).toBe(words);
  });

  it('is counted in open time', () => {
    const target: Target = { kind: 'claim', due: at('2026-03-06T21:30:00.000Z') };
    const over = (now: string, hours: Hours) => overBy(target, at(now), hours);

    expect(over('2026-03-06T21:00:00.000Z', CLOCK.hours)).toBe(0);
    expect(over('2026-03-06T21:37:00.000Z', CLOCK.hours)).toBe(7 * MINUTE);
    expect(over('2026-03-08T12:00:00.000Z', CLOCK.hours)).toBe(30 * MINUTE);
    expect(over('2026-03-09T14:00:00.000Z', CLOCK.hours)).toBe(90 * MINUTE);
    expect(over('2026-03-09T14:00:00.000Z', hoursFor('stat', CLOCK))).toBe(64.5 * HOUR);
  });
});

describe('What a card says of a target', () => {
  const ALWAYS: Hours = { zone: ZONE, openings: [], holidays: [] };
  const due = at('2026-03-05T15:00:00.000Z');
  const target: Target = { kind: 'claim', due };

  it.each([
    [-3 * HOUR, 0],
    [-1, 0],
    [0, MINUTE],
    [MINUTE - 1, MINUTE],
    [MINUTE, 2 * MINUTE],
    [9.5 * MINUTE, 10 * MINUTE],
    [10 * MINUTE, 15 * MINUTE],
    [57 * MINUTE, HOUR],
    [HOUR, 2 * HOUR],
    [23.5 * HOUR, DAY],
    [DAY, 2 * DAY],
    [9.9 * DAY, 10 * DAY],
  ])('%i ms after it is due changes next at %i', (now, next) => {
    expect(nextChange(target, later(due, now), ALWAYS)).toEqual(later(due, next));
  });

  it('does not change at night', () => {
    const evening: Target = { kind: 'claim', due: at('2026-03-06T21:58:30.000Z') };
    const closing = nextChange(evening, at('2026-03-06T21:59:00.000Z'), CLOCK.hours);

    expect(closing).toEqual(at('2026-03-06T21:59:30.000Z'));
    // The second minute has half of it on Friday, and the other half on Monday.
    expect(nextChange(evening, closing, CLOCK.hours)).toEqual(at('2026-03-09T13:00:30.000Z'));
  });

  it('is looked at now and then where the pool opens no more', () => {
    const closed: Hours = {
      zone: ZONE,
      openings: [{ weekday: 1, from: '09:00', to: '09:00' }],
      holidays: [],
    };
    const now = later(due, 5 * HOUR);

    expect(nextChange(target, now, closed)).toEqual(later(now, DAY));
  });

  it('is the same until it changes, and then it is not', () => {
    const hours = fc.oneof(closingHours, fc.constant(ALWAYS));
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const offset = fc.oneof(
      fc.integer({ min: -2 * HOUR, max: 2 * HOUR }),
      fc.integer({ min: -2 * DAY, max: 30 * DAY }),
    );
    fc.assert(
      fc.property(
        instants,
        fc.integer({ min: 0, max: 20 * HOUR }),
        hours,
        offset,
        share,
        (began, within, open, off, part) => {
          const missed: Target = { kind: 'claim', due: addOpenTime(began, within, open) };
          const says = (now: Date) => (now < missed.due ? 'not yet' : overText(overBy(missed, now, open)));
          let now = later(missed.due, off);
          for (let n = 0; n < 12; n += 1) {
            const next = nextChange(missed, now, open);
            const meanwhile = later(now, Math.floor((next.getTime() - now.getTime() - 1) * part));

            expect(next > now).toBe(true);
            expect(says(meanwhile)).toBe(says(now));
            expect(says(later(next, -1))).toBe(says(now));
            expect(says(next)).not.toBe(says(now));
            now = next;
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
