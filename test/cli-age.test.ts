import { describe, expect, it } from 'vitest';
import { age } from '../src/cli/age.ts';

const NOW = new Date('2026-03-02T10:00:00.000Z');

describe('How old a Task is', () => {
  it.each([
    ['2026-03-02T10:00:00.000Z', '0 min'],
    ['2026-03-02T09:59:01.000Z', '0 min'],
    ['2026-03-02T09:48:00.000Z', '12 min'],
    ['2026-03-02T09:00:00.000Z', '1 h'],
    ['2026-03-02T06:45:00.000Z', '3 h 15 min'],
    ['2026-03-01T10:00:00.000Z', '1 d'],
    ['2026-02-26T05:30:00.000Z', '4 d 4 h'],
    ['2026-03-02T11:00:00.000Z', '0 min'],
  ])('is said in the two largest units: since %s, %s', (since, words) => {
    expect(age(since, NOW)).toBe(words);
  });
});
