const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * A length of time as people say it, in its two largest units and rounded down: "less than a minute", "12 min",
 * "2 h 10 min", "3 d 4 h". Two clocks may disagree, so a negative one counts as none.
 */
export function duration(ms: number): string {
  if (!(ms >= MINUTE)) return 'less than a minute';
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return joined(Math.floor(ms / HOUR), 'h', Math.floor((ms % HOUR) / MINUTE), 'min');
  return joined(Math.floor(ms / DAY), 'd', Math.floor((ms % DAY) / HOUR), 'h');
}

/** How long it is from an instant (ISO 8601) to now. */
export function since(instant: string, now: Date): string {
  return duration(now.getTime() - Date.parse(instant));
}

function joined(large: number, unit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`;
}
