import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it was delivered, byte for byte. */
export interface Delivered {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Stands where platforms and Medplum deliver to, and gives each delivery to every replica. */
export interface Relay {
  readonly url: string;
  /** Everything that was delivered, oldest first. */
  readonly delivered: readonly Delivered[];
  close(): Promise<void>;
}

/**
 * A bad load balancer: each delivery reaches all replicas at the same moment, and whoever answers last is heard.
 *
 * @param replicas their addresses, as they are when something is delivered.
 */
export async function startRelay(replicas: () => readonly string[]): Promise<Relay> {
  const delivered: Delivered[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { method = 'POST', url = '/' } = request;
    const one = { method, path: url, headers: headersOf(request.headers), body: Buffer.concat(chunks) };
    delivered.push(one);
    const answers: Response[] = [];
    await Promise.allSettled(replicas().map(async (replica) => answers.push(await deliverTo(replica, one))));
    const last = answers.at(-1);
    response.writeHead(last?.status ?? 502, {
      'content-type': last?.headers.get('content-type') ?? 'text/plain',
    });
    response.end(await last?.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    delivered,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Delivers it, once more, as it was signed. */
export function deliverTo(replica: string, { method, path, headers, body }: Delivered): Promise<Response> {
  return fetch(`${replica}${path}`, { method, headers, body: new Uint8Array(body) });
}

function headersOf(headers: IncomingHttpHeaders): Record<string, string> {
  const ours = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding']);
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' && !ours.has(name) ? [[name, value]] : [],
    ),
  );
}
