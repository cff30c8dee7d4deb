import { duration } from '../routing/duration.ts';

const MINUTE = 60_000;

/** How long ago an instant is, for a table: as everywhere, but in figures alone ("0 min"). */
export function age(since: string, now: Date): string {
  const ms = now.getTime() - Date.parse(since);
  return ms < MINUTE ? '0 min' : duration(ms);
}
