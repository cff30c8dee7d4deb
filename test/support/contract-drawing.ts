import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PEOPLE } from '../../sandbox/clinic.ts';
import type { Card } from '../../src/index.ts';
import { anyTaskCard, CARDS, KEY, plainWordsCard } from './contract-cards.ts';
import type { Driver } from './contract-driver.ts';
import { card, cardOfRows } from './unit-cards.ts';

/** How cards are drawn: taken by the platform, the same each time, and with no markup but ours. */
export function describeDrawing(open: () => Promise<Driver>): void {
  let driver: Driver;

  beforeAll(async () => {
    driver = await open();
  });
  afterAll(() => driver.close());

  // Each in a chat of its own: platforms take so many messages in one place.
  const post = (one: Card, i: number) => {
    const { id } = driver.userOf(PEOPLE[i]?.slackId ?? '');
    return driver.platform.post(driver.platform.direct(id), one, KEY);
  };

  it.each(CARDS.map((one, i) => ({ ...one, i })))(
    'is taken, shows its buttons and no others, and is the same when it is drawn twice: $kind',
    async ({ card: one, i }) => {
      const ref = await post(one, i);
      const first = driver.drawn(ref);

      await driver.platform.update(ref, one);

      expect(driver.objections(one)).toEqual([]);
      expect(driver.pressable(ref)).toEqual([...one.buttons, ...one.menu].map(({ verb }) => verb));
      expect(driver.drawn(ref)).toEqual(first);
    },
  );

  it('is taken for every Task that a record may hold', () => {
    fc.assert(
      fc.property(anyTaskCard, (any) => {
        expect(driver.objections(any)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('is taken whatever stands in it', () => {
    fc.assert(
      fc.property(fc.oneof(card, cardOfRows), (any) => {
        expect(driver.objections(any)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('holds no markup that came from the record', () => {
    fc.assert(
      fc.property(plainWordsCard, (any) => {
        for (const text of driver.texts(any)) expect(text).not.toMatch(driver.markup);
      }),
      { numRuns: 200 },
    );
  });
}
