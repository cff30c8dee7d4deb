import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { teams } from '../../../adapters/teams/index.ts';
import { OTHER_TENANT_ID, SANDBOX_APP, type TokenVariation } from '../../../sandbox/teams/index.ts';
import { type App, openApp } from '../../support/contract-app.ts';
import { ANA } from '../../support/contract-driver.ts';
import { eventually } from '../../support/flow-wait.ts';
import { silentConsole } from '../../support/teams-console.ts';

/** Every token that a delivery can carry, and how it is answered. */
const TOKENS: Readonly<Record<TokenVariation, 200 | 401>> = {
  valid: 200,
  'wrong-audience': 401,
  'no-audience': 401,
  'wrong-issuer': 401,
  'no-issuer': 401,
  expired: 401,
  // Clocks may differ by five minutes.
  'expired-within-skew': 200,
  'no-expiry': 200,
  'not-yet-valid': 401,
  'alg-none': 401,
  'hs256-public-key': 401,
  'bad-signature': 401,
  'changed-payload': 401,
  'unknown-kid': 401,
  'no-kid': 401,
  'other-channel-key': 401,
  // A key that names no channel is good for every channel.
  'unendorsed-key': 200,
  'no-service-url': 401,
  'other-service-url': 401,
  'service-url-slash': 401,
  // Whoever holds the app's secret can have such a token: it is worth as much as the secret.
  'own-app': 200,
  'other-app': 401,
};

const OUR_WORDS = /^(The token is not valid\.|This tenant is not served here\.)\n$/;

silentConsole();

let app: App;

beforeAll(async () => {
  app = await openApp(teams);
});
afterAll(() => app.close());

beforeEach(() => {
  app.desk.said.length = 0;
  app.desk.requests.length = 0;
});

type Activity = Record<string, unknown>;

/** What Ana's client sends for a message in her chat with the bot. */
function draft(): Activity {
  return { ...app.sandbox.teams.draft(ANA, 'tasks') };
}

/** Sends it as Teams does, and gives the answer; the desk is never reached by what is refused. */
async function deliver(activity: Activity, authorization?: string | null) {
  const { status, body } = await app.sandbox.teams.deliver(activity, authorization);
  if (status === 200) return status;
  expect(body).toMatch(OUR_WORDS);
  expect(app.desk.wasReached).toBe(false);
  return status;
}

describe('the token of an activity', () => {
  it.each(Object.entries(TOKENS))('that is “%s” is answered %i', async (variation, expected) => {
    const token = app.sandbox.teams.mint(variation as TokenVariation);

    const status = await deliver(draft(), `Bearer ${token}`);

    expect(status).toBe(expected);
    if (expected === 200) await eventually(() => expect(app.desk.said).toHaveLength(1));
  });

  it.each([
    ['none', () => null],
    ['an empty one', () => ''],
    ['no token in it', () => 'Bearer'],
    ['garbage', () => 'Bearer garbage'],
    ['three parts of garbage', () => 'Bearer a.b.c'],
    ['three parts that look like JSON', () => `Bearer ${btoa('{"alg":"RS256"}')}.${btoa('{}')}.x`],
    ['another scheme', () => `Basic ${btoa('user:password')}`],
    ['a good token and more behind it', () => `Bearer ${app.sandbox.teams.mint()} more`],
    ['a good token under another scheme', () => `Token ${app.sandbox.teams.mint()}`],
    ['one of many kilobytes', () => `Bearer ${'a'.repeat(8_000)}`],
  ])('is missed where the header is %s', async (_what, header) => {
    expect(await deliver(draft(), header())).toBe(401);
  });

  it('is refused alike for an invoke, which would be answered at once', async () => {
    const value = { action: { verb: 'claim', data: { task: 'a1' } } };
    const invoke = { ...draft(), type: 'invoke', name: 'adaptiveCard/action', value };

    const status = await deliver(invoke, `Bearer ${app.sandbox.teams.mint('bad-signature')}`);

    expect(status).toBe(401);
  });

  it('never becomes an error of the server, whatever it is', async () => {
    const token = fc.oneof(
      fc.stringMatching(/^[A-Za-z0-9_.-]{0,200}$/),
      fc
        .tuple(fc.json(), fc.json())
        .map((parts) => `${parts.map((one) => Buffer.from(one).toString('base64url')).join('.')}.eA`),
    );
    await fc.assert(
      fc.asyncProperty(token, async (any) => {
        expect(await deliver(draft(), `Bearer ${any}`)).toBe(401);
      }),
      { numRuns: 40 },
    );
  });
});

describe('an activity with a good token', () => {
  const good = () => `Bearer ${app.sandbox.teams.mint()}`;

  it.each<[string, Activity]>([
    ['no channel', { channelId: undefined }],
    ['an empty channel', { channelId: '' }],
    ['another channel', { channelId: 'webchat' }],
    ['a channel that is a number', { channelId: 1 }],
    ['no service URL', { serviceUrl: undefined }],
    ['an empty service URL', { serviceUrl: '' }],
    ['a service URL that is null', { serviceUrl: null }],
    ['a service URL that is an object', { serviceUrl: {} }],
  ])('is answered 401 where it has %s', async (_what, more) => {
    expect(await deliver({ ...draft(), ...more }, good())).toBe(401);
  });

  it('is answered 401 where another channel signed for itself', async () => {
    const token = app.sandbox.teams.mint('other-channel-key');

    expect(await deliver({ ...draft(), channelId: 'webchat' }, `Bearer ${token}`)).toBe(401);
  });

  const conversation = (tenantId: unknown) => ({
    conversation: { id: 'a:1', conversationType: 'personal', tenantId },
  });
  const channelData = (id: unknown) => ({ channelData: { tenant: { id } } });
  const ours = SANDBOX_APP.tenantId;

  it.each<[string, Activity]>([
    ['both name another', { ...conversation(OTHER_TENANT_ID), ...channelData(OTHER_TENANT_ID) }],
    ['the conversation names another', { ...conversation(OTHER_TENANT_ID), ...channelData(ours) }],
    ['Teams’ data name another', { ...conversation(ours), ...channelData(OTHER_TENANT_ID) }],
    ['nothing names any', { ...conversation(undefined), channelData: {} }],
    ['it is empty', { ...conversation(''), ...channelData('') }],
    ['it is no text', { ...conversation(7), ...channelData({}) }],
    ['it begins like ours', { ...conversation(`${ours}0`), ...channelData(ours) }],
  ])('is answered 403 by tenant: %s', async (_what, more) => {
    expect(await deliver({ ...draft(), ...more }, good())).toBe(403);
  });

  it('is taken where the tenant is written in capitals', async () => {
    expect(await deliver({ ...draft(), ...conversation(ours.toUpperCase()) }, good())).toBe(200);
  });

  it('never becomes an error of the server, whatever is missing in it or of the wrong kind', async () => {
    const keys = [
      'id',
      'from',
      'recipient',
      'conversation',
      'channelData',
      'entities',
      'text',
      'value',
      'name',
    ];
    const wrong = fc.oneof(
      fc.constant(undefined),
      fc.constant(null),
      fc.constant(''),
      fc.integer(),
      fc.jsonValue(),
    );
    const spoiled = fc.record({
      type: fc.constantFrom(
        'message',
        'invoke',
        'conversationUpdate',
        'installationUpdate',
        'typing',
        'event',
      ),
      more: fc.dictionary(fc.constantFrom(...keys), wrong, { minKeys: 1, maxKeys: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(spoiled, async ({ type, more }) => {
        const { status } = await app.sandbox.teams.deliver({ ...draft(), type, ...more }, good());

        expect([200, 401, 403]).toContain(status);
      }),
      { numRuns: 150 },
    );
  });
});
