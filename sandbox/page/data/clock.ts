import { getJson, postJson } from './http.ts';

/** The clinic's clock: `GET /sandbox/clock`. */
export interface ClockFace {
  readonly now: string;
  /** How far it is ahead of real time, in milliseconds. */
  readonly offset: number;
}

/** How the clock is moved forward: by minutes, or to shortly before eight of the next weekday. */
export type ClockMove = { readonly advance: number } | { readonly to: 'next-morning' };

export const loadClock = (): Promise<ClockFace> => getJson('/sandbox/clock');

export const moveClock = (move: ClockMove): Promise<ClockFace> => postJson('/sandbox/clock', move);
