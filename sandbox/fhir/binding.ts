import { allOk, badRequest, normalizeErrorString } from '@medplum/core';
import type { FhirResponse, FhirRouter } from '@medplum/fhir-router';
import { bindingToken } from './auth.ts';
import type { FhirSettings } from './settings.ts';
import { SOCKET_PATH } from './sockets.ts';

/** `Subscription/<id>/$get-ws-binding-token`: lets a websocket hear of what a Subscription is about. */
export function addBinding(
  router: FhirRouter,
  settings: Readonly<FhirSettings>,
  baseUrl: () => string,
): void {
  router.add('GET', 'Subscription/:id/$get-ws-binding-token', async (request, repository) => {
    if (!settings.websockets) return [badRequest('WebSocket subscriptions not enabled for current project')];
    const id = request.params.id ?? '';
    try {
      await repository.readResource('Subscription', id);
    } catch (error) {
      return [badRequest(`Error reading subscription: ${normalizeErrorString(error)}`)];
    }
    return parameters(id, `${baseUrl().replace(/^http/, 'ws').replace(/\/$/, '')}${SOCKET_PATH}`);
  });
}

function parameters(id: string, address: string): FhirResponse {
  const { token, until } = bindingToken(id);
  return [
    allOk,
    {
      resourceType: 'Parameters',
      parameter: [
        { name: 'token', valueString: token },
        { name: 'expiration', valueDateTime: until.toISOString() },
        { name: 'subscription', valueString: id },
        { name: 'websocket-url', valueUrl: address },
      ],
    },
  ];
}
