import { DateTime, IANAZone } from 'luxon';
import { z } from 'zod';
import { dailyProblem } from './clock/daily.ts';
import type { Opening } from './clock/pool-clock.ts';

/*
 * How times are written in `switchboard.yaml`.
 */

const UNIT_MS = new Map([
  ['m', 60_000],
  ['h', 60 * 60_000],
  ['d', 24 * 60 * 60_000],
]);
const LONGEST_MS = 90 * 24 * 60 * 60_000;
const LENGTH_FORM = 'must be a length of time such as 15m, 4h or 2d, and at most 90d';

/** A length of time, in milliseconds; none is one as well. */
export const length = z
  .string(LENGTH_FORM)
  .regex(/^\d{1,6}[mhd]$/, LENGTH_FORM)
  .transform((text) => Number(text.slice(0, -1)) * (UNIT_MS.get(text.slice(-1)) ?? 0))
  .refine((ms) => ms <= LONGEST_MS, LENGTH_FORM);

/** A length of time that has to pass, in milliseconds. */
export const lasting = length.refine((ms) => ms > 0, 'must be longer than nothing');

export const zone = z
  .string()
  .refine(
    (name) => IANAZone.isValidZone(name),
    'is no time zone: write an IANA name such as America/New_York',
  );

const DAY_FORM = 'must be a day, written as 2026-12-25';

/** A local day, `YYYY-MM-DD`. YAML may take one for an instant: midnight, UTC. */
export const day = z.preprocess(
  (given) =>
    given instanceof Date && !Number.isNaN(given.getTime()) ? given.toISOString().slice(0, 10) : given,
  z
    .string(DAY_FORM)
    .refine((text) => /^\d{4}-\d\d-\d\d$/.test(text) && DateTime.fromISO(text).isValid, DAY_FORM),
);

/** A cron expression that comes at most once a day. */
export const dailyCron = z.string().superRefine((text, context) => {
  const message = dailyProblem(text);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

const DAYS_FORM = 'must name days, such as mon-fri; false is always open';

/** Business hours: stretches of local time under days of the week. */
export const hours = z
  .record(z.string(), z.string(), DAYS_FORM)
  .refine((given) => Object.keys(given).length > 0, DAYS_FORM)
  .transform((given, context) => {
    const openings: Opening[] = [];
    for (const [days, stretches] of Object.entries(given)) {
      const fault = (message: string) => context.addIssue({ code: 'custom', path: [days], message });
      const weekdays = weekdaysOf(days);
      if (weekdays === undefined) {
        fault('names no days: write a day (mon), days in a row (mon-fri) or a list (mon,wed)');
        continue;
      }
      for (const stretch of stretches.split(',')) {
        const [text, from, to] = STRETCH.exec(stretch.trim()) ?? [];
        if (text === undefined || from === undefined || to === undefined) {
          fault('must be written as 08:00-17:00, or several: 08:00-12:00, 13:00-17:00');
          continue;
        }
        if (from >= to) {
          fault(
            `${text} ends before it begins; a night is two stretches, to 24:00 and from 00:00 on the next day`,
          );
          continue;
        }
        for (const weekday of weekdays) {
          const other = openings.find((one) => one.weekday === weekday && one.from < to && from < one.to);
          if (other) fault(`${text} overlaps with ${other.from}-${other.to} on ${DAYS[weekday - 1]}`);
          else openings.push({ weekday, from, to });
        }
      }
    }
    return openings.sort((a, b) => a.weekday - b.weekday || (a.from < b.from ? -1 : 1));
  });

const STRETCH = /^((?:[01]\d|2[0-3]):[0-5]\d) *- *((?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;

/** By ISO 8601: the first is 1. */
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** The weekdays that `mon`, `sun-thu` or `mon,wed` names, 1 for Monday; undefined for what names none. */
function weekdaysOf(text: string): readonly number[] | undefined {
  const found = new Set<number>();
  for (const part of text.toLowerCase().split(',')) {
    const ends = part.split('-').map((name) => DAYS.indexOf(name.trim()) + 1);
    const [first = 0, last = first] = ends;
    if (ends.includes(0) || ends.length > 2) return undefined;
    for (let weekday = first; ; weekday = (weekday % 7) + 1) {
      found.add(weekday);
      if (weekday === last) break;
    }
  }
  return [...found];
}
