import type { App } from '@slack/bolt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ANA,
  CARD,
  type Clinic,
  call,
  DIALOG,
  openBolt,
  openClinic,
  plain,
  type Told,
  times,
} from './slack-support.ts';

describe('a home tab', () => {
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

  const control = async (path: string, body: object) => {
    const url = `${clinic.base}/slack/_control/${path}`;
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
    return { status: response.status, answer: await response.json() };
  };

  const publish = (view: object, user_id = 'U0BEN') => call(clinic, 'views.publish', { user_id, view });

  it('is filled when somebody opens it, and its presses are told without an address to answer to', async () => {
    await clinic.slack.openHome(ANA);
    await expect.poll(() => clinic.slack.homes(ANA)).toHaveLength(1);
    const view_id = clinic.slack.homes(ANA)[0]?.id ?? '';

    await clinic.slack.press({ user: ANA, view_id, action_id: 'claim' });

    const press = told.presses.at(-1);
    expect(press).toMatchObject({
      container: { type: 'view', view_id },
      view: { type: 'home', id: view_id },
    });
    expect(press?.response_url).toBeUndefined();
  });

  it('is opened and pressed over the control endpoint', async () => {
    expect(await control('open-home', { user: 'U0GRACE' })).toMatchObject({
      status: 200,
      answer: { status: 200 },
    });
    await expect.poll(() => clinic.slack.homes('U0GRACE')).toHaveLength(1);
    const view_id = clinic.slack.homes('U0GRACE')[0]?.id ?? '';

    const pressed = await control('press', { user: 'U0GRACE', view_id, action_id: 'claim', value: 'v1' });
    const foreign = await control('press', { user: ANA, view_id, action_id: 'claim', value: 'v1' });

    expect(pressed).toMatchObject({ status: 200, answer: { status: 200 } });
    expect(foreign.status).toBe(404);
    expect(told.presses.at(-1)).toMatchObject({ user: { id: 'U0GRACE' }, actions: [{ value: 'v1' }] });
  });

  it('keeps its id when it is published again, and gets a new hash', async () => {
    await publish({ type: 'home', blocks: CARD });
    const [before] = clinic.slack.homes('U0BEN');

    await publish({ type: 'home', blocks: [] });

    const [after] = clinic.slack.homes('U0BEN');
    expect(after).toMatchObject({ id: before?.id, blocks: [] });
    expect(after?.hash).not.toBe(before?.hash);
  });

  it.each([
    ['a modal', { ...DIALOG }],
    ['101 blocks', { type: 'home', blocks: times(101, () => ({ type: 'divider' })) }],
    ['a title', { type: 'home', title: plain('Home'), blocks: [] }],
    ['no blocks at all', { type: 'home' }],
  ])('is not published with %s', async (_what, view) => {
    expect(await publish(view)).toMatchObject({ ok: false, error: 'invalid_arguments' });
  });

  it('takes a hundred blocks, and none for somebody who is not there', async () => {
    const view = { type: 'home', blocks: times(100, () => ({ type: 'divider' })) };

    expect(await publish(view)).toMatchObject({ ok: true });
    expect(await publish(view, 'U0NOBODY')).toMatchObject({ ok: false, error: 'user_not_found' });
  });
});
