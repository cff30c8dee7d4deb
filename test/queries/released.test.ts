import { describe, expect, it } from 'vitest';
import { releasedSentence } from '../../src/queries/released.ts';

const why = (n: number) => Array.from({ length: n }, (_, i) => `Task t${i + 1} came from no pool.`);

describe('Whoever releases everything', () => {
  it.each<[number, readonly string[], string]>([
    [0, [], 'You have no Tasks, so there is nothing to release.'],
    [1, [], 'One Task is back in its pool.'],
    [1_200, [], '1,200 Tasks are back in their pools.'],
    [3, why(1), '3 Tasks are back in their pools. One stays: Task t1 came from no pool.'],
    [0, why(1), 'Nothing was released. One stays: Task t1 came from no pool.'],
    [
      1,
      why(2),
      'One Task is back in its pool. 2 stay: Task t1 came from no pool. Task t2 came from no pool.',
    ],
  ])('is told that %i are back, and why others stay', (back, stay, sentence) => {
    expect(releasedSentence({ back, stay })).toBe(sentence);
  });

  it('is told once what is the same for several', () => {
    expect(releasedSentence({ back: 0, stay: ['The record is away.', 'The record is away.'] })).toBe(
      'Nothing was released. 2 stay: The record is away.',
    );
  });

  it('is not told more than can be read', () => {
    expect(releasedSentence({ back: 2, stay: why(5) })).toBe(
      `2 Tasks are back in their pools. 5 stay: ${why(3).join(' ')} /mine lists the others.`,
    );
  });
});
