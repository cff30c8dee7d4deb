import { createHmac } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { wordsOf } from '../support/flow-card.ts';

const SLACK_SECRET = 'sandbox-signing-secret';
const HOOK_SECRET = 'sandbox-webhook-secret';
const MIB = 1024 * 1024;

/** A request as Slack signs it. */
function asSlack(body: string, { secret = SLACK_SECRET, ahead = 0 } = {}): RequestInit {
  const stamp = Math.floor(Date.now() / 1000) + ahead;
  const digest = createHmac('sha256', secret).update(`v0:${stamp}:${body}`).digest('hex');
  return {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': String(stamp),
      'x-slack-signature': `v0=${digest}`,
    },
  };
}

/** A delivery as Medplum signs it. */
function asMedplum(body: string, secret = HOOK_SECRET): RequestInit {
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/fhir+json', 'x-signature': signature },
  };
}

describe('a request that is not right', () => {
  let clinic: Clinic;
  let taskId: string;
  beforeAll(async () => {
    clinic = await openClinic();
    taskId = await clinic.patientWrites();
    await clinic.card(taskId, 'C0NURSES');
  });
  afterAll(() => clinic?.close());

  /** The press on Claim that would be right, if it were signed right. */
  const claimBody = () => {
    const payload = {
      type: 'block_actions',
      user: { id: 'U0ANA', team_id: 'T0CLINIC' },
      team: { id: 'T0CLINIC' },
      api_app_id: 'A0SWITCHBOARD',
      container: { type: 'message', is_ephemeral: false },
      actions: [{ type: 'button', action_id: 'claim', block_id: 'b', value: taskId, action_ts: '1' }],
    };
    return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  };
  const withHeaders = (init: RequestInit, headers: Record<string, string | undefined>): RequestInit => {
    const all = { ...(init.headers as Record<string, string>), ...headers };
    return {
      ...init,
      headers: Object.entries(all).filter((one): one is [string, string] => one[1] !== undefined),
    };
  };

  it.each<{ what: string; path: string; status: number; request: () => RequestInit }>([
    {
      what: 'a press signed with another secret',
      path: '/slack/events',
      status: 401,
      request: () => asSlack(claimBody(), { secret: 'not-the-secret' }),
    },
    {
      what: 'a press without a signature',
      path: '/slack/events',
      status: 401,
      request: () => withHeaders(asSlack(claimBody()), { 'x-slack-signature': undefined }),
    },
    {
      what: 'a press without a timestamp',
      path: '/slack/events',
      status: 401,
      request: () => withHeaders(asSlack(claimBody()), { 'x-slack-request-timestamp': undefined }),
    },
    {
      what: 'a press whose timestamp is no number',
      path: '/slack/events',
      status: 401,
      request: () => withHeaders(asSlack(claimBody()), { 'x-slack-request-timestamp': 'yesterday' }),
    },
    {
      what: 'a press that was signed ten minutes ago',
      path: '/slack/events',
      status: 401,
      request: () => asSlack(claimBody(), { ahead: -600 }),
    },
    {
      what: 'a press from ten minutes in the future',
      path: '/slack/events',
      status: 401,
      request: () => asSlack(claimBody(), { ahead: 600 }),
    },
    {
      what: 'a body that was changed after it was signed',
      path: '/slack/events',
      status: 401,
      request: () => ({ ...asSlack(claimBody()), body: `${claimBody()}&more=1` }),
    },
    {
      what: 'unsigned garbage for Slack',
      path: '/slack/events',
      status: 401,
      request: () => ({ method: 'POST', body: '{{{{' }),
    },
    {
      what: 'garbage with a right signature',
      path: '/slack/events',
      status: 400,
      request: () => asSlack('payload=%7B%7B%7Bnot+json'),
    },
    {
      what: 'five MiB for Slack',
      path: '/slack/events',
      status: 413,
      request: () => asSlack('x'.repeat(5 * MIB)),
    },
    {
      what: 'a delivery signed with another secret',
      path: '/medplum/webhook',
      status: 401,
      request: () => asMedplum('{"resourceType":"Task","id":"1"}', 'another-secret-of-length'),
    },
    {
      what: 'a delivery without a signature',
      path: '/medplum/webhook',
      status: 401,
      request: () => ({ method: 'POST', body: '{"resourceType":"Task","id":"1"}' }),
    },
    {
      what: 'a signed delivery that is no JSON',
      path: '/medplum/webhook',
      status: 400,
      request: () => asMedplum('<html>'),
    },
    {
      what: 'a signed delivery with an id that no server gives',
      path: '/medplum/webhook',
      status: 400,
      request: () => asMedplum(JSON.stringify({ resourceType: 'Task', id: '../../../Patient?x=1' })),
    },
    {
      what: 'a delivery of more than one MiB',
      path: '/medplum/webhook',
      status: 413,
      request: () => asMedplum(JSON.stringify({ resourceType: 'Task', id: '1', note: 'x'.repeat(MIB) })),
    },
    { what: 'an unknown path', path: '/admin', status: 404, request: () => ({ method: 'GET' }) },
    {
      what: 'another method for Slack',
      path: '/slack/events',
      status: 405,
      request: () => ({ method: 'PUT' }),
    },
    { what: 'another method for Medplum', path: '/medplum/webhook', status: 405, request: () => ({}) },
  ])('is answered with $status and nothing of the inside: $what', async ({ path, status, request }) => {
    const before = await clinic.record(taskId);

    const response = await fetch(`${clinic.url}${path}`, request());

    expect(response.status).toBe(status);
    const text = await response.text();
    expect(text.length).toBeLessThan(200);
    expect(text).not.toMatch(/\n\s+at |Error|node_modules|\.[jt]s\b|bolt|Unexpected token/i);
    expect(await clinic.record(taskId)).toEqual(before);
  });

  it('holds nobody up when it breaks off or never ends: the next press works', async () => {
    const endless = await Promise.all([half('/slack/events'), half('/medplum/webhook')]);
    const broken = await Promise.all([half('/slack/events'), half('/medplum/webhook')]);
    for (const socket of broken) socket.destroy();

    await clinic.pressShown('U0ANA', await clinic.card(taskId, 'C0NURSES'), 'claim');

    await eventually(async () =>
      expect(wordsOf(await clinic.card(taskId, 'C0NURSES'))).toContain('✅ *Ana Silva* claimed this'),
    );
    expect((await fetch(`${clinic.url}/healthz`)).status).toBe(200);
    for (const socket of endless) socket.destroy();
  });

  /** Sends the beginning of a request, and waits until the application has accepted it. */
  async function half(path: string): Promise<Socket> {
    const { hostname, port } = new URL(clinic.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n`;
    socket.write(head);
    // The answer to `Expect` tells that the request is being read.
    await new Promise((resolve) => socket.once('data', resolve));
    socket.write('half of it');
    return socket;
  }
});
