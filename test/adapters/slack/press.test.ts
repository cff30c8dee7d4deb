import type { KnownBlock } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBlocks } from '../../../adapters/slack/blocks.ts';
import { TURN } from '../../../adapters/slack/listing.ts';
import { type PressBody, parsePress, parseUser } from '../../../adapters/slack/press.ts';
import { WORDS } from '../../../src/index.ts';
import { card, nastyText, plainCard } from '../../support/unit-cards.ts';

/** What Slack would send for every button and every menu entry of the message. */
function presses(blocks: readonly KnownBlock[]): PressBody[] {
  const elements = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  return elements.flatMap((element): PressBody[] => {
    const action_id = element.action_id ?? '';
    if (element.type === 'button')
      return [{ actions: [{ action_id, ...(element.value && { value: element.value }) }] }];
    if (element.type !== 'overflow') throw new Error(`a card with a ${element.type}`);
    return element.options.map(({ value }) => ({
      actions: [{ action_id, selected_option: { ...(value && { value }) } }],
    }));
  });
}

describe('a press in Slack', () => {
  it('means the verb and the Task of the button or menu entry that was drawn', () => {
    fc.assert(
      fc.property(card, (any) => {
        const drawn = [...any.buttons, ...any.menu];

        const understood = presses(toBlocks(any, 'v1').blocks).map(parsePress);

        expect(understood).toEqual(drawn.map(({ verb, taskId }) => ({ kind: 'press', word: verb, taskId })));
      }),
      { numRuns: 50 },
    );
  });

  it.each(WORDS.map(({ name }) => name))('understands %s as a button and in the menu', (verb) => {
    const one = { verb, label: verb, taskId: 'a1.b-2', asks: false };

    const understood = presses(toBlocks(plainCard({ buttons: [one], menu: [one] }), 'v1').blocks).map(
      parsePress,
    );

    const press = { kind: 'press', word: verb, taskId: 'a1.b-2' };
    expect(understood).toEqual([press, press]);
  });

  it('understands the button that turns a listing', () => {
    const body: PressBody = { actions: [{ action_id: TURN, value: 'tasks 2 cardiology' }] };

    expect(parsePress(body)).toEqual({
      kind: 'turn',
      question: { query: 'tasks', words: 'cardiology', page: 2 },
    });
  });

  it.each<[string, PressBody]>([
    ['no action', { actions: [] }],
    ['a page that was forged', { actions: [{ action_id: TURN, value: 'tasks 0' }] }],
    ['a page of nothing', { actions: [{ action_id: TURN }] }],
    ['a button without a value', { actions: [{ action_id: 'claim' }] }],
    ['a menu without a choice', { actions: [{ action_id: 'more', selected_option: null }] }],
    ['a choice without a Task', { actions: [{ action_id: 'more', selected_option: { value: 'release:' } }] }],
    ['a choice without a verb', { actions: [{ action_id: 'more', selected_option: { value: 'a1' } }] }],
  ])('means nothing with %s', (_what, body) => {
    expect(parsePress(body).kind).toBe('unsupported');
  });

  it('never makes the parser throw, whatever is in it', () => {
    const action = fc.record(
      {
        action_id: fc.oneof(fc.constantFrom('more', TURN), nastyText),
        value: nastyText,
        selected_option: fc.option(fc.record({ value: nastyText }, { requiredKeys: [] })),
      },
      { requiredKeys: ['action_id'] },
    );
    const body = fc.record({ actions: fc.array(action, { maxLength: 3 }) });
    fc.assert(fc.property(body, (any) => void parsePress(any)));
  });
});

describe('who pressed', () => {
  it.each([
    ['their own workspace', { user: { id: 'U1', team_id: 'T1' }, team: { id: 'T2' } }, 'T1'],
    ['the channel’s workspace where theirs is not said', { user: { id: 'U1' }, team: { id: 'T2' } }, 'T2'],
    ['no workspace in an organisation-wide install', { user: { id: 'U1' }, team: null }, ''],
  ])('is a person of %s', (_what, body, tenant) => {
    expect(parseUser(body)).toEqual({ platform: 'slack', tenant, id: 'U1' });
  });
});
