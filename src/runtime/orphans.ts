import type { Task } from '@medplum/fhirtypes';
import type { Logger } from 'pino';
import type { Card } from '../cards/card.ts';
import type { Posted } from '../cards/diff.ts';
import { stuckCard, unstuckCard } from '../cards/orphan-card.ts';
import { type Surface, surfaceKey } from '../cards/surfaces.ts';
import { isActive } from '../routing/eligibility.ts';
import { type Dependence, dependenceOf, holds, type Stuck, stuckBecause } from '../routing/orphans.ts';
import { type Pool, type PoolChannel, performerTypeName } from '../routing/pools.ts';
import { byUrgency } from '../routing/priority.ts';
import { performerCodings, type TaskRules } from '../routing/task.ts';
import { lately } from './lately.ts';
import { withRetries } from './patience.ts';
import type { Observation, PeopleStore, RecordStore } from './ports/record.ts';

export interface OrphanParts {
  readonly store: Pick<RecordStore, 'queue' | 'ownedBy' | 'unclaimed'>;
  readonly people: Pick<PeopleStore, 'byRole' | 'byId'>;
  /** Open Tasks that are about something. */
  readonly openTasks: () => AsyncIterable<Task & { id: string }>;
  readonly pools: readonly Pool[];
  readonly rules: TaskRules;
  /** Where Tasks are reported that nobody can take. */
  readonly operations: readonly PoolChannel[];
  readonly taskLink: string | undefined;
  readonly now: () => number;
  readonly log: Logger;
}

/** A Task that nobody can take up or go on with, and why. */
export interface Orphan {
  readonly task: Task & { id: string };
  readonly stuck: readonly Stuck[];
  readonly cause: Cause;
}

/** What is to be mended: a pool, an owner, a role that no pool is configured for. Tasks of one cause are mended together. */
export interface Cause {
  readonly kind: 'pool' | 'owner' | 'role';
  readonly key: string;
}

/** What an operations channel should show of a Task; without a card, whatever stands there stays as it is. */
export interface Report {
  readonly surface: Surface;
  readonly show?: { readonly card: Card; readonly how: 'worth posting' | 'only kept true' | 'closing' };
}

export interface Orphans {
  /**
   * What the operations channels should show of the Task. Surfaces that are not named here are not ours to speak for.
   *
   * @param here the keys of the surfaces where the Task itself belongs: they show its own card.
   */
  reports(
    seen: Observation,
    here: ReadonlySet<string>,
    posted: readonly Posted[],
  ): Promise<readonly Report[]>;
  /** Every Task that is stuck now. */
  all(): AsyncIterable<Orphan>;
}

/** Roles and people may change at any time; a minute is how long an old answer may still count. */
const FRESH_MS = 60_000;

/**
 * A pool without people can hold hundreds of Tasks, and hundreds of reports would bury everything else in the channel
 * (Slack takes about one message a second there). What is wrong is wrong with the pool, so the most urgent few of each
 * cause speak for all; when these are mended, the next few are reported. `switchboard orphans` lists every one.
 */
export const REPORTED = 5;

export function createOrphans(parts: OrphanParts): Orphans {
  const { store, people, pools, rules, now, log } = parts;
  const surfaces = parts.operations.map(surfaceOf);
  const ofPools = new Set(pools.flatMap((pool) => pool.channels).map((one) => surfaceKey(surfaceOf(one))));

  const isStaffed = lately(
    async (id) => {
      const pool = pools.find((one) => one.id === id);
      const found = pool ? await withRetries(() => people.byRole(pool.performerType)) : [];
      return pool !== undefined && found.some((member) => holds(member, pool, new Date(now())));
    },
    FRESH_MS,
    now,
  );

  const ownerState = lately(
    async (id) => {
      const found = await withRetries(() => people.byId(id));
      if (found === undefined) return 'gone';
      return isActive(found.practitioner) ? 'active' : 'inactive';
    },
    FRESH_MS,
    now,
  );

  async function orphanOf(task: Task & { id: string }): Promise<Orphan | undefined> {
    const dependence = dependenceOf(task, pools, rules);
    if (dependence === undefined) return undefined;
    const staffed = new Set<Pool>();
    if (dependence.kind === 'pools') {
      for (const pool of dependence.pools) if (await isStaffed(pool.id)) staffed.add(pool);
    }
    const owner = dependence.kind === 'owner' ? await ownerState(dependence.practitionerId) : 'active';
    const known = { staffed: (pool: Pool) => staffed.has(pool), owner } as const;
    const stuck = stuckBecause(task, dependence, pools, known);
    return stuck.length > 0 ? { task, cause: causeOf(task, dependence), stuck } : undefined;
  }

  // ------------------------------------------------------------------------------------------ who speaks for a cause

  const first: Record<Cause['kind'], (key: string) => Promise<readonly string[]>> = {
    pool: idsOf(async (id) => {
      const pool = pools.find((one) => one.id === id);
      return pool ? (await withRetries(() => store.queue(pool, REPORTED))).tasks : [];
    }),
    owner: idsOf((practitionerId) => sameCause(store.ownedBy(practitionerId), 'owner', practitionerId)),
    role: idsOf((role) => sameCause(parts.openTasks(), 'role', role)),
  };

  function idsOf(find: (key: string) => Promise<readonly (Task & { id: string })[]>) {
    // A list that is not full may have gained somebody since.
    const hasRoom = (ids: readonly string[]) => ids.length < REPORTED;
    return lately(async (key) => firstOf(await find(key)).map(({ id }) => id), FRESH_MS, now, hasRoom);
  }

  async function sameCause(tasks: AsyncIterable<Task & { id: string }>, kind: Cause['kind'], key: string) {
    const same: (Task & { id: string })[] = [];
    for await (const task of tasks) {
      const dependence = dependenceOf(task, pools, rules);
      const cause = dependence && causeOf(task, dependence);
      if (cause?.kind === kind && cause.key === key) same.push(task);
    }
    return same;
  }

  // -------------------------------------------------------------------------------------------------------- reports

  return {
    reports: async (seen, here, posted) => {
      const free = surfaces.filter((surface) => !here.has(surfaceKey(surface)));
      if (free.length === 0) return [];
      const { task } = seen;
      // In a channel that is a pool's too, what stands may be the Task's own card: that closes in its own words.
      const standing = free.filter(
        (surface) =>
          posted.some((one) => surfaceKey(one.surface) === surfaceKey(surface)) &&
          !ofPools.has(surfaceKey(surface)),
      );
      const drawing = { ...seen, message: undefined, pools, rules, taskLink: parts.taskLink };
      try {
        const orphan = await orphanOf(task);
        if (orphan) {
          const { kind, key } = orphan.cause;
          const how = (await first[kind](key)).includes(task.id) ? 'worth posting' : 'only kept true';
          const card = stuckCard(drawing, orphan.stuck);
          return free.map((surface) => ({ surface, show: { card, how } }));
        }
        const show = { card: unstuckCard(drawing), how: 'closing' } as const;
        return standing.map((surface) => ({ surface, show }));
      } catch (error) {
        // Other cards of the Task must not wait for this; whoever looks at it next asks again.
        log.warn({ err: error, task: task.id }, 'whether the Task is stuck is not known');
        return standing.map((surface) => ({ surface }));
      }
    },

    all: async function* () {
      const given = new Set<string>();
      for await (const task of candidates()) {
        if (given.has(task.id)) continue;
        given.add(task.id);
        const orphan = await orphanOf(task);
        if (orphan) yield orphan;
      }
    },
  };

  /** What waits in pools where something is wrong, and what is somebody's or nobody's outside of them. */
  async function* candidates(): AsyncIterable<Task & { id: string }> {
    for (const pool of pools) {
      if (pool.channels.length === 0 || !(await isStaffed(pool.id))) yield* store.unclaimed(pool);
    }
    yield* parts.openTasks();
  }
}

/** The most urgent of them: those that are reported. */
export function firstOf<T extends Task>(tasks: readonly T[]): T[] {
  return [...tasks].sort(byUrgency).slice(0, REPORTED);
}

function causeOf(task: Task, dependence: Dependence): Cause {
  if (dependence.kind === 'owner') return { kind: 'owner', key: dependence.practitionerId };
  const [pool] = dependence.pools;
  if (pool) return { kind: 'pool', key: pool.id };
  const [coding] = performerCodings(task);
  const role = coding ? `${coding.system ?? ''}|${coding.code ?? ''}` : performerTypeName(task, []);
  return { kind: 'role', key: role ?? '' };
}

function surfaceOf({ platform, channel }: PoolChannel): Surface {
  return { platform, kind: 'channel', id: channel };
}
