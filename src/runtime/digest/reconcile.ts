import type { Card } from '../../cards/card.ts';
import type { Desired } from '../../cards/diff.ts';
import { digestCard } from '../../cards/digest-card.ts';
import { personDigestCard } from '../../cards/person-digest-card.ts';
import { type Surface, surfaceKey } from '../../cards/surfaces.ts';
import type { Outcome } from '../../ledger/jobs.ts';
import { hashOf } from '../desire.ts';
import { withRetries } from '../patience.ts';
import type { Act } from '../ports/chat.ts';
import type { Digest } from '../ports/digests.ts';
import type { RecordStore } from '../ports/record.ts';
import { createPosting } from '../posting.ts';
import { DIGEST_RANK } from '../sending/turns.ts';
import { personOf } from './for-people.ts';
import type { DigestParts } from './parts.ts';

const DONE: Outcome = { kind: 'done' };
/** Another process is at it. */
const BUSY: Outcome = { kind: 'again', afterMs: 5_000 };

/**
 * Makes the message of a digest say what is true. Safe to run at any time and any number of times. Throws where a later
 * try may help.
 */
export function createDigestReconcile(
  parts: Pick<
    DigestParts,
    | 'store'
    | 'ledger'
    | 'jobs'
    | 'platforms'
    | 'surfaces'
    | 'sending'
    | 'pools'
    | 'rules'
    | 'now'
    | 'log'
    | 'fuse'
  >,
): (digestId: string) => Promise<Outcome> {
  const { jobs, platforms, surfaces, sending, log } = parts;
  const { digests } = parts.ledger;
  const posting = createPosting(platforms, digests, log, parts.fuse);
  // A digest that somebody deleted is not posted anew: there is one a day.
  const redrawing = createPosting(platforms, { ...digests, drop: digests.close }, log, parts.fuse);

  return async (digestId) => {
    const digest = await digests.get(digestId);
    if (digest === undefined || digest.state === 'closed') {
      // It may have come into a line while it was given up, and is called there until it goes.
      const item = itemOf(digestId);
      await sending.leave(item, await sending.waitsAt(item));
      return DONE;
    }
    const { surface } = digest;
    if (digest.state === 'due' && isTooLate(digest)) return giveUp(digest);
    const card = await drawDigest(digest, parts);
    if (card === undefined) return giveUp(digest);
    try {
      surfaces.check(surface);
      const outcome = await act(digest, card);
      // It stands in the line of its channel, and is marked when its turn comes.
      if (outcome === 'waits') return DONE;
      surfaces.worked(surface);
      await sending.leave(itemOf(digestId), [surface]);
      if (outcome.kind === 'again') return outcome;
    } catch (error) {
      const afterMs = surfaces.failed(surface, error);
      if (afterMs !== undefined) return { kind: 'again', afterMs };
      throw error;
    }
    for (const older of await digests.outdatedBy(digestId)) await jobs.markDigest(older);
    return DONE;
  };

  async function act(digest: Digest, card: Card): Promise<Outcome | 'waits'> {
    const { id, surface, state, ref, hash, isOutdated } = digest;
    const desired = { surface, card, hash: hashOf(card), worthPosting: true, closing: isOutdated };
    log.info({ digest: id, of: digest.of, state, surface: surfaceKey(surface) }, 'digest');
    if (state === 'due') return post(id, desired);
    if (state === 'posting') {
      const stands = await say(id, surface, 'update', () => posting.settleDoubt({ card: id }, desired));
      if (stands === 'waits') return stands;
      if (stands === 'stands') return DONE;
      return isTooLate(digest) ? giveUp(digest) : post(id, desired);
    }
    if (ref !== undefined && hash !== desired.hash) {
      const stands = await say(id, surface, 'update', () => redrawing.redraw({ card: id }, ref, desired));
      return stands === 'waits' ? stands : DONE;
    }
    if (isOutdated) await digests.redrawn(id, desired.hash, 'closed');
    return DONE;
  }

  function post(id: string, desired: Desired): Promise<Outcome | 'waits'> {
    return say(id, desired.surface, 'post', async (waitedMs) => {
      if (!(await digests.begin(id))) return BUSY;
      await posting.post({ card: id }, desired, waitedMs);
      return DONE;
    });
  }

  function say<T>(id: string, surface: Surface, act: Act, work: (waitedMs: number) => Promise<T>) {
    return sending.send({ item: itemOf(id), surface, rank: DIGEST_RANK, acts: [act] }, work);
  }

  function isTooLate({ facts, isOutdated }: Digest): boolean {
    return isOutdated || parts.now() > new Date(facts.until);
  }

  async function giveUp({ id, of, surface }: Digest): Promise<Outcome> {
    log.warn({ digest: id, of, surface: surfaceKey(surface) }, 'a digest is given up');
    await digests.close(id);
    await sending.leave(itemOf(id), [surface]);
    return DONE;
  }
}

/** What a digest is called in a line. */
function itemOf(id: string) {
  return { kind: 'digest', id } as const;
}

/** The digest as it should look now; undefined where its pool is not served any more. */
export async function drawDigest(
  { of, facts, isOutdated }: Pick<Digest, 'of' | 'facts' | 'isOutdated'>,
  {
    store,
    pools,
    rules,
  }: Pick<DigestParts, 'pools' | 'rules'> & { readonly store: Pick<RecordStore, 'tasksByIds'> },
): Promise<Card | undefined> {
  const ids = facts.rows.map(({ id }) => id);
  const read = await withRetries(() => store.tasksByIds(ids));
  const tasks = new Map(read.map((task) => [task.id, task]));
  if (facts.kind === 'person') {
    const practitionerId = personOf(of) ?? '';
    return personDigestCard({ facts, practitionerId, tasks, pools, rules }, !isOutdated);
  }
  const pool = pools.find(({ id }) => id === of);
  return pool && digestCard({ facts, pool, tasks, pools, rules }, !isOutdated);
}
