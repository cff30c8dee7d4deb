import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, NURSES, openClinic } from './slack-support.ts';

describe('a fault', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic();
  });
  afterAll(() => clinic.stop());

  const method = 'chat.postMessage';
  const post = () => clinic.client.chat.postMessage({ channel: NURSES, text: 'x' });
  const count = () => clinic.slack.messages(NURSES).length;

  it.each([
    ['ratelimited', { seconds: 7 }, { code: 'slack_webapi_rate_limited_error', retryAfter: 7 }, 0],
    ['ratelimited-bare', {}, { message: expect.stringContaining('Retry header') }, 0],
    ['error', {}, { code: 'slack_webapi_http_error', statusCode: 500 }, 0],
    ['drop', {}, { code: 'slack_webapi_request_error' }, 0],
    ['drop-after-commit', {}, { code: 'slack_webapi_request_error' }, 1],
    ['truncate', {}, { message: expect.stringContaining('terminated') }, 1],
    ['html', {}, { data: { error: expect.stringContaining('<html>') } }, 0],
    ['error-code', { code: 'is_archived' }, { data: { error: 'is_archived' } }, 0],
  ] as const)('%s does to a post what Slack may do, once', async (kind, more, seen, posted) => {
    const before = count();
    clinic.slack.addFault({ method, kind, ...more });

    await expect(post()).rejects.toMatchObject(seen);
    expect(count() - before).toBe(posted);
    await expect(post()).resolves.toMatchObject({ ok: true });
  });

  it('delay answers late what is done at once', async () => {
    clinic.slack.addFault({ method: '*', kind: 'delay', ms: 2_000 });
    const start = performance.now();
    const before = count();
    let isAnswered = false;

    const posted = post().then(() => {
      isAnswered = true;
    });

    await expect.poll(count, { interval: 5, timeout: 1_500 }).toBe(before + 1);
    expect(isAnswered).toBe(false);
    await posted;
    expect(performance.now() - start).toBeGreaterThan(1_900);
  });

  it('comes by itself where more is posted in a channel than Slack allows, if its limits are on', async () => {
    clinic.slack.setRateLimits(true);
    const elsewhere = () => clinic.client.chat.postMessage({ channel: 'C0PHARMACY', text: 'x' });
    await Promise.all(Array.from({ length: 5 }, () => post()));

    await expect(post()).rejects.toMatchObject({ retryAfter: 3 });
    await expect(elsewhere()).resolves.toMatchObject({ ok: true });
    clinic.clock.ahead += 3_000;
    await expect(post()).resolves.toMatchObject({ ok: true });
    clinic.slack.setRateLimits(false);
  });

  it('is cleared over the control endpoint, where nonsense is answered with a sentence', async () => {
    const control = async (path: string, body: string) => {
      const response = await fetch(`${clinic.base}/slack/_control/${path}`, { method: 'POST', body });
      return [response.status, await response.json()];
    };

    expect(await control('faults', '{"kind":"error","times":5}')).toEqual([200, { ok: true }]);
    expect(await control('faults', '{"kind":"none"}')).toEqual([200, { ok: true }]);
    await expect(post()).resolves.toMatchObject({ ok: true });
    expect(await control('press', '{')).toEqual([400, { error: 'The body must be a JSON object.' }]);
    expect(await control('press', '{"user":"U0ANA"}')).toEqual([400, { error: 'action_id is missing.' }]);
    expect(await control('faults', '{"kind":"fire"}')).toMatchObject([400, {}]);
    expect(await control('nowhere', '{}')).toMatchObject([404, {}]);
    expect(await control('press', JSON.stringify({ user: 'x'.repeat(2 ** 21) }))).toMatchObject([400, {}]);
    expect(await control('people', '{"name":"Kim Lee","is_stranger":true}')).toMatchObject([
      200,
      { name: 'Kim Lee', practitioner: null, is_stranger: true },
    ]);
  });
});
