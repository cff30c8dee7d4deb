import type { SandboxEvent } from '../../events.ts';

/** `resync` is said after a gap: whatever happened meanwhile was not heard. */
export type Heard = SandboxEvent | { readonly kind: 'resync' };

export type Connection = 'connecting' | 'live' | 'lost';

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 8_000;

/** The sandbox's events, with a connection that is made again for as long as the page is open. */
export interface Stream {
  start(): void;
  listen(listener: (event: Heard) => void): () => void;
  connection(): Connection;
  onConnection(listener: () => void): () => void;
}

export function createStream(url: string): Stream {
  const listeners = new Set<(event: Heard) => void>();
  const watchers = new Set<() => void>();
  let connection: Connection = 'connecting';
  let retryMs = FIRST_RETRY_MS;
  let started = false;

  const become = (next: Connection) => {
    if (next === connection) return;
    connection = next;
    for (const watcher of watchers) watcher();
  };

  const tell = (event: Heard) => {
    for (const listener of listeners) listener(event);
  };

  const connect = () => {
    const source = new EventSource(url);
    source.onopen = () => {
      retryMs = FIRST_RETRY_MS;
      become('live');
      tell({ kind: 'resync' });
    };
    source.onmessage = (message) => {
      const event = eventOf(String(message.data));
      if (event !== undefined) tell(event);
    };
    // EventSource gives up for good on some errors, so each one gets a fresh connection.
    source.onerror = () => {
      source.close();
      become('lost');
      setTimeout(connect, retryMs);
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    };
  };

  return {
    start: () => {
      if (started) return;
      started = true;
      connect();
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    connection: () => connection,
    onConnection: (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}

function eventOf(data: string): SandboxEvent | undefined {
  try {
    const event: unknown = JSON.parse(data);
    return typeof event === 'object' && event !== null && 'kind' in event
      ? (event as SandboxEvent)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The one stream of this page. */
export const stream = createStream('/sandbox/events');
