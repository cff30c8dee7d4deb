import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeText, readMessage, readTyped, toMrkdwn } from '../../../adapters/slack/text.ts';
import { cut } from '../../../src/index.ts';
import { line, nastyText } from '../../support/unit-cards.ts';

/** Our own tags: a date, or a link to where the record can be opened. */
const OWN_TAG =
  /<!date\^\d+\^(?:\{ago\}|\{date_short_pretty\} at \{time\})\|[^<>|]*>|<https:\/\/[^<>|\s]*\|[^<>]*>/g;

const HALF_ESCAPE = /&(?!(?:amp|lt|gt);)/;

describe('text for Slack', () => {
  it.each([
    ['<!channel>', '&lt;!channel&gt;'],
    ['<@U1>', '&lt;@U1&gt;'],
    ['<http://x|y>', '&lt;http://x|y&gt;'],
    ['&lt;', '&amp;lt;'],
    ['*a* _b_ ~c~ `d`', '∗a∗ ＿b＿ ∼c∼ ˋdˋ'],
    ['שלום 👩‍👩‍👧', 'שלום 👩‍👩‍👧'],
    ['', ''],
  ])('shows %j as it is written', (text, escaped) => {
    expect(escapeText(text)).toBe(escaped);
  });

  it.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['ab😀', 4, 'ab😀'],
    ['ab😀d', 4, 'ab…'],
    ['😀😀', 2, '…'],
    ['', 1, ''],
  ])('cuts %j to %i characters', (text, limit, kept) => {
    expect(cut(text, limit)).toBe(kept);
  });

  it('never splits a character when it cuts', () => {
    fc.assert(
      fc.property(nastyText, fc.integer({ min: 1, max: 400 }), (text, limit) => {
        const kept = cut(text, limit);

        expect(kept.length).toBeLessThanOrEqual(limit);
        expect(kept.isWellFormed()).toBe(true);
      }),
    );
  });

  it('keeps a line within its limit, with no markup but its own and no escape cut in two', () => {
    fc.assert(
      fc.property(line, fc.integer({ min: 1, max: 3000 }), (parts, limit) => {
        const text = toMrkdwn(parts, limit);

        expect(text.length).toBeLessThanOrEqual(limit);
        expect(text.isWellFormed()).toBe(true);
        const rest = text.replaceAll(OWN_TAG, '');
        expect(rest).not.toMatch(/[<>]/);
        expect(rest).not.toMatch(HALF_ESCAPE);
      }),
    );
  });

  it('leaves a part out rather than cutting its tag in two', () => {
    const instant = { instant: '2026-11-23T08:00:00Z', as: 'ago' } as const;

    expect(toMrkdwn(['since ', instant], 20)).toBe('since ');
    expect(toMrkdwn(['since ', instant])).toBe('since <!date^1795420800^{ago}|2026-11-23 08:00 UTC>');
  });

  it('lets no sign of an address end its tag', () => {
    const link = 'https://a.example/Task/1?x=<!channel>|y';

    expect(toMrkdwn([{ link, text: 'a|b>' }])).toBe(
      '<https://a.example/Task/1?x=%3C!channel%3E%7Cy|a|b&gt;>',
    );
  });

  it('shows an instant that is none as it is written', () => {
    expect(toMrkdwn([{ instant: 'soon <!here>', as: 'time' }])).toBe('soon &lt;!here&gt;');
  });
});

describe('text from Slack', () => {
  it.each([
    ['a1b2c3 &lt;90 &amp; &gt;120', 'a1b2c3 <90 & >120'],
    ['a1b2c3 <@U0BEN|ben.carter> because workload', 'a1b2c3 user:U0BEN because workload'],
    ['<@U0BEN>', 'user:U0BEN'],
    ['&amp;lt;', '&lt;'],
    ['', ''],
  ])('that was typed is read as %j', (text, read) => {
    expect(readTyped(text)).toBe(read);
  });

  it.each([
    ['BP &lt;90 &amp; falling', 'BP <90 & falling'],
    ['ask <@U0BEN|ben> or <@U0ANA>', 'ask @ben or @U0ANA'],
    ['see <#C0DIET|dietetics> and <#C0X>', 'see #dietetics and #C0X'],
    ['<!here> <!channel> <!subteam^S1|@nurses>', '@here @channel @nurses'],
    ['since <!date^1795420800^{ago}|8 this morning>', 'since 8 this morning'],
    ['<https://a.example/?x=1&amp;y=2>', 'https://a.example/?x=1&y=2'],
    ['<https://a.example/|the list>', 'the list (https://a.example/)'],
    ['<mailto:ana@clinic.example|ana@clinic.example>', 'ana@clinic.example'],
    ['&lt;@U0BEN&gt; <>', '<@U0BEN> '],
    ['*loud* _soft_\n> quoted', '*loud* _soft_\n> quoted'],
  ])('of a message is read as its readers saw it: %j', (text, read) => {
    expect(readMessage(text)).toBe(read);
  });

  it('is read whatever stands in it', () => {
    fc.assert(fc.property(nastyText, (text) => void [readMessage(text), readTyped(text)]));
  });
});
