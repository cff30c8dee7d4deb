import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Shares requests out among replicas, in turn; one that refuses the connection is left out. */
export interface Balancer {
  readonly url: string;
  /** Where the replicas listen; may be changed at any time. */
  readonly targets: string[];
  /** Requests that broke off in the middle: nobody knows what became of them. */
  readonly broken: string[];
  /** How often a replica refused a connection, and another one was asked. */
  refused(): number;
  close(): Promise<void>;
}

const TRIES = 200;
const WAIT_MS = 25;

export async function startBalancer(): Promise<Balancer> {
  const targets: string[] = [];
  const broken: string[] = [];
  let next = 0;
  let refused = 0;

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    for (let i = 0; i < TRIES; i++) {
      const target = targets[next++ % Math.max(1, targets.length)];
      try {
        if (target !== undefined) return await ask(target, incoming, body, outgoing);
      } catch (error) {
        // Refused, or reset before it was taken: nothing of the request was sent.
        const call = error instanceof Error && 'syscall' in error ? error.syscall : undefined;
        if (call !== 'connect') {
          broken.push(`${incoming.method} ${incoming.url}: ${String(error)}`);
          break;
        }
        refused++;
      }
      await sleep(WAIT_MS);
    }
    outgoing.writeHead(502).end();
  }

  const server = createServer((incoming, outgoing) => {
    void pass(incoming, outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    targets,
    broken,
    refused: () => refused,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function ask(
  target: string,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { method, headers: { ...headers, connection: 'close' }, agent: false } as const;
    const asked = request(new URL(url ?? '/', target), options, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      answer.once('end', resolve);
      answer.once('error', reject);
    });
    asked.once('error', reject);
    asked.end(body);
  });
}
