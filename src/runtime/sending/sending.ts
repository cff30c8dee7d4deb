import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Surface, surfaceKey } from '../../cards/surfaces.ts';
import { type Act, ChatError, type ChatPlatform } from '../ports/chat.ts';
import type { Jobs } from '../ports/ledger.ts';
import type { Item, Line, Wish } from '../ports/line.ts';
import { gatesOf } from './gates.ts';

export interface SendingParts {
  readonly line: Line;
  readonly platforms: readonly ChatPlatform[];
  readonly jobs: Pick<Jobs, 'mark' | 'markDigest'>;
  /** Only waits that platforms ask for are kept. */
  readonly unpaced?: boolean | undefined;
  readonly log: Logger;
}

/** What is to be said, and how urgent it is. */
export interface Saying extends Pick<Wish, 'item' | 'surface' | 'rank'> {
  /** What the platform is asked to do; the first says in which line it waits. */
  readonly acts: readonly [Act, ...Act[]];
}

/** The only way to say something on a surface: at the platforms' pace, and the most urgent first. */
export interface Sending {
  /**
   * Runs the work where it is its turn, once, and gives what it gives; the work is told how long (ms) it had to wait for
   * that. `waits`: it stands in its line, and the Task or the digest is marked when its turn comes. So it does where the
   * platform asks for patience, which it gets from everybody; any other error of the work is thrown on.
   */
  send<T>(saying: Saying, work: (waitedMs: number) => Promise<T>): Promise<T | 'waits'>;
  /** Of these surfaces, nothing is to be said on any more. */
  leave(item: Item, surfaces: readonly Surface[]): Promise<void>;
  /** Where the item waits. */
  waitsAt(item: Item): Promise<readonly Surface[]>;
  /** Begins to call those whose turn it is: also those whom another process has lined up before it died. */
  start(): void;
  stop(): Promise<void>;
  /** One call, now. */
  call(): Promise<void>;
}

/** A platform that says "not so fast" without saying how long. */
const DEFAULT_WAIT_MS = 5_000;
/** While somebody waits. */
const BUSY_MS = 250;
/** While nobody does, as far as this process knows. */
const IDLE_MS = 2_000;
/** Who was called and does not come within this time is called again. */
const CALLED_MS = 15_000;

export function createSending({ line, platforms, jobs, unpaced, log }: SendingParts): Sending {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let waking = new AbortController();
  let isBusy = false;

  function placeOf({ item, surface, rank, acts }: Saying) {
    const platform = platforms.find(({ name }) => name === surface.platform);
    const allowances = unpaced ? [] : acts.flatMap((act) => platform?.pace?.(surface, act) ?? []);
    const gates = allowances.flatMap((one) => gatesOf(surface.platform, one));
    const wish: Wish = { item, surface, rank, line: gates[0]?.key ?? surfaceKey(surface) };
    return { wish, gates };
  }

  async function send<T>(saying: Saying, work: (waitedMs: number) => Promise<T>): Promise<T | 'waits'> {
    const { wish, gates } = placeOf(saying);
    const turn = await line.enter(wish, gates);
    if (turn.kind === 'wait') return waits();
    try {
      return await work(turn.waitedMs);
    } catch (error) {
      if (!(error instanceof ChatError) || error.kind !== 'rate-limited') throw error;
      const forMs = error.retryAfterMs ?? DEFAULT_WAIT_MS;
      log.warn({ line: wish.line, forMs }, 'a platform asks for patience');
      await line.shut(wish, turn.waitedMs, forMs);
      return waits();
    }
  }

  function waits(): 'waits' {
    if (!isBusy) {
      isBusy = true;
      waking.abort();
    }
    return 'waits';
  }

  async function call(): Promise<void> {
    const { items, waiting } = await line.call(CALLED_MS);
    for (const { kind, id } of items)
      await (kind === 'task' ? jobs.mark(id, 'its turn') : jobs.markDigest(id));
    isBusy = waiting > 0;
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      await call().catch((error: unknown) =>
        log.warn({ err: error }, 'calling those who wait failed; it is tried again'),
      );
      waking = new AbortController();
      const signal = AbortSignal.any([stopping.signal, waking.signal]);
      await sleep(isBusy ? BUSY_MS : IDLE_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  return {
    send,
    leave: line.leave,
    waitsAt: line.waitsAt,
    start: () => {
      running ??= loop();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
    call,
  };
}
