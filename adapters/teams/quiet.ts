import { AsyncLocalStorage } from 'node:async_hooks';

const inside = new AsyncLocalStorage<true>();
const ours = new WeakSet<typeof console.error>();

/**
 * Runs work of the SDK without what it writes to the console: for each token that it refuses a public key or a stack,
 * and anybody can send as many of those as they like. Our own log says that somebody was refused.
 */
export function quietly<T>(work: () => Promise<T>): Promise<T> {
  if (!ours.has(console.error)) {
    const write = console.error;
    console.error = (...words: unknown[]) => {
      if (!inside.getStore()) write(...words);
    };
    ours.add(console.error);
  }
  return inside.run(true, work);
}
