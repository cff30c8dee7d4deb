import type { Logger } from 'pino';
import { dueOf } from '../cards/due-fact.ts';
import { clockOf } from '../clock/clock-of.ts';
import { isOpen, nextOpening } from '../clock/hours.ts';
import type { PoolClock } from '../clock/pool-clock.ts';
import { hoursFor, nextChange, targetOf } from '../clock/targets.ts';
import { climb, ladderOf } from '../duties/ladder.ts';
import { giveBack, type Reminding, remindingOf } from '../duties/reminders.ts';
import type { RecipientRule } from '../record/recipients.ts';
import { SERVICE, writesOf } from '../record/writes.ts';
import { type Pool, poolsOf } from '../routing/pools.ts';
import { priorityOf } from '../routing/priority.ts';
import { standingOf, type TaskRules } from '../routing/task.ts';
import type { Accepted } from '../verbs/verb.ts';
import type { Commit } from './commit.ts';
import { lastPoolOf } from './last-pool.ts';
import type { Look } from './look.ts';
import { withRetries } from './patience.ts';
import { type Fuse, NO_FUSE } from './ports/fuse.ts';
import type { Journal, Ledger } from './ports/ledger.ts';
import type { Observation, RecordStore } from './ports/record.ts';

export interface TimekeeperParts {
  readonly store: Pick<RecordStore, 'observe' | 'versions'>;
  readonly ledger: Pick<Ledger, 'wakeAt'> & { readonly journal: Pick<Journal, 'owes'> };
  readonly commit: Pick<Commit, 'run'>;
  readonly pools: readonly Pool[];
  readonly rules: TaskRules;
  readonly recipients: RecipientRule;
  /** The application's clock. */
  readonly now: () => Date;
  readonly log: Logger;
  readonly fuse?: Fuse;
}

/** Does to a Task what time alone brings: the steps of a ladder, the end of an owner's patience. */
export interface Timekeeper {
  /**
   * Writes what is due now, one thing after the other, and gives the Task as it is then; undefined where it is gone. A
   * change that cannot be written now is tried again in a while; the cards must follow all the same.
   */
  settle(seen: Observation, look: Look): Promise<Observation | undefined>;
  /** Sees to it that the Task is looked at when something about it changes by itself. */
  wakeFor(seen: Observation, look: Look): Promise<void>;
}

/** A ladder has few steps; others may be quicker once or twice. */
const ROUNDS = 6;
/** What could not be written is tried again after so long. */
const AGAIN_MS = 60_000;

export function createTimekeeper(parts: TimekeeperParts): Timekeeper {
  const { store, ledger, commit, pools, rules, now, log, fuse = NO_FUSE } = parts;
  const hasClock = rules.clock !== undefined || pools.some(({ clock }) => clock !== undefined);

  async function nextDecision(seen: Observation, look: Look): Promise<Accepted | undefined> {
    const { task } = seen;
    const clock = clockOf(task, pools, rules);
    const [pool] = poolsOf(task, pools);
    switch (standingOf(task, rules)) {
      case 'unclaimed': {
        const due = pool && ladderOf(seen, pool, clock, look.at).due;
        return due && climb(due, pool, pools);
      }
      case 'assigned':
      case 'claimed': {
        const reminding = await remind(seen, clock, look);
        return reminding.giveBack ? giveBack(await lastPoolOf(task, store)) : undefined;
      }
      default:
        return undefined;
    }
  }

  /** Nothing is read of a Task whose owner has time left, whatever was said in its thread. */
  async function remind(seen: Observation, clock: PoolClock, { at, talk }: Look): Promise<Reminding> {
    const earliest = targetOf(seen.task, 'claimed', clock)?.due;
    const later: Reminding = { reminder: undefined, giveBack: false, next: earliest };
    if (earliest === undefined || earliest > at) return later;
    return remindingOf({ ...seen, messages: await talk() }, clock, at);
  }

  async function nextMoment(seen: Observation, look: Look): Promise<Date | undefined> {
    const { task } = seen;
    const clock = clockOf(task, pools, rules);
    const hours = hoursFor(priorityOf(task), clock);
    const { at, talk } = look;
    const standing = standingOf(task, rules);
    if (standing !== 'unclaimed' && standing !== 'assigned' && standing !== 'claimed') return undefined;
    const target = dueOf(task, pools, rules, standing === 'claimed' ? await talk() : []);
    const moments = [target && nextChange(target, at, hours)];
    // Somebody may have to be told who is not disturbed at night.
    if (!isOpen(at, hours)) moments.push(nextOpening(at, hours));
    const [pool] = poolsOf(task, pools);
    if (standing === 'unclaimed' && pool) {
      const { due, next } = ladderOf(seen, pool, clock, at);
      moments.push(due ? new Date(at.getTime() + AGAIN_MS) : next);
    }
    if (standing !== 'unclaimed') moments.push((await remind(seen, clock, look)).next);
    return earliestOf(moments);
  }

  return {
    settle: async (first, look) => {
      if (!hasClock) return first;
      let seen: Observation | undefined = first;
      try {
        for (let round = 1; seen && round <= ROUNDS; round++) {
          const decision = await nextDecision(seen, look);
          if (decision === undefined || (await ledger.journal.owes(first.task.id))) return seen;
          const settled = await withRetries(() => store.observe(first.task.id));
          if (!isSame(seen, settled)) {
            seen = settled;
            continue;
          }
          const writes = writesOf(decision, { ...seen, now: now() }, SERVICE, parts.recipients);
          const outcome = await commit.run(writes);
          fuse('committed', first.task.id);
          log.info({ task: first.task.id, verb: decision.verb, step: decision.step, outcome }, 'the clock');
          seen = await withRetries(() => store.observe(first.task.id));
          if (outcome === 'unknown') return seen;
        }
      } catch (error) {
        log.error({ err: error, task: first.task.id }, 'what is due to a Task could not be written');
      }
      return seen;
    },

    wakeFor: async (seen, look) => {
      if (hasClock) await ledger.wakeAt(seen.task.id, await nextMoment(seen, look));
    },
  };
}

/**
 * What was seen may be half of a change: a step that is taken, and not yet the Provenance that tells. Once nothing is owed
 * it is looked at again.
 */
function isSame(one: Observation, other: Observation | undefined): boolean {
  return (
    one.task.meta?.versionId === other?.task.meta?.versionId &&
    one.provenances.length === other?.provenances.length
  );
}

function earliestOf(moments: readonly (Date | undefined)[]): Date | undefined {
  const known = moments.filter((one) => one !== undefined);
  return known.length === 0 ? undefined : new Date(Math.min(...known.map((one) => one.getTime())));
}
