import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertMessage, assertView } from '../../../adapters/slack/limits.ts';
import {
  MARK,
  TURN,
  toHome,
  toListing,
  toListingWindow,
  toNoteWindow,
} from '../../../adapters/slack/listing.ts';
import { parsePress } from '../../../adapters/slack/press.ts';
import { spotOf } from '../../../adapters/slack/spot.ts';
import { checkBlocks, checkView } from '../../../sandbox/slack/block-kit.ts';
import type { Button, Listing, Row } from '../../../src/index.ts';
import { line, nastyText } from '../../support/unit-cards.ts';

const DRAWN = { question: { query: 'tasks', words: 'cardiology', page: 2 }, version: 'v1' };

const button = (verb: string, taskId = 'a1'): Button => ({ verb, label: verb, taskId, asks: false });
const row = (...buttons: readonly Button[]): Row => ({ line: ['A Task'], buttons });

const rows = fc.array(
  fc.record({
    line,
    buttons: fc.constantFrom<Row['buttons']>([], [button('claim')], [button('claim'), button('history')]),
  }),
  { maxLength: 80 },
);
const listings: fc.Arbitrary<Listing> = fc.record(
  {
    sentence: nastyText,
    sections: fc.array(fc.record({ title: nastyText, rows }, { requiredKeys: ['rows'] }), { maxLength: 4 }),
    turn: fc.record({
      label: nastyText,
      question: fc.record({ query: fc.constant('tasks'), words: nastyText, page: fc.constant(2) }),
    }),
  },
  { requiredKeys: ['sentence', 'sections'] },
);

const kinds = ({ blocks }: { blocks: readonly { type: string }[] }) => blocks.map(({ type }) => type);

describe('a listing in Block Kit', () => {
  it('is taken by Slack, whatever it holds and however long it is', () => {
    fc.assert(
      fc.property(listings, (any) => {
        const message = toListing(any, DRAWN);

        assertMessage(message);
        expect(checkBlocks(message.blocks, 'message')).toEqual([]);
        expect(message.text).not.toMatch(/[<>]/);
      }),
      { numRuns: 60 },
    );
  });

  it('is taken by Slack as a Home tab and as a window', () => {
    fc.assert(
      fc.property(listings, (any) => {
        const home = toHome(any, 'v1');
        const window = toListingWindow(any, DRAWN);

        assertView(home);
        assertView(window);
        expect(checkView(home, 'home')).toEqual([]);
        expect(checkView(window, 'modal')).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('has a block for each row, its only button beside it, and several below it', () => {
    const message = toListing(
      {
        sentence: 'These wait.',
        sections: [
          { title: 'Nurses', rows: [row(), row(button('claim')), row(button('claim'), button('history'))] },
        ],
      },
      DRAWN,
    );

    expect(kinds(message)).toEqual(['section', 'header', 'section', 'section', 'section', 'actions']);
    expect(message.blocks[3]).toMatchObject({ accessory: { action_id: 'claim', value: 'a1' } });
    expect(message.blocks[5]).toMatchObject({ elements: [{ action_id: 'claim' }, { action_id: 'history' }] });
  });

  it('says how many rows do not fit, keeps what turns it, and never draws half a row', () => {
    const many = Array.from({ length: 60 }, () => row(button('claim'), button('history')));
    const turn = { label: 'More', question: { query: 'tasks', words: '', page: 2 } };

    const { blocks } = toListing({ sentence: 'These wait.', sections: [{ rows: many }], turn }, DRAWN);

    expect(blocks).toHaveLength(49);
    expect(kinds({ blocks }).filter((type) => type === 'section')).toHaveLength(24);
    expect(blocks.at(-2)).toMatchObject({ elements: [{ text: '37 more do not fit here.' }] });
    expect(blocks.at(-1)).toMatchObject({ elements: [{ action_id: TURN, value: 'tasks 2' }] });
  });

  it('has no title whose first row does not fit', () => {
    const full = Array.from({ length: 47 }, () => row());

    const { blocks } = toListing(
      { sentence: 'x', sections: [{ rows: full }, { title: 'Below', rows: [row(button('claim'))] }] },
      DRAWN,
    );

    expect(kinds({ blocks })).not.toContain('header');
    expect(blocks.at(-1)).toMatchObject({ elements: [{ text: 'One more does not fit here.' }] });
  });

  it('cannot be turned where its question is too long for a button', () => {
    const turn = { label: 'More', question: { query: 'tasks', words: 'x'.repeat(2000), page: 2 } };

    expect(kinds(toListing({ sentence: 'x', sections: [], turn }, DRAWN))).toEqual(['section']);
  });

  it('shares no block id with itself drawn again', () => {
    const listing = { sentence: 'x', sections: [{ rows: [row(), row()] }] };
    const first = toListing(listing, DRAWN).blocks.map(({ block_id }) => block_id);

    const again = toListing(listing, { ...DRAWN, version: 'v2' }).blocks.map(({ block_id }) => block_id);

    expect(new Set([...first, ...again]).size).toBe(6);
  });

  it('carries its question to wherever it is pressed', () => {
    const listing = { sentence: 'x', sections: [{ rows: [row(button('claim'))] }] };
    const [, block] = toListing(listing, DRAWN).blocks;
    const pressed = {
      actions: [{ action_id: 'claim', value: 'a1', block_id: block?.block_id ?? '' }],
      container: { type: 'message', is_ephemeral: true },
    };

    expect(spotOf(pressed)).toEqual({ kind: 'listing', question: DRAWN.question });
    expect(parsePress(pressed)).toEqual({ kind: 'press', word: 'claim', taskId: 'a1' });
  });

  it('is still known for a listing where its question is too long to be carried', () => {
    const question = { query: 'tasks', words: 'x'.repeat(300), page: 1 };
    const listing = { sentence: 'x', sections: [{ rows: [row(button('claim'))] }] };

    const [, block] = toListing(listing, { question, version: 'v1' }).blocks;

    expect(block?.block_id).toBe(`v1-1${MARK}`);
    expect(spotOf({ actions: [{ action_id: 'claim', block_id: block?.block_id ?? '' }] })).toEqual({
      kind: 'listing',
    });
  });
});

describe('a window that only says something', () => {
  it('is taken by Slack, whatever is said', () => {
    fc.assert(
      fc.property(nastyText, (sentence) => {
        const window = toNoteWindow(sentence);

        assertView(window);
        expect(checkView(window, 'modal')).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
