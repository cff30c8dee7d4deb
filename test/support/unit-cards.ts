import fc from 'fast-check';
import type { Button, Card, Inline, Line } from '../../src/index.ts';
import { VERBS } from '../../src/verbs/index.ts';

/* Cards as nobody would write them, but as a record may hold them. */

/** What Slack would take for markup, what is long, and what is made of several code units. */
const NASTY = [
  '<!channel>',
  '<!here|x>',
  '<@U1>',
  '<http://x|y>',
  '&lt;!channel&gt;',
  '&amp;',
  '*bold*',
  '_italic_',
  '~gone~',
  '`code`',
  '```\nblock\n```',
  '\n\n',
  ' ',
  '\u202Eright to left',
  'שלום עולם',
  '👩‍👩‍👧‍👦',
  '😀'.repeat(400),
  '&'.repeat(900),
  '<>'.repeat(400),
  'x'.repeat(3100),
];

export const nastyText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'grapheme', maxLength: 30 })), {
    maxLength: 5,
  })
  .map((parts) => parts.join(''));

const label = fc.tuple(fc.constantFrom('x', '😀', '&'), nastyText).map(([first, rest]) => `${first}${rest}`);

/** http://hl7.org/fhir/R4/datatypes.html#id */
export const fhirId: fc.Arbitrary<string> = fc.stringMatching(/^[A-Za-z0-9.-]{1,64}$/);

const instant = fc
  .date({ min: new Date('1970-01-02'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

const link = fc
  .tuple(fc.constantFrom('https://app.example/Task/', 'https://a.example/?q=<!channel>|x&y=%7C%zz'), fhirId)
  .map(([base, id]) => `${base}${id}`);

const inline: fc.Arbitrary<Inline> = fc.oneof(
  nastyText,
  fc.record({ bold: nastyText }),
  fc.record({ strike: nastyText }),
  fc.record({ code: nastyText }),
  fc.record({ instant, as: fc.constantFrom('ago' as const, 'time' as const) }),
  fc.record({ link, text: nastyText }),
);

export const line: fc.Arbitrary<Line> = fc.array(inline, { maxLength: 5 });

function buttons(most: number): fc.Arbitrary<Button[]> {
  const names = fc.uniqueArray(fc.constantFrom(...VERBS.map((verb) => verb.name)), { maxLength: most });
  const looks = fc.record(
    {
      label,
      style: fc.constantFrom('primary' as const, 'danger' as const),
      confirm: label,
    },
    { requiredKeys: ['label'] },
  );
  return fc
    .tuple(names, fhirId, fc.array(looks, { minLength: most, maxLength: most }))
    .map(([verbs, taskId, given]) =>
      verbs.map((verb, i) => ({ verb, taskId, asks: false, label: verb, ...given[i] })),
    );
}

const row = fc.record({ line, buttons: buttons(3) });

const partsOfAnyCard = {
  title: nastyText,
  facts: fc.array(fc.record({ label: nastyText, value: line }), { maxLength: 12 }),
  lines: fc.oneof(
    { weight: 5, arbitrary: fc.array(line, { maxLength: 4 }) },
    fc.array(line, { minLength: 50, maxLength: 60 }),
  ),
  footer: line,
  buttons: buttons(5),
  menu: buttons(12),
  notification: nastyText,
};

export const card: fc.Arbitrary<Card> = fc.record(partsOfAnyCard);

/** A card that is about several Tasks. */
export const cardOfRows: fc.Arbitrary<Card> = fc.record({
  ...partsOfAnyCard,
  rows: fc.oneof(
    { weight: 5, arbitrary: fc.array(row, { maxLength: 20 }) },
    fc.array(row, { minLength: 50, maxLength: 60 }),
  ),
  mention: fc.constantFrom('channel' as const, 'here' as const),
});

/** A card as it usually is. */
export function plainCard(more: Partial<Card> = {}): Card {
  return {
    title: 'Patient message',
    facts: [{ label: 'Pool', value: ['Registered nurse'] }],
    lines: [['Nobody has claimed this yet.']],
    footer: ['Task ', { code: 'a1b2c3' }],
    buttons: [{ verb: 'claim', label: 'Claim', taskId: 'a1b2c3d4', style: 'primary', asks: false }],
    menu: [],
    notification: 'Routine Task a1b2c3 waits.',
    ...more,
  };
}
