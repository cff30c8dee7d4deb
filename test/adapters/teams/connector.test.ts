import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import nock from 'nock';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createConnector } from '../../../adapters/teams/connector.ts';
import { ConnectorError, toChatError } from '../../../adapters/teams/errors.ts';
import type { ChatErrorKind } from '../../../src/index.ts';
import { CREATE, DRAW, NURSES, REF, SMBA, teamsApi } from '../../support/teams-connector.ts';
import { plainCard } from '../../support/unit-cards.ts';
import { chatErrorOf, closedNetwork } from '../../support/unit-slack.ts';

// Every request that is expected happens once, and no other does.
closedNetwork();

const KEY = { task: 'a1', card: 'c1' };
const SECRET = 'Nadia Brown';
const CARD = plainCard({ lines: [[SECRET]] });
const PAGE = `<html>Service unavailable. ${SECRET}</html>`;

const refusal = (code: string) => ({ error: { code, message: `${code}: ${SECRET}` } });

interface Row {
  readonly status: number;
  readonly body?: string | object;
  readonly headers?: Record<string, string>;
  readonly post: ChatErrorKind;
  readonly update: ChatErrorKind;
  readonly waitMs?: [least: number, most: number];
}

const later = { post: 'rate-limited', update: 'rate-limited' } as const;
const unsure = { post: 'in-doubt', update: 'unreachable' } as const;
const never = { post: 'forbidden', update: 'forbidden' } as const;
const wrong = { post: 'invalid', update: 'invalid' } as const;

// https://learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability#status-codes-from-bot-conversational-apis
const ROWS: readonly Row[] = [
  { status: 429, headers: { 'retry-after': '7' }, ...later, waitMs: [7000, 7000] },
  { status: 429, body: refusal('TooManyRequests'), ...later, waitMs: [2000, 4000] },
  {
    status: 429,
    headers: { 'retry-after': 'Mon, 23 Nov 2026 08:00:00 GMT' },
    ...later,
    waitMs: [2000, 4000],
  },
  { status: 412, body: refusal('PreconditionFailed'), ...later, waitMs: [2000, 4000] },
  { status: 500, body: refusal('ServiceError'), ...unsure },
  { status: 502, body: PAGE, ...unsure },
  { status: 503, body: PAGE, ...unsure },
  { status: 504, body: '', ...unsure },
  { status: 200, body: PAGE, ...unsure },
  { status: 200, body: `{"id":"${SECRET}`, ...unsure },
  { status: 302, headers: { location: 'https://proxy.example/login' }, ...unsure },
  { status: 307, headers: { location: `${SMBA}/elsewhere` }, ...unsure },
  { status: 403, body: refusal('BotNotInConversationRoster'), ...never },
  { status: 403, body: refusal('BotDisabledByAdmin'), ...never },
  { status: 403, body: refusal('ConversationBlockedByUser'), ...never },
  { status: 403, body: PAGE, ...never },
  { status: 401, body: refusal('Unauthorized'), ...never },
  { status: 404, body: refusal('ConversationNotFound'), post: 'gone', update: 'gone' },
  { status: 404, body: refusal('ActivityNotFoundInConversation'), post: 'gone', update: 'gone' },
  { status: 400, body: refusal('BadArgument'), ...wrong },
  { status: 413, body: refusal('MessageSizeTooBig'), ...wrong },
];

function expectNoContent(error: Error): void {
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(SECRET);
  expect(JSON.stringify(error)).not.toContain(SECRET);
}

function expectWait(waitMs: number | undefined, row: Row): void {
  const [least, most] = row.waitMs ?? [];
  expect(waitMs === undefined).toBe(least === undefined);
  expect(waitMs ?? 0).toBeGreaterThanOrEqual(least ?? 0);
  expect(waitMs ?? 0).toBeLessThanOrEqual(most ?? 0);
}

describe('what Teams answers', () => {
  it.each(ROWS)('to a post with $status $headers is $post', async (row) => {
    nock(SMBA)
      .post(CREATE)
      .reply(row.status, row.body ?? '', row.headers);

    const error = await chatErrorOf(teamsApi().api.post(NURSES, CARD, KEY, () => undefined));

    expect(error.kind).toBe(row.post);
    expect(error.message).toBe(`${row.post} while posting to a channel`);
    expectWait(error.retryAfterMs, row);
    expectNoContent(error);
  });

  it.each(ROWS)('to an update with $status $headers is $update', async (row) => {
    nock(SMBA)
      .put(DRAW)
      .reply(row.status, row.body ?? '', row.headers);

    const error = await chatErrorOf(teamsApi().api.update(REF, CARD, () => undefined));

    expect(error.kind).toBe(row.update);
    expectWait(error.retryAfterMs, row);
    expectNoContent(error);
  });

  it.each(ROWS)(
    'to the drawing of a new card with $status $headers leaves the post in doubt',
    async (row) => {
      nock(SMBA)
        .post(CREATE)
        .reply(201, { id: `${NURSES.id};messageid=1`, activityId: '1' });
      nock(SMBA)
        .put(DRAW.replace('/emea/', '/teams/'))
        .reply(row.status, row.body ?? '', row.headers);
      const { api } = teamsApi();

      const error = await chatErrorOf(api.post(NURSES, CARD, KEY, () => undefined));

      expect(error.kind).toBe('in-doubt');
      expect(await api.find(KEY)).toBe(REF.replace('/emea/', '/teams/'));
      expectNoContent(error);
    },
  );

  it.each([{}, { id: `${NURSES.id};messageid=1` }, { activityId: '1' }])(
    'to a post without saying which message it became leaves it in doubt: %j',
    async (answer) => {
      nock(SMBA).post(CREATE).reply(201, answer);
      const { api } = teamsApi();

      const error = await chatErrorOf(api.post(NURSES, CARD, KEY, () => undefined));

      expect(error.kind).toBe('in-doubt');
      expect(await api.find(KEY)).toBeUndefined();
    },
  );

  it('is waited out for different times by those who were turned away together', () => {
    const errors = Array.from({ length: 20 }, () =>
      toChatError(new ConnectorError(429, 'TooManyRequests', undefined), 'posting', true),
    );

    expect(new Set(errors.map(({ retryAfterMs }) => retryAfterMs)).size).toBeGreaterThan(10);
  });
});

/** A server on this machine that answers as it is told, and counts. */
async function loopback(answer: (response: ServerResponse) => void) {
  const seen = { calls: 0 };
  const server = createServer((_request, response) => {
    seen.calls++;
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

describe('a call of the connector', () => {
  const connector = createConnector(
    async () => 'a-token',
    () => true,
  );

  it.each<[string, (response: ServerResponse) => void]>([
    ['is cut off', (response) => response.destroy()],
    [
      'is answered by half',
      (response) => response.writeHead(200, { 'content-length': 100 }).write('{', () => response.destroy()),
    ],
    ['fails', (response) => response.writeHead(503).end()],
    ['is sent elsewhere', (response) => response.writeHead(307, { location: '/elsewhere' }).end()],
    ['is told to wait', (response) => response.writeHead(429, { 'retry-after': '0' }).end()],
  ])('is made once, even where it %s', async (_what, answer) => {
    const { url, seen } = await loopback(answer);

    await expect(connector.call('POST', url, 'conversations', { x: 1 })).rejects.toThrow();

    expect(seen.calls).toBe(1);
  });

  it.each(['https://smba.trafficmanager.net/teams', 'https://smba.trafficmanager.net/teams/'])(
    'carries the token, as JSON, with or without a slash at the end of %s',
    async (serviceUrl) => {
      const { promise, resolve } = Promise.withResolvers<Request>();
      nock(SMBA)
        .post(CREATE)
        .reply(async (request: Request) => {
          resolve(request.clone());
          return [201, { id: 'x' }];
        });

      const answer = await connector.call('POST', serviceUrl, 'conversations', { isGroup: true });

      const request = await promise;
      expect(answer).toEqual({ id: 'x' });
      expect(request.headers.get('authorization')).toBe('Bearer a-token');
      expect(request.headers.get('content-type')).toContain('application/json');
      expect(await request.json()).toEqual({ isGroup: true });
    },
  );

  it('is answered with nothing where there is nothing to say', async () => {
    nock(SMBA).put(DRAW).reply(200, '');

    await expect(teamsApi().api.update(REF, CARD, () => undefined)).resolves.toBeUndefined();
  });

  it.each([
    'http://smba.trafficmanager.net/teams/',
    'https://evil-trafficmanager.net/teams/',
    'https://smba.trafficmanager.net.evil.org/',
    'https://evil.trafficmanager.net/',
    'http://127.0.0.1:4000/',
  ])(
    'is not made where the address is not Microsoft’s, and nobody is asked for a token: %s',
    async (serviceUrl) => {
      const { api, tokens } = teamsApi(serviceUrl);

      const error = await chatErrorOf(api.post(NURSES, CARD, KEY, () => undefined));

      expect(error.kind).toBe('forbidden');
      expect(tokens.asked).toBe(0);
    },
  );
});
