import { ZONE } from './clinic.ts';
import type { Clock } from './clock.ts';
import { ControlError } from './control-error.ts';
import type { Dict } from './dict.ts';
import { nextMorning } from './next-morning.ts';

const MINUTE_MS = 60 * 1000;
const YEAR_MINUTES = 366 * 24 * 60;
const NEXT_MORNING = 'next-morning';

/** What the clock shows, for whoever draws it. */
export interface ClockFace {
  readonly now: string;
  /** How far it is ahead of real time, in milliseconds. */
  readonly offset: number;
  /** The clinic's IANA zone. */
  readonly zone: string;
}

export function faceOf(clock: Clock): ClockFace {
  return { now: new Date(clock.now()).toISOString(), offset: clock.offset(), zone: ZONE };
}

/**
 * Moves the clock as asked: `{advance: <minutes>}`, `{to: "next-morning"}` or `{to: <instant>}`. Throws a ControlError
 * for anything else, and leaves the clock as it is.
 */
export function moveAsAsked(clock: Clock, { advance, to }: Dict): void {
  if ((advance === undefined) === (to === undefined))
    throw new ControlError(
      400,
      'The clock is moved by advance (minutes), or to an instant: say one of the two.',
    );
  if (advance !== undefined) clock.advance(minutesOf(advance) * MINUTE_MS);
  else clock.moveTo(instantOf(to, new Date(clock.now())));
}

function minutesOf(advance: unknown): number {
  const isNumber = typeof advance === 'number' || (typeof advance === 'string' && advance.trim() !== '');
  const minutes = isNumber ? Number(advance) : Number.NaN;
  if (minutes > 0 && minutes <= YEAR_MINUTES) return minutes;
  throw new ControlError(400, 'advance must be a number of minutes, more than none and at most a year.');
}

function instantOf(to: unknown, now: Date): Date {
  if (to === NEXT_MORNING) return nextMorning(now, ZONE);
  const instant = typeof to === 'string' && to.includes('T') ? new Date(to) : undefined;
  const aheadMs = instant === undefined ? Number.NaN : instant.getTime() - now.getTime();
  if (instant === undefined || Number.isNaN(aheadMs))
    throw new ControlError(400, `to must be "${NEXT_MORNING}" or an instant, such as 2026-11-30T13:00:00Z.`);
  if (aheadMs < 0)
    throw new ControlError(400, `The clock only moves forward, and it is ${now.toISOString()} already.`);
  if (aheadMs > YEAR_MINUTES * MINUTE_MS) throw new ControlError(400, 'to must be within a year.');
  return instant;
}
