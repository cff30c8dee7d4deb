import type { Task } from '@medplum/fhirtypes';
import type { Logger } from 'pino';
import type { Outcome } from '../ledger/jobs.ts';
import { justSay } from '../queries/asking.ts';
import { home } from '../queries/home.ts';
import { type Pool, poolsOf } from '../routing/pools.ts';
import { apology } from './apology.ts';
import type { Ask } from './ask.ts';
import { withRetries } from './patience.ts';
import type { People } from './people.ts';
import { ChatError, type ChatPlatform, type ChatUser } from './ports/chat.ts';
import type { Jobs, Ledger } from './ports/ledger.ts';
import type { Observation, RecordStore } from './ports/record.ts';

/** Keeps the Homes true that people have open. */
export interface Homes {
  /** Draws one person's Home. */
  draw(user: ChatUser): Promise<Outcome>;
  /** A Task has changed: whoever it concerns and has a Home open gets it drawn again. Never throws. */
  touched(seen: Observation, formerOwner: string | undefined): Promise<void>;
}

export interface HomesParts {
  readonly ask: Ask;
  readonly store: Pick<RecordStore, 'versions'>;
  readonly ledger: Pick<Ledger, 'homesOpen'>;
  readonly jobs: Pick<Jobs, 'markHome'>;
  readonly people: Pick<People, 'holders'>;
  readonly platforms: readonly ChatPlatform[];
  readonly pools: readonly Pool[];
  readonly log: Logger;
}

/** Whoever has not looked for a working day will look anew. */
const OPEN_MS = 8 * 3_600_000;
/** A platform that says "not so fast" without saying how long. */
const WAIT_MS = 5_000;

export function createHomes(parts: HomesParts): Homes {
  const { ask, store, ledger, jobs, people, platforms, pools, log } = parts;
  async function draw(user: ChatUser): Promise<Outcome> {
    const platform = platforms.find(({ name }) => name === user.platform);
    if (!platform?.publishHome) return { kind: 'done' };
    try {
      await platform.publishHome(user, await ask({ query: home.name, words: '', page: 1 }, user));
      return { kind: 'done' };
    } catch (error) {
      if (!(error instanceof ChatError)) await apologise(platform, user, error);
      if (error instanceof ChatError && error.kind === 'rate-limited')
        return { kind: 'again', afterMs: error.retryAfterMs ?? WAIT_MS };
      // Somebody who is gone, or a platform that does not let us, will not be there at the next try either.
      if (error instanceof ChatError && (error.kind === 'gone' || error.kind === 'forbidden')) {
        log.warn({ err: error, user: user.id }, 'a Home is not shown');
        return { kind: 'done' };
      }
      throw error;
    }
  }

  /** An old Home that looks true is worse than one that says what is the matter; the job is tried again. */
  async function apologise(platform: ChatPlatform, user: ChatUser, error: unknown): Promise<void> {
    await platform.publishHome?.(user, justSay(apology(error))).catch((failure: unknown) => {
      log.warn({ err: failure, user: user.id }, 'a Home could not say that the record is away');
    });
  }

  async function mark(seen: Observation, formerOwner: string | undefined): Promise<void> {
    // Not remembered from one change to the next: a Home that opens is drawn at once, and must not miss what follows.
    const open = await ledger.homesOpen(OPEN_MS);
    if (open.length === 0) return;
    const concerned = await concernedBy(seen.task, formerOwner);
    await Promise.all(
      open
        .filter(({ practitionerId }) => concerned.has(practitionerId))
        .map(({ user }) => jobs.markHome(user, 'soon')),
    );
  }

  /** Who has it, who had it, and who may claim where it is or where it was: their Homes listed it. */
  async function concernedBy(
    task: Task & { id: string },
    formerOwner: string | undefined,
  ): Promise<Set<string>> {
    const before = await withRetries(() => store.versions(task.id));
    const places = new Set([task, ...before].flatMap((version) => poolsOf(version, pools)));
    const holders = await Promise.all([...places].map((pool) => withRetries(() => people.holders(pool))));
    const owners = [task.owner?.reference, formerOwner].map((reference) => reference?.split('/')[1]);
    return new Set([
      ...owners.filter((id) => id !== undefined),
      ...holders.flat().map(({ practitioner }) => practitioner.id),
    ]);
  }

  return {
    draw,
    touched: async (seen, formerOwner) => {
      try {
        await mark(seen, formerOwner);
      } catch (error) {
        // Cards must follow all the same; the Home is true again with the next change, or when it is opened.
        log.warn({ err: error, task: seen.task.id }, 'the Homes that show this Task could not be marked');
      }
    },
  };
}
