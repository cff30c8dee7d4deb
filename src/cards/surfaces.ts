import type { Task } from '@medplum/fhirtypes';
import { type Pool, type Privacy, poolsOf } from '../routing/pools.ts';
import { standingOf, type TaskRules } from '../routing/task.ts';

/** A place on a platform where a card can appear. */
export interface Surface {
  readonly platform: string;
  readonly kind: 'channel' | 'person';
  /** The platform's own id of the channel, or of the person whose direct messages are meant. */
  readonly id: string;
}

/** A surface, and how much of the patient may be said there. */
export interface Place {
  readonly surface: Surface;
  readonly privacy: Privacy;
}

/** The surface as one word, for the ledger and for log lines. */
export function surfaceKey(surface: Surface): string {
  return `${surface.platform}:${surface.kind}:${surface.id}`;
}

/** Reads a surface back from its word. */
export function surfaceFromKey(key: string): Surface {
  const [platform = '', kind = '', ...id] = key.split(':');
  return { platform, kind: kind === 'person' ? 'person' : 'channel', id: id.join(':') };
}

/** The channels where a Task belongs: its pools'. */
export function placesOf(task: Task, pools: readonly Pool[], rules: TaskRules): Place[] {
  if (standingOf(task, rules) === 'ignored') return [];
  const channels = poolsOf(task, pools).flatMap((pool) =>
    pool.channels.map(
      ({ platform, channel, privacy }): Place => ({
        surface: { platform, kind: 'channel', id: channel },
        privacy,
      }),
    ),
  );
  return strictestOf(channels);
}

/** The level of privacy at a surface that no pool of the Task's has any more: the strictest of whoever posts there. */
export function privacyAt(surface: Surface, pools: readonly Pool[]): Privacy {
  const levels = pools
    .flatMap((pool) => pool.channels)
    .filter((channel) => channel.platform === surface.platform && channel.channel === surface.id)
    .map((channel) => channel.privacy);
  return strictest(levels);
}

/** Two pools may share a channel: one card there, at the stricter level. */
function strictestOf(places: readonly Place[]): Place[] {
  const byKey = Map.groupBy(places, (place) => surfaceKey(place.surface));
  return [...byKey.values()].flatMap((same) => {
    const [first] = same;
    return first ? [{ surface: first.surface, privacy: strictest(same.map((place) => place.privacy)) }] : [];
  });
}

function strictest(levels: readonly Privacy[]): Privacy {
  if (levels.length === 0 || levels.includes('none')) return 'none';
  return levels.includes('initials') ? 'initials' : 'full';
}
