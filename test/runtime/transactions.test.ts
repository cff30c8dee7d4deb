import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchTransactions } from '../../src/runtime/transactions.ts';
import { capturedLog } from '../support/unit-slack.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A server that answers what it is told to; an error is no answer. */
async function watching(first: boolean | Error) {
  const server = { answer: first, asked: 0 };
  const { log, lines } = capturedLog();
  const transactions = await watchTransactions(async () => {
    server.asked++;
    if (server.answer instanceof Error) throw server.answer;
    return server.answer;
  }, log);
  return { server, transactions, lines };
}

describe('whether the server keeps transactions', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is looked up every hour where it does not, because it can be switched on', async () => {
    const { server, transactions } = await watching(false);
    server.answer = true;

    await vi.advanceTimersByTimeAsync(HOUR - MINUTE);
    const before = transactions.kept();
    await vi.advanceTimersByTimeAsync(2 * MINUTE);

    expect([before, transactions.kept()]).toEqual([false, true]);
    transactions.stop();
  });

  it('is looked up every minute where it does, because it can be switched off', async () => {
    const { server, transactions } = await watching(true);
    server.answer = false;

    await vi.advanceTimersByTimeAsync(MINUTE);

    expect(transactions.kept()).toBe(false);
    transactions.stop();
  });

  it('is looked up again in a minute where there was no answer, and is not relied on meanwhile', async () => {
    const { server, transactions } = await watching(new Error('silence'));
    const before = transactions.kept();
    server.answer = true;

    await vi.advanceTimersByTimeAsync(MINUTE);

    expect([before, transactions.kept()]).toEqual([false, true]);
    transactions.stop();
  });

  it('is not relied on from the moment that one was run as a batch', async () => {
    const { transactions, lines } = await watching(true);

    transactions.ranAsBatch();
    await vi.advanceTimersByTimeAsync(2 * MINUTE);

    expect(transactions.kept()).toBe(false);
    expect(lines.join()).toContain('the server has run a transaction as a batch');
    transactions.stop();
  });

  it('is asked no more once it has stopped', async () => {
    const { server, transactions } = await watching(true);

    transactions.stop();
    transactions.ranAsBatch();
    await vi.advanceTimersByTimeAsync(3 * HOUR);

    expect(server.asked).toBe(1);
  });
});
