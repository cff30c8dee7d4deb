import { DateTime } from 'luxon';

const SATURDAY = 6;
/** So that what is due at eight comes a moment after one has got there. */
const JUST_BEFORE_EIGHT = { hour: 7, minute: 59, second: 30, millisecond: 0 } as const;

/** The next instant at which it is half a minute to eight on a weekday. @param zone an IANA zone. */
export function nextMorning(after: Date, zone: string): Date {
  let morning = DateTime.fromJSDate(after, { zone }).set(JUST_BEFORE_EIGHT);
  while (morning.toMillis() <= after.getTime() || morning.weekday >= SATURDAY) {
    morning = morning.plus({ days: 1 });
  }
  return morning.toJSDate();
}
