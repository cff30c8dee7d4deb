import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageFromEnd, pageOf, ROWS } from '../../src/queries/paging.ts';
import type { Question, Turn } from '../../src/queries/query.ts';

const question = (page = 1): Question => ({ query: 'tasks', words: 'cardiology', page });
const numbers = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('A listing of many', () => {
  it.each([
    ['nothing', 0, 1, [], undefined],
    ['as much as fits', 10, 1, [1, 10], undefined],
    ['one more than fits', 11, 1, [1, 10], ['Show 1 more', 2]],
    ['the end of it', 11, 2, [11, 11], ['Back to the first', 1]],
    ['much more', 34, 1, [1, 10], ['Show 10 more', 2]],
    ['the middle of it', 34, 3, [21, 30], ['Show 4 more', 4]],
    ['its last page', 34, 4, [31, 34], ['Back to the first', 1]],
  ])('shows ten at a time: %s', (_what, n, page, shown, turn) => {
    const found = pageOf(numbers(n), question(page));

    expect([found.items[0], found.items.at(-1)].filter(Boolean)).toEqual(shown);
    expect(found.turn && [found.turn.label, found.turn.question.page]).toEqual(turn);
    if (n > 0) expect([found.first, found.last]).toEqual(shown);
  });

  it.each([
    ['fits', 9, 1, [1, 9], undefined],
    ['is longer', 25, 1, [16, 25], ['Earlier', 2]],
    ['goes back', 25, 2, [6, 15], ['Earlier', 3]],
    ['begins', 25, 3, [1, 5], ['Back to the latest', 1]],
  ])('that is told in order begins with its end: %s', (_what, n, page, shown, turn) => {
    const found = pageFromEnd(numbers(n), question(page));

    expect([found.items[0], found.items.at(-1)]).toEqual(shown);
    expect(found.turn && [found.turn.label, found.turn.question.page]).toEqual(turn);
  });

  it('asks the same question again for its other pages', () => {
    expect(pageOf(numbers(30), question(2)).turn?.question).toEqual({ ...question(), page: 3 });
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'shows the first page for the page %d',
    (page) => {
      expect(pageOf(numbers(30), question(page)).items[0]).toBe(1);
      expect(pageFromEnd(numbers(30), question(page)).items.at(-1)).toBe(30);
    },
  );

  it('shows the last page that there is where it has become shorter meanwhile', () => {
    expect(pageOf(numbers(12), question(7)).items).toEqual([11, 12]);
    expect(pageFromEnd(numbers(12), question(7)).items).toEqual([1, 2]);
  });

  it('shows everything once, however one turns, and comes back to its beginning', () => {
    fc.assert(
      fc.property(fc.nat({ max: 60 }), fc.constantFrom(pageOf, pageFromEnd), (n, page) => {
        const seen: number[] = [];
        let asked = question();
        for (let turns = 0; turns === 0 || asked.page !== 1; turns++) {
          const found = page(numbers(n), asked);
          expect(found.items.length).toBeLessThanOrEqual(ROWS);
          seen.push(...found.items);
          const turn: Turn | undefined = found.turn;
          asked = turn?.question ?? question();
        }

        expect(seen.toSorted((a, b) => a - b)).toEqual(numbers(n));
      }),
    );
  });
});
