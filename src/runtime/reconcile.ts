import type { Logger } from 'pino';
import { type Desired, diff, type Posted, type Step } from '../cards/diff.ts';
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
import type { Observation } from './ports/record.ts';
import { createPosting } from './posting.ts';
import type { SurfaceStates } from './surface-states.ts';
import type { Timekeeper } from './timekeeper.ts';

export interface ReconcileParts extends DesireParts {
  readonly align: Align;
  readonly surfaces: SurfaceStates;
  readonly homes: Pick<Homes, 'touched'>;
  readonly timekeeper: Timekeeper;
  /** The application's clock. */
  readonly now: () => Date;
  readonly digests: Pick<DailyDigests, 'touched'>;
  readonly log: Logger;
  readonly fuse?: Fuse;
}

/** A change of this Task is being written; whoever writes it calls us when it is done, or the sweep does. */
const UNDER_WAY_MS = 1_000;

/** A step that failed; with the milliseconds to wait where the surface wants to be left alone. */
interface Failure {
  readonly error: unknown;
  readonly wait: number | undefined;
}

/**
 * Makes every card of a Task say what the record says: observe, desire, diff, act. Safe to run at any time and any
 * number of times; it is the only thing that posts or redraws cards. Throws where a later try may help.
 */
export function createReconcile(parts: ReconcileParts): (taskId: string) => Promise<Outcome> {
  const { store, ledger, pools, align, surfaces, log, fuse = NO_FUSE } = parts;
  const desire = createDesire(parts);
  const { madeAt, posted: postedAs, redrawn, dropCard: drop } = ledger;
  const posting = createPosting(parts.platforms, { madeAt, posted: postedAs, redrawn, drop }, log, fuse);

  return async (taskId) => {
    if (await ledger.journal.isOpen(taskId)) return { kind: 'again', afterMs: UNDER_WAY_MS };
    const found = await withRetries(() => store.observe(taskId));
    const look = lookAt(found, store, parts.now());
    const seen = found && (await parts.timekeeper.settle(found, look));
    // A Task that takes another's place is half of a change until its Provenance says why.
    const replaced = seen && predecessorOf(seen.task);
    if (replaced && (await ledger.journal.isOpen(replaced))) return { kind: 'again', afterMs: UNDER_WAY_MS };
    const posted = await ledger.cardsOf(taskId);
    const failures: Failure[] = [];
    for (const step of diff(await desire(taskId, seen, posted, look), posted)) {
      // One surface that refuses must not keep the others from the truth.
      const failure = await attempt(taskId, step);
      if (failure) failures.push(failure);
    }
    if (seen) {
      await settle(seen, posted.length > 0, failures.length === 0);
      await parts.timekeeper.wakeFor(seen, look);
    } else await parts.digests.touched(taskId);
    return failures.length > 0 ? later(taskId, failures) : { kind: 'done' };
  };

  // ---------------------------------------------------------------------------------------------------------- act

  async function attempt(taskId: string, step: Step): Promise<Failure | undefined> {
    const { surface } = step.desired;
    try {
      surfaces.check(surface);
      await act(taskId, step);
      surfaces.worked(surface);
      return undefined;
    } catch (error) {
      return { error, wait: surfaces.failed(surface, error) };
    }
  }

  async function act(taskId: string, step: Step): Promise<void> {
    log.info(
      { task: taskId, step: step.kind, surface: surfaceKey(step.desired.surface), why: step.why },
      'card',
    );
    switch (step.kind) {
      case 'post':
        return postAnew(taskId, step.desired);
      case 'settle': {
        const stands = await posting.settleDoubt({ task: taskId, card: step.posted.id }, step.desired);
        if (stands === 'gone' && step.desired.worthPosting) await postAnew(taskId, step.desired);
        return;
      }
      case 'repost': {
        // The old one first: of two live cards, one would be pressed that nobody keeps true.
        const card = supersededCard(step.desired.card);
        await redraw(taskId, step.posted, { ...step.desired, card, closing: true });
        return postAnew(taskId, step.desired);
      }
      case 'update':
      case 'close':
        return redraw(taskId, step.posted, step.desired);
      default:
        return step satisfies never;
    }
  }

  async function postAnew(taskId: string, desired: Desired): Promise<void> {
    const row = await ledger.beginPost(taskId, desired.surface, desired.occasion);
    fuse('post-begun', taskId);
    await posting.post({ task: taskId, card: row.id }, desired);
  }

  async function redraw(taskId: string, { id, ref }: Posted, desired: Desired): Promise<void> {
    if (ref === undefined) return;
    const stands = await posting.redraw({ task: taskId, card: id }, ref, desired);
    // Somebody deleted the message. Where something could still be pressed, it is posted anew.
    if (stands === 'gone' && desired.card.buttons.length > 0) await postAnew(taskId, desired);
  }

  // ------------------------------------------------------------------------------------------------- and afterwards

  /** Puts the thread right whatever became of the cards; the version counts as seen once they all say it. */
  async function settle(seen: Observation, hasCards: boolean, cardsAreTrue: boolean): Promise<void> {
    const { task, provenances } = seen;
    const isServed =
      hasCards || poolsOf(task, pools).length > 0 || provenances.some((one) => deedOf(one) !== undefined);
    const last = await ledger.lastSeen(task.id);
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
