import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/queries/nearest.ts';

const WORDS = ['claim', 'accept', 'complete', 'reroute', 'release', 'next', 'tasks', 'mine', 'pools'];

describe('What somebody may have meant', () => {
  it.each([
    ['claim', ['claim']],
    ['CLAIM', ['claim']],
    ['clam', ['claim']],
    ['calim', ['claim']],
    ['claimm', ['claim']],
    ['clain', ['claim']],
    ['rerotue', ['reroute']],
    ['reroutte it', []],
    ['realese', ['release']],
    ['comp', ['complete']],
    ['nxt', ['next']],
    ['task', ['tasks']],
    ['pool', ['pools']],
    ['min', ['mine']],
    ['mi', []],
    ['x', []],
    ['', []],
    ['steal', []],
    ['explode', []],
  ])('by “%s” is %j', (typed, meant) => {
    expect(nearest(typed, WORDS)).toEqual(meant);
  });

  it('may be several, in the order in which they are known', () => {
    expect(nearest('card', ['cardiology', 'pharmacy', 'cardiac'])).toEqual(['cardiac']);
    expect(nearest('nurse-c', ['nurse-b', 'pharmacy', 'nurse-a'])).toEqual(['nurse-b', 'nurse-a']);
  });

  it('is the word itself for every known word with one slip, unless another one is as near', () => {
    const long = fc.constantFrom(...WORDS.filter((word) => word.length > 4));
    fc.assert(
      fc.property(long, fc.nat({ max: 10 }), fc.constantFrom('x', ''), (word, at, instead) => {
        const slip = word.slice(0, at % word.length) + instead + word.slice((at % word.length) + 1);

        expect(nearest(slip, WORDS)).toContain(word);
      }),
    );
  });

  it('is found at once, however much was typed', () => {
    const started = performance.now();

    expect(nearest('x'.repeat(3_000_000), WORDS)).toEqual([]);

    expect(performance.now() - started).toBeLessThan(400);
  });
});
