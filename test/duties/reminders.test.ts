import { describe, expect, it } from 'vitest';
import { NO_CLOCK, type PoolClock } from '../../src/clock/pool-clock.ts';
import { giveBack, remindingOf, unansweredSince } from '../../src/duties/reminders.ts';
import { SNOOZE_URL } from '../../src/record/snooze.ts';
import { ANA, BEN, claimedBy } from '../support/pure-clinic.ts';
import { provenance } from '../support/pure-past.ts';
import { at, patientSays, staffSays } from '../support/pure-thread.ts';

const HOUR = 3_600_000;
const CLOCK: PoolClock = {
  ...NO_CLOCK,
  answerWithin: { routine: 2 * HOUR },
  reminders: { everyMs: HOUR, most: 2, returnToPool: false },
};
const RETURNING: PoolClock = { ...CLOCK, reminders: { everyMs: HOUR, most: 2, returnToPool: true } };

/** Ana has had it since 09:10; the patient has waited since 09:00, so an answer is due at 11:00. */
const task = claimedBy(ANA);
const provenances = [provenance('claim', ANA, at('09:10'))];
const messages = [patientSays('m1', '09:00')];
const held = { task, provenances, messages };

const numberAt = (time: string, more: Partial<typeof held> = {}, clock = CLOCK) =>
  remindingOf({ ...held, ...more }, clock, new Date(at(time))).reminder?.number;

describe('Reminders', () => {
  it.each([
    ['10:59', undefined],
    ['11:00', 1],
    ['11:59', 1],
    ['12:00', 2],
    ['20:00', 2],
  ] as const)('at %s it is number %s', (time, number) => {
    expect(numberAt(time)).toBe(number);
  });

  it('each has a word of its own, so that each is a message of its own', () => {
    const words = ['11:00', '11:30', '12:00'].map(
      (time) => remindingOf(held, CLOCK, new Date(at(time))).reminder?.occasion,
    );

    expect(words[0]).toBe(words[1]);
    expect(words[2]).not.toBe(words[0]);
  });

  it('say when the next one comes', () => {
    expect(remindingOf(held, CLOCK, new Date(at('10:00'))).next?.toISOString()).toBe(at('11:00'));
    expect(remindingOf(held, CLOCK, new Date(at('11:30'))).next?.toISOString()).toBe(at('12:00'));
  });

  it('do not come while the patient has an answer', () => {
    expect(numberAt('15:00', { messages: [...messages, staffSays(ANA, 'a1', '10:30')] })).toBeUndefined();
  });

  it('come again when the patient writes after the answer, counted from then', () => {
    const more = [...messages, staffSays(BEN, 'a1', '10:30'), patientSays('m2', '12:00')];

    expect(numberAt('13:59', { messages: more })).toBeUndefined();
    expect(numberAt('14:00', { messages: more })).toBe(1);
  });

  it('leave whoever takes a late Task the time between two', () => {
    const late = [provenance('claim', ANA, at('13:00'))];

    expect(numberAt('13:30', { provenances: late })).toBeUndefined();
    expect(numberAt('14:00', { provenances: late })).toBe(1);
  });

  it.each([
    ['until a time', at('13:30'), [], '13:29', '13:30'],
    ['until the patient writes', undefined, [patientSays('m2', '13:10')], '13:09', '13:10'],
    [
      'until a time, and the patient writes before it',
      at('16:00'),
      [patientSays('m2', '13:10')],
      '13:09',
      '13:10',
    ],
  ] as const)('wait for the end of a snooze: %s', (_, end, more, before, after) => {
    const extension = [{ url: SNOOZE_URL, valuePeriod: { start: at('11:05'), ...(end && { end }) } }];
    const asleep = { task: claimedBy(ANA, { extension }) };
    const heardBy = (time: string) => messages.concat(more.filter((one) => (one.sent ?? '') <= at(time)));

    expect(numberAt(before, { ...asleep, messages: heardBy(before) })).toBeUndefined();
    expect(numberAt(after, { ...asleep, messages: heardBy(after) })).toBe(1);
  });

  it('do not come without a target, or without being configured', () => {
    expect(numberAt('20:00', {}, { ...CLOCK, answerWithin: {} })).toBeUndefined();
    expect(numberAt('20:00', {}, { ...CLOCK, reminders: undefined })).toBeUndefined();
  });

  it('give the Task back only where that is configured, once the last one was waited for', () => {
    expect(remindingOf(held, RETURNING, new Date(at('12:59'))).giveBack).toBe(false);
    expect(remindingOf(held, RETURNING, new Date(at('13:00'))).giveBack).toBe(true);
    expect(remindingOf(held, CLOCK, new Date(at('13:00'))).giveBack).toBe(false);
  });

  it('give it back to the pool that it came from, with the reason, or leave it', () => {
    expect(giveBack(task.performerType)).toMatchObject({
      verb: 'release',
      change: { status: 'requested', owner: null, performerType: task.performerType },
      reason: { code: 'not-answered-in-time' },
    });
    expect(giveBack(undefined)).toBeUndefined();
  });
});

describe('Since when a patient waits for an answer', () => {
  it('is the first message that nobody has answered', () => {
    const said = [
      ...messages,
      staffSays(ANA, 'a1', '10:00'),
      patientSays('m2', '10:30'),
      patientSays('m3', '11:00'),
    ];

    expect(unansweredSince(task, said)?.toISOString()).toBe(at('10:30'));
  });

  it('is when the Task was opened, where there is no thread', () => {
    expect(unansweredSince(task, [])?.toISOString()).toBe(at('09:00'));
  });
});
