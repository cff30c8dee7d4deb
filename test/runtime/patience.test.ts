import { describe, expect, it } from 'vitest';
import { waitBefore, withRetries } from '../../src/runtime/patience.ts';
import { RecordError, type RecordErrorKind } from '../../src/runtime/ports/record.ts';

const failure = (kind: RecordErrorKind, retryAfterMs?: number) =>
  new RecordError(kind, 'testing', retryAfterMs === undefined ? {} : { retryAfterMs });

describe('how long to wait before the next try', () => {
  it.each<
    [what: string, error: unknown, attempt: number, least: number | undefined, most: number | undefined]
  >([
    ['a conflict', failure('conflict'), 1, 10, 70],
    ['a fourth conflict', failure('conflict'), 4, 10, 250],
    ['a fifth conflict', failure('conflict'), 5, undefined, undefined],
    ['silence', failure('unreachable'), 1, 100, 200],
    ['silence again', failure('unreachable'), 2, 200, 300],
    ['silence for a third time', failure('unreachable'), 3, undefined, undefined],
    ['a short throttle', failure('throttled', 1500), 1, 1500, 1600],
    ['a throttle of unknown length', failure('throttled'), 1, 500, 600],
    ['the longest throttle', failure('throttled', 2000), 1, 2000, 2100],
    ['a throttle that nobody should wait for', failure('throttled', 2001), 1, undefined, undefined],
    ['a fifth throttle', failure('throttled', 1), 5, undefined, undefined],
    ['a lost guard', failure('lost'), 1, undefined, undefined],
    ['a refusal', failure('forbidden'), 1, undefined, undefined],
    ['a Task that is gone', failure('gone'), 1, undefined, undefined],
    ['a malformed patch', failure('invalid'), 1, undefined, undefined],
    ['a defect', new TypeError('x'), 1, undefined, undefined],
  ])('is right for %s', (_what, error, attempt, least, most) => {
    expect([waitBefore(error, attempt, 0), waitBefore(error, attempt, 1)]).toEqual([least, most]);
  });
});

describe('work that is safe to repeat', () => {
  it('is repeated until it succeeds', async () => {
    let calls = 0;

    const value = await withRetries(async () => {
      calls++;
      if (calls < 3) throw failure('conflict');
      return 'done';
    });

    expect([value, calls]).toEqual(['done', 3]);
  });

  it.each([
    ['a defect', new TypeError('x')],
    ['a refusal', failure('forbidden')],
  ])('is not repeated after %s', async (_what, error) => {
    let calls = 0;

    const work = withRetries(async () => {
      calls++;
      throw error;
    });

    await expect(work).rejects.toBe(error);
    expect(calls).toBe(1);
  });

  it('is given up after a few tries, with the error itself', async () => {
    let calls = 0;

    const work = withRetries(async () => {
      calls++;
      throw failure('throttled', 1);
    });

    await expect(work).rejects.toMatchObject({ kind: 'throttled' });
    expect(calls).toBe(5);
  });
});
