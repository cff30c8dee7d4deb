import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TURN } from '../../../adapters/teams/actions.ts';
import { bytesOf, CARD_LIMIT_BYTES } from '../../../adapters/teams/limits.ts';
import { toListingCard } from '../../../adapters/teams/listing.ts';
import { parseInvoke } from '../../../adapters/teams/press.ts';
import { asDict, type Dict } from '../../../sandbox/dict.ts';
import { actionsOf } from '../../../sandbox/teams/card-tree.ts';
import { checkCard } from '../../../sandbox/teams/index.ts';
import type { Button, Listing, Question, Row } from '../../../src/index.ts';
import { textsIn } from '../../support/contract-teams-card.ts';
import { line, nastyText } from '../../support/unit-cards.ts';

const QUESTION: Question = { query: 'tasks', words: 'cardiology', page: 2 };

const button = (verb: string, taskId: string, more: Partial<Button> = {}): Button => ({
  verb,
  label: verb,
  taskId,
  asks: false,
  ...more,
});
const row = (text: string, ...buttons: Button[]): Row => ({ line: [text], buttons });
const plain = (rows: readonly Row[], more: Partial<Listing> = {}): Listing => ({
  sentence: 'What waits.',
  sections: [{ rows }],
  ...more,
});
const drawn = (listing: Listing, question: Question | undefined = QUESTION, done?: string): Dict => ({
  ...toListingCard(listing, { question, ...(done && { done }) }),
});
const meant = (card: Dict) =>
  actionsOf(card).map(({ action }) => parseInvoke('adaptiveCard/action', { action }));

describe('a listing for Teams', () => {
  it('shows its sentence, then each section with its title and its rows, the buttons below their row', () => {
    const listing: Listing = {
      sentence: 'Two Tasks.',
      sections: [
        { title: 'Yours', rows: [row('first', button('complete', 'a1'))] },
        { title: 'Waiting', rows: [row('second', button('claim', 'b2'), button('reroute', 'b2'))] },
      ],
    };

    const card = toListingCard(listing, { question: QUESTION });

    expect(card.body.map((one) => ('text' in one ? one.text : one.type))).toEqual([
      'Two Tasks.',
      'Yours',
      'first',
      'ActionSet',
      'Waiting',
      'second',
      'ActionSet',
    ]);
  });

  it('has buttons that come back with their Task and the question that it answers', () => {
    const card = drawn(plain([row('one', button('claim', 'a1')), row('two', button('history', 'b2'))]));

    expect(meant(card)).toEqual([
      { kind: 'press', word: 'claim', taskId: 'a1', asked: QUESTION },
      { kind: 'press', word: 'history', taskId: 'b2', asked: QUESTION },
    ]);
  });

  it('does not unfold what a button asks for: the rows stay rows', () => {
    const card = drawn(plain([row('one', button('reroute', 'a1', { asks: true }))]));

    expect(JSON.stringify(card)).not.toContain('Input.');
    expect(meant(card)).toMatchObject([{ kind: 'press', word: 'reroute' }]);
  });

  it('asks once more before what cannot be taken back', () => {
    const card = drawn(plain([row('one', button('complete', 'a1', { confirm: 'For good?' }))]));

    expect(textsIn(card)).toContain('For good?');
    expect(meant(card)).toEqual([{ kind: 'press', word: 'complete', taskId: 'a1', asked: QUESTION }]);
  });

  it('turns to the question that its button holds', () => {
    const question = { query: 'history', words: 'a1b2c3', page: 3 };
    const card = drawn(plain([row('one')], { turn: { label: 'Earlier', question } }));

    const [turn] = actionsOf(card);
    expect(turn?.action).toMatchObject({ title: 'Earlier', verb: TURN });
    expect(meant(card)).toEqual([{ kind: 'turn', question }]);
  });

  it('says first what has just been done', () => {
    const card = drawn(plain([row('one')]), QUESTION, 'Task a1b2c3 is yours.');

    expect(textsIn(card).slice(0, 2)).toEqual(['Task a1b2c3 is yours.', 'What waits.']);
  });

  it('carries no question that is too long to be carried', () => {
    const words = 'x'.repeat(4_000);
    const question = { query: 'tasks', words, page: 1 };
    const turn = { label: 'More', question: { ...question, page: 2 } };

    const card = drawn(plain([row('one', button('claim', 'a1'))], { turn }), question);

    expect(JSON.stringify(card)).not.toContain('xxx');
    expect(meant(card)).toEqual([{ kind: 'press', word: 'claim', taskId: 'a1', asked: undefined }]);
  });

  it('loses words before rows, and says how many rows have found no room', () => {
    const wordy = Array.from({ length: 12 }, (_, i) => row('word '.repeat(200), button('claim', `t${i}`)));
    const endless = Array.from({ length: 90 }, (_, i) => row(`row ${i}`, button('claim', `t${i}`)));

    const cut = drawn(plain(wordy));
    const short = drawn(plain(endless));

    expect(actionsOf(cut)).toHaveLength(12);
    expect(textsIn(cut).join()).not.toContain('not fit');
    const shown = actionsOf(short).length;
    expect(shown).toBeGreaterThan(15);
    expect(textsIn(short).at(-1)).toBe(`${90 - shown} more do not fit here.`);
  });

  it('is taken, whatever it says and quotes', () => {
    const rows = fc.array(
      fc.record({
        line,
        buttons: fc.constantFrom<Row['buttons']>([], [button('claim', 'a1'), button('reroute', 'a1')]),
      }),
      { maxLength: 12 },
    );
    const sections = fc.array(fc.record({ title: nastyText, rows }), { maxLength: 4 });
    fc.assert(
      fc.property(nastyText, sections, nastyText, (sentence, some, words) => {
        const turn = { label: words || 'More', question: { query: 'tasks', words, page: 2 } };

        const card = toListingCard({ sentence, sections: some, turn }, { question: QUESTION, done: words });

        expect(checkCard(card)).toEqual([]);
        expect(bytesOf(card)).toBeLessThanOrEqual(CARD_LIMIT_BYTES);
        expect(JSON.stringify(card).isWellFormed()).toBe(true);
        for (const one of meant(asDict(card))) expect(one.kind).not.toBe('unsupported');
      }),
      { numRuns: 60 },
    );
  });
});
