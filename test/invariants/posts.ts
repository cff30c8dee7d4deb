import type { Task } from '@medplum/fhirtypes';
import { placesOf, surfaceKey } from '../../src/cards/surfaces.ts';
import type { Config } from '../../src/config.ts';
import type { Database } from '../../src/ledger/index.ts';
import { keyOf, type Message } from './messages.ts';
import type { Past } from './record.ts';

/** A message that the ledger knows, of a Task or of a digest. */
interface Row {
  readonly id: string;
  readonly surface: string;
  readonly task: string | undefined;
  readonly occasion: string | null;
  readonly state: string;
  readonly ref: string | null;
}

/**
 * I5: no message was posted twice to one surface for one Task and occasion. What the platform itself lost our question of,
 * so that a line stands that never became a card, is not told here: see {@link linesLeft}.
 */
export async function checkPosts(
  { db }: Database,
  messages: readonly Message[],
  twice: readonly string[],
  pasts: readonly Past[],
  config: Pick<Config, 'pools' | 'rules'>,
): Promise<string[]> {
  const cards = await db
    .selectFrom('card')
    .select(['id', 'surface', 'task_id as task', 'occasion', 'state', 'ref'])
    .execute();
  const digests = await db.selectFrom('digest').select(['id', 'surface', 'state', 'ref']).execute();
  const rows: Row[] = [...cards, ...digests.map((one) => ({ ...one, task: undefined, occasion: null }))];
  const known = new Set(rows.flatMap(({ surface, ref }) => (ref ? [keyOf(platformOf(surface), ref)] : [])));
  const inChannels = new Set(config.pools.flatMap(({ channels }) => channels.map(({ channel }) => channel)));
  return [
    ...twice.map((id) => `I5: the message of the ledger’s ${id} was posted twice.`),
    ...messages
      .filter(({ key, isLine, card, place }) => !isLine && !known.has(key) && (card || inChannels.has(place)))
      .map(({ key, task }) => `I5: the message ${key} (Task/${task}) was posted and forgotten.`),
    ...rows
      .filter(({ state }) => state === 'posting')
      .map(({ surface }) => `I5: whether a message stands in ${surface} is not settled.`),
    ...pasts.flatMap((past) => tooMany(past, rows, config)),
  ];
}

/** Lines that never became a card: the answer to our post was lost, and Teams cannot be asked for it. */
export function linesLeft(messages: readonly Message[]): number {
  return messages.filter(({ isLine }) => isLine).length;
}

/** More cards in a channel than there was reason to: the Task came there, or somebody was called to it. */
function tooMany(
  { task, versions }: Past,
  rows: readonly Row[],
  config: Pick<Config, 'pools' | 'rules'>,
): string[] {
  const own = rows.filter((row) => row.task === task.id);
  return [...Map.groupBy(own, ({ surface }) => surface)].flatMap(([surface, all]) => {
    if (surface.split(':')[1] !== 'channel') return [];
    const same = all.filter(({ ref, state }) => ref !== null && state !== 'dropped');
    // Also one whose post was lost: the card that stood there was closed for it.
    const calls = new Set(all.flatMap(({ occasion }) => (occasion === null ? [] : [occasion])));
    const reasons = comings(surface, versions, config) + calls.size;
    if (same.length <= reasons) return [];
    return [
      `I5: Task/${task.id} was posted ${same.length} times to ${surface}, and there were ${reasons} reasons.`,
    ];
  });
}

/** How often a Task came to a channel. */
function comings(
  surface: string,
  versions: readonly Task[],
  { pools, rules }: Pick<Config, 'pools' | 'rules'>,
): number {
  const isThere = versions.map((version) =>
    placesOf(version, pools, rules).some((place) => surfaceKey(place.surface) === surface),
  );
  return isThere.filter((there, i) => there && !isThere[i - 1]).length;
}

function platformOf(surface: string): string {
  return surface.split(':')[0] ?? '';
}
