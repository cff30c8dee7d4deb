import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  button,
  type Clinic,
  call,
  DIALOG,
  NURSES,
  openClinic,
  plain,
  times,
  trigger,
  x,
} from './slack-support.ts';

const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const option = (value: string, text = value) => ({ text: plain(text), value });
const section = (more: object) => [{ type: 'section', ...more }];
const actions = (...elements: object[]) => [{ type: 'actions', elements }];
const overflow = (options: object[]) =>
  section({ text: plain('x'), accessory: { type: 'overflow', options } });
const select = (options: object[], initial_option?: object) =>
  section({
    text: plain('x'),
    accessory: { type: 'static_select', action_id: 's', options, initial_option },
  });
const BUTTON = { type: 'button', action_id: 'a', text: plain('x') };
const TYPING = { type: 'plain_text_input' };
const CONFIRM = { text: plain('x'), confirm: plain('y'), deny: plain('n') };

const under = (length: number) => `must be less than ${length} characters`;
const atMost = (count: number) => `no more than ${count} items allowed`;
const exists = (id: string) => `\`${id}\` "a" already exists`;
const EMPTY = 'must be more than 0 characters';
const NO_VALUE = 'must be a valid enum value';
const NO_OPTION = 'must be one of the provided options';

describe('Block Kit', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic();
  });
  afterAll(() => clinic.stop());

  it.each([
    ['a button text of 76', button({ text: plain(x(76)) }), under(76), '/0/elements/0/text/text'],
    ['an empty button text', button({ text: plain('') }), EMPTY, '/0/elements/0/text/text'],
    ['a mrkdwn button text', button({ text: mrkdwn('x') }), NO_VALUE, '/0/elements/0/text/type'],
    ['a button value of 2001', button({ value: x(2001) }), under(2001), '/0/elements/0/value'],
    ['an unknown field', button({ colour: 'red' }), 'invalid additional property: colour', '/0/elements/0'],
    ['an unknown style', button({ style: 'default' }), NO_VALUE, '/0/elements/0/style'],
    ['an action_id of 256', button({ action_id: x(256) }), under(256), '/0/elements/0/action_id'],
    ['an unknown block', [{ type: 'button' }], 'unsupported type: button', '/0/type'],
    ['an unknown element', actions({ type: 'knob' }), 'unsupported type: knob', '/0/elements/0/type'],
    ['a section text of 3001', section({ text: mrkdwn(x(3001)) }), under(3001), '/0/text/text'],
    ['an empty section', [{ type: 'section' }], 'must define either `text` or `fields`', '/0'],
    ['11 fields', section({ fields: times(11, () => plain('x')) }), atMost(10), '/0/fields'],
    ['a field of 2001', section({ fields: [plain(x(2001))] }), under(2001), '/0/fields/0/text'],
    ['a header of 151', [{ type: 'header', text: plain(x(151)) }], under(151), '/0/text/text'],
    [
      '11 in a context',
      [{ type: 'context', elements: times(11, () => plain('x')) }],
      atMost(10),
      '/0/elements',
    ],
    ['51 blocks', times(51, () => ({ type: 'divider' })), atMost(50), ''],
    [
      'a block_id twice',
      times(2, () => ({ type: 'divider', block_id: 'a' })),
      exists('block_id'),
      '/1/block_id',
    ],
    ['an action_id twice', actions(BUTTON, BUTTON), exists('action_id'), '/0/elements/1/action_id'],
    ['an option text of 76', select([option('a', x(76))]), under(76), '/0/accessory/options/0/text/text'],
    ['an option value of 76', select([option(x(76), 'a')]), under(76), '/0/accessory/options/0/value'],
    ['101 options', select(times(101, (i) => option(`${i}`))), atMost(100), '/0/accessory/options'],
    ['a wrong first choice', select([option('a')], option('b')), NO_OPTION, '/0/accessory/initial_option'],
    ['6 in an overflow', overflow(times(6, (i) => option(`${i}`))), atMost(5), '/0/accessory/options'],
    ['no title', button({ confirm: CONFIRM }), 'missing required field: title', '/0/elements/0/confirm'],
    ['no label', [{ type: 'input', element: TYPING }], 'missing required field: label', '/0'],
  ])('refuses %s', async (_, blocks, message, at) => {
    const answer = await call(clinic, 'chat.postMessage', { channel: NURSES, text: 'x', blocks });

    expect(answer).toMatchObject({ ok: false, error: 'invalid_blocks' });
    expect(answer.response_metadata?.messages).toContain(`[ERROR] ${message} [json-pointer:/blocks${at}]`);
  });

  it('takes what is exactly as long as allowed', async () => {
    const fits = [
      ...section({ text: mrkdwn(x(3000)), fields: times(10, () => plain(x(2000))) }),
      { type: 'header', text: plain(x(150)) },
      ...button({ text: plain(x(75)), value: x(2000), action_id: x(255) }),
      ...select(
        times(100, (i) => option(`${i}`, x(75))),
        option('7', x(75)),
      ),
      ...times(46, () => ({ type: 'divider' })),
    ];

    const answer = await call(clinic, 'chat.postMessage', { channel: NURSES, text: x(40_000), blocks: fits });
    expect(answer).toMatchObject({ ok: true });
  });

  it.each([
    ['a title of 25', { title: plain(x(25)) }, under(25), '/title/text'],
    ['private_metadata of 3001', { private_metadata: x(3001) }, under(3001), '/private_metadata'],
    ['inputs without a submit', { submit: undefined }, 'missing required field: submit', ''],
    ['101 blocks', { blocks: times(101, () => ({ type: 'divider' })) }, atMost(100), '/blocks'],
    ['a field of no view', { submit_disabled: true }, 'invalid additional property: submit_disabled', ''],
    [
      'a markdown block',
      { blocks: [{ type: 'markdown', text: 'x' }] },
      'unsupported type: markdown',
      '/blocks/0/type',
    ],
  ])('refuses a view with %s', async (_, change, message, at) => {
    const answer = await call(clinic, 'views.open', {
      trigger_id: await trigger(clinic),
      view: { ...DIALOG, ...change },
    });

    expect(answer).toMatchObject({ ok: false, error: 'invalid_arguments' });
    expect(answer.response_metadata?.messages).toContain(`[ERROR] ${message} [json-pointer:/view${at}]`);
  });
});
