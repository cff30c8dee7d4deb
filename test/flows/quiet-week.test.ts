import type { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clock, createClock } from '../../sandbox/clock.ts';
import type { Notification } from '../../sandbox/notifications.ts';
import { deedOf } from '../../src/record/provenance.ts';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { configured } from '../support/flow-config.ts';

const NURSES = 'C0NURSES';
const CARDIO = 'C0CARDIO';
const ANA = 'U0ANA';
const BEN = 'U0BEN';
const CHIDI = 'U0CHIDI';
const GRACE = 'U0GRACE';
const MEI = 'U0MEI';
const ZONE = 'America/New_York';
/** Half past five in the morning of a Monday far ahead, in New York. */
const MONDAY = Date.parse('2027-06-07T09:30:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/*
 * A week of a small clinic, with what people do in it. Nurses have an hour to claim and two to answer; then the channel is
 * called, Grace is told, and so on. The cardiologists have targets, and nobody is called there.
 */

let clinic: Clinic;
let clock: Clock;
let all: readonly Notification[];
const tasks: Record<string, string> = {};

beforeAll(async () => {
  clock = createClock();
  clock.moveTo(new Date(MONDAY));
  clinic = await openClinic({
    clock,
    sweepSeconds: 600,
    config: (yaml, practitioner) =>
      configured({
        timezone: ZONE,
        hours: { 'mon-fri': '08:00-17:00' },
        targets: { claimWithin: { stat: '5m', routine: '1h' }, answerWithin: { routine: '2h' } },
        reminders: { every: '2h', most: 2 },
        digest: { cron: '0 8 * * 1-5' },
      })(yaml)
        .replace(
          /^( {4}name: Registered nurse)$/m,
          `$1\n    escalation: [{ after: 0m, mention: here }, { after: 30m, tell: lead }]\n    leads: [${practitioner(GRACE)}]`,
        )
        .replace(/^( {4}name: Cardiologist)$/m, `$1\n    leads: [${practitioner(GRACE)}]`),
  });
  await week();
  all = clinic.sandbox.notifications();
}, 600_000);
afterAll(() => clinic?.close());

/** Moves on to a time of a day of the week (0 is Monday), in hours of New York, and waits until all is said. */
async function until(day: number, hour: number): Promise<void> {
  clock.moveTo(new Date(MONDAY + day * DAY + (hour - 5.5) * HOUR));
  let before = -1;
  await eventually(async () => {
    const now = clinic.logged.length;
    const isQuiet = now === before;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(isQuiet && clinic.logged.length === now).toBe(true);
  }, 60_000);
}

async function writes(name: string, words: { pool?: string; priority?: 'routine' | 'stat' }): Promise<void> {
  const task = await clinic.patientWrites({ priority: 'routine', ...words });
  tasks[name] = task;
  await clinic.card(task, words.pool === 'cardiology' ? CARDIO : NURSES);
}

const newest = (name: string, channel = NURSES) => clinic.card(tasks[name] ?? '', channel);

async function week(): Promise<void> {
  await until(0, 6);
  await writes('before work', {});
  await until(0, 8.01);
  await clinic.press(ANA, await newest('before work'), 'claim');
  await writes('forgotten', {});
  await until(0, 9.2);
  await until(0, 9.7);
  await until(0, 11);
  await until(0, 13.5);
  await until(0, 16.9);
  await writes('at closing time', {});
  await until(0, 19);
  await writes('stat at night', { priority: 'stat' });
  await until(0, 19.2);
  await until(0, 20);
  await clinic.reroute(CHIDI, await newest('at closing time'), { target: 'Mei', reason: 'other', note: 'x' });
  await until(0, 23);
  await until(1, 3);
  await until(1, 8.01);
  await until(1, 10);
  await writes('heart', { pool: 'cardiology' });
  await clinic.pick(BEN, await newest('heart', CARDIO), 'note').catch(() => undefined);
  await until(1, 12);
  await until(1, 16);
  for (const day of [2, 3, 4]) {
    await until(day, 8.01);
    await writes(`day ${day}`, {});
    await until(day, 8.5);
    await clinic.press(ANA, await newest(`day ${day}`), 'claim');
    await until(day, 12);
    await until(day, 18);
  }
  await until(5, 10);
  await writes('saturday', {});
  await until(5, 14);
  await until(6, 12);
  await until(7, 7.5);
}

const localHour = new Intl.DateTimeFormat('en', {
  timeZone: ZONE,
  weekday: 'short',
  hour: '2-digit',
  hourCycle: 'h23',
});

function isOpen(at: Date): boolean {
  const parts = Object.fromEntries(localHour.formatToParts(at).map(({ type, value }) => [type, value]));
  const hour = Number(parts.hour);
  return !['Sat', 'Sun'].includes(parts.weekday ?? '') && hour >= 8 && hour < 17;
}

describe('A week of notifications', () => {
  it('is what it is', () => {
    const people = Map.groupBy(all, ({ person }) => person);
    const counts = [...people].map(([person, some]) => {
      const count = (kind: Notification['kind']) => some.filter((one) => one.kind === kind).length;
      return { person, said: `${count('direct')} direct, ${count('broadcast')} by a call to the channel` };
    });
    const rows = [...Map.groupBy(counts, ({ said }) => said)].map(
      ([said, same]) =>
        `  ${said}: ${same.length > 6 ? `${same.length} people` : same.map(({ person }) => person).join(', ')}`,
    );
    const out: Writable = process.stdout;
    out.write(`\nNotifications of a simulated week, by person:\n${rows.join('\n')}\n`);

    expect(all.length).toBeGreaterThan(0);
  });

  it('disturbs nobody outside of business hours, but for what is stat', () => {
    const atNight = all.filter(({ at }) => !isOpen(at)).map(({ task }) => task);

    expect(new Set(atNight)).toEqual(new Set([tasks['stat at night']]));
  });

  it('calls a channel only where that is configured', async () => {
    const called = all.filter(({ kind }) => kind === 'broadcast').map(({ task }) => task);

    for (const task of new Set(called)) {
      const { provenances } = await clinic.record(task ?? '');
      expect(provenances.map(deedOf).some((deed) => deed?.step?.kind === 'mention')).toBe(true);
    }
    expect(called).not.toContain(tasks.heart);
    expect(called).toContain(tasks.forgotten);
  });

  it('tells the lead once of each Task that nobody claims, on each platform', () => {
    const told = all.filter(
      ({ person, kind, task }) => person === GRACE && kind === 'direct' && task === tasks.forgotten,
    );

    expect(told.map(({ platform }) => platform).sort()).toEqual([
      ...new Set(told.map(({ platform }) => platform)),
    ]);
    expect(told.length).toBeGreaterThan(0);
  });

  it('reminds Ana of what she has not answered, at most twice for each Task', () => {
    const reminders = all.filter(({ person, kind }) => person === ANA && kind === 'direct');
    const byTask = Map.groupBy(reminders, ({ task, platform }) => `${task} ${platform}`);

    expect(reminders.map(({ task }) => task)).toContain(tasks['before work']);
    for (const some of byTask.values()) expect(some.length).toBeLessThanOrEqual(2);
  });

  it('tells Mei in the morning of what was sent to her at night', () => {
    const [first] = all.filter(({ person, task }) => person === MEI && task === tasks['at closing time']);

    expect(first?.at.getTime()).toBeGreaterThanOrEqual(MONDAY + DAY + 2.5 * HOUR);
  });
});

describe('Whoever raises the alarm', () => {
  it('is not called for it', async () => {
    clock.moveTo(new Date(MONDAY + 7 * DAY + 4.5 * HOUR));
    const task = await clinic.patientWrites({ pool: 'cardiology', priority: 'routine' });
    const card = await clinic.card(task, CARDIO);
    const before = clinic.sandbox.notifications().length;

    const dialog = await clinic.dialog(GRACE, () => clinic.pick(GRACE, card, 'escalate'));
    await clinic.submit(GRACE, dialog, { reason: 'safety-concern' });
    await eventually(() => expect(clinic.cards(task, CARDIO)).toHaveLength(2), 20_000);

    const since = clinic.sandbox
      .notifications()
      .slice(before)
      .filter((one) => one.task === task);
    expect(since.filter(({ person }) => person === GRACE)).toEqual([]);
    expect(since.filter(({ kind }) => kind === 'broadcast')).toEqual([]);
  });
});
