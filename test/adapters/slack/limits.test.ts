import type { KnownBlock } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { toBlocks } from '../../../adapters/slack/blocks.ts';
import { assertMessage, assertView, LimitError, optionFaults } from '../../../adapters/slack/limits.ts';
import { checkBlocks } from '../../../sandbox/slack/block-kit.ts';
import { plainCard } from '../../support/unit-cards.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text });
const section = (text: string, more: object = {}): object => ({
  type: 'section',
  text: mrkdwn(text),
  ...more,
});
const button = (more: object = {}): object => ({
  type: 'button',
  action_id: 'a',
  text: plain('Go'),
  value: 'v',
  ...more,
});
const actions = (...elements: object[]): object => ({ type: 'actions', elements });
const overflow = (count: number, value = 'v'): object => ({
  type: 'overflow',
  action_id: 'more',
  options: Array.from({ length: count }, (_, i) => ({ text: plain('x'), value: `${value}${i}` })),
});
const confirm = (more: object) =>
  button({
    confirm: { title: plain('Sure?'), text: plain('Why'), confirm: plain('Yes'), deny: plain('No'), ...more },
  });
const x = (length: number) => 'x'.repeat(length);

/** What Slack refuses, and the word that the fault should carry. */
const REFUSED: [what: string, blocks: object[], says: RegExp][] = [
  ['51 blocks', Array.from({ length: 51 }, () => section('x')), /51 blocks/],
  ['a header of 151 characters', [{ type: 'header', text: plain(x(151)) }], /151 characters, at most 150/],
  ['a section of 3001 characters', [section(x(3001))], /at most 3000/],
  ['a section with nothing in it', [{ type: 'section' }], /is empty/],
  ['an empty text', [section('')], /text is empty/],
  ['an empty header', [{ type: 'header', text: plain('') }], /text is empty/],
  ['11 fields', [{ type: 'section', fields: Array.from({ length: 11 }, () => mrkdwn('x')) }], /11 entries/],
  ['no fields', [{ type: 'section', fields: [] }], /0 entries/],
  ['a field of 2001 characters', [{ type: 'section', fields: [mrkdwn(x(2001))] }], /at most 2000/],
  [
    '11 elements in a context',
    [{ type: 'context', elements: Array.from({ length: 11 }, () => mrkdwn('x')) }],
    /11 entries/,
  ],
  ['a context of 2001 characters', [{ type: 'context', elements: [mrkdwn(x(2001))] }], /at most 2000/],
  ['a context of 2001 plain ones', [{ type: 'context', elements: [plain(x(2001))] }], /at most 2000/],
  [
    '26 buttons',
    [actions(...Array.from({ length: 26 }, (_, i) => button({ action_id: `a${i}` })))],
    /26 entries/,
  ],
  ['no buttons', [actions()], /0 entries/],
  ['a button of 76 characters', [actions(button({ text: plain(x(76)) }))], /at most 75/],
  [
    'a button in an accessory of 76 characters',
    [section('x', { accessory: button({ text: plain(x(76)) }) })],
    /at most 75/,
  ],
  ['a button with markup', [actions(button({ text: mrkdwn('*Go*') }))], /plain_text/],
  ['a button value of 2001 characters', [actions(button({ value: x(2001) }))], /at most 2000/],
  ['an action id of 256 characters', [actions(button({ action_id: x(256) }))], /at most 255/],
  ['a block id of 256 characters', [section('x', { block_id: x(256) })], /at most 255/],
  [
    'one block id twice',
    [section('x', { block_id: 'b' }), section('y', { block_id: 'b' })],
    /block_id is used twice/,
  ],
  ['one action id twice in a row of buttons', [actions(button(), button())], /action_id twice/],
  ['a menu of 6', [actions(overflow(6))], /6 entries/],
  ['a menu value of 77 characters', [actions(overflow(1, x(76)))], /at most 75/],
  ['a question of 101 characters', [actions(confirm({ title: plain(x(101)) }))], /at most 100/],
  ['a question explained in 301 characters', [actions(confirm({ text: plain(x(301)) }))], /at most 300/],
  ['a yes of 31 characters', [actions(confirm({ confirm: plain(x(31)) }))], /at most 30/],
];

describe('our own check of a message', () => {
  it.each(REFUSED)('refuses %s, as Slack does', (_what, blocks, says) => {
    expect(checkBlocks(blocks, 'message')).not.toEqual([]);
    expect(() => assertMessage({ text: 'x', blocks })).toThrow(LimitError);
    expect(() => assertMessage({ text: 'x', blocks })).toThrow(says);
  });

  it.each(['', ' ', '\n'])('refuses a message without a text for notifications: %j', (text) => {
    expect(() => assertMessage({ text, blocks: [section('x')] })).toThrow(/text is empty/);
  });

  it('lets one action id stand in two blocks, as a listing needs', () => {
    const blocks = [section('x', { accessory: button() }), section('y', { accessory: button() })];

    expect(() => assertMessage({ text: 'x', blocks })).not.toThrow();
    expect(checkBlocks(blocks, 'message')).toEqual([]);
  });

  it('tells every fault at once', () => {
    const blocks = [section(''), { type: 'header', text: plain(x(151)) }];

    const fault = (() => {
      try {
        assertMessage({ text: '', blocks });
      } catch (error) {
        return error;
      }
    })();

    expect(fault).toMatchObject({ faults: expect.objectContaining({ length: 3 }) });
  });

  it('has nothing against a card as it is drawn', () => {
    const { text, blocks }: { text: string; blocks: KnownBlock[] } = toBlocks(plainCard(), 'v1');

    expect(() => assertMessage({ text, blocks })).not.toThrow();
  });
});

describe('our own check of a dialog', () => {
  const input = {
    type: 'input',
    block_id: 'n',
    label: plain('Note'),
    element: { type: 'plain_text_input', action_id: 'n' },
  };
  const view = (more: object) => ({
    type: 'modal',
    title: plain('T'),
    submit: plain('S'),
    blocks: [input],
    ...more,
  });

  it.each([
    ['a title of 25 characters', { title: plain(x(25)) }, /at most 24/],
    ['a submit button of 25 characters', { submit: plain(x(25)) }, /at most 24/],
    ['a memory of 3001 characters', { private_metadata: x(3001) }, /at most 3000/],
    ['no inputs', { blocks: [] }, /0 entries/],
    ['a callback id of 256 characters', { callback_id: x(256) }, /at most 255/],
    [
      'a placeholder of 151 characters',
      { blocks: [{ ...input, element: { ...input.element, placeholder: plain(x(151)) } }] },
      /at most 150/,
    ],
    [
      'a choice among nothing',
      { blocks: [{ ...input, element: { type: 'static_select', action_id: 'n', options: [] } }] },
      /0 entries/,
    ],
    [
      'a choice of 76 characters',
      {
        blocks: [
          {
            ...input,
            element: { type: 'static_select', action_id: 'n', options: [{ text: plain(x(76)), value: 'v' }] },
          },
        ],
      },
      /at most 75/,
    ],
    [
      'a first text of 3001 characters',
      { blocks: [{ ...input, element: { ...input.element, initial_value: x(3001) } }] },
      /at most 3000/,
    ],
    [
      'a first choice of 76 characters',
      {
        blocks: [
          {
            ...input,
            element: {
              type: 'external_select',
              action_id: 'n',
              initial_option: { text: plain(x(76)), value: 'v' },
            },
          },
        ],
      },
      /at most 75/,
    ],
    [
      '101 blocks on a Home tab',
      { type: 'home', blocks: Array.from({ length: 101 }, () => ({ type: 'divider' })) },
      /101 entries/,
    ],
  ])('refuses %s', (_what, more, says) => {
    expect(() => assertView(view({}))).not.toThrow();
    expect(() => assertView(view(more))).toThrow(says);
  });

  it.each([
    [{ text: plain('a'), value: 'v' }, 0],
    [{ text: plain(x(76)), value: 'v' }, 1],
    [{ text: plain('a'), value: x(76) }, 1],
  ])('counts the faults of a suggestion', (option, count) => {
    expect(optionFaults([option])).toHaveLength(count);
  });
});
