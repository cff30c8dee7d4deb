import { describe, expect, it } from 'vitest';
import type { Block } from '../../sandbox/page/data/blocks.ts';
import { choiceToTell } from '../../sandbox/page/workspace/input-values.ts';
import { parseTyped } from '../../sandbox/page/workspace/typed-text.ts';

describe('what a person typed in Slack', () => {
  it('has links and people in it, and no signs of its keeping', () => {
    expect(
      parseTyped('<@U0BEN>: <http://127.0.0.1:4000/Task/1>, 5 &lt; 6 &amp; <https://a.example|see>'),
    ).toEqual([
      { kind: 'person', id: 'U0BEN' },
      { kind: 'text', text: ': ' },
      { kind: 'link', url: 'http://127.0.0.1:4000/Task/1', text: 'http://127.0.0.1:4000/Task/1' },
      { kind: 'text', text: ', 5 < 6 & ' },
      { kind: 'link', url: 'https://a.example', text: 'see' },
    ]);
  });

  it('makes no link to a script', () => {
    expect(parseTyped('<javascript:alert(1)|press>')).toEqual([{ kind: 'text', text: 'press' }]);
  });
});

describe('an input of a dialog that tells the app at once', () => {
  const input = (type: string, more: Partial<Block> = {}): Block => ({
    type: 'input',
    block_id: 'to',
    dispatch_action: true,
    element: { type, action_id: 'target' },
    ...more,
  });

  it.each(['external_select', 'static_select', 'users_select', 'radio_buttons'])(
    'tells of a choice in a %s',
    (type) => {
      expect(choiceToTell(input(type), 'pool:cardiology')).toBe('pool:cardiology');
    },
  );

  it('tells neither of typing, nor of a choice that is taken back', () => {
    expect(choiceToTell(input('plain_text_input'), 'New symptoms')).toBeUndefined();
    expect(choiceToTell(input('external_select'), '')).toBeUndefined();
  });

  it('tells nothing where it was not asked to', () => {
    expect(choiceToTell(input('static_select', { dispatch_action: false }), 'a')).toBeUndefined();
  });
});
