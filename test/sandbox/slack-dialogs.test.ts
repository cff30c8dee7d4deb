import type { App } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ANA,
  type Clinic,
  DIALOG,
  NURSES,
  openBolt,
  openClinic,
  plain,
  type Told,
  trigger,
} from './slack-support.ts';

/** The choice of a pool is told before the submission. */
const TELLING: ModalView = {
  ...DIALOG,
  blocks: DIALOG.blocks.map((block) =>
    block.block_id === 'place' ? { ...block, dispatch_action: true } : block,
  ),
};

describe('a dialog that tells what is chosen in it', () => {
  let clinic: Clinic;
  let app: App;
  let told: Told;

  beforeAll(async () => {
    clinic = await openClinic();
    ({ app, told } = await openBolt(clinic));
  });
  afterAll(async () => {
    await app.stop();
    await clinic.stop();
  });

  const open = async (view = TELLING) => {
    const opened = await clinic.client.views.open({ trigger_id: await trigger(clinic), view });
    const { id = '', hash = '' } = opened.view ?? {};
    await clinic.slack.suggest({ user: ANA, view_id: id, action_id: 'pool', text: '' });
    return { id, hash };
  };
  const choose = (view_id: string, value: string, values?: Record<string, string>) =>
    clinic.slack.press({ user: ANA, view_id, action_id: 'pool', value, ...(values && { values }) });
  const viewAt = (id: string) => clinic.slack.views(ANA).find((one) => one.id === id);

  it('tells of it with the dialog, all that stands in it, and its hash', async () => {
    const { id, hash } = await open();

    await choose(id, 'pharmacy', { why: 'no reason yet' });

    expect(told.presses.at(-1)).toMatchObject({
      container: { type: 'view', view_id: id },
      actions: [{ type: 'external_select', action_id: 'pool', selected_option: { value: 'pharmacy' } }],
      view: {
        id,
        hash,
        state: {
          values: {
            reason: { why: { value: 'no reason yet' } },
            place: { pool: { selected_option: { value: 'pharmacy' } } },
          },
        },
      },
    });
  });

  it('tells nothing where the block does not ask for it, nor of what nobody offered', async () => {
    const { id } = await open(DIALOG);
    const telling = await open();

    await expect(choose(id, 'pharmacy')).rejects.toThrow('with the submission only');
    await expect(choose(telling.id, 'nowhere')).rejects.toThrow('has no option');
    await expect(choose(telling.id, 'pharmacy', { nothing: 'x' })).rejects.toThrow('The view has no nothing');
  });

  it('keeps what is filled in when it is drawn anew, as far as blocks and elements keep their ids', async () => {
    const { id } = await open();
    await choose(id, 'pharmacy', { why: 'because' });
    const [first, ...others] = TELLING.blocks;

    await clinic.client.views.update({
      view_id: id,
      view: {
        ...TELLING,
        blocks: [{ ...first, block_id: 'renamed' } as (typeof DIALOG.blocks)[number], ...others],
      },
    });

    expect(viewAt(id)?.state.values).toMatchObject({
      renamed: { why: { value: null } },
      place: { pool: { selected_option: { value: 'pharmacy' } } },
    });
  });

  it('can be drawn by whoever knows its hash, until somebody has drawn it anew', async () => {
    const { id, hash } = await open();
    const update = (title: string) =>
      clinic.client.views.update({ view_id: id, hash, view: { ...TELLING, title: plain(title) } });

    await update('Once');

    await expect(update('Twice')).rejects.toThrow('hash_conflict');
    expect(viewAt(id)).toMatchObject({ title: { text: 'Once' } });
  });

  it('cannot be drawn any more once it is closed', async () => {
    const { id } = await open();
    await clinic.slack.submit({ user: ANA, view_id: id, values: { why: 'fine', pool: 'pharmacy' } });

    await expect(clinic.client.views.update({ view_id: id, view: TELLING })).rejects.toThrow('not_found');
  });
});

describe('a shortcut in the menu of a message', () => {
  it('tells of the message as it is kept, and opens a dialog', async () => {
    const clinic = await openClinic();
    const { app, told } = await openBolt(clinic);
    const metadata = { event_type: 'task', event_payload: { task: 't1' } };
    const root = await clinic.client.chat.postMessage({ channel: NURSES, text: 'card', metadata });
    const { ts } = clinic.slack.say({
      user: 'U0BEN',
      channel: NURSES,
      text: 'BP <90 & falling',
      thread_ts: root.ts ?? '',
    });

    const answer = await clinic.slack.shortcut({ user: ANA, channel: NURSES, ts, callback_id: 'note' });
    await clinic.slack.shortcut({ user: ANA, channel: NURSES, ts: root.ts ?? '', callback_id: 'note' });

    const [first, second] = told.shortcuts;
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(first).toMatchObject({
      type: 'message_action',
      user: { id: ANA },
      channel: { id: NURSES },
      message_ts: ts,
      message: { user: 'U0BEN', text: 'BP &lt;90 &amp; falling', thread_ts: root.ts },
    });
    expect(second?.message).toMatchObject({ metadata });
    await expect(
      clinic.client.views.open({ trigger_id: first?.trigger_id ?? '', view: DIALOG }),
    ).resolves.toMatchObject({ ok: true });
    const nowhere = { user: ANA, channel: NURSES, ts: '1.000001', callback_id: 'note' };
    await expect(clinic.slack.shortcut(nowhere)).rejects.toThrow('There is no message');
    await app.stop();
    await clinic.stop();
  });
});
