import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeText, toMarkdown } from '../../../adapters/teams/text.ts';
import { line, nastyText } from '../../support/unit-cards.ts';

const MARKUP = /[*_~`[\]\\#]|\{\{|<[a-z/!]|(^|[\n\r])\s*([-+]|\d+[.)])\s/i;

describe('text in a Teams card', () => {
  it.each([
    ['plain words, 3 of them', 'plain words, 3 of them'],
    ['**loud** and __loud__', '∗∗loud∗∗ and ＿＿loud＿＿'],
    ['[here](https://evil.example)', '［here］(https://evil.example)'],
    ['{{DATE(2026-11-23T08:00:00Z)}}', '｛｛DATE(2026-11-23T08:00:00Z)}}'],
    ['<at>Everybody</at>', '＜at>Everybody＜/at>'],
    ['BP <90 and > 60', 'BP <90 and > 60'],
    ['3. three', '3․ three'],
    ['a\n- b\n+ c\n4) d', 'a\n‐ b\n＋ c\n4） d'],
    ['3.5 mg - twice', '3.5 mg - twice'],
  ])('%j is read as it is', (words, expected) => {
    expect(escapeText(words)).toBe(expected);
  });

  it('has no markup of its own, and is as long as it was, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(nastyText, fc.string()), (any) => {
        const escaped = escapeText(any);

        expect(escaped).not.toMatch(MARKUP);
        expect(escaped).toHaveLength(any.length);
      }),
    );
  });
});

describe('a line in a Teams card', () => {
  it.each<[string, Parameters<typeof toMarkdown>[0], string]>([
    ['emphasis', ['Sent to ', { bold: 'Ana Silva' }, '.'], 'Sent to **Ana Silva**.'],
    ['emphasis that begins with a space', [{ bold: ' Ana\nSilva ' }], '**Ana Silva**'],
    ['emphasis on nothing', ['x', { bold: ' ' }], 'x'],
    ['what is struck out, for want of a strike', [{ strike: 'a ~~b~~' }, ' done'], '✓ a ∼∼b∼∼ done'],
    ['a reference', ['Task ', { code: 'a1b2c3' }], 'Task a1b2c3'],
    ['a link', [{ link: 'https://a.example/(x) y', text: 'Open' }], '[Open](https://a.example/%28x%29%20y)'],
    ['a link without words', [{ link: 'https://a.example', text: '' }], ''],
    [
      'an instant',
      [{ instant: '2026-11-23T08:00:00.123Z', as: 'ago' }],
      '{{DATE(2026-11-23T08:00:00Z,SHORT)}} {{TIME(2026-11-23T08:00:00Z)}}',
    ],
    [
      'an instant of another time zone',
      [{ instant: '2026-11-23T08:00:00+02:00', as: 'time' }],
      '{{DATE(2026-11-23T06:00:00Z,SHORT)}} {{TIME(2026-11-23T06:00:00Z)}}',
    ],
    ['an instant that is none', [{ instant: '{{soon}}', as: 'time' }], '｛｛soon}}'],
    ['a list that two parts would make', ['\n1', '. x'], '\n1․ x'],
    ['a date that two parts would make', ['{', '{DATE()}}'], '｛｛DATE()}}'],
    ['a mention that two parts would make', ['<', 'at>x</at>'], '＜at>x＜/at>'],
  ])('draws %s', (_what, given, expected) => {
    expect(toMarkdown(given)).toBe(expected);
  });

  it('is as long as it may be, and cuts none of our marks in two', () => {
    fc.assert(
      fc.property(line, fc.integer({ min: 0, max: 200 }), (any, limit) => {
        const drawn = toMarkdown(any, limit);

        expect(drawn.length).toBeLessThanOrEqual(limit);
        expect(drawn.isWellFormed()).toBe(true);
        expect(drawn.split('**').length % 2).toBe(1);
        expect(drawn.split('{{').length).toBe(drawn.split(/\{\{(?:DATE|TIME)\([^{}]*\)\}\}/).length);
      }),
    );
  });
});
