import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
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
    close: (graceMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), graceMs);
        // Right after the loop has taken in whoever has connected: who is still in the queue then is cut off unheard.
        setImmediate(() => {
          server.close(() => {
            clearTimeout(timer);
            resolve();
          });
          server.closeIdleConnections();
        });
      }),
  };
}
