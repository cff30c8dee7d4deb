import nock from 'nock';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { createAuthentication } from '../../../adapters/teams/auth.ts';
import { teams } from '../../../adapters/teams/index.ts';
import { settings } from '../../../adapters/teams/settings.ts';
import { MapMemory } from '../../support/contract-app.ts';
import { ScriptedDesk } from '../../support/contract-desk.ts';
import { CREATE, NURSES, SMBA, TENANT } from '../../support/teams-connector.ts';
import { silentConsole } from '../../support/teams-console.ts';
import { plainCard } from '../../support/unit-cards.ts';
import { chatErrorOf, closedNetwork } from '../../support/unit-slack.ts';

closedNetwork();
silentConsole();

const LOGIN = 'https://login.microsoftonline.com';

/** A bot of its own for each test: the library keeps tokens for the whole process. */
function production(more: Record<string, string> = {}) {
  return settings.parse({
    TEAMS_APP_ID: crypto.randomUUID(),
    TEAMS_APP_PASSWORD: 'a password',
    TEAMS_TENANT_IDS: TENANT,
    ...more,
  });
}

/** Expects one request for a token at this tenant, and gives what was asked with. */
function expectToken(tenant: string, status = 200): Promise<URLSearchParams> {
  const { promise, resolve } = Promise.withResolvers<URLSearchParams>();
  const metadata = {
    token_endpoint: `${LOGIN}/${tenant}/oauth2/v2.0/token`,
    authorization_endpoint: `${LOGIN}/${tenant}/oauth2/v2.0/authorize`,
    end_session_endpoint: `${LOGIN}/${tenant}/oauth2/v2.0/logout`,
    jwks_uri: `${LOGIN}/${tenant}/discovery/v2.0/keys`,
    issuer: `${LOGIN}/${tenant}/v2.0`,
  };
  nock(LOGIN)
    .get(/openid-configuration/)
    .optionally()
    .reply(200, metadata);
  nock(LOGIN)
    .get(/discovery\/instance/)
    .query(true)
    .optionally()
    .reply(200, { metadata: [] });
  nock(LOGIN)
    .post(`/${tenant}/oauth2/v2.0/token`)
    .query(true)
    .reply(async (request: Request) => {
      resolve(new URLSearchParams(await request.text()));
      const given = {
        token_type: 'Bearer',
        expires_in: 3600,
        ext_expires_in: 3600,
        access_token: 'from-microsoft',
      };
      return status === 200
        ? [200, given]
        : [status, { error: 'invalid_client', error_description: 'AADSTS7000215' }];
    });
  return promise;
}

describe('the token that we send with', () => {
  it('is asked of our own tenant, for Teams’ connector and nothing else', async () => {
    const chosen = production();
    const asked = expectToken(TENANT);

    const token = await createAuthentication(chosen).token();

    const form = await asked;
    expect(token).toBe('from-microsoft');
    expect(form.get('client_id')).toBe(chosen.TEAMS_APP_ID);
    expect(form.get('client_secret')).toBe('a password');
    expect(form.get('grant_type')).toBe('client_credentials');
    expect(form.get('scope')).toContain('https://api.botframework.com/.default');
  });

  it('is asked of the first tenant where several are served', async () => {
    const asked = expectToken(TENANT);

    await createAuthentication(production({ TEAMS_TENANT_IDS: `${TENANT},${crypto.randomUUID()}` })).token();

    expect((await asked).get('grant_type')).toBe('client_credentials');
  });

  it('is asked of Bot Framework’s tenant for a bot that was made for several', async () => {
    const asked = expectToken('botframework.com');

    const token = await createAuthentication(production({ TEAMS_APP_TYPE: 'MultiTenant' })).token();

    expect(token).toBe('from-microsoft');
    expect((await asked).get('scope')).toContain('https://api.botframework.com/.default');
  });

  it('is asked for once, and kept until it runs out', async () => {
    expectToken(TENANT);
    const { token } = createAuthentication(production());

    const first = await token();

    expect(await token()).toBe(first);
  });
});

describe('with Microsoft’s own addresses', () => {
  const log = pino({ level: 'silent' });

  it('does not start with a password that is not taken, and says what to look at', async () => {
    expectToken(TENANT, 401);

    const starting = teams.create(production(), log, new MapMemory()).start(new ScriptedDesk());

    await expect(starting).rejects.toThrow(
      'Are TEAMS_APP_ID, TEAMS_APP_PASSWORD and TEAMS_TENANT_IDS right?',
    );
  });

  it('posts to Teams with that token', async () => {
    expectToken(TENANT);
    const sent = Promise.withResolvers<string | null>();
    nock(SMBA)
      .post(CREATE)
      .reply(async (request: Request) => {
        sent.resolve(request.headers.get('authorization'));
        return [429, ''];
      });
    const platform = teams.create(production(), log, new MapMemory());

    await chatErrorOf(platform.post(NURSES, plainCard(), { task: 'a1', card: 'c1' }));

    expect(await sent.promise).toBe('Bearer from-microsoft');
  });

  it.each([
    'https://evil-trafficmanager.net/',
    'https://smba.trafficmanager.net.evil.org/',
    'http://smba.trafficmanager.net/',
    'http://127.0.0.1:4000/',
  ])('sends nothing to a channel that was learned at %s', async (serviceUrl) => {
    const memory = new MapMemory();
    await memory.set(`channel:${NURSES.id}`, JSON.stringify({ serviceUrl, tenant: TENANT }));
    const platform = teams.create(production(), log, memory);

    const error = await chatErrorOf(platform.post(NURSES, plainCard(), { task: 'a1', card: 'c1' }));

    expect(error.kind).toBe('forbidden');
  });
});
