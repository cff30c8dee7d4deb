import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { teams } from '../../../adapters/teams/index.ts';
import { OTHER_TENANT_ID, SANDBOX_APP } from '../../../sandbox/teams/index.ts';
import { type App, type AppOptions, openApp } from '../../support/contract-app.ts';
import { ANA } from '../../support/contract-driver.ts';
import { eventually } from '../../support/flow-wait.ts';
import { silentConsole } from '../../support/teams-console.ts';

silentConsole();

const OUR_WORDS = /^(Not an activity\.|At most 1 MiB\.|Not found\.|Method not allowed\.)\n$/;

let app: App;

beforeAll(async () => {
  app = await openApp(teams);
});
afterAll(() => app.close());

const draft = (to: App = app) => to.sandbox.teams.draft(ANA, 'tasks');

async function send(body: BodyInit | undefined, more: RequestInit = {}, path = '/teams/messages') {
  const authorization = `Bearer ${app.sandbox.teams.mint()}`;
  const response = await fetch(`${app.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    ...(body !== undefined && { body }),
    ...more,
  });
  expect(await response.text()).toMatch(OUR_WORDS);
  expect(app.desk.wasReached).toBe(false);
  return response.status;
}

describe('a request that is no activity', () => {
  it.each([
    '',
    'garbage',
    '{',
    '[]',
    '[{"type":"message"}]',
    'null',
    '1',
    '"message"',
    '{}',
    '{"type":""}',
    '{"type":1}',
  ])('is answered 400: %j', async (body) => {
    expect(await send(body)).toBe(400);
  });

  it('is answered 413 where it is larger than 1 MiB, whether or not it says so', async () => {
    const large = JSON.stringify({ ...draft(), text: 'x'.repeat(1024 * 1024) });
    const stream = () => new Blob([large]).stream();

    expect(await send(large)).toBe(413);
    expect(await send(stream(), { duplex: 'half' } as RequestInit)).toBe(413);
  });

  it('is answered 405 with another method and 404 at another path', async () => {
    expect(await send(undefined, { method: 'GET' })).toBe(405);
    expect(await send('{}', { method: 'PUT' })).toBe(405);
    expect(await send('{}', {}, '/teams/messages/more')).toBe(404);
  });
});

/** Another adapter, for one test. */
async function open(options: AppOptions): Promise<App> {
  const other = await openApp(teams, options);
  onTestFinished(() => other.close());
  return other;
}

/** A server on this machine that answers every request like this; gives its address. */
async function serverThat(status: number, body: string): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe('Microsoft’s keys', () => {
  it.each([
    ['fail', () => serverThat(503, 'Service unavailable')],
    ['are a proxy’s page', () => serverThat(200, '<html>Sign in</html>')],
    ['name no address', () => serverThat(200, '{}')],
    ['are an empty answer', () => serverThat(200, '')],
    ['are not to be reached', async () => 'http://127.0.0.1:1/'],
  ])('let nobody in while they %s', async (_what, address) => {
    const other = await open({ env: { TEAMS_OPENID_METADATA_URL: await address() } });

    const { status, body } = await other.sandbox.teams.deliver(draft(other));

    expect([401, 503]).toContain(status);
    expect(body).toMatch(/^(The token is not valid|Not just now)\.\n$/);
    expect(other.desk.wasReached).toBe(false);
  });
});

describe('before the application is ready', () => {
  it('asks Teams to come back', async () => {
    const other = await open({ start: false });

    const { status } = await other.sandbox.teams.deliver(draft(other));

    expect(status).toBe(503);
  });

  it('does not start with a password that Microsoft does not take, and says what to look at', async () => {
    const other = await open({ start: false, env: { TEAMS_APP_PASSWORD: 'wrong' } });

    const starting = other.platform.start(other.desk);

    await expect(starting).rejects.toThrow(
      'Are TEAMS_APP_ID, TEAMS_APP_PASSWORD and TEAMS_TENANT_IDS right?',
    );
  });
});

describe('an address that lets anybody in', () => {
  const OPEN = { TEAMS_AUTH: 'none', TEAMS_OPENID_METADATA_URL: '' };

  it('takes activities without any token', async () => {
    const other = await open({ env: OPEN });

    const { status } = await other.sandbox.teams.deliver(draft(other), null);

    expect(status).toBe(200);
    await eventually(() => expect(other.desk.said).toHaveLength(1));
  });

  it('serves no other tenant all the same', async () => {
    const other = await open({ env: OPEN });
    const activity = { ...draft(other), channelData: { tenant: { id: OTHER_TENANT_ID } } };

    const { status } = await other.sandbox.teams.deliver(activity, null);

    expect(status).toBe(403);
    expect(other.desk.wasReached).toBe(false);
  });
});

describe('several tenants', () => {
  it('are served where the configuration names them', async () => {
    const other = await open({
      env: { TEAMS_TENANT_IDS: `${SANDBOX_APP.tenantId}, ${OTHER_TENANT_ID.toUpperCase()}` },
    });
    const conversation = { id: 'a:1', conversationType: 'personal', tenantId: OTHER_TENANT_ID };
    const activity = { ...draft(other), conversation, channelData: { tenant: { id: OTHER_TENANT_ID } } };

    const { status } = await other.sandbox.teams.deliver(activity);

    expect(status).toBe(200);
    await eventually(() => expect(other.desk.said[0]?.by.tenant).toBe(OTHER_TENANT_ID));
  });
});
