import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import nock from 'nock';
import { describe, expect, it, onTestFinished } from 'vitest';
import { toChatError } from '../../../adapters/slack/errors.ts';
import type { ChatErrorKind } from '../../../src/index.ts';
import { plainCard } from '../../support/unit-cards.ts';
import { chatErrorOf, closedNetwork, SLACK, slackApi } from '../../support/unit-slack.ts';

closedNetwork();

const KEY = { task: 'a1', card: 'c1' };
const SECRET = 'Nadia Brown';
const CARD = plainCard({ lines: [[SECRET]] });
const CHANNEL = { platform: 'slack', kind: 'channel', id: 'C1' } as const;

const ok = (error: string) => ({ ok: false, error });
const PAGE = `<html>Too many requests: 429, rate limit. ${SECRET}</html>`;

interface Row {
  readonly answer: string;
  readonly status: number;
  readonly body?: string | object;
  readonly headers?: Record<string, string>;
  readonly post: ChatErrorKind;
  readonly update: ChatErrorKind;
  readonly waitMs?: number;
}

const ROWS: readonly Row[] = [
  {
    answer: '429 with Retry-After',
    status: 429,
    headers: { 'retry-after': '7' },
    post: 'rate-limited',
    update: 'rate-limited',
    waitMs: 7000,
  },
  { answer: '429 without Retry-After', status: 429, post: 'rate-limited', update: 'rate-limited' },
  { answer: '500', status: 500, body: PAGE, post: 'in-doubt', update: 'unreachable' },
  { answer: '503', status: 503, body: PAGE, post: 'in-doubt', update: 'unreachable' },
  { answer: '404', status: 404, body: PAGE, post: 'in-doubt', update: 'unreachable' },
  {
    answer: '302',
    status: 302,
    headers: { location: 'https://proxy.example/login' },
    post: 'in-doubt',
    update: 'unreachable',
  },
  { answer: '200 with a page', status: 200, body: PAGE, post: 'in-doubt', update: 'unreachable' },
  {
    answer: '200 with half an answer',
    status: 200,
    body: `{"ok":true,"message":{"text":"${SECRET}`,
    post: 'in-doubt',
    update: 'unreachable',
  },
  {
    answer: 'ratelimited',
    status: 200,
    body: ok('ratelimited'),
    post: 'rate-limited',
    update: 'rate-limited',
  },
  ...['internal_error', 'fatal_error', 'request_timeout', 'service_unavailable'].map(
    (code): Row => ({ answer: code, status: 200, body: ok(code), post: 'in-doubt', update: 'unreachable' }),
  ),
  ...[
    'invalid_auth',
    'account_inactive',
    'token_revoked',
    'missing_scope',
    'not_in_channel',
    'channel_not_found',
    'is_archived',
    'restricted_action',
  ].map(
    (code): Row => ({ answer: code, status: 200, body: ok(code), post: 'forbidden', update: 'forbidden' }),
  ),
  ...['message_not_found', 'cant_update_message'].map(
    (code): Row => ({ answer: code, status: 200, body: ok(code), post: 'gone', update: 'gone' }),
  ),
  ...['invalid_blocks', 'msg_too_long', 'a_code_of_tomorrow'].map(
    (code): Row => ({ answer: code, status: 200, body: ok(code), post: 'invalid', update: 'invalid' }),
  ),
];

function expectNoContent(error: Error): void {
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(SECRET);
  expect(JSON.stringify(error)).not.toContain(SECRET);
}

describe('what Slack answers', () => {
  it.each(ROWS)('to a post with $answer is $post', async ({ status, body, headers, post, waitMs }) => {
    nock(SLACK)
      .post('/api/chat.postMessage')
      .reply(status, body ?? '', headers);

    const error = await chatErrorOf(slackApi().api.post(CHANNEL, CARD, KEY));

    expect(error.kind).toBe(post);
    expect(error.retryAfterMs).toBe(waitMs);
    expect(error.message).toBe(`${post} while posting a card`);
    expectNoContent(error);
  });

  it.each(ROWS)(
    'to a redrawing with $answer is $update',
    async ({ status, body, headers, update, waitMs }) => {
      nock(SLACK)
        .post('/api/chat.update')
        .reply(status, body ?? '', headers);

      const error = await chatErrorOf(slackApi().api.update('C1/1.1', CARD, 'v1'));

      expect(error.kind).toBe(update);
      expect(error.retryAfterMs).toBe(waitMs);
      expectNoContent(error);
    },
  );

  it.each([
    ['post', 'chat.postMessage', 'in-doubt'],
    ['update', 'chat.update', 'unreachable'],
  ] as const)('is unknown to a %s whose connection was reset', async (what, method, kind) => {
    const reset = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    nock(SLACK).post(`/api/${method}`).replyWithError(reset);
    const { api } = slackApi();

    const error = await chatErrorOf(
      what === 'post' ? api.post(CHANNEL, CARD, KEY) : api.update('C1/1.1', CARD, 'v1'),
    );

    expect(error.kind).toBe(kind);
    expectNoContent(error);
  });
});

/** A Slack on this machine that answers as it is told, and counts. */
async function loopback(answer: (response: ServerResponse) => void) {
  let calls = 0;
  const server = createServer((request, response) => {
    calls++;
    request.resume().on('end', () => answer(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const slackApiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
  return { api: slackApi({ slackApiUrl, timeout: 150 }).api, calls: () => calls };
}

const HALF = `{"ok":true,"channel":"C1","ts":"1.1","message":{"text":"${SECRET}`;

describe('a connection that fails in the middle', () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ['before any answer', (response) => response.destroy()],
    [
      'in the middle of the body',
      (response) => {
        response.writeHead(200, { 'content-length': '500' });
        response.write(HALF, () => response.destroy());
      },
    ],
    ['by never ending the body', (response) => void response.writeHead(200).write(HALF)],
    ['by never answering', () => undefined],
  ])('%s leaves a post in doubt, and is not tried again', async (_when, answer) => {
    const { api, calls } = await loopback(answer);

    const post = await chatErrorOf(api.post(CHANNEL, CARD, KEY));
    const update = await chatErrorOf(api.update('C1/1.1', CARD, 'v1'));

    expect([post.kind, update.kind, calls()]).toEqual(['in-doubt', 'unreachable', 2]);
    expectNoContent(post);
    expectNoContent(update);
  });
});

describe('an error that is no answer', () => {
  it('stays what it is when it has been understood already', async () => {
    const known = toChatError(new TypeError('x'), 'posting', false);

    expect(toChatError(known, 'something else', true)).toBe(known);
  });

  it.each(['connect ECONNREFUSED 127.0.0.1:4290', 'rate limit', 'a page about Retry-After'])(
    'is no request for patience because of its words: %s',
    (words) => {
      expect(toChatError(new Error(words), 'posting', true).kind).toBe('in-doubt');
    },
  );
});

describe('what is wrong with our token', () => {
  it.each([
    ['token_expired', 'expired'],
    ['token_revoked', 'revoked'],
    ['account_inactive', 'revoked'],
    ['invalid_auth', 'invalid'],
    ['not_authed', 'invalid'],
    ['not_in_channel', undefined],
    ['missing_scope', undefined],
    ['channel_not_found', undefined],
  ])('%s: %s', async (code, token) => {
    nock(SLACK).post('/api/chat.postMessage').reply(200, ok(code));

    const error = await chatErrorOf(slackApi().api.post(CHANNEL, CARD, KEY));

    expect(error).toMatchObject({ kind: 'forbidden', token });
  });
});
