import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askRecord } from '../../src/medplum/ask.ts';
import { connect } from '../../src/medplum/client.ts';
import { createMetrics } from '../../src/runtime/metrics/metrics.ts';
import { createWatching, type Watching } from '../../src/runtime/watching.ts';

const NOTHING = { resourceType: 'Bundle', type: 'searchset', entry: [] };
const ME = {
  project: { resourceType: 'Project', id: 'p' },
  membership: { resourceType: 'ProjectMembership', id: 'm' },
  profile: { resourceType: 'ClientApplication', id: 'c' },
  config: {},
};
const TOO_MANY = {
  resourceType: 'OperationOutcome',
  id: 'too-many-requests',
  issue: [{ severity: 'error', code: 'throttled' }],
};
const silent = pino({ level: 'silent' });

describe('a FHIR server whose answers are watched', () => {
  let server: Server;
  let baseUrl: string;
  let asked: string[];
  let takesUs: boolean;
  let throttled: string | undefined;
  let watching: Watching;

  beforeEach(async () => {
    asked = [];
    takesUs = true;
    throttled = undefined;
    watching = createWatching(createMetrics(), silent);
    server = createServer((request, response) => {
      const isLogin = request.url === '/oauth2/token';
      const isMe = request.url === '/auth/me';
      if (!isMe) asked.push(isLogin ? 'login' : 'search');
      const status = takesUs ? (throttled && !isLogin ? 429 : 200) : 401;
      const login = takesUs ? token() : { error: 'invalid_client' };
      const body = isLogin ? login : isMe ? ME : throttled ? TOO_MANY : NOTHING;
      response.writeHead(status, {
        'content-type': 'application/json',
        ...(throttled && { ratelimit: throttled }),
      });
      response.end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const client = (onUnreachable?: (error: unknown) => void) =>
    connect(
      { baseUrl, clientId: 'c', clientSecret: 's' },
      { watch: watching.recordWatch, ...(onUnreachable && { onUnreachable }) },
    );

  it('is well when it answers', async () => {
    await askRecord(await client());

    expect(watching.record.report()).toMatchObject({ state: 'well' });
    expect(asked).toEqual(['login', 'search']);
  });

  it('is named, and hardly asked, while it refuses our credentials', async () => {
    const medplum = await client();
    takesUs = false;
    asked = [];

    for (let task = 0; task < 500; task++) await expect(askRecord(medplum)).rejects.toThrow();

    expect(watching.record.report()).toMatchObject({ state: 'refused', why: 'credentials' });
    expect(asked.length).toBeLessThan(10);
  });

  it('is left alone for as long as it says, which is no outage', async () => {
    const medplum = await client();
    throttled = '"requests";r=59000;t=58, "fhirInteractions";r=0;t=58';

    await expect(askRecord(medplum)).rejects.toMatchObject({ kind: 'throttled' });

    const { state, until } = watching.record.report();
    expect(state).toBe('throttled');
    expect(Date.parse(until ?? '') - Date.now()).toBeGreaterThan(50_000);
  });

  it('is logged in to with the first request where it was away at the start', async () => {
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    let told = 0;
    const medplum = await client(() => told++);
    expect(told).toBe(1);
    await expect(askRecord(medplum)).rejects.toMatchObject({ kind: 'unreachable' });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));

    takesUs = true;
    await askRecord(medplum);

    expect(watching.record.report().state).toBe('well');
  });

  it('is no reason to wait where it refuses our credentials at the start', async () => {
    takesUs = false;

    await expect(client(() => undefined)).rejects.toThrow('did not let us in');
  });
});

function token() {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const claims = { client_id: 'c', login_id: 'l', exp };
  return {
    access_token: `${part({ alg: 'none' })}.${part(claims)}.x`,
    token_type: 'Bearer',
    expires_in: 3600,
    project: { reference: 'Project/p' },
    profile: { reference: 'ClientApplication/c' },
  };
}
