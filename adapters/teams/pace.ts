import type { Act, Allowance, Surface } from '../../src/index.ts';

/**
 * Teams' own limits for what one bot sends into one conversation. What is only redrawn is not among it.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit#per-bot-per-thread-limit
 */
const WINDOWS = [
  { most: 7, perMs: 1_000 },
  { most: 8, perMs: 2_000 },
  { most: 60, perMs: 30_000 },
  { most: 1_800, perMs: 3_600_000 },
] as const;

/** How fast Teams may be spoken to. */
export function pace(surface: Surface, act: Act): readonly Allowance[] {
  return act === 'post' ? [{ key: `send ${surface.id}`, windows: WINDOWS }] : [];
}
