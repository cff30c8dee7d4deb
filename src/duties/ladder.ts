import type { Provenance, Task } from '@medplum/fhirtypes';
import { addOpenTime, isOpen, nextOpening } from '../clock/hours.ts';
import type { LadderStep, PoolClock } from '../clock/pool-clock.ts';
import { hoursFor, targetOf } from '../clock/targets.ts';
import { type Deed, deedOf } from '../record/provenance.ts';
import { type Pool, performerTypeOf } from '../routing/pools.ts';
import { priorityOf, waitingSince } from '../routing/priority.ts';
import { NOT_CLAIMED_IN_TIME } from '../routing/reasons.ts';
import type { Standing } from '../routing/task.ts';
import { escalate } from '../verbs/escalate.ts';
import type { Accepted } from '../verbs/verb.ts';
import { COVER } from './coverage.ts';

/** A Task that waits in a pool, and what was done to it so far. */
export interface Waiting {
  readonly task: Task & { id: string };
  /** Newest first. */
  readonly provenances: readonly Provenance[];
}

/** A step of a pool's ladder, by its place. */
export interface Rung {
  readonly index: number;
  readonly step: LadderStep;
}

/** The step that is due now, if one is, and when the next one will be. */
export interface Ladder {
  readonly due: Rung | undefined;
  readonly next: Date | undefined;
}

/**
 * Where an unclaimed Task stands on its pool's ladder. A step comes `afterMs` of open time behind the missed target, and
 * not before the Task has been in the pool for so long; each once while nobody has claimed it. After an outage the steps
 * keep their distance from each other: whoever was called gets the time to come. What was missed, or falls on the very end
 * of the day, waits for the opening: a call at night is heard by nobody.
 */
export function ladderOf(waiting: Waiting, pool: Pool, clock: PoolClock, now: Date): Ladder {
  const target = targetOf(waiting.task, 'unclaimed', clock);
  if (target === undefined || clock.ladder.length === 0) return { due: undefined, next: undefined };
  const hours = hoursFor(priorityOf(waiting.task), clock);
  const taken = stepsTaken(waiting, pool);
  let from = latest(target.due, arrivedAt(waiting));
  let behind = 0;
  for (const [index, step] of clock.ladder.entries()) {
    const deed = taken.get(index);
    const at = deed ? new Date(deed.at) : addOpenTime(from, step.afterMs - behind, hours);
    from = at;
    behind = step.afterMs;
    if (deed || isCircle(waiting, step)) continue;
    if (at > now) return { due: undefined, next: at };
    const opening = isOpen(now, hours) ? undefined : nextOpening(now, hours);
    return opening ? { due: undefined, next: opening } : { due: { index, step }, next: undefined };
  }
  return { due: undefined, next: undefined };
}

/** What taking a step writes: the escalation with its reason, and the new pool where the step is a reroute. */
export function climb({ index, step }: Rung, pool: Pool, pools: readonly Pool[]): Accepted | undefined {
  const target = step.kind === 'reroute' ? pools.find(({ id }) => id === step.pool) : undefined;
  if (step.kind === 'reroute' && target === undefined) return undefined;
  const note = `${NOT_CLAIMED_IN_TIME.display} in “${pool.name}”: ${toldOf(step, target)}`;
  return {
    kind: 'accepted',
    verb: escalate.name,
    guard: 'version',
    change: { businessStatus: 'escalated', ...(target && { performerType: performerTypeOf(target) }) },
    step: `${pool.id}/${index}/${step.kind}`,
    reason: NOT_CLAIMED_IN_TIME,
    note,
    sentence: note,
  };
}

function toldOf(step: LadderStep, target: Pool | undefined): string {
  switch (step.kind) {
    case 'mention':
      return 'the channel was called.';
    case 'lead':
      return 'the lead was told.';
    case 'reroute':
      return `sent to “${target?.name}”.`;
    default:
      return step satisfies never;
  }
}

/** An escalation that calls somebody: by a step of the ladder, or by a person. */
export interface Call {
  readonly deed: Deed;
  /** By hand: everybody whom the ladder would call in turn. */
  readonly kind: 'mention' | 'lead' | 'by hand';
}

/** Who was called since the Task came to wait where it waits now, or since its owner has it; newest first. */
export function callsOf(waiting: Waiting, standing: Standing): Call[] {
  const handing = standing === 'unclaimed' ? HANDING : [...HANDING, 'claim', 'accept'];
  const since = handedAt(waiting, handing).toISOString();
  return deedsOf(waiting).flatMap((deed): Call[] => {
    if (deed.verb !== escalate.name || deed.to !== waiting.task.id || deed.at <= since) return [];
    const kind = deed.step?.kind ?? 'by hand';
    return kind === 'mention' || kind === 'lead' || kind === 'by hand' ? [{ deed, kind }] : [];
  });
}

/** Whom of the channel a call mentions, as the pool is configured now. */
export function mentionOf({ kind, deed }: Call, { ladder }: PoolClock): 'channel' | 'here' | undefined {
  const named = kind === 'mention' && deed.step ? ladder[deed.step.index] : undefined;
  const step = named?.kind === 'mention' ? named : ladder.find((one) => one.kind === 'mention');
  return step?.kind === 'mention' ? step.whom : undefined;
}

/** True for an escalation that sent the Task to another pool. */
export function isMove({ verb, step }: Deed): boolean {
  return verb === escalate.name && step?.kind === 'reroute';
}

/** Since when the Task has been where it is: when it was handed there, else since the patient waits. */
export function arrivedAt(waiting: Waiting): Date {
  return handedAt(waiting, HANDING);
}

function handedAt({ task, provenances }: Waiting, handing: readonly string[]): Date {
  const handed = provenances
    .map(deedOf)
    .find(
      (deed) =>
        deed &&
        (handing.includes(deed.verb) || isMove(deed)) &&
        (deed.to === task.id || deed.successor?.id === task.id),
    );
  return new Date(handed?.at ?? waitingSince(task));
}

const HANDING: readonly string[] = ['release', 'reroute', COVER];

/** The steps of this pool's ladder that were taken since somebody had the Task last. */
function stepsTaken(waiting: Waiting, pool: Pool): Map<number, Deed> {
  const steps = sinceClaimed(waiting).filter(({ step }) => step?.pool === pool.id);
  return new Map(steps.flatMap((deed) => (deed.step ? [[deed.step.index, deed] as const] : [])));
}

/** Two pools may name each other: a Task does not go back to where nobody claimed it. */
function isCircle(waiting: Waiting, step: LadderStep): boolean {
  return step.kind === 'reroute' && sinceClaimed(waiting).some((deed) => deed.step?.pool === step.pool);
}

function sinceClaimed(waiting: Waiting): Deed[] {
  const deeds = deedsOf(waiting);
  const claimed = deeds.findIndex(({ verb }) => verb === 'claim' || verb === 'accept');
  return claimed < 0 ? deeds : deeds.slice(0, claimed);
}

function deedsOf({ provenances }: Waiting): Deed[] {
  return provenances.map(deedOf).filter((deed) => deed !== undefined);
}

function latest(a: Date, b: Date): Date {
  return a > b ? a : b;
}
