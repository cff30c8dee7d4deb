import type { App } from '@slack/bolt';
import type { ChatPostMessageArguments } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PEOPLE } from '../../sandbox/clinic.ts';
import { createHub } from '../../sandbox/events.ts';
import { createSlackWorkspace } from '../../sandbox/slack/index.ts';
import {
  ANA,
  button,
  CARD,
  type Clinic,
  DIALOG,
  NURSES,
  openBolt,
  openClinic,
  plain,
  type Told,
} from './slack-support.ts';

describe('a Bolt app over HTTP', () => {
  let clinic: Clinic;
  let app: App;
  let told: Told;
  let port: number;

  beforeAll(async () => {
    clinic = await openClinic();
    ({ app, told, port } = await openBolt(clinic));
  });
  afterAll(async () => {
    await app.stop();
    await clinic.stop();
  });

  const post = async (more: Partial<ChatPostMessageArguments> = {}): Promise<string> =>
    (
      await clinic.client.chat.postMessage({
        channel: NURSES,
        text: 'card',
        blocks: CARD,
        ...more,
      } as ChatPostMessageArguments)
    ).ts ?? '';

  const openDialog = async (): Promise<string> => {
    const ts = await post();
    const before = clinic.slack.views(ANA).length;
    await clinic.slack.press({ user: ANA, channel: NURSES, ts, action_id: 'more', value: 'release' });
    await expect.poll(() => clinic.slack.views(ANA).length).toBe(before + 1);
    return clinic.slack.views(ANA).at(-1)?.id ?? '';
  };

  it('is told of a press with the message, its metadata and who pressed', async () => {
    const metadata = { event_type: 'task', event_payload: { task: 't1' } };
    const ts = await post({ metadata });

    const answer = await clinic.slack.press({ user: ANA, channel: NURSES, ts, action_id: 'claim' });

    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(told.presses.at(-1)).toMatchObject({
      user: { id: ANA },
      container: { type: 'message', message_ts: ts, channel_id: NURSES, is_ephemeral: false },
      channel: { id: NURSES, name: 'registered-nurses' },
      message: { ts, text: 'card', bot_id: 'B0SWITCHBOARD', metadata },
      actions: [{ type: 'button', action_id: 'claim', block_id: 'verbs', value: 'v1' }],
    });
  });

  it('gives a button that is gone to nobody, except to a client that has not heard of it', async () => {
    const ts = await post({ blocks: button({}) });
    const gone = { user: ANA, channel: NURSES, ts, action_id: 'claim', value: 'v0' };

    const changed = { ...gone, ts: await post() };

    await expect(clinic.slack.press(changed)).rejects.toMatchObject({ status: 404 });
    await expect(clinic.slack.press(gone)).rejects.toMatchObject({ status: 404 });
    await expect(clinic.slack.press({ ...gone, stale: true })).resolves.toMatchObject({ status: 200 });
    expect(told.presses.at(-1)?.actions[0]).toMatchObject({ type: 'button', value: 'v0' });
  });

  it('opens a dialog with the trigger of an overflow, once', async () => {
    const view = await openDialog();
    const trigger_id = told.presses.at(-1)?.trigger_id ?? '';

    expect(told.presses.at(-1)?.actions[0]).toMatchObject({
      type: 'overflow',
      selected_option: { value: 'release' },
    });
    expect(clinic.slack.views(ANA).at(-1)).toMatchObject({
      id: view,
      callback_id: 'reroute',
      private_metadata: 'task-1',
    });
    await expect(clinic.client.views.open({ trigger_id, view: DIALOG })).rejects.toThrow(
      'exchanged_trigger_id',
    );
  });

  it('keeps a dialog open with the errors of its submission, and closes it when all is well', async () => {
    const view_id = await openDialog();
    const { options } = await clinic.slack.suggest({ user: ANA, action_id: 'pool', text: 'card' });
    const submit = (why: string) =>
      clinic.slack.submit({ user: ANA, view_id, values: { reason: { why }, pool: 'cardiology' } });

    expect(options).toEqual([{ text: plain('Cardiologist'), value: 'cardiology' }]);
    expect(await submit('no')).toMatchObject({ status: 200, closed: false, view_id });
    expect(clinic.slack.views(ANA).at(-1)?.errors).toEqual({ reason: 'Say more.' });
    expect(await submit('nonsense')).toMatchObject({
      error: 'invalid_response_action_errors',
      closed: false,
    });
    expect(await submit('The heart team knows her.')).toMatchObject({ status: 200, closed: true });
    expect(told.submissions.at(-1)).toMatchObject({
      type: 'view_submission',
      view: {
        state: {
          values: {
            reason: { why: { type: 'plain_text_input', value: 'The heart team knows her.' } },
            place: { pool: { type: 'external_select', selected_option: options[0] } },
            note: { note: { value: null } },
          },
        },
      },
    });
    expect(clinic.slack.views(ANA).some((view) => view.id === view_id)).toBe(false);
  });

  it('sends no dialog in which a required field is empty, or holds an option nobody offered', async () => {
    const view_id = await openDialog();
    const submit = (values: { [key: string]: unknown }) =>
      clinic.slack.submit({ user: ANA, view_id, values });

    await expect(submit({ why: '', pool: null })).rejects.toThrow('required field');
    await expect(submit({ why: 'x', pool: 'cardiology' })).rejects.toThrow('has no option');
    await expect(submit({ why: 'x', elsewhere: 'x' })).rejects.toThrow('elsewhere');
  });

  it('replaces, stacks and clears dialogs, and tells the app of one that the person closed', async () => {
    const view_id = await openDialog();
    await clinic.slack.suggest({ user: ANA, action_id: 'pool', text: '', view_id });
    const submit = (why: string) =>
      clinic.slack.submit({ user: ANA, view_id, values: { why, pool: 'pharmacy' } });
    const titles = () =>
      clinic.slack
        .views(ANA)
        .filter((view) => view.root_view_id === view_id)
        .map((view) => view.title);

    expect(await submit('update')).toMatchObject({ view_id });
    expect(titles()).toMatchObject([{ text: 'Sure?' }]);
    expect(clinic.slack.views(ANA).at(-1)?.state.values.reason?.why?.value).toBe('update');
    const pushed = (await submit('push')).view_id ?? '';
    expect(titles()).toMatchObject([{ text: 'Sure?' }, { text: 'On top' }]);
    await expect(submit('update')).rejects.toThrow('lies over');
    await clinic.slack.closeView({ user: ANA, view_id: pushed });
    expect(titles()).toHaveLength(1);
    expect(told.submissions.at(-1)).toMatchObject({
      type: 'view_closed',
      is_cleared: false,
      view: { id: pushed },
    });
  });

  it('answers a slash command to the one who typed it', async () => {
    const before = clinic.slack.ephemerals(ANA).length;
    const type = (text: string) =>
      clinic.slack.slash({ user: ANA, channel: NURSES, command: '/switchboard', text });

    expect(await type('quiet')).toMatchObject({ status: 200, body: '' });
    expect(clinic.slack.ephemerals(ANA)).toHaveLength(before);
    expect(await type('help')).toMatchObject({ status: 200, body: 'Heard help' });
    expect(clinic.slack.ephemerals(ANA).at(-1)).toMatchObject({ channel: NURSES, text: 'Heard help' });
  });

  it('tells the person when the app does not answer within three seconds, or fails', async () => {
    const ts = await post();
    const press = (action_id: string) => clinic.slack.press({ user: ANA, channel: NURSES, ts, action_id });

    expect(await press('throws')).toMatchObject({ status: 500, error: 'dispatch_failed' });
    expect(await press('slow')).toMatchObject({ status: 0, error: 'operation_timeout' });
  });

  it('lets a response url replace, delete and answer, five times', async () => {
    const ts = await post();
    await clinic.slack.press({ user: ANA, channel: NURSES, ts, action_id: 'claim' });
    const url = told.presses.at(-1)?.response_url ?? '';
    const respond = async (body: object) =>
      (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).status;

    expect(await respond({ text: 'only you' })).toBe(200);
    expect(clinic.slack.ephemerals(ANA).at(-1)?.text).toBe('only you');
    expect(await respond({ replace_original: true, text: 'done' })).toBe(200);
    expect(clinic.slack.messages(NURSES).at(-1)).toMatchObject({ ts, text: 'done' });
    expect(await respond({ blocks: button({ nonsense: 1 }) })).toBe(400);
    expect(await respond({ response_type: 'in_channel', text: 'all of you' })).toBe(200);
    expect(await respond({ delete_original: true })).toBe(200);
    expect(clinic.slack.messages(NURSES).some((message) => message.ts === ts)).toBe(false);
    expect(await respond({ text: 'five' })).toBe(200);
    expect(await respond({ text: 'six' })).toBe(404);
  });

  it('presses the buttons of an ephemeral without giving its text away, and replaces it', async () => {
    const { message_ts: ts = '' } = await clinic.client.chat.postEphemeral({
      channel: NURSES,
      user: ANA,
      text: 'sure?',
      blocks: CARD,
    });

    await clinic.slack.press({ user: ANA, channel: NURSES, ts, action_id: 'claim' });

    const press = told.presses.at(-1);
    expect(press).toMatchObject({ container: { is_ephemeral: true, message_ts: ts } });
    expect(press?.message).toBeUndefined();
    await fetch(press?.response_url ?? '', {
      method: 'POST',
      body: JSON.stringify({ replace_original: true, text: 'yes' }),
    });
    expect(clinic.slack.ephemerals(ANA).find((one) => one.ts === ts)?.text).toBe('yes');
    await expect(
      clinic.slack.press({ user: 'U0BEN', channel: NURSES, ts, action_id: 'claim' }),
    ).rejects.toThrow('sees no message');
  });

  it('hears of no command that is Slack’s own', async () => {
    const type = (command: string) => clinic.slack.slash({ user: ANA, channel: NURSES, command });

    await expect(type('/status')).rejects.toThrow('Slack’s own');
    await expect(type('/WHO')).rejects.toThrow('Slack’s own');
  });

  it('delivers the same press twice when asked to, as Slack may', async () => {
    const ts = await post();
    await clinic.slack.press({ user: ANA, channel: NURSES, ts, action_id: 'claim' });

    expect(await clinic.slack.redeliver()).toMatchObject({ status: 200 });
    expect(told.presses.at(-1)?.trigger_id).toBe(told.presses.at(-2)?.trigger_id);
  });

  it('is refused when it signs with another secret than the app', async () => {
    const other = createSlackWorkspace({
      hub: createHub(),
      people: PEOPLE,
      channels: [{ id: NURSES, name: 'nurses' }],
      practitionerOf: () => undefined,
      signingSecret: 'another',
      url: () => clinic.base,
    });
    other.setApp(`http://127.0.0.1:${port}`);

    expect(await other.slash({ user: ANA, channel: NURSES, command: '/switchboard' })).toMatchObject({
      status: 401,
      error: 'dispatch_failed',
    });
  });
});
