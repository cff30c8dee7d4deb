import type { IncomingMessage, ServerResponse } from 'node:http';
import { badRequest, unauthorized } from '@medplum/core';
import { FhirRouter } from '@medplum/fhir-router';
import type { Project } from '@medplum/fhirtypes';
import type { Hub } from '../events.ts';
import { parseJson, readBody, sendJson } from '../http.ts';
import { grantToken, isAuthorized } from './auth.ts';
import { Faults, parseFault } from './faults.ts';
import { profileOf } from './membership.ts';
import { Quota } from './quota.ts';
import type { Caller, Shared } from './repository.ts';
import { ClinicRepository } from './repository.ts';
import { loadSchema } from './schema.ts';
import type { LoggedRequest } from './serve.ts';
import { serveFhir } from './serve.ts';
import { stableId } from './stable-id.ts';
import { Lock, Store } from './store.ts';
import type { Delivery } from './subscriptions.ts';
import { RestHooks } from './subscriptions.ts';

export type { Fault, FaultKind } from './faults.ts';
export type { ClinicRepository } from './repository.ts';
export type { LoggedRequest } from './serve.ts';
export type { Delivery } from './subscriptions.ts';

const LONGEST_LOG = 20_000;

/** What servers differ in. May be changed while the server runs. */
export interface FhirSettings {
  /** The project feature `transaction-bundles`; without it a transaction silently runs as a batch. */
  transactions: boolean;
  /** Servers from 5.1.29 heed If-Match on PATCH. */
  ifMatchOnPatch: boolean;
}

export interface FhirOptions extends Partial<FhirSettings> {
  readonly hub: Hub;
  /** With a trailing slash. A function, because the port may not be known yet. */
  readonly baseUrl: () => string;
  /** Interaction units per window; no limit when absent. */
  readonly quota?: number | undefined;
  readonly quotaWindowMs?: number | undefined;
  /** Waits between the attempts of a rest-hook, in milliseconds. */
  readonly webhookRetryMs?: readonly number[] | undefined;
}

/** The parts that the request handlers share. */
export interface FhirCore {
  readonly store: Store;
  readonly router: FhirRouter;
  readonly quota: Quota;
  readonly faults: Faults;
  readonly settings: Readonly<FhirSettings>;
  /** `ClientApplication/<id>` of the sandbox client. */
  readonly client: string;
  readonly baseUrl: () => string;
  repositoryFor(caller: Partial<Caller>): ClinicRepository;
  log(request: LoggedRequest): void;
}

/** The FHIR server, for its HTTP front and for tests in the same process. */
export interface FhirServer {
  /** Reads and writes as the sandbox client, without quota. */
  readonly repository: ClinicRepository;
  /** A repository for somebody else: another author, another clock. */
  repositoryFor(caller: Partial<Caller>): ClinicRepository;
  readonly settings: Readonly<FhirSettings>;
  readonly faults: Faults;
  readonly quota: Quota;
  /** Every request on /fhir/R4, oldest first. */
  readonly requests: readonly LoggedRequest[];
  resetRequests(): void;
  /** Every attempt to call a rest-hook, oldest first. */
  readonly deliveries: readonly Delivery[];
  /** Resolves when no rest-hook call is under way or waits for a retry. */
  delivered(): Promise<void>;
  readonly projectId: string;
  readonly clientId: string;
  /** Switches the project feature `transaction-bundles`, and what `GET Project/<id>` shows. */
  setTransactions(on: boolean): Promise<void>;
  setIfMatchOnPatch(on: boolean): void;
  /** Serves a request; false when the path is not one of this server's. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  close(): Promise<void>;
}

/** A FHIR server that behaves as Medplum 5.0.10 was measured to behave. It knows no more than what is written to it. */
export function createFhirServer(options: FhirOptions): FhirServer {
  loadSchema();
  const projectId = stableId('Project');
  const clientId = stableId('ClientApplication');
  const client = `ClientApplication/${clientId}`;
  const settings: FhirSettings = {
    transactions: options.transactions ?? false,
    ifMatchOnPatch: options.ifMatchOnPatch ?? false,
  };
  const store = new Store();
  const faults = new Faults();
  const quota = new Quota(options.quota, options.quotaWindowMs);
  const requests: LoggedRequest[] = [];
  const shared: Shared = {
    store,
    lock: new Lock(),
    project: projectId,
    baseUrl: options.baseUrl,
    ifMatchOnPatch: () => settings.ifMatchOnPatch,
  };
  const repositoryFor = (caller: Partial<Caller>) =>
    new ClinicRepository(shared, {
      author: client,
      charge: () => undefined,
      now: () => new Date().toISOString(),
      ...caller,
    });
  const router = new FhirRouter();
  router.add('GET', 'Subscription/:id/$get-ws-binding-token', async () => [
    badRequest('WebSocket subscriptions not enabled for current project'),
  ]);
  const core: FhirCore = {
    store,
    router,
    quota,
    faults,
    settings,
    client,
    baseUrl: options.baseUrl,
    repositoryFor,
    log: (request) => {
      if (requests.length >= LONGEST_LOG) requests.splice(0, LONGEST_LOG / 2);
      requests.push(request);
    },
  };
  store.listen(({ resourceType, id, version, interaction }) =>
    options.hub.emit({ kind: 'fhir', resourceType, id, versionId: version.versionId, interaction }),
  );
  const hooks = new RestHooks({ store, faults, retryMs: options.webhookRetryMs ?? [1000, 2000, 4000] });
  const repository = repositoryFor({});

  const server: FhirServer = {
    repository,
    repositoryFor,
    settings,
    faults,
    quota,
    requests,
    resetRequests: () => requests.splice(0),
    deliveries: hooks.deliveries,
    delivered: () => hooks.settled(),
    projectId,
    clientId,
    setTransactions: async (on) => {
      settings.transactions = on;
      const project = store.current('Project', projectId) as Project | undefined;
      if (project) await repository.updateResource<Project>({ ...project, features: featuresOf(settings) });
    },
    setIfMatchOnPatch: (on) => {
      settings.ifMatchOnPatch = on;
    },
    handle: (request, response) => handle(core, server, request, response),
    close: () => hooks.close(),
  };
  return server;
}

/** What `Project.features` shows of the settings. */
export function featuresOf({ transactions }: Readonly<FhirSettings>): NonNullable<Project['features']> {
  return transactions ? ['transaction-bundles'] : [];
}

async function handle(
  core: FhirCore,
  server: FhirServer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const path = request.url?.split('?')[0] ?? '/';
  const route = `${request.method} ${path}`;
  if (path === '/fhir/R4' || path.startsWith('/fhir/R4/')) {
    await serveFhir(core, request, response);
    return true;
  }
  switch (route) {
    case 'POST /oauth2/token': {
      const form = new URLSearchParams(await readBody(request));
      const answer = grantToken(form, request.headers, {
        project: server.projectId,
        client: server.clientId,
      });
      sendJson(response, answer.status, answer.body, { 'cache-control': 'no-store' });
      return true;
    }
    case 'GET /auth/me':
      if (isAuthorized(request.headers)) sendJson(response, 200, whoAmI(core, server));
      else sendJson(response, 401, unauthorized);
      return true;
    case 'GET /healthcheck':
      sendJson(response, 200, { ok: true, version: '5.0.10-sandbox' });
      return true;
    case 'GET /sandbox/fhir/requests':
      sendJson(response, 200, server.requests);
      return true;
    case 'DELETE /sandbox/fhir/requests':
      server.resetRequests();
      sendJson(response, 200, { ok: true });
      return true;
    case 'POST /sandbox/fhir/faults':
      setFault(core.faults, parseJson(await readBody(request)), response);
      return true;
    default:
      return false;
  }
}

function whoAmI(core: FhirCore, { projectId, clientId }: FhirServer): unknown {
  const { store } = core;
  const profile = store.current('ClientApplication', clientId);
  const membership = [...store.all('ProjectMembership')].find(
    (resource) => profileOf(resource) === core.client,
  );
  return {
    project: store.current('Project', projectId) ?? { resourceType: 'Project', id: projectId },
    membership,
    profile: profile ?? { resourceType: 'ClientApplication', id: clientId },
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
