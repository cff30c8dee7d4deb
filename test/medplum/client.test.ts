import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { connect } from '../../src/medplum/client.ts';
import { fakeServer, listening } from '../support/unit-fhir.ts';

describe('logging in', () => {
  it.each([
    ['refuses the secret', 400, 'application/json', '{"error":"invalid_request"}'],
    ['is broken', 500, 'application/json', '{}'],
    ['is no Medplum at all', 200, 'text/html', '<html>'],
  ])('says what to look at where the server %s', async (_what, status, type, body) => {
    const server = createServer((_request, response) => {
      response.writeHead(status, { 'content-type': type }).end(body);
    });
    const baseUrl = await listening(server);

    const login = connect({ baseUrl, clientId: 'c', clientSecret: 'very secret' });

    await expect(login).rejects.toThrow(
      `Medplum at ${baseUrl} did not let us in. Is MEDPLUM_BASE_URL right, and do MEDPLUM_CLIENT_ID and ` +
        'MEDPLUM_CLIENT_SECRET belong to a ClientApplication of the project?',
    );
    await expect(login).rejects.not.toThrow('very secret');
  });

  it('says what to look at where nobody listens', async () => {
    const login = connect({ baseUrl: 'http://127.0.0.1:1/', clientId: 'c', clientSecret: 's' });

    await expect(login).rejects.toThrow('Is MEDPLUM_BASE_URL right');
  });

  it('happens again by itself when the token is not good any more', async () => {
    let refused = false;
    const { client, asked } = await fakeServer(() => {
      if (refused) return { body: { resourceType: 'Bundle', type: 'searchset' } };
      refused = true;
      return { status: 401, body: { resourceType: 'OperationOutcome', id: 'unauthorized', issue: [] } };
    });

    const bundle = await client.search('Task', '_id=1');

    expect(bundle.resourceType).toBe('Bundle');
    expect(asked).toHaveLength(2);
  });
});
