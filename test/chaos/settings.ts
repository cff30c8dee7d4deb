import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { ZONE } from '../../sandbox/clinic.ts';
import { DEMO_CONFIG } from '../../sandbox/settings.ts';
import { atLocal, localDay } from '../../src/clock/times.ts';

const DAY_MS = 24 * 60 * 60_000;

/** Seconds between two sweeps: what no event told must be found within the run. */
export const SWEEP_S = 5;

/** The demo's configuration with every clock on; gives where it was written. */
export async function writeSettings(folder: string): Promise<string> {
  const document = parseDocument(await readFile(DEMO_CONFIG, 'utf8'));
  document.setIn(['sweep', 'seconds'], SWEEP_S);
  document.setIn(['shiftEnd'], { cron: '0 17 * * 1-5' });
  document.setIn(['reminders'], { every: '1h', most: 2, returnToPool: true });
  document.setIn(['digest'], { cron: '0 8 * * 1-5', graceMinutes: 60 });
  const file = join(folder, 'switchboard.yaml');
  await writeFile(file, document.toString());
  return file;
}

/** The next time that it is so late in the clinic. */
export function nextTime(time: string, after: number): Date {
  for (let days = 0; ; days++) {
    const at = atLocal(localDay(new Date(after + days * DAY_MS), ZONE), time, ZONE);
    if (at.getTime() > after) return at;
  }
}

/** The next morning of a Monday, when the clinic has been open for an hour. */
export function nextMonday(after: number): Date {
  let at = nextTime('09:00', after);
  while (new Intl.DateTimeFormat('en', { weekday: 'short', timeZone: ZONE }).format(at) !== 'Mon')
    at = nextTime('09:00', at.getTime());
  return at;
}
