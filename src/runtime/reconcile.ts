import type { Logger } from 'pino';
import { type Desired, diff, isCallOwed, type Posted, type Step } from '../cards/diff.ts';
import { surfaceKey } from '../cards/surfaces.ts';
import { supersededCard } from '../cards/task-card.ts';
import type { Outcome } from '../ledger/jobs.ts';
import { deedOf } from '../record/provenance.ts';
import { predecessorOf } from '../record/successor.ts';
import { poolsOf } from '../routing/pools.ts';
import type { Align } from './align.ts';
import { createDesire, type DesireParts } from './desire.ts';
import type { DailyDigests } from './digest/digests.ts';
import type { Homes } from './homes.ts';
import { lookAt } from './look.ts';
import { withRetries } from './patience.ts';
import { type Fuse, NO_FUSE } from './ports/fuse.ts';
import type { Ledger } from './ports/ledger.ts';
import type { Observation } from './ports/record.ts';
import { createPosting } from './posting.ts';
import type { Saying, Sending } from './sending/sending.ts';
import { rankOf } from './sending/turns.ts';
import type { SurfaceStates } from './surface-states.ts';
import type { Timekeeper } from './timekeeper.ts';

export interface ReconcileParts extends DesireParts {
  readonly align: Align;
  readonly surfaces: SurfaceStates;
  readonly sending: Sending;
  readonly homes: Pick<Homes, 'touched'>;
  readonly timekeeper: Timekeeper;
  /** The application's clock. */
  readonly now: () => Date;
  readonly digests: Pick<DailyDigests, 'touched'>;
  /** Told of every card that says for the first time what a version of its Task says. */
  readonly onCard?: (step: Step, task: Observation['task']) => void;
  readonly log: Logger;
  readonly fuse?: Fuse;
}

/** A change of this Task is being written; whoever writes it calls us when it is done, or the sweep does. */
const UNDER_WAY_MS = 1_000;

type LastSeen = Awaited<ReturnType<Ledger['lastSeen']>>;

/** A step that failed; with the milliseconds to wait where the surface wants to be left alone. */
interface Failure {
  readonly error: unknown;
  readonly wait: number | undefined;
}

/** What came of a step; `waits`: it stands in its surface's line, and the Task is marked when its turn comes. */
type Attempt = 'done' | 'waits' | Failure;

/** The step is done, and the next look at the Task comes at once. */
const NEXT_LOOK: Failure = { error: undefined, wait: 0 };

/** What the platform is asked to do for a step. A card that is posted anew takes the place of one that is closed first. */
const ACTS: Readonly<Record<Step['kind'], Saying['acts']>> = {
  post: ['post'],
  settle: ['update'],
  repost: ['post', 'update'],
  update: ['update'],
  close: ['update'],
};

/**
 * Makes every card of a Task say what the record says: observe, desire, diff, act. Safe to run at any time and any
 * number of times; it is the only thing that posts or redraws cards. Throws where a later try may help.
 */
export function createReconcile(parts: ReconcileParts): (taskId: string) => Promise<Outcome> {
  const { store, ledger, pools, align, surfaces, sending, log, fuse = NO_FUSE } = parts;
  const desire = createDesire(parts);
  const { madeAt, posted: postedAs, redrawing, redrawn, dropCard: drop } = ledger;
  const kept = { madeAt, posted: postedAs, redrawing, redrawn, drop };
  const posting = createPosting(parts.platforms, kept, log, fuse);

  return async (taskId) => {
    if (await ledger.journal.isOpen(taskId)) return { kind: 'again', afterMs: UNDER_WAY_MS };
    const found = await withRetries(() => store.observe(taskId));
    const look = lookAt(found, store, parts.now());
    const seen = found && (await parts.timekeeper.settle(found, look));
    // A Task that takes another's place is half of a change until its Provenance says why.
    const replaced = seen && predecessorOf(seen.task);
    if (replaced && (await ledger.journal.isOpen(replaced))) return { kind: 'again', afterMs: UNDER_WAY_MS };
    const item = { kind: 'task', id: taskId } as const;
    const [posted, waited, last] = await Promise.all([
      ledger.cardsOf(taskId),
      sending.waitsAt(item),
      ledger.lastSeen(taskId),
    ]);
    const isNews = seen && last?.versionId !== seen.task.meta?.versionId;
    const waiting = new Set<string>();
    const failures: Failure[] = [];
    for (const step of diff(await desire(taskId, seen, posted, look), posted)) {
      // One surface that refuses must not keep the others from the truth.
      const came = await attempt(taskId, rankOf(seen?.task), step);
      if (came === 'waits') waiting.add(surfaceKey(step.desired.surface));
      else if (came !== 'done') failures.push(came);
      else if (isNews) parts.onCard?.(step, seen.task);
    }
    const left = waited.filter((surface) => !waiting.has(surfaceKey(surface)));
    await sending.leave(item, left);
    if (seen) {
      await settle(seen, last, posted.length > 0, failures.length + waiting.size === 0);
      await parts.timekeeper.wakeFor(seen, look);
    } else await parts.digests.touched(taskId);
    return failures.length > 0 ? later(taskId, failures) : { kind: 'done' };
  };

  // ---------------------------------------------------------------------------------------------------------- act

  async function attempt(taskId: string, rank: number, step: Step): Promise<Attempt> {
    const { surface } = step.desired;
    const saying = { item: { kind: 'task', id: taskId }, surface, rank } as const;
    const post = (waitedMs: number) => postAnew(taskId, step.desired, waitedMs);
    try {
      surfaces.check(surface);
      const came = await sending.send({ ...saying, acts: ACTS[step.kind] }, (ms) => act(taskId, step, ms));
      if (came === 'more') return NEXT_LOOK;
      // A new message is another thing to say, and may have to wait by itself.
      const end = came === 'anew' ? await sending.send({ ...saying, acts: ['post'] }, post) : came;
      if (end === 'done') surfaces.worked(surface);
      return end;
    } catch (error) {
      return { error, wait: surfaces.failed(surface, error) };
    }
  }

  /** `anew`: what should stand there is not there any more. `more`: there is more to do about what stands there. */
  async function act(taskId: string, step: Step, waitedMs: number): Promise<'done' | 'anew' | 'more'> {
    log.info(
      { task: taskId, step: step.kind, surface: surfaceKey(step.desired.surface), why: step.why },
      'card',
    );
    switch (step.kind) {
      case 'post':
        return postAnew(taskId, step.desired, waitedMs);
      case 'settle': {
        const stands = await posting.settleDoubt({ task: taskId, card: step.posted.id }, step.desired);
        if (stands === 'stands') return isCallOwed(step.desired, step.posted) ? 'more' : 'done';
        // An older card may stand there, which is the newest now.
        return step.desired.worthPosting ? 'anew' : 'more';
      }
      case 'repost': {
        // The old one first: of two live cards, one would be pressed that nobody keeps true.
        const card = supersededCard(step.desired.card);
        await redraw(taskId, step.posted, { ...step.desired, card, closing: true });
        return postAnew(taskId, step.desired, waitedMs);
      }
      case 'update':
      case 'close':
        return redraw(taskId, step.posted, step.desired);
      default:
        return step satisfies never;
    }
  }

  async function postAnew(taskId: string, desired: Desired, waitedMs: number): Promise<'done'> {
    const row = await ledger.beginPost(taskId, desired.surface, desired.occasion);
    fuse('post-begun', taskId);
    await posting.post({ task: taskId, card: row.id }, desired, waitedMs);
    return 'done';
  }

  async function redraw(
    taskId: string,
    { id, ref }: Posted,
    desired: Desired,
  ): Promise<'done' | 'anew' | 'more'> {
    if (ref === undefined) return 'done';
    const stands = await posting.redraw({ task: taskId, card: id }, ref, desired);
    if (stands === 'stands') return 'done';
    // Somebody deleted the message. Where something could still be pressed, it is posted anew.
    return desired.card.buttons.length > 0 ? 'anew' : 'more';
  }

  // ------------------------------------------------------------------------------------------------- and afterwards

  /** Puts the thread right whatever became of the cards; the version counts as seen once they all say it. */
  async function settle(
    seen: Observation,
    last: LastSeen,
    hasCards: boolean,
    cardsAreTrue: boolean,
  ): Promise<void> {
    const { task, provenances } = seen;
    const isServed =
      hasCards || poolsOf(task, pools).length > 0 || provenances.some((one) => deedOf(one) !== undefined);
    if (!isServed || last?.versionId === task.meta?.versionId) return;
    await parts.homes.touched(seen, last?.owner);
    await parts.digests.touched(task.id);
    if (!(await align(seen, last?.owner))) return;
    const version = cardsAreTrue ? task.meta?.versionId : last?.versionId;
    await ledger.seen(task.id, version ?? '', task.owner?.reference);
  }

  /** A surface that wants to be left alone is; everything else is left to the queue's growing delays. */
  function later(taskId: string, failures: readonly Failure[]): Outcome {
    const waits = failures.map(({ wait }) => wait).filter((wait) => wait !== undefined);
    if (waits.length === failures.length) return { kind: 'again', afterMs: Math.min(...waits) };
    throw new AggregateError(
      failures.map(({ error }) => error),
      `reconciling Task/${taskId}`,
    );
  }
}
