import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MARK } from '../../../adapters/slack/listing.ts';
import type { PressBody } from '../../../adapters/slack/press.ts';
import { ROW } from '../../../adapters/slack/rows.ts';
import { SPOT, spotOf } from '../../../adapters/slack/spot.ts';
import { nastyText } from '../../support/unit-cards.ts';

const actions = [{ action_id: 'claim', value: 'a1', block_id: 'v1-3' }];
const listed = [{ action_id: 'claim', value: 'a1', block_id: `v1-3${MARK}tasks 2 cardiology` }];
const question = { query: 'tasks', words: 'cardiology', page: 2 };
const reached = { channel: { id: 'C1' }, response_url: 'https://hooks.example/1' };
const LINK = 'https://app.medplum.com/Task/a1';

describe('where somebody pressed', () => {
  it.each<[string, PressBody, object]>([
    [
      'a card',
      { actions, ...reached, container: { type: 'message', is_ephemeral: false } },
      { kind: 'card', channel: 'C1', responseUrl: 'https://hooks.example/1' },
    ],
    [
      'a row of a card',
      {
        actions: [{ action_id: 'claim', value: 'a1', block_id: `v1-3${ROW}` }],
        ...reached,
        container: { type: 'message', is_ephemeral: false },
      },
      { kind: 'row', channel: 'C1', responseUrl: 'https://hooks.example/1' },
    ],
    [
      'a listing',
      { actions: listed, ...reached, container: { type: 'message', is_ephemeral: true } },
      { kind: 'listing', channel: 'C1', responseUrl: 'https://hooks.example/1', question },
    ],
    [
      'a listing in direct messages, which is no ephemeral',
      { actions: listed },
      { kind: 'listing', question },
    ],
    ['an ephemeral without a question', { actions, container: { is_ephemeral: true } }, { kind: 'listing' }],
    [
      'a listing whose question was forged',
      { actions: [{ action_id: 'claim', block_id: `v1-3${MARK}drop 1 tables` }] },
      { kind: 'listing' },
    ],
    ['the Home tab', { actions: listed, view: { id: 'V1', type: 'home' } }, { kind: 'home' }],
    [
      'a window',
      { actions: listed, view: { id: 'V1', type: 'modal' } },
      { kind: 'window', view: 'V1', question },
    ],
    [
      'a link that was unfurled',
      {
        actions,
        ...reached,
        container: { type: 'message_attachment', message_ts: '1.5', app_unfurl_url: LINK },
      },
      {
        kind: 'unfurl',
        channel: 'C1',
        responseUrl: 'https://hooks.example/1',
        unfurled: { link: LINK, ts: '1.5' },
      },
    ],
    [
      'a link too long to be remembered',
      {
        actions,
        container: { type: 'message_attachment', message_ts: '1.5', app_unfurl_url: LINK.repeat(50) },
      },
      { kind: 'unfurl' },
    ],
  ])('is %s', (_what, body, spot) => {
    expect(spotOf(body)).toEqual(spot);
  });

  it('is read whatever Slack sends, and fits into what a dialog can remember', () => {
    const text = nastyText.map((any) => any.slice(0, 255));
    const body: fc.Arbitrary<PressBody> = fc.record({
      actions: fc.array(fc.record({ action_id: text, block_id: text }), { maxLength: 2 }),
      container: fc.record(
        {
          type: fc.constantFrom('message', 'message_attachment'),
          app_unfurl_url: nastyText,
          message_ts: text,
        },
        { requiredKeys: [] },
      ),
    });
    fc.assert(
      fc.property(body, (any) => {
        const spot = spotOf(any);

        expect(SPOT.parse(JSON.parse(JSON.stringify(spot)))).toEqual(spot);
        expect(JSON.stringify(spot).length).toBeLessThan(2500);
      }),
    );
  });
});
