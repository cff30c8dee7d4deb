import { ZONE } from '../../clinic.ts';

/** The page speaks English, and its clock is the clinic's, wherever the reader is. */
const LOCALE = 'en-GB';

const DAY_MS = 86_400_000;

const UNITS: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'always' });

/** "3 minutes ago", "in 2 hours"; within a minute, "just now". */
export function ago(date: Date, now: Date): string {
  const seconds = Math.round((date.getTime() - now.getTime()) / 1000);
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return 'just now';
}

/** "13:20" */
export const clockTime = formatter({ hour: '2-digit', minute: '2-digit' });

/** "13:20:05" */
export const clockTimeWithSeconds = formatter({ hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** "Sat 28 Nov" */
export const shortDay = formatter({ weekday: 'short', day: 'numeric', month: 'short' });

/** "Saturday 28 November" */
export const longDay = formatter({ weekday: 'long', day: 'numeric', month: 'long' });

export const fullTime = formatter({ dateStyle: 'full', timeStyle: 'medium' });

/** The day in front of a time that is not today's: "Fri 27 Nov, 13:20". */
export const withDay = (time: string, date: Date, now: Date): string =>
  daysBetween(now, date) === 0 ? time : `${shortDay(date)}, ${time}`;

/** The tokens of Slack's `<!date^...>` that are not times of day. */
const DATE_TOKENS: Readonly<Record<string, (date: Date) => string>> = {
  date_num: formatter({ year: 'numeric', month: '2-digit', day: '2-digit' }),
  date: formatter({ year: 'numeric', month: 'long', day: 'numeric' }),
  date_short: formatter({ year: 'numeric', month: 'short', day: 'numeric' }),
  date_long: formatter({ weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' }),
};

/** Fills in the tokens of Slack's date formatting; undefined when one of them is not known. */
export function slackDate(format: string, date: Date, now: Date): string | undefined {
  let known = true;
  const text = format.replace(/\{(\w+)\}/g, (_, token: string) => {
    // "Waiting since a moment ago" reads as one sentence.
    if (token === 'ago') return ago(date, now).replace('just now', 'a moment ago');
    if (token === 'time') return clockTime(date);
    if (token === 'time_secs') return clockTimeWithSeconds(date);
    const plain = token.replace(/_pretty$/, '');
    const day = DATE_TOKENS[plain];
    if (day === undefined) known = false;
    const near = plain === token ? undefined : NEAR_DAYS[daysBetween(now, date)];
    return near ?? day?.(date) ?? '';
  });
  return known ? text : undefined;
}

const teamsDay = formatter({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });

/**
 * Fills in the `{{DATE(...,SHORT)}}` and `{{TIME(...)}}` of an Adaptive Card: its renderer would, by the reader's zone.
 * https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features#datetime-formatting-and-localization
 */
export function withTeamsDates(text: string): string {
  return text.replace(
    /\{\{(DATE|TIME)\(([\d:TZ-]+)(?:, ?SHORT)?\)\}\}/g,
    (macro: string, what: string, instant: string) => {
      const date = new Date(instant);
      if (Number.isNaN(date.getTime())) return macro;
      return what === 'DATE' ? teamsDay(date) : clockTime(date);
    },
  );
}

const NEAR_DAYS: Readonly<Record<number, string>> = { [-1]: 'yesterday', 0: 'today', 1: 'tomorrow' };

/** How many midnights of the clinic lie between two instants; fewer than none where the second is earlier. */
function daysBetween(from: Date, to: Date): number {
  return Math.round((Date.parse(isoDay(to)) - Date.parse(isoDay(from))) / DAY_MS);
}

// Sweden writes days as ISO 8601 does.
const swedish = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE });

function isoDay(date: Date): string {
  return swedish.format(date);
}

function formatter(options: Intl.DateTimeFormatOptions): (date: Date) => string {
  const format = new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: ZONE });
  return (date) => format.format(date);
}
