import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { answer } from '../http.ts';
import type { Route } from '../ports/chat.ts';

/** `GET /metrics`, in Prometheus' text format. Numbers only; still nothing for the world to see: the proxy should keep it. */
export function metricsRoute(registry: Registry, log: Pick<Logger, 'error'>): Route {
  return {
    method: 'GET',
    path: '/metrics',
    handle: (_request, response) => {
      registry.metrics().then(
        (text) => {
          response.writeHead(200, { 'content-type': registry.contentType });
          response.end(text);
        },
        (error: unknown) => {
          log.error({ err: error }, 'the metrics could not be put together');
          answer(response, 500, 'Something went wrong here.');
        },
      );
    },
  };
}
