import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBlocks, toNote } from '../../../adapters/slack/blocks.ts';
import { assertMessage } from '../../../adapters/slack/limits.ts';
import { withMention } from '../../../adapters/slack/mention.ts';
import { ROW } from '../../../adapters/slack/rows.ts';
import { checkBlocks } from '../../../sandbox/slack/block-kit.ts';
import { plainText } from '../../../src/cards/card.ts';
import { card, cardOfRows, nastyText, plainCard } from '../../support/unit-cards.ts';

/** Every text of Slack's own markup in the blocks. */
function marked(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const own = 'type' in node && node.type === 'mrkdwn' && 'text' in node ? [String(node.text)] : [];
  return [...own, ...Object.values(node).flatMap(marked)];
}

function expectTaken(message: ReturnType<typeof toBlocks>): void {
  assertMessage(message);
  expect(checkBlocks(message.blocks, 'message')).toEqual([]);
  expect(message.text.trim()).not.toBe('');
}

describe('a card in Block Kit', () => {
  it('is taken by Slack, whatever the record holds', () => {
    fc.assert(
      fc.property(fc.oneof(card, cardOfRows), (any) => expectTaken(toBlocks(any, 'v1'))),
      { numRuns: 150 },
    );
  });

  it('calls nobody and links nowhere, whatever the record holds', () => {
    fc.assert(
      fc.property(fc.oneof(card, cardOfRows), (any) => {
        const { text, blocks } = toBlocks(any, 'v1');

        for (const part of [text, ...marked(blocks)]) {
          expect(part).not.toMatch(/<[!@#](?!date\^)|<http:/);
          expect(part.isWellFormed()).toBe(true);
        }
        expect(text).not.toMatch(/[<>]/);
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    [0, []],
    [1, [1]],
    [5, [5]],
    [6, [3, 3]],
    [9, [5, 4]],
    [11, [4, 4, 3]],
  ])('has all of %d in its menus, of which none holds more than Slack takes', (count, expected) => {
    const menu = Array.from({ length: count }, (_, i) => ({
      verb: `verb${i}`,
      label: `Verb ${i}`,
      taskId: 'a1',
      asks: false,
    }));

    const message = toBlocks(plainCard({ buttons: [], menu }), 'v1');

    expectTaken(message);
    const menus = message.blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
    const options = menus.map((one) => (one.type === 'overflow' ? one.options : []));
    expect(options.map((some) => some.length)).toEqual(expected);
    expect(options.flat().map(({ value }) => value)).toEqual(menu.map(({ verb }) => `${verb}:a1`));
  });

  it('is the same when it is drawn twice with one version, and shares no block id with another version', () => {
    fc.assert(
      fc.property(fc.oneof(card, cardOfRows), (any) => {
        const first = toBlocks(any, 'v1');
        const other = toBlocks(any, 'v2').blocks.map((block) => block.block_id);

        expect(toBlocks(any, 'v1')).toEqual(first);
        expect(first.blocks.some((block) => other.includes(block.block_id))).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  it('shows title, facts, lines, footer and buttons, in this order', () => {
    const { text, blocks } = toBlocks(plainCard(), 'v1');

    expect(text).toBe('Routine Task a1b2c3 waits.');
    expect(blocks).toMatchObject([
      { type: 'header', block_id: 'v1-0', text: { type: 'plain_text', text: 'Patient message' } },
      { type: 'section', fields: [{ type: 'mrkdwn', text: '*Pool*\nRegistered nurse' }] },
      { type: 'section', text: { type: 'mrkdwn', text: 'Nobody has claimed this yet.' } },
      { type: 'context', elements: [{ type: 'mrkdwn', text: 'Task `a1b2c3`' }] },
      {
        type: 'actions',
        elements: [{ type: 'button', action_id: 'claim', value: 'a1b2c3d4', style: 'primary' }],
      },
    ]);
  });

  it('has no row of buttons where nothing can be done', () => {
    const { blocks } = toBlocks(plainCard({ buttons: [] }), 'v1');

    expect(blocks.map((block) => block.type)).toEqual(['header', 'section', 'section', 'context']);
  });

  it('is taken with a call to everybody above it, also where it is as long as it can be', () => {
    const lines = Array.from({ length: 60 }, () => ['A line']);
    const rows = Array.from({ length: 60 }, () => ({ line: ['A row'], buttons: [] }));

    for (const one of [plainCard({ lines }), plainCard({ lines, rows })]) {
      const message = withMention(toBlocks(one, 'v1'), 'channel', 'v1');

      expectTaken(message);
      expect(message.blocks).toHaveLength(50);
    }
  });

  it('keeps rows that hold several buttons whole, fifteen of them below fourteen lines', () => {
    const lines = Array.from({ length: 20 }, () => ['A line']);
    const claim = { verb: 'claim', label: 'Claim', taskId: 'a1', asks: false };
    const buttons = [claim, { ...claim, verb: 'history' }];
    const rows = Array.from({ length: 16 }, () => ({ line: ['A row'], buttons }));

    const { blocks } = toBlocks(plainCard({ lines, rows }), 'v1');

    expect(blocks).toHaveLength(1 + 1 + 14 + 15 * 2 + 1 + 1 + 1);
    expect(blocks.at(-3)).toMatchObject({ elements: [{ text: 'One more does not fit here.' }] });
    expect(blocks.filter(({ block_id }) => block_id?.endsWith(ROW))).toHaveLength(30);
  });

  it('asks before a press that cannot be taken back', () => {
    const close = { verb: 'complete', label: 'Complete', taskId: 'a1', confirm: 'For good?', asks: false };

    const { blocks } = toBlocks(plainCard({ buttons: [close] }), 'v1');

    const confirm = {
      title: { text: 'Complete?' },
      text: { text: 'For good?' },
      confirm: { text: 'Complete' },
    };
    expect(blocks.at(-1)).toMatchObject({ elements: [{ confirm }] });
  });

  it('can be read aloud without its emphasis', () => {
    const lines = [['Sent to ', { bold: 'Ana' }, ' ', { code: 'a1' }]];

    expect(lines.map(plainText)).toEqual(['Sent to Ana a1']);
  });
});

describe('a private answer', () => {
  it('is taken by Slack and carries no markup, whatever it quotes', () => {
    fc.assert(
      fc.property(nastyText, (words) => {
        const note = toNote(`“${words}” is no Task.`);

        expectTaken(note);
        expect(note.text).not.toMatch(/[<>]/);
        expect(marked(note.blocks)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
