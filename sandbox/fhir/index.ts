import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WithId } from '@medplum/core';
import { FhirRouter } from '@medplum/fhir-router';
import type { Project, ProjectMembership } from '@medplum/fhirtypes';
import type { Hub } from '../events.ts';
import { addBinding } from './binding.ts';
import type { Caller, Shared } from './caller.ts';
import type { FhirCore, LoggedRequest } from './core.ts';
import { type FateOf, faultyFate } from './fate.ts';
import { Faults } from './faults.ts';
import type { MemberOptions } from './members.ts';
import { removeMembership, setMembership } from './members.ts';
import { membershipOf } from './membership.ts';
import { addOperations } from './operations.ts';
import { Quota } from './quota.ts';
import { ClinicRepository } from './repository.ts';
import { route } from './routes.ts';
import { loadSchema } from './schema.ts';
import type { FhirSettings } from './settings.ts';
import { featuresOf, settingsFrom } from './settings.ts';
import { createEventSockets, type EventSockets } from './sockets.ts';
import { stableId } from './stable-id.ts';
import { Lock, Store } from './store.ts';
import type { Delivery } from './subscriptions.ts';
import { RestHooks } from './subscriptions.ts';

export type { LoggedRequest } from './core.ts';
export type { FateOf } from './fate.ts';
export type { Fault, FaultKind, Weather } from './faults.ts';
export type { MemberOptions } from './members.ts';
export type { ClinicRepository } from './repository.ts';
export type { FhirSettings } from './settings.ts';
export { featuresOf } from './settings.ts';
export type { Delivery } from './subscriptions.ts';

export interface FhirOptions extends Partial<FhirSettings> {
  readonly hub: Hub;
  /** With a trailing slash. A function, because the port may not be known yet. */
  readonly baseUrl: () => string;
  /** Interaction units per window; no limit when absent. */
  readonly quota?: number | undefined;
  readonly quotaWindowMs?: number | undefined;
  /** What the clock of the record shows, in milliseconds since 1970; the machine's unless told. */
  readonly now?: () => number;
  /** Waits between the attempts of a rest-hook, in milliseconds. */
  readonly webhookRetryMs?: readonly number[] | undefined;
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
  /** The websockets on which changes are told. */
  readonly sockets: Pick<EventSockets, 'bound' | 'drop'>;
  /** Decides from now on what becomes of telling a change, in place of the faults; without, the faults do again. */
  decideFate(fateOf?: FateOf): void;
  readonly projectId: string;
  readonly clientId: string;
  /** Makes it another server from now on; what the Project and the client's membership show of it follows. */
  change(settings: Partial<FhirSettings>): Promise<void>;
  /** Switches the project feature `transaction-bundles`, and what `GET Project/<id>` shows. */
  setTransactions(on: boolean): Promise<void>;
  setIfMatchOnPatch(on: boolean): void;
  /**
   * Makes somebody a member of the project, or changes their membership: what they may do, whether it is active.
   *
   * @param profile for example `Practitioner/<id>`; somebody who is in the record.
   */
  setMembership(profile: string, options?: MemberOptions): Promise<WithId<ProjectMembership>>;
  /** Takes somebody's membership away, if they have one. */
  removeMembership(profile: string): Promise<void>;
  /** Serves a request; false when the path is not one of this server's. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** Takes a websocket; false when the path is not one of this server's. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  close(): Promise<void>;
}

/**
 * A FHIR server that behaves as Medplum 5.0.10 was measured to behave; its operations as they are documented. It knows no
 * more than what is written to it.
 */
export function createFhirServer(options: FhirOptions): FhirServer {
  loadSchema();
  const projectId = stableId('Project');
  const clientId = stableId('ClientApplication');
  const client = `ClientApplication/${clientId}`;
  const settings = settingsFrom(options);
  const { now = Date.now } = options;
  const instant = () => new Date(now()).toISOString();
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
      now: instant,
      ...caller,
    });
  const router = new FhirRouter();
  addBinding(router, settings, options.baseUrl);
  addOperations(router, settings, instant);
  const core: FhirCore = {
    store,
    router,
    quota,
    faults,
    settings,
    projectId,
    clientId,
    client,
    baseUrl: options.baseUrl,
    requests,
    repositoryFor,
  };
  store.listen(({ resourceType, id, version, interaction }) =>
    options.hub.emit({ kind: 'fhir', resourceType, id, versionId: version.versionId, interaction }),
  );
  const byFaults = faultyFate(faults);
  let decided: FateOf | undefined;
  const fateOf: FateOf = (way, told) => (decided ?? byFaults)(way, told);
  const retryMs = options.webhookRetryMs ?? [1000, 2000, 4000];
  const hooks = new RestHooks({ store, fateOf, retryMs });
  const sockets = createEventSockets({ store, faults, fateOf });
  const repository = repositoryFor({});
  const change = async (wanted: Partial<FhirSettings>) => {
    Object.assign(settings, wanted);
    const project = store.current('Project', projectId) as Project | undefined;
    if (project) await repository.updateResource<Project>({ ...project, features: featuresOf(settings) });
    const membership = membershipOf(store, client);
    if (membership) await repository.updateResource({ ...membership, admin: settings.clientAdmin });
  };

  return {
    repository,
    repositoryFor,
    settings,
    faults,
    quota,
    requests,
    resetRequests: () => requests.splice(0),
    deliveries: hooks.deliveries,
    delivered: () => hooks.settled(),
    sockets,
    decideFate: (wanted) => {
      decided = wanted;
    },
    projectId,
    clientId,
    change,
    setTransactions: (on) => change({ transactions: on }),
    setIfMatchOnPatch: (on) => {
      settings.ifMatchOnPatch = on;
    },
    setMembership: (profile, member = {}) => setMembership(store, repository, projectId, profile, member),
    removeMembership: (profile) => removeMembership(store, repository, profile),
    handle: (request, response) => route(core, request, response),
    upgrade: (request, socket, head) => sockets.upgrade(request, socket, head),
    close: async () => {
      sockets.close();
      await hooks.close();
    },
  };
}
