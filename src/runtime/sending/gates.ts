import type { Allowance, Window } from '../ports/chat.ts';
import type { Gate } from '../ports/line.ts';

/** What leaves us evenly arrives unevenly: each window is kept so much longer. */
const UNEVEN_MS = 250;

/**
 * The gates that keep an allowance, one for each window. A few may go at once, then one each step; the steps are so long
 * that no window ever holds more than it may, wherever it begins. (The generic cell rate algorithm alone would let
 * nearly twice as many through: all at once, and one after the other behind them.)
 */
export function gatesOf(prefix: string, { key, windows }: Allowance): Gate[] {
  return windows.map((window) => {
    const burst = burstOf(window);
    const stepMs = Math.ceil((window.perMs + UNEVEN_MS) / (window.most - burst + 1));
    return { key: `${prefix}:${key}`, perMs: window.perMs, stepMs, burstMs: (burst - 1) * stepMs };
  });
}

/** So few that nearly the whole rate is left for the long run. */
function burstOf({ most, burst }: Window): number {
  return Math.min(most, burst ?? Math.ceil(Math.sqrt(most)));
}
