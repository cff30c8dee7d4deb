import { nextOpening } from '../clock/hours.ts';
import type { Hours } from '../clock/pool-clock.ts';
import { atLocal, dayAfter, localDay, localTime } from '../clock/times.ts';

/** Until when somebody wants to hear nothing, as they said it: for so long, until a local time, or until something happens. */
export type Until =
  | { readonly kind: 'in'; readonly ms: number }
  /** `HH:MM` */
  | { readonly kind: 'at'; readonly time: string }
  | { readonly kind: 'opening' }
  | { readonly kind: 'reply' };

/** What a dialog offers, in the words that can be typed as well. */
export const UNTIL_CHOICES: readonly { readonly words: string; readonly label: string }[] = [
  { words: '30m', label: 'In 30 minutes' },
  { words: '1h', label: 'In an hour' },
  { words: '4h', label: 'In 4 hours' },
  { words: 'opening', label: 'When we open again' },
  { words: 'reply', label: 'When the patient writes' },
];

/** What can be typed, by examples. */
export const UNTIL_FORMS: readonly string[] = ['30m', '2h', '14:30', 'opening', 'reply'];

const MINUTE = 60_000;
const UNITS: Readonly<Record<string, number>> = { m: MINUTE, h: 60 * MINUTE, d: 24 * 60 * MINUTE };

/** Reads "30m", "2 hours", "14:30", "opening" or "reply", in any case; undefined for anything else. */
export function parseUntil(words: string): Until | undefined {
  const said = words.trim().toLowerCase().replace(/[.,]$/, '');
  if (said === 'opening' || said === 'reply') return { kind: said };
  const [, many, unit] = /^(?:in )?(\d{1,6}) ?(m|min|minutes?|h|hours?|d|days?)$/.exec(said) ?? [];
  if (many !== undefined && unit !== undefined)
    return { kind: 'in', ms: Number(many) * (UNITS[unit.charAt(0)] ?? MINUTE) };
  const [, hour, minute] = /^(?:at )?([01]?\d|2[0-3]):([0-5]\d)$/.exec(said) ?? [];
  if (hour === undefined || minute === undefined) return undefined;
  return { kind: 'at', time: `${hour.padStart(2, '0')}:${minute}` };
}

/** The instant that is meant; undefined where there is none: for the patient's reply, and where the pool never closes. */
export function untilInstant(until: Until, now: Date, hours: Hours): Date | undefined {
  switch (until.kind) {
    case 'in':
      return new Date(now.getTime() + until.ms);
    case 'at': {
      const today = localDay(now, hours.zone);
      const at = atLocal(today, until.time, hours.zone);
      return at > now ? at : atLocal(dayAfter(today), until.time, hours.zone);
    }
    case 'opening':
      return nextOpening(now, hours);
    case 'reply':
      return undefined;
    default:
      return until satisfies never;
  }
}

/** An instant as people of the zone say it: "14:30", and on another day "Tuesday, 3 March, 08:00". */
export function clockTime(at: Date, now: Date, zone: string): string {
  // Where no zone is configured nobody's clock on the wall is meant.
  const time = `${localTime(at, zone)}${zone === 'UTC' ? ' UTC' : ''}`;
  if (localDay(at, zone) === localDay(now, zone)) return time;
  const inWords = (form: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...form }).format(at);
  return `${inWords({ weekday: 'long' })}, ${inWords({ day: 'numeric', month: 'long' })}, ${time}`;
}
