import type { Dependency } from './dependencies.ts';
import { answer } from './http.ts';
import type { Route } from './ports/chat.ts';
import type { SurfaceStates } from './surface-states.ts';

/** `GET /healthz`: the process lives. */
export const HEALTH: Route = {
  method: 'GET',
  path: '/healthz',
  handle: (_request, response) => answer(response, 200, 'ok'),
};

/** How we learn of changes, beside the sweep, which always runs. */
export interface EventSource {
  readonly by: 'webhook' | 'websocket' | 'sweep only';
  /** How that stands, where it has a connection of its own. */
  readonly state?: string;
  /** UTC instant, ISO 8601. */
  readonly since?: string;
}

/** @param socket how the connection stands over which events come, where there is one. */
export function eventSource(
  socket: { readonly kind: string; readonly since: Date } | undefined,
  byWebhook: boolean,
): EventSource {
  if (socket) return { by: 'websocket', state: socket.kind, since: socket.since.toISOString() };
  return { by: byWebhook ? 'webhook' : 'sweep only' };
}

export interface ReadinessParts {
  /** Without these no press can be served. */
  readonly needed: readonly Dependency[];
  /** One of these may be away, and the others are served. */
  readonly platforms: readonly Dependency[];
  readonly surfaces: Pick<SurfaceStates, 'lost'>;
  readonly events: () => EventSource;
  readonly keepsTransactions: () => boolean;
}

/**
 * `GET /readyz`: each thing that we depend on, how it stands and since when, and on which surfaces nothing can be shown at
 * present. 200 where presses can be served, 503 where not. No ids of Tasks or people, and no text from outside.
 */
export function readiness(parts: ReadinessParts): Route {
  return {
    method: 'GET',
    path: '/readyz',
    handle: (_request, response) => {
      const { needed, platforms, surfaces } = parts;
      const isReady = needed.every((one) => !DOWN.includes(one.report().state));
      response.writeHead(isReady ? 200 : 503, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          status: isReady ? 'ready' : 'not ready',
          dependencies: [...needed, ...platforms].map((one) => one.report()),
          lostSurfaces: surfaces.lost(),
          events: parts.events(),
          transactions: parts.keepsTransactions() ? 'kept' : 'not kept',
        }),
      );
    },
  };
}

/** A throttled record answers in a moment: whoever presses is told so. */
const DOWN: readonly string[] = ['unreachable', 'refused'];
