import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Route } from './ports/chat.ts';

/** The body is larger than it may be. */
export class BodyTooLarge extends Error {}

/** Reads the whole body, or throws {@link BodyTooLarge} as soon as it has more than `limit` bytes. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw new BodyTooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Answers with one plain sentence. Nothing of an error's inside is ever sent. */
export function answer(response: ServerResponse, status: number, sentence: string): void {
  if (response.headersSent) return;
  // A body that nobody reads to its end would keep the connection busy.
  if (status === 413) response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${sentence}\n`);
}

/** A running HTTP server. */
export interface HttpServer {
  readonly port: number;
  /** Stops accepting, waits for what is running, at most `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** Serves the routes on one port; every other path is a 404, every other method a 405. */
export async function serve(routes: readonly Route[], port: number, host: string): Promise<HttpServer> {
  const server = createServer((request, response) => {
    // What is left of a body that was refused is thrown away: unread, it would hold the connection until it times out.
    response.once('finish', () => request.resume());
    const path = (request.url ?? '/').split('?')[0];
    const atPath = routes.filter((route) => route.path === path);
    const route = atPath.find((one) => one.method === request.method);
    if (route) return route.handle(request, response);
    if (atPath.length > 0) return answer(response, 405, 'Method not allowed.');
    return answer(response, 404, 'Not found.');
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async (graceMs) => {
      await takeIn(server);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      });
    },
  };
}

const MOST_TURNS = 1_000;
const QUIET_TURNS = 3;

/**
 * Waits until whoever has connected is accepted: who is still in the system's queue when the server closes is cut off
 * unheard. A turn of the event loop accepts one of them (libuv since 1.45), so it ends when a few turns accept nobody.
 */
async function takeIn(server: Server): Promise<void> {
  let quiet = 0;
  const accepted = () => {
    quiet = 0;
  };
  server.on('connection', accepted);
  for (let turn = 0; quiet < QUIET_TURNS && turn < MOST_TURNS; turn++) {
    quiet++;
    await nextTurn();
  }
  server.off('connection', accepted);
}
