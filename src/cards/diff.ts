import type { Card } from './card.ts';
import { type Surface, surfaceKey } from './surfaces.ts';

/** A card that the Task should have somewhere. */
export interface Desired {
  readonly surface: Surface;
  readonly card: Card;
  /** What the card is drawn as, in one word; equal words mean equal cards. */
  readonly hash: string;
  /** Whether the card is worth a new message where there is none; else it is only kept true where it stands. */
  readonly worthPosting: boolean;
  /** The closing form: where the Task no longer belongs. */
  readonly closing: boolean;
  /** A call that people must notice, in one word: a card that was posted for another is posted anew. */
  readonly occasion?: string;
}

/** A card that stands somewhere, as the ledger remembers it. */
export interface Posted {
  readonly id: string;
  readonly surface: Surface;
  /** `posting`: the answer to our post was lost, or never awaited. `closed`: it stands in its closing form. */
  readonly state: 'posting' | 'live' | 'closed';
  /** The adapter's handle; absent while `posting`. */
  readonly ref: string | undefined;
  readonly hash: string | undefined;
  /** The call that it was posted for, where it was for one. */
  readonly occasion?: string | undefined;
}

/** One thing to do so that what stands is what should stand, and why. */
export type Step =
  | { readonly kind: 'post'; readonly surface: Surface; readonly desired: Desired; readonly why: string }
  | { readonly kind: 'settle'; readonly posted: Posted; readonly desired: Desired; readonly why: string }
  | { readonly kind: 'repost'; readonly posted: Posted; readonly desired: Desired; readonly why: string }
  | { readonly kind: 'update'; readonly posted: Posted; readonly desired: Desired; readonly why: string }
  | { readonly kind: 'close'; readonly posted: Posted; readonly desired: Desired; readonly why: string };

/** Whether people are called to the Task by a call that this card was not posted for. */
export function isCallOwed(want: Desired, standing: Posted): boolean {
  return want.worthPosting && want.occasion !== undefined && want.occasion !== standing.occasion;
}

/**
 * What to do about one Task.
 *
 * @param posted the newest card on each surface. A card in its closing form is kept true (where the Task is, and
 *   why) until the Task comes back to that surface; then it stays as it is, and the Task gets a new card there, which
 *   people will notice.
 */
export function diff(desired: readonly Desired[], posted: readonly Posted[]): Step[] {
  return desired.flatMap((want): Step[] => {
    const key = surfaceKey(want.surface);
    const standing = posted.find((one) => surfaceKey(one.surface) === key);
    const isBack = standing?.state === 'closed' && !want.closing;
    if (standing === undefined || isBack) {
      const why = isBack ? 'the Task is back on this surface' : 'no card here yet';
      return want.worthPosting ? [{ kind: 'post', surface: want.surface, desired: want, why }] : [];
    }
    if (standing.state === 'posting') {
      return [{ kind: 'settle', posted: standing, desired: want, why: 'the answer to our post was lost' }];
    }
    if (isCallOwed(want, standing)) {
      return [{ kind: 'repost', posted: standing, desired: want, why: 'somebody is called to it' }];
    }
    if (standing.hash === want.hash) return [];
    if (want.closing && standing.state === 'live') {
      return [{ kind: 'close', posted: standing, desired: want, why: 'the Task left this surface' }];
    }
    return [{ kind: 'update', posted: standing, desired: want, why: 'the record says something else' }];
  });
}
