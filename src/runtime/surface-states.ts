import type { Logger } from 'pino';
import { type Surface, surfaceKey } from '../cards/surfaces.ts';
import { ChatError } from './ports/chat.ts';

/** A surface on which nothing can be shown at present, for people who look after the service. */
export interface LostSurface {
  readonly surface: string;
  /** UTC instant, ISO 8601. */
  readonly since: string;
  readonly why: string;
}

/** What is known of surfaces that sent us away. */
export interface SurfaceStates {
  /** Throws what the platform said last, where it is too early to ask again. */
  check(surface: Surface): void;
  /**
   * Remembers what a platform said when it refused. Gives back how many milliseconds to wait before it is asked again;
   * undefined where the error is not about the surface.
   */
  failed(surface: Surface, error: unknown): number | undefined;
  worked(surface: Surface): void;
  lost(): readonly LostSurface[];
}

/** A surface that sent us away is tried again, each time after twice as long: somebody may have let us back in. */
const LOST_FIRST_MS = 5_000;
const LOST_LONGEST_MS = 5 * 60_000;

interface State {
  readonly error: ChatError;
  readonly until: number;
  readonly wait: number;
  readonly since: number;
}

export function createSurfaceStates(now: () => number, log: Logger): SurfaceStates {
  const states = new Map<string, State>();

  return {
    check: (surface) => {
      const state = states.get(surfaceKey(surface));
      if (!state || state.until <= now()) return;
      const { kind, cause } = state.error;
      throw new ChatError(kind, 'leaving a surface alone', { cause, retryAfterMs: state.until - now() });
    },

    failed: (surface, error) => {
      if (!(error instanceof ChatError) || !isRefusal(error)) return undefined;
      const key = surfaceKey(surface);
      const before = states.get(key);
      if (before && before.until > now()) return before.until - now();
      const wait = lostWait(before);
      states.set(key, { error, wait, until: now() + wait, since: before?.since ?? now() });
      if (before === undefined) {
        log.error({ err: error, surface: key }, 'this surface sent us away: its Tasks have no card there');
      }
      return wait;
    },

    worked: (surface) => {
      const key = surfaceKey(surface);
      if (states.delete(key)) log.info({ surface: key }, 'this surface takes cards again');
    },

    lost: () =>
      [...states].map(([surface, { since, error }]) => ({
        surface,
        since: new Date(since).toISOString(),
        why: error.cause instanceof Error ? error.cause.message : error.kind,
      })),
  };
}

function lostWait(before: State | undefined): number {
  return before === undefined ? LOST_FIRST_MS : Math.min(before.wait * 2, LOST_LONGEST_MS);
}

/** `gone` from a whole surface means that the channel is not there any more. */
function isRefusal({ kind }: ChatError): boolean {
  return kind === 'forbidden' || kind === 'gone';
}
