import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A load balancer as simple as they come: each request to the next process, whoever asks. */
export interface Balancer {
  readonly url: string;
  /** The ports of the processes that serve now. */
  setTargets(ports: readonly number[]): void;
  close(): Promise<void>;
}

export async function startBalancer(): Promise<Balancer> {
  let targets: readonly number[] = [];
  let turn = 0;

  function pass(incoming: IncomingMessage, body: Buffer, response: ServerResponse, tries: number): void {
    const port = targets[turn++ % Math.max(1, targets.length)];
    if (port === undefined || tries === 0) {
      response.writeHead(503).end();
      return;
    }
    const { method, url: path, headers } = incoming;
    const outgoing = send({ host: '127.0.0.1', port, method, path, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    outgoing.on('error', (error) => {
      // Nobody listens there any more, so nobody has heard it; whatever broke off later may have been heard.
      if ('code' in error && error.code === 'ECONNREFUSED') pass(incoming, body, response, tries - 1);
      else if (response.headersSent) response.destroy();
      else response.writeHead(502).end();
    });
    outgoing.end(body);
  }

  const server = createServer((incoming, response) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => pass(incoming, Buffer.concat(parts), response, targets.length));
    incoming.on('error', () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    setTargets: (ports) => {
      targets = ports;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
