import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Hub } from './events.ts';

const HEARTBEAT_MS = 15_000;

/** Streams the hub's events to any number of readers, as server-sent events. */
export interface EventStream {
  handle(request: IncomingMessage, response: ServerResponse): void;
  close(): void;
}

export function createEventStream(hub: Hub): EventStream {
  const readers = new Set<ServerResponse>();
  const stopListening = hub.listen((event) => {
    for (const reader of readers) reader.write(`data: ${JSON.stringify(event)}\n\n`);
  });
  // Proxies and browsers give up on a stream that says nothing.
  const heartbeat = setInterval(() => {
    for (const reader of readers) reader.write(': still here\n\n');
  }, HEARTBEAT_MS);
  heartbeat.unref();

  return {
    handle: (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
      response.write(': hello\n\n');
      readers.add(response);
      response.on('close', () => readers.delete(response));
    },
    close: () => {
      clearInterval(heartbeat);
      stopListening();
      for (const reader of readers) reader.end();
    },
  };
}
