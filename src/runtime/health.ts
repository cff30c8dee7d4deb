import { answer } from './http.ts';
import type { Route } from './ports/chat.ts';
import type { SurfaceStates } from './surface-states.ts';

/** `GET /healthz`: the process lives. */
export const HEALTH: Route = {
  method: 'GET',
  path: '/healthz',
  handle: (_request, response) => answer(response, 200, 'ok'),
};

/** `GET /readyz`: serving, and on which surfaces nothing can be shown at present. */
export function readiness(surfaces: SurfaceStates): Route {
  return {
    method: 'GET',
    path: '/readyz',
    handle: (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ status: 'ready', lostSurfaces: surfaces.lost() }));
    },
  };
}
