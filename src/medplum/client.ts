import { MedplumClient } from '@medplum/core';
import {
  type Operation,
  operationOf,
  type RecordCall,
  type RecordWatch,
  throttledFor,
  unitsOf,
} from './calls.ts';
import { createReserve, type Reserve } from './reserve.ts';

export interface MedplumSettings {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** How long one request may take before it counts as lost. */
const TIMEOUT_MS = 10_000;

export interface ConnectOptions {
  readonly watch?: RecordWatch;
  /** Told, instead of thrown, where the server cannot be reached now: the client logs in with its first request then. */
  readonly onUnreachable?: (error: unknown) => void;
}

/**
 * A client that is logged in as the service, and logs in again by itself. Its own retries are off: they repeat writes
 * whose answer was lost, and ours know what to check first.
 *
 * Throws where the server is not reachable or refuses the credentials.
 */
export async function connect(
  settings: MedplumSettings,
  { watch, onUnreachable }: ConnectOptions = {},
): Promise<MedplumClient> {
  let isRefused = false;
  const watching: RecordWatch = {
    takeTurn: () => watch?.takeTurn() ?? 0,
    called: (call) => {
      isRefused = call.outcome === 'refused';
      watch?.called(call);
    },
  };
  const client = new MedplumClient({
    baseUrl: settings.baseUrl,
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    maxRetries: 0,
    cacheTime: 0,
    fetch: watched(watching, createReserve(Date.now), async (url, options) =>
      jsonOnly(await fetch(url, { ...options, signal: options?.signal ?? AbortSignal.timeout(TIMEOUT_MS) })),
    ),
  });
  try {
    await client.startClientLogin(settings.clientId, settings.clientSecret);
  } catch (cause) {
    if (onUnreachable && !isRefused) {
      onUnreachable(cause);
      return client;
    }
    throw new Error(
      `Medplum at ${settings.baseUrl} did not let us in. Is MEDPLUM_BASE_URL right, and do MEDPLUM_CLIENT_ID and ` +
        'MEDPLUM_CLIENT_SECRET belong to a ClientApplication of the project?',
      { cause },
    );
  }
  return client;
}

type Fetch = (url: string, options?: RequestInit) => Promise<Response>;

/** Tells what came of each request, and lets those that can wait do so; makes none while the server refuses our credentials and it is too early to ask again. */
function watched(watch: RecordWatch, reserve: Reserve, send: Fetch): Fetch {
  return async (url, options) => {
    const isConditional = new Headers(options?.headers).has('if-none-exist');
    const operation = operationOf(options?.method ?? 'GET', url, isConditional);
    // A login is part of a request that may be made.
    if (operation !== 'login') await reserve.turn();
    if (operation !== 'login' && watch.takeTurn() > 0)
      throw new Error('the server is left alone: it refuses our credentials');
    try {
      const response = await send(url, options);
      reserve.heard(response.headers.get('ratelimit'));
      const units = unitsOf(operation, options?.body, response.status === 201);
      watch.called({ operation, units, ...outcomeOf(operation, response) });
      return response;
    } catch (error) {
      watch.called({ operation, units: unitsOf(operation, options?.body, true), outcome: 'unreachable' });
      throw error;
    }
  };
}

function outcomeOf(
  operation: Operation,
  { status, headers }: Response,
): Pick<RecordCall, 'outcome' | 'forMs'> {
  if (status === 429) return { outcome: 'throttled', forMs: throttledFor(headers.get('ratelimit')) };
  if (operation === 'login' && status >= 400) return { outcome: 'refused' };
  return { outcome: status === 401 ? 'unauthorized' : 'answered' };
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
