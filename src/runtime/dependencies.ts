import type { Logger } from 'pino';

/**
 * How something stands that we depend on, by what its calls answered last. `unknown`: it was not asked yet. `throttled`: it
 * answers, and wants to be left alone for a while. `refused`: it does not take our credentials.
 */
export type DependencyState = 'unknown' | 'well' | 'throttled' | 'unreachable' | 'refused';

/** What is told of it. No text from outside: `why` is a word of ours. */
export interface DependencyReport {
  readonly name: string;
  readonly state: DependencyState;
  /** UTC instant, ISO 8601. */
  readonly since: string;
  readonly why?: string;
  /** Until when it wants to be left alone, or is: UTC instant, ISO 8601. */
  readonly until?: string;
}

/** A call that did not go well. */
export interface Trouble {
  readonly state: 'throttled' | 'unreachable' | 'refused';
  readonly why?: string;
  /** How long it wants to be left alone, in milliseconds. */
  readonly forMs?: number;
  /** It was asked for nothing else than whether it is there. */
  readonly isCertain?: boolean;
}

/** One thing that we depend on: told what its calls answered, it tells how it stands. */
export interface Dependency {
  readonly name: string;
  /** It answered, whatever it said. */
  worked(): void;
  failed(trouble: Trouble): void;
  /** For how long nobody should ask it, in milliseconds; 0 where it may be asked. */
  waitMs(): number;
  /**
   * The same for somebody who will ask it if this gives 0. Of many who come when the wait is over one may try, and the
   * others go on waiting until it knows.
   */
  takeTurn(): number;
  /** How long it is since it was heard of, in milliseconds. */
  silentMs(): number;
  report(): DependencyReport;
}

/** One lost call is no outage. */
const IN_A_ROW = 3;
/** Between two tries: twice as long each time. */
const FIRST_WAIT_MS = 5_000;
const LONGEST_MS = { unreachable: 30_000, refused: 5 * 60_000 } as const;
/** Whoever tries has an answer by then. */
const TRY_MS = 10_000;

export function createDependency(name: string, now: () => number, log: Logger): Dependency {
  let state: DependencyState = 'unknown';
  let why: string | undefined;
  let since = now();
  let heardAt = Number.NEGATIVE_INFINITY;
  let lost = 0;
  let until = 0;
  let wait = 0;
  let isTrying = false;

  function change(to: DependencyState, reason?: string): void {
    if (to === state && reason === why) return;
    const was = state;
    if (to !== state) since = now();
    state = to;
    why = reason;
    if (to !== 'well') log.error({ dependency: name, state: to, why: reason }, 'a dependency is not well');
    else if (was !== 'unknown') log.info({ dependency: name, was }, 'a dependency is well again');
  }

  /** Many fail together: only a try of its own, after the wait, says that it takes longer. */
  function leaveAlone(kind: 'unreachable' | 'refused', isNew: boolean): void {
    if (isNew) wait = FIRST_WAIT_MS;
    else if (isTrying || until <= now()) wait = Math.min(wait * 2, LONGEST_MS[kind]);
    else return;
    until = now() + wait;
    isTrying = false;
  }

  const waitMs = () => Math.max(0, until - now());

  return {
    name,

    worked: () => {
      heardAt = now();
      lost = 0;
      until = 0;
      isTrying = false;
      change('well');
    },

    failed: ({ state: to, why: reason, forMs = 0, isCertain = false }) => {
      if (to === 'unreachable') {
        lost += isCertain ? IN_A_ROW : 1;
        // What refuses us and then goes silent as well is still what has to be mended.
        if (lost < IN_A_ROW && state !== 'unreachable' && state !== 'refused') return;
        const kind = state === 'refused' ? 'refused' : 'unreachable';
        leaveAlone(kind, state !== kind);
        change(kind, kind === 'refused' ? why : reason);
        return;
      }
      heardAt = now();
      lost = 0;
      if (to === 'refused') leaveAlone('refused', state !== 'refused');
      else until = now() + forMs;
      change(to, reason);
    },

    waitMs,

    takeTurn: () => {
      const left = waitMs();
      if (left > 0 || (state !== 'unreachable' && state !== 'refused')) return left;
      until = now() + TRY_MS;
      isTrying = true;
      return 0;
    },

    silentMs: () => (lost > 0 ? Number.POSITIVE_INFINITY : now() - heardAt),

    report: () => ({
      name,
      state,
      since: new Date(since).toISOString(),
      ...(why && { why }),
      ...(waitMs() > 0 && !isTrying && { until: new Date(until).toISOString() }),
    }),
  };
}
