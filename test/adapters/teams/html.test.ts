import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, plainText } from '../../../adapters/teams/html.ts';
import { nastyText } from '../../support/unit-cards.ts';

describe('the words of a message in Teams', () => {
  it.each([
    ['plain words', 'plain words'],
    ['<div><div>One line</div>\n</div>', 'One line'],
    ['<p>First</p><p>Second<br>Third</p>', 'First\nSecond\nThird'],
    ['<p>A</p>\n<p>&nbsp;</p>\n<p>B</p>', 'A\n\nB'],
    ['<div><at id="0">Mei Tanaka</at>&nbsp;please look</div>', 'Mei Tanaka please look'],
    ['<ul><li>one</li><li>two</li></ul>after', '• one\n• two\nafter'],
    ['Good <emoji id="smile" alt="🙂" title="Smile"></emoji>!', 'Good 🙂!'],
    ['See <img alt="ECG" src="https://x/y"> now', 'See ECG now'],
    ['<a href="https://x/?a=1&amp;b=2" title="x">the chart</a>', 'the chart'],
    [
      'BP &lt;90 &amp; pulse &gt;120, &quot;dizzy&quot; &#39;now&#39;',
      'BP <90 & pulse >120, "dizzy" \'now\'',
    ],
    ['&amp;lt;b&amp;gt; stays as it was typed', '&lt;b&gt; stays as it was typed'],
    ['caf&#233; &#x1F600; &unknown; &#xD800; &#99999999;', 'café 😀 &unknown; &#xD800; &#99999999;'],
    ['<attachment id="1795400000000-0"></attachment>', ''],
    ['<!-- hidden --><strong>bold</strong> <em>text</em>', 'bold text'],
  ])('%j are %j', (html, text) => {
    expect(plainText(html)).toBe(text);
  });

  it('are read in no time, and never make the reader throw', () => {
    const started = performance.now();
    for (const part of ['<', '<at ', '&', '&#', '<img alt="', '\n ', '<li ', '<p>'])
      plainText(part.repeat(40_000));
    expect(performance.now() - started).toBeLessThan(2_000);

    fc.assert(
      fc.property(fc.oneof(nastyText, fc.string()), (html) => {
        const text = plainText(html);

        expect(text).toBe(text.trim());
        expect(decode(html).isWellFormed()).toBe(html.isWellFormed());
      }),
    );
  });
});
