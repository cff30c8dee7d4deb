import type { Act, Allowance, Surface } from '../../src/index.ts';

/**
 * How fast Slack may be spoken to: about one message a second in each channel, with short bursts; and for everything
 * that is redrawn, about fifty a minute in the whole workspace (tier 3), where bursts are tolerated too.
 * https://docs.slack.dev/apis/web-api/rate-limits
 */
export function pace(surface: Surface, act: Act): readonly Allowance[] {
  return act === 'post'
    ? [{ key: `post ${surface.id}`, windows: [{ most: 5, perMs: 3_000, burst: 3 }] }]
    : [{ key: 'update', windows: [{ most: 70, perMs: 60_000, burst: 20 }] }];
}
