import { ConnectorError } from './errors.ts';

const TIMEOUT_MS = 10_000;

/**
 * Calls of the Bot Framework connector. Written with `fetch`, because the SDK's client repeats posts whose answer was
 * lost, loses the id of a new post, and drops the flag of a message that one person alone shall see.
 * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
 */
export interface Connector {
  /** Throws {@link ConnectorError} for an answer that says no, and whatever `fetch` throws when there is none. */
  call<T>(method: 'GET' | 'POST' | 'PUT', serviceUrl: string, path: string, body?: object): Promise<T>;
}

/** Where a bot may be told to send its token. Teams' own hosts; a loopback address only where we talk to a double. */
export type TrustedHost = (url: URL) => boolean;

export function createConnector(token: () => Promise<string>, isTrusted: TrustedHost): Connector {
  return {
    call: async (method, serviceUrl, path, body) => {
      const url = new URL(`v3/${path}`, serviceUrl.replace(/\/?$/, '/'));
      if (!isTrusted(url)) throw new ConnectorError(403, 'UntrustedServiceUrl', undefined);
      const response = await fetch(url, {
        method,
        headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await response.text();
      if (!response.ok) throw new ConnectorError(response.status, codeOf(text), waitOf(response));
      return (text ? parse(text) : {}) as never;
    },
  };
}

/** A proxy's page in place of an answer: nothing of it is kept, as the parser's own error would. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the connector answered with something unreadable');
  }
}

function codeOf(text: string): string {
  const code = /"code"\s*:\s*"(\w{1,60})"/.exec(text)?.[1];
  return code ?? 'without a code';
}

function waitOf(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}
