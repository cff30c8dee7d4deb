import { describe, expect, it } from 'vitest';
import { plainText } from '../../src/cards/card.ts';
import { withLateness } from '../../src/cards/late-line.ts';
import { plainCard } from '../support/unit-cards.ts';

describe('a card that had to wait for its channel', () => {
  it.each([
    [0, ''],
    [59_999, ''],
    [60_000, 'Shown 1 min late: this channel was busy.'],
    [185_000, 'Shown 3 min late: this channel was busy.'],
    [3_900_000, 'Shown 1 h 5 min late: this channel was busy.'],
  ])('for %i ms says in its small print: %s', (waitedMs, words) => {
    const card = plainCard();

    const { footer, ...rest } = withLateness(card, waitedMs);

    const { footer: before, ...same } = card;
    expect(plainText(footer)).toBe(words ? `${plainText(before)}  ·  ${words}` : plainText(before));
    expect(rest).toEqual(same);
  });
});
