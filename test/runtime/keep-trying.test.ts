import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keepTrying } from '../../src/runtime/keep-trying.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const failing = (times: number) => {
  let tries = 0;
  const work = async () => {
    tries++;
    if (tries <= times) throw new Error('not yet');
  };
  return { work, tries: () => tries };
};

it('tries until it has worked once, and then no more', async () => {
  const { work, tries } = failing(2);
  const told: unknown[] = [];

  await keepTrying(work, 1_000, (error) => told.push(error));
  expect(tries()).toBe(1);
  await vi.advanceTimersByTimeAsync(10_000);

  expect(tries()).toBe(3);
  expect(told).toHaveLength(2);
});

it('ends when it is told to', async () => {
  const { work, tries } = failing(100);

  const stop = await keepTrying(work, 1_000, () => {});
  stop();
  await vi.advanceTimersByTimeAsync(10_000);

  expect(tries()).toBe(1);
});
