import { localDay, localTime, weekdayOf } from './times.ts';

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** "Monday 2 March", of a local day (`YYYY-MM-DD`). */
export function dayName(day: string): string {
  const [, month = '', date = ''] = day.split('-');
  return `${weekday(day)} ${Number(date)} ${MONTHS[Number(month) - 1] ?? ''}`;
}

/** "Monday 08:00": what the clock on the wall of the zone shows, for an instant within a week. */
export function weekdayTime(at: Date, zone: string): string {
  return `${weekday(localDay(at, zone))} ${localTime(at, zone)}`;
}

function weekday(day: string): string {
  return WEEKDAYS[weekdayOf(day) - 1] ?? '';
}
