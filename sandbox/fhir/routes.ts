import type { IncomingMessage, ServerResponse } from 'node:http';
import { unauthorized } from '@medplum/core';
import type { Project } from '@medplum/fhirtypes';
import { parseJson, readBody, sendJson } from '../http.ts';
import { grantToken, isAuthorized } from './auth.ts';
import type { FhirCore } from './core.ts';
import type { Faults } from './faults.ts';
import { parseFault } from './faults.ts';
import { serveInvite } from './invite.ts';
import { membershipOf } from './membership.ts';
import { serveFhir } from './serve.ts';

/** Serves a request; false when the path is not one of this server's. */
export async function route(
  core: FhirCore,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const path = request.url?.split('?')[0] ?? '/';
  if (path === '/fhir/R4' || path.startsWith('/fhir/R4/')) {
    await serveFhir(core, request, response);
    return true;
  }
  const [, projectId] = /^\/admin\/projects\/([^/]+)\/invite$/.exec(path) ?? [];
  if (projectId && request.method === 'POST') {
    await serveInvite(core, projectId, request, response);
    return true;
  }
  switch (`${request.method} ${path}`) {
    case 'POST /oauth2/token': {
      const form = new URLSearchParams(await readBody(request));
      const who = { project: core.projectId, client: core.clientId };
      const answer = grantToken(form, request.headers, who);
      sendJson(response, answer.status, answer.body, { 'cache-control': 'no-store' });
      return true;
    }
    case 'GET /auth/me':
      if (isAuthorized(request.headers)) sendJson(response, 200, whoAmI(core));
      else sendJson(response, 401, unauthorized);
      return true;
    case 'GET /healthcheck':
      sendJson(response, 200, { ok: true, version: '5.0.10-sandbox' });
      return true;
    case 'GET /sandbox/fhir/requests':
      sendJson(response, 200, core.requests);
      return true;
    case 'DELETE /sandbox/fhir/requests':
      core.requests.splice(0);
      sendJson(response, 200, { ok: true });
      return true;
    case 'POST /sandbox/fhir/faults':
      setFault(core.faults, parseJson(await readBody(request)), response);
      return true;
    default:
      return false;
  }
}

/** The features of the project are not told here, only by `GET Project/<id>`. */
function whoAmI({ store, projectId, clientId, client }: FhirCore): unknown {
  const { name } = (store.current('Project', projectId) as Project | undefined) ?? {};
  const membership = membershipOf(store, client);
  return {
    project: { resourceType: 'Project', id: projectId, ...(name ? { name } : undefined) },
    ...(membership && {
      membership: {
        resourceType: 'ProjectMembership',
        id: membership.id,
        user: membership.user,
        profile: membership.profile,
        admin: membership.admin,
      },
    }),
    profile: store.current('ClientApplication', clientId) ?? {
      resourceType: 'ClientApplication',
      id: clientId,
    },
    config: {},
  };
}

function setFault(faults: Faults, input: unknown, response: ServerResponse): void {
  if (typeof input === 'object' && input !== null && 'kind' in input && input.kind === 'none') {
    faults.clear();
    sendJson(response, 200, { pending: [] });
    return;
  }
  const fault = parseFault(input);
  if (typeof fault === 'string') {
    sendJson(response, 400, { error: fault });
    return;
  }
  faults.add(fault);
  sendJson(response, 200, { pending: faults.pending });
}
