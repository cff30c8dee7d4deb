import type { Logger } from 'pino';
import type { Desired } from '../cards/diff.ts';
import { withLateness } from '../cards/late-line.ts';
import type { Surface } from '../cards/surfaces.ts';
import { ChatError, type ChatPlatform, type MessageRef, type PostKey } from './ports/chat.ts';
import { type Fuse, NO_FUSE } from './ports/fuse.ts';

/** Where it is remembered what became of a message; the row is there before the platform is called. */
export interface PostLedger {
  /** When the row was made: a post in doubt is looked for from then on. */
  madeAt(id: string): Promise<Date>;
  posted(id: string, ref: MessageRef, hash: string): Promise<void>;
  /** It is about to be redrawn: what it says is not known until {@link redrawn} tells. */
  redrawing(id: string): Promise<void>;
  redrawn(id: string, hash: string, state: 'live' | 'closed'): Promise<void>;
  /** The message is not there any more, or never was. */
  drop(id: string): Promise<void>;
}

/** Whether the message stands now; `gone` where somebody deleted it, or it never was there. Its row is dropped then. */
export type Stands = 'stands' | 'gone';

/** Posts a message, settles a post whose answer was lost, redraws it: what it says counts once the platform has it. */
export interface Posting {
  /** Throws {@link ChatError}; only a clear no drops the row. @param waitedMs how long it had to wait for its channel. */
  post(key: PostKey, desired: Desired, waitedMs: number): Promise<void>;
  /** Asks the platform whether the post whose answer was lost is there, before it is posted again. */
  settleDoubt(key: PostKey, desired: Desired): Promise<Stands>;
  redraw(key: PostKey, ref: MessageRef, desired: Desired): Promise<Stands>;
}

export function createPosting(
  platforms: readonly ChatPlatform[],
  ledger: PostLedger,
  log: Logger,
  fuse: Fuse = NO_FUSE,
): Posting {
  function platformOf(surface: Surface): ChatPlatform {
    const platform = platforms.find((one) => one.name === surface.platform);
    if (platform === undefined) throw new Error(`no platform ${surface.platform} is configured`);
    return platform;
  }

  return {
    post: async (key, { surface, card, hash }, waitedMs) => {
      try {
        const ref = await platformOf(surface).post(surface, withLateness(card, waitedMs), key);
        fuse('posted', key.task);
        await ledger.posted(key.card, ref, hash);
        fuse('post-kept', key.task);
      } catch (error) {
        // Only a clear no means that nothing was posted; anything else leaves the row in doubt, to be settled first.
        if (error instanceof ChatError && error.kind !== 'in-doubt') await ledger.drop(key.card);
        throw error;
      }
    },

    settleDoubt: async (key, { surface, card, hash, closing }) => {
      const platform = platformOf(surface);
      const found = await platform.find(surface, key, await ledger.madeAt(key.card));
      log.warn({ task: key.task, card: key.card, found: found !== undefined }, 'a post was in doubt');
      // Somebody may have deleted it since: one message that is gone is no refusal by the whole surface.
      if (found === undefined || !(await isThere(platform.update(found, card)))) {
        await ledger.drop(key.card);
        return 'gone';
      }
      await ledger.posted(key.card, found, hash);
      if (closing) await ledger.redrawn(key.card, hash, 'closed');
      return 'stands';
    },

    redraw: async (key, ref, { surface, card, hash, closing }) => {
      // An answer may be lost, or we may: a Task that is then as it was before must not find its card true.
      await ledger.redrawing(key.card);
      if (await isThere(platformOf(surface).update(ref, card))) {
        fuse('redrawn', key.task);
        await ledger.redrawn(key.card, hash, closing ? 'closed' : 'live');
        fuse('redraw-kept', key.task);
        return 'stands';
      }
      await ledger.drop(key.card);
      return 'gone';
    },
  };
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
