import fc from 'fast-check';
import type { Hours } from '../../src/clock/pool-clock.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Zones that change their clocks in either half of the world, by half an hour, not at all, and at odd offsets. */
export const ZONES = [
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Pacific/Kiritimati',
  'America/Santiago',
  'UTC',
] as const;

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clock on the wall shows, asked of the runtime and not of the library that is tested. */
export function wall(at: Date | number, zone: string): { readonly day: string; readonly time: string } {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  formats.set(zone, format);
  const [day = '', time = ''] = format.format(at).split(' ');
  return { day, time };
}

/** Every day from one to another, both included, by the calendar alone. */
export function daysFrom(first: string, last: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(first); at <= Date.parse(last); at += DAY) days.push(utcDay(at));
  return days;
}

export function isWorkday(day: string): boolean {
  return ![0, 6].includes(new Date(day).getUTCDay());
}

function utcDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The instants at which a zone’s clock jumps in a year, to the minute. */
export function jumps(zone: string, year: number): Date[] {
  const found: Date[] = [];
  for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += DAY) {
    if (ahead(at, zone) !== ahead(at + DAY, zone)) found.push(jump(at, at + DAY, zone));
  }
  return found;
}

function jump(from: number, to: number, zone: string): Date {
  if (to - from === MINUTE) return new Date(to);
  const middle = from + Math.floor((to - from) / 2 / MINUTE) * MINUTE;
  return ahead(middle, zone) === ahead(from, zone) ? jump(middle, to, zone) : jump(from, middle, zone);
}

/** How far (ms) the wall is ahead of UTC. */
export function ahead(at: number, zone: string): number {
  const { day, time } = wall(at, zone);
  return Date.parse(`${day}T${time}:00Z`) - Math.floor(at / MINUTE) * MINUTE;
}

export const zones = fc.constantFrom(...ZONES);

/** From the end of 2025 to the beginning of 2029: both changes of each year, a leap day. */
export const instants = fc.date({
  min: new Date('2025-12-20T00:00:00Z'),
  max: new Date('2029-01-10T00:00:00Z'),
  noInvalidDate: true,
});

const clock = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');

/** Times of day, to the quarter of an hour. */
export const times = fc.integer({ min: 0, max: 95 }).map((quarter) => clock(quarter * 15));

const openings = fc
  .record({
    weekday: fc.integer({ min: 1, max: 7 }),
    between: fc.uniqueArray(fc.integer({ min: 0, max: 96 }), { minLength: 2, maxLength: 2 }),
  })
  .map(({ weekday, between }) => {
    const [from = 0, to = 96] = between.toSorted((a, b) => a - b);
    return { weekday, from: clock(from * 15), to: clock(to * 15) };
  });

/** Some day from 2026 to 2028. */
export const days = fc.integer({ min: 0, max: 1095 }).map((n) => utcDay(Date.UTC(2026, 0, 1) + n * DAY));

/** Hours of pools that close: several openings a day, some of them overlapping, and holidays. */
export const closingHours: fc.Arbitrary<Hours> = fc.record({
  zone: zones,
  openings: fc.array(openings, { minLength: 1, maxLength: 8 }),
  holidays: fc.array(days, { maxLength: 20 }),
});

/** Monday to Friday from nine to five. */
export function nineToFive(zone: string, holidays: readonly string[] = []): Hours {
  return {
    zone,
    openings: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: '09:00', to: '17:00' })),
    holidays,
  };
}

/** Every day, all day, written out. */
export function roundTheClock(zone: string, holidays: readonly string[] = []): Hours {
  return {
    zone,
    openings: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from: '00:00', to: '24:00' })),
    holidays,
  };
}
