/** The page speaks English; the clock is the reader's own time zone. */
const LOCALE = 'en-GB';

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

export const clockTime = (date: Date): string =>
  date.toLocaleTimeString(LOCALE, { hour: '2-digit', minute: '2-digit' });

export const clockTimeWithSeconds = (date: Date): string =>
  date.toLocaleTimeString(LOCALE, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

export const fullTime = (date: Date): string =>
  date.toLocaleString(LOCALE, { dateStyle: 'full', timeStyle: 'medium' });

/** The tokens of Slack's `<!date^...>` that are not times of day. */
const DATE_TOKENS: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date: { year: 'numeric', month: 'long', day: 'numeric' },
  date_short: { year: 'numeric', month: 'short', day: 'numeric' },
  date_long: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
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
    const options = DATE_TOKENS[plain];
    if (options === undefined) known = false;
    const near = plain === token ? undefined : nearDay(date, now);
    return near ?? date.toLocaleDateString(LOCALE, options);
  });
  return known ? text : undefined;
}

function nearDay(date: Date, now: Date): string | undefined {
  for (const [days, word] of [
    [0, 'today'],
    [-1, 'yesterday'],
    [1, 'tomorrow'],
  ] as const) {
    const day = new Date(now);
    day.setDate(day.getDate() + days);
    if (day.toDateString() === date.toDateString()) return word;
  }
  return undefined;
}
