import type { Logger } from 'pino';
import { type Desired, diff, type Posted, type Step } from '../cards/diff.ts';
import { type Surface, surfaceKey } from '../cards/surfaces.ts';
import type { Outcome } from '../ledger/jobs.ts';
import { deedOf } from '../record/provenance.ts';
import { predecessorOf } from '../record/successor.ts';
import { poolsOf } from '../routing/pools.ts';
import type { Align } from './align.ts';
import { createDesire, type DesireParts } from './desire.ts';
import type { Homes } from './homes.ts';
import { withRetries } from './patience.ts';
import { ChatError, type ChatPlatform } from './ports/chat.ts';
import type { Observation } from './ports/record.ts';
import type { SurfaceStates } from './surface-states.ts';

export interface ReconcileParts extends DesireParts {
  readonly align: Align;
  readonly surfaces: SurfaceStates;
  readonly homes: Pick<Homes, 'touched'>;
  readonly log: Logger;
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
  const { store, ledger, pools, align, surfaces, log } = parts;
  const desire = createDesire(parts);

  return async (taskId) => {
    if (await ledger.journal.isOpen(taskId)) return { kind: 'again', afterMs: UNDER_WAY_MS };
    const seen = await withRetries(() => store.observe(taskId));
    // A Task that takes another's place is half of a change until its Provenance says why.
    const replaced = seen && predecessorOf(seen.task);
    if (replaced && (await ledger.journal.isOpen(replaced))) return { kind: 'again', afterMs: UNDER_WAY_MS };
    const posted = await ledger.cardsOf(taskId);
    const failures: Failure[] = [];
    for (const step of diff(await desire(taskId, seen, posted), posted)) {
      // One surface that refuses must not keep the others from the truth.
      const failure = await attempt(taskId, step);
      if (failure) failures.push(failure);
    }
    if (seen) await settle(seen, posted.length > 0, failures.length === 0);
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
    const platform = platformOf(step.desired.surface);
    switch (step.kind) {
      case 'post':
        return post(platform, taskId, await ledger.beginPost(taskId, step.surface), step.desired);
      case 'settle':
        return settleDoubt(platform, taskId, step.posted, step.desired);
      case 'update':
      case 'close':
        return redraw(platform, taskId, step.posted, step.desired);
      default:
        return step satisfies never;
    }
  }

  async function post(platform: ChatPlatform, taskId: string, row: Posted, desired: Desired): Promise<void> {
    try {
      const ref = await platform.post(desired.surface, desired.card, { task: taskId, card: row.id });
      await ledger.posted(row.id, ref, desired.hash);
    } catch (error) {
      // Only a clear no means that nothing was posted; anything else leaves the row in doubt, to be settled first.
      if (error instanceof ChatError && error.kind !== 'in-doubt') await ledger.dropCard(row.id);
      throw error;
    }
  }

  /** Asks the platform whether the post whose answer was lost is there, before it is posted again. */
  async function settleDoubt(
    platform: ChatPlatform,
    taskId: string,
    row: Posted,
    desired: Desired,
  ): Promise<void> {
    const found = await platform.find(
      desired.surface,
      { task: taskId, card: row.id },
      await ledger.madeAt(row.id),
    );
    log.warn({ task: taskId, card: row.id, found: found !== undefined }, 'a post was in doubt');
    // Somebody may have deleted it since: one message that is gone is no refusal by the whole surface.
    if (found === undefined || !(await isThere(platform.update(found, desired.card)))) {
      await ledger.dropCard(row.id);
      if (!desired.worthPosting) return;
      return post(platform, taskId, await ledger.beginPost(taskId, desired.surface), desired);
    }
    await ledger.posted(row.id, found, desired.hash);
    if (desired.closing) await ledger.redrawn(row.id, desired.hash, 'closed');
  }

  async function redraw(
    platform: ChatPlatform,
    taskId: string,
    row: Posted,
    desired: Desired,
  ): Promise<void> {
    if (row.ref === undefined) return;
    if (await isThere(platform.update(row.ref, desired.card)))
      return ledger.redrawn(row.id, desired.hash, desired.closing ? 'closed' : 'live');
    // Somebody deleted the message. Where something could still be pressed, it is posted anew.
    await ledger.dropCard(row.id);
    if (desired.card.buttons.length === 0) return;
    await post(platform, taskId, await ledger.beginPost(taskId, desired.surface), desired);
  }

  function platformOf(surface: Surface): ChatPlatform {
    const platform = parts.platforms.find((one) => one.name === surface.platform);
    if (platform === undefined) throw new Error(`no platform ${surface.platform} is configured`);
    return platform;
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

/** False where the message is not there any more. */
async function isThere(update: Promise<void>): Promise<boolean> {
  try {
    await update;
    return true;
  } catch (error) {
    if (error instanceof ChatError && error.kind === 'gone') return false;
    throw error;
  }
}
