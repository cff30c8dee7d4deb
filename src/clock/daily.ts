import { CronExpressionParser } from 'cron-parser';
import { byDay } from './by-day.ts';
import type { Daily } from './pool-clock.ts';
import { atLocal, dayAfter, isDayOf, localDay } from './times.ts';

/** What is due on one local day. */
export interface Slot {
  /** The day in whose name it is due, `YYYY-MM-DD`: what makes it happen once. */
  readonly day: string;
  readonly at: Date;
}

const DAY_MS = 24 * 3_600_000;

/** The Gregorian calendar goes eight years without 29 February at most; a slot further off than that never comes. */
const FURTHEST_DAYS = 8 * 366 + 1;

/**
 * The slot that is due now: the newest one whose time has come, for as long (ms) as it may still be late. Several
 * that were missed are only ever the newest; undefined where none is due, or it is too late for it.
 */
export function dueSlot(daily: Daily, now: Date, graceMs: number): Slot | undefined {
  const today = localDay(now, daily.zone);
  const furthest = Math.ceil(graceMs / DAY_MS) + 1;
  // Where midnight comes twice, tomorrow may have begun before the clock went back to today.
  for (let back = -1; back <= furthest; back += 1) {
    const slot = slotOn(dayAfter(today, -back), daily);
    if (slot === undefined || slot.at > now) continue;
    return now.getTime() < slot.at.getTime() + graceMs ? slot : undefined;
  }
  return undefined;
}

/** The slot of a local day; undefined on days that the expression or the holidays leave out. */
export function slotOn(day: string, daily: Daily): Slot | undefined {
  return slotsOf(daily)(day);
}

/** The first slot whose time comes after this instant; undefined where there is none within eight years. */
export function slotAfter(after: Date, daily: Daily): Slot | undefined {
  const today = localDay(after, daily.zone);
  for (let ahead = 0; ahead <= FURTHEST_DAYS; ahead += 1) {
    const slot = slotOn(dayAfter(today, ahead), daily);
    if (slot !== undefined && slot.at > after) return slot;
  }
  return undefined;
}

/** Why an expression is none for a `Daily`, for whoever wrote it; undefined where it is one. */
export function dailyProblem(cron: string): string | undefined {
  const fields = fieldsOf(cron);
  if (fields === undefined) {
    return 'must be a cron expression with one minute and one hour, e.g. "0 8 * * 1-5"';
  }
  try {
    daysOf(fields.days);
    return undefined;
  } catch (cause) {
    return `must name days that there are, e.g. "0 8 * * 1-5": ${cause instanceof Error ? cause.message : cause}`;
  }
}

/** From a local day to its slot. */
const slotsOf = byDay(({ cron, zone, holidays }: Daily): ((day: string) => Slot | undefined) => {
  const fields = fieldsOf(cron);
  if (fields === undefined) throw new RangeError(`not a daily cron expression: ${cron}`);
  const isNamed = daysOf(fields.days);
  return (day) => {
    if (holidays.includes(day) || !isNamed(day)) return undefined;
    const at = atLocal(day, fields.time, zone);
    return localDay(at, zone) === day || isDayOf(day, zone) ? { day, at } : undefined;
  };
});

/** The local time, and the three fields that name days, as they stand. */
function fieldsOf(cron: string): { readonly time: string; readonly days: string } | undefined {
  const [minute = '', hour = '', ...days] = cron.trim().split(/\s+/);
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  return days.length === 3 && /^([01]\d|2[0-3]):[0-5]\d$/.test(time)
    ? { time, days: days.join(' ') }
    : undefined;
}

/**
 * Whether the fields name a day. The parser is asked about noon in UTC, so that no clock change of any zone, nor what
 * it would make of one, matters. Throws what it says of fields that it refuses.
 */
function daysOf(fields: string): (day: string) => boolean {
  // An H stands for a number that the parser draws, another one each time.
  if (/H/.test(fields.replaceAll('THU', ''))) throw new RangeError('H is no day');
  const days = CronExpressionParser.parse(`0 12 ${fields}`, { tz: 'UTC', currentDate: EPOCH });
  return (day) => days.includesDate(new Date(`${day}T12:00:00Z`));
}

/** Without a date the parser takes today's. */
const EPOCH = new Date(0);
