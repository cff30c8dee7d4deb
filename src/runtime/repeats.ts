import type { Logger } from 'pino';
import type { Memory } from './ports/chat.ts';

/** What came of one of several deliveries of the same press. */
export type Delivered<T> =
  | { readonly kind: 'first'; readonly result: T }
  /** This process has done it before, or is just doing it: what comes of that. */
  | { readonly kind: 'again'; readonly result: T }
  /** Another process has it, or had it before it ended. What came of it is not known here. */
  | { readonly kind: 'elsewhere' };

/** What is said to whoever gets the answer to a press that was taken up elsewhere. */
export const TAKEN_UP = 'This came twice. It was taken up the first time; the Task shows what came of it.';

/**
 * Tells the first of several deliveries of one press, on however many processes: platforms send a press twice, and whoever
 * has seen a signed request can. A note must not be written twice, nor two Tasks be claimed.
 */
export interface Repeats<T> {
  /**
   * Does the work, unless it was begun before under this key. What has failed in this process may be tried again here.
   *
   * @param key names the press for good; without one it is taken for the first.
   */
  once(key: string | undefined, work: () => Promise<T>): Promise<Delivered<T>>;
}

export interface RepeatsParts {
  readonly memory: Pick<Memory, 'once'>;
  /** How long a press can still come again, in milliseconds. */
  readonly forMs: number;
  readonly log: Logger;
}

/** So many presses are remembered with what came of them: a repetition comes within seconds. */
const KEPT = 1_000;

/** A ledger that does not answer holds nobody up: the press goes on, and the record's own guards hold. */
const PATIENCE_MS = 1_000;

export function createRepeats<T>({ memory, forMs, log }: RepeatsParts): Repeats<T> {
  const begun = new Map<string, Promise<Delivered<T>>>();
  /** Those that the ledger has given to this process. */
  const ours = new Set<string>();

  async function isOurs(key: string): Promise<boolean> {
    if (ours.has(key)) return true;
    const isFirst = await Promise.race([memory.once(key, forMs), patience()]).catch((error: unknown) => {
      log.warn({ err: error }, 'whether a press came before is not known; it is taken for the first');
      return true;
    });
    if (isFirst) keep(ours, key);
    return isFirst;
  }

  async function begin(key: string, work: () => Promise<T>): Promise<Delivered<T>> {
    return (await isOurs(key)) ? { kind: 'first', result: await work() } : { kind: 'elsewhere' };
  }

  return {
    once: async (key, work) => {
      if (key === undefined) return { kind: 'first', result: await work() };
      const before = begun.get(key);
      if (before) {
        const delivered = await before;
        return delivered.kind === 'first' ? { ...delivered, kind: 'again' } : delivered;
      }
      const delivered = begin(key, work);
      begun.set(key, delivered);
      forgetOldest(begun);
      delivered.catch(() => begun.delete(key));
      return delivered;
    },
  };
}

function keep(keys: Set<string>, key: string): void {
  keys.add(key);
  forgetOldest(keys);
}

function forgetOldest(kept: Map<string, unknown> | Set<string>): void {
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
}

function patience(): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error('the ledger did not answer in time')), PATIENCE_MS).unref();
  });
}
