import type { CodeableConcept, Coding, Task } from '@medplum/fhirtypes';
import type { PoolClock } from '../clock/pool-clock.ts';
import { performerCodings, sameCoding } from './task.ts';

/** A pool of the configuration: one performerType, and where its cards appear. */
export interface Pool {
  /** Stable word for commands and metrics, e.g. `cardiology`. */
  readonly id: string;
  /** What people call it, e.g. "Cardiologist". */
  readonly name: string;
  /** The coding that makes a Task belong to this pool, and a PractitionerRole to its people. */
  readonly performerType: Coding;
  readonly channels: readonly PoolChannel[];
  /** Ids of the pools that its Tasks may be rerouted to; absent for any. */
  readonly rerouteTo?: readonly string[] | undefined;
  /** What becomes of a Task that is rerouted out of this pool; `in-place` where absent. */
  readonly visibility?: Visibility | undefined;
  /** Its hours, targets and everything else that time does to its Tasks. */
  readonly clock?: PoolClock | undefined;
}

/**
 * The specification's “Reroute Visibility”: `in-place` changes the Task, and whoever had it loses sight of it;
 * `new-task` makes a new one for the new owner, and the old one stays with whoever had it, cancelled.
 */
export type Visibility = 'in-place' | 'new-task';

export const VISIBILITIES: readonly Visibility[] = ['in-place', 'new-task'];

/** How much of the patient may be said in a channel. `none` is the default, and says nothing. */
export type Privacy = 'none' | 'initials' | 'full';

export const PRIVACY_LEVELS: readonly Privacy[] = ['none', 'initials', 'full'];

/** One channel on one platform in which a pool's cards appear. */
export interface PoolChannel {
  readonly platform: string;
  readonly channel: string;
  readonly privacy: Privacy;
}

/** The configured pools that the Task waits in (or was claimed from): usually one, never a guess. */
export function poolsOf(task: Task, pools: readonly Pool[]): Pool[] {
  const codings = performerCodings(task);
  return pools.filter((pool) => codings.some((coding) => sameCoding(coding, pool.performerType)));
}

/** The pools that a Task may be rerouted to: what its pools allow together; any, where one of them does not say. */
export function rerouteTargets(task: Task, pools: readonly Pool[]): readonly Pool[] {
  const lists = poolsOf(task, pools).map((pool) => pool.rerouteTo);
  if (lists.length === 0 || lists.includes(undefined)) return pools;
  return pools.filter((pool) => lists.some((list) => list?.includes(pool.id)));
}

/** The `Task.performerType` that puts a Task into the pool. */
export function performerTypeOf(pool: Pool): CodeableConcept[] {
  return [{ coding: [{ ...pool.performerType, display: pool.performerType.display ?? pool.name }] }];
}

/** A pool by what people call it: id, name or code, in any case. */
export function findPool(words: string, pools: readonly Pool[]): Pool | undefined {
  const wanted = fold(words);
  return pools.find((pool) =>
    [pool.id, pool.name, pool.performerType.code ?? ''].some((one) => fold(one) === wanted),
  );
}

/** Pools whose id or name contains the words; all of them for no words. For type-ahead. */
export function searchPools(words: string, pools: readonly Pool[]): Pool[] {
  const wanted = fold(words);
  return pools.filter((pool) => fold(pool.id).includes(wanted) || fold(pool.name).includes(wanted));
}

/** What a performerType is called where no pool is configured for it. */
export function performerTypeName(task: Task, pools: readonly Pool[]): string | undefined {
  const configured = poolsOf(task, pools);
  if (configured.length > 0) return joinWords(configured.map((pool) => pool.name));
  const names = (task.performerType ?? []).map(
    (type) => type.text ?? type.coding?.[0]?.display ?? type.coding?.[0]?.code,
  );
  return joinWords(names.filter((name) => name !== undefined));
}

/** "a", "a or b", "a, b or c"; nothing for nothing. */
export function joinWords(words: readonly string[]): string | undefined {
  if (words.length < 2) return words[0];
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** Letters as people compare them: case, accents' encoding and the choice of hyphen or space do not matter. */
export function fold(words: string): string {
  return words
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
}
