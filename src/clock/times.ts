import { DateTime, IANAZone } from 'luxon';

/*
 * Between instants and what a clock on the wall of a zone shows. Zones are IANA names; a day is `YYYY-MM-DD`, a time of
 * day `HH:MM`, and `24:00` the end of a day.
 *
 * Luxon's own way from local time to an instant starts from the offset of today, so that a time which comes twice
 * would mean one thing in summer and another in winter. Here only its zones and its calendar are used.
 */

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The day that it is there. Throws a RangeError for an unknown zone. */
export function localDay(at: Date, zone: string): string {
  return isoDay(DateTime.fromMillis(at.getTime(), { zone: zoneOf(zone) }));
}

/** What the clock shows there. Throws a RangeError for an unknown zone. */
export function localTime(at: Date, zone: string): string {
  return DateTime.fromMillis(at.getTime(), { zone: zoneOf(zone), locale: 'en' }).toFormat('HH:mm');
}

/**
 * The instant at which the clock first shows this time of this day, or a later one: a time that the spring change skips
 * is the first instant after the gap, and of one that comes twice in autumn it is the first.
 */
export function atLocal(day: string, time: string, zone: string): Date {
  const local = calendarDay(day).toMillis() + minutesOf(time) * MINUTE_MS;
  const found = zoneOf(zone);
  const offset = (instant: number): number => found.offset(instant);
  const before = offset(local - DAY_MS);
  const after = offset(local + DAY_MS);
  if (before === after) return new Date(local - before * MINUTE_MS);

  // The clock changes near by. Before a change its old offset holds, from then on its new one.
  const early = local - Math.max(before, after) * MINUTE_MS;
  const late = local - Math.min(before, after) * MINUTE_MS;
  const shows = (instant: number): boolean => instant + offset(instant) * MINUTE_MS === local;
  if (shows(early)) return new Date(early);
  if (shows(late)) return new Date(late);
  return new Date(firstWith(after, early, late, offset));
}

/** The day so many days later, or earlier for a negative number. */
export function dayAfter(day: string, days = 1): string {
  // In UTC every day has 24 hours; this is asked for each day of each Task, and luxon's calendar takes its time.
  return isoDay(DateTime.fromMillis(calendarDay(day).toMillis() + days * DAY_MS, { zone: 'utc' }));
}

/** 1 is Monday, 7 is Sunday (ISO 8601). */
export function weekdayOf(day: string): number {
  return calendarDay(day).weekday;
}

/** Whether the zone has such a day at all: Apia went from 29 to 31 December 2011. */
export function isDayOf(day: string, zone: string): boolean {
  return localDay(atLocal(day, '00:00', zone), zone) === day;
}

/** The days of the calendar have no zone; UTC leaves them as they are. Throws a RangeError for what is no day. */
function calendarDay(day: string): DateTime {
  const found = DateTime.fromMillis(Date.parse(`${day}T00:00:00Z`), { zone: 'utc' });
  if (found.toISODate() !== day) throw new RangeError(`not a day of the calendar: ${day}`);
  return found;
}

function isoDay(at: DateTime): string {
  const day = at.toISODate();
  if (day === null) throw new RangeError(`not an instant: ${at.invalidExplanation ?? at.invalidReason}`);
  return day;
}

function zoneOf(name: string): IANAZone {
  const zone = IANAZone.create(name);
  if (!zone.isValid) throw new RangeError(`not a time zone: ${name}`);
  return zone;
}

function minutesOf(time: string): number {
  const [, hours, minutes] = /^(\d\d):(\d\d)$/.exec(time) ?? [];
  if (hours === undefined || minutes === undefined) throw new RangeError(`not a time of day: ${time}`);
  return Number(hours) * 60 + Number(minutes);
}

/** The first whole minute in (from, to] at which this offset (minutes east of UTC) holds; at `to` it does. */
function firstWith(wanted: number, from: number, to: number, offset: (instant: number) => number): number {
  let [without, having] = [from, to];
  while (having - without > MINUTE_MS) {
    const middle = without + Math.floor((having - without) / 2 / MINUTE_MS) * MINUTE_MS;
    if (offset(middle) === wanted) having = middle;
    else without = middle;
  }
  return having;
}
