import { MedplumClient } from '@medplum/core';

export interface MedplumSettings {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** How long one request may take before it counts as lost. */
const TIMEOUT_MS = 10_000;

/**
 * A client that is logged in as the service, and logs in again by itself. Its own retries are off: they repeat writes
 * whose answer was lost, and ours know what to check first.
 *
 * Throws where the server is not reachable or refuses the credentials.
 */
export async function connect(settings: MedplumSettings): Promise<MedplumClient> {
  const client = new MedplumClient({
    baseUrl: settings.baseUrl,
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    maxRetries: 0,
    cacheTime: 0,
    fetch: async (url: string, options?: RequestInit) =>
      jsonOnly(await fetch(url, { ...options, signal: options?.signal ?? AbortSignal.timeout(TIMEOUT_MS) })),
  });
  try {
    await client.startClientLogin(settings.clientId, settings.clientSecret);
  } catch (cause) {
    throw new Error(
      `Medplum at ${settings.baseUrl} did not let us in. Is MEDPLUM_BASE_URL right, and do MEDPLUM_CLIENT_ID and ` +
        'MEDPLUM_CLIENT_SECRET belong to a ClientApplication of the project?',
      { cause },
    );
  }
  return client;
}

/**
 * The client would take a proxy's page for the resource that it asked for, and a gateway's 502 for a refusal. Either
 * only says that nobody knows what the server did, so it is an error here, as a lost connection is.
 */
async function jsonOnly(response: Response): Promise<Response> {
  const { status, headers } = response;
  const isEmpty = status === 204 || status === 304;
  if (status >= 500 || !(isEmpty || headers.get('content-type')?.includes('json'))) {
    await response.body?.cancel();
    throw new Error(`an answer ${status} that does not say what was done`);
  }
  return Object.assign(response, { json: async () => parse(await response.text()) });
}

/** The client prints what it could not parse, and that may be about a patient: the fault must not quote it. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('an answer that is not JSON');
  }
}
