import { randomUUID } from 'node:crypto';
import type { Operation, SearchRequest, WithId } from '@medplum/core';
import {
  badRequest,
  deepClone,
  normalizeOperationOutcome,
  notFound,
  OperationOutcomeError,
} from '@medplum/core';
import type {
  CreateResourceOptions,
  DeleteResourceOptions,
  ReadHistoryOptions,
  RepositoryMode,
  SearchOptions,
  UpdateResourceOptions,
} from '@medplum/fhir-router';
import { FhirRepository, getExtraEntries } from '@medplum/fhir-router';
import type { Bundle, BundleEntry, Parameters, Reference, Resource } from '@medplum/fhirtypes';
import type { Caller, Shared } from './caller.ts';
import { sameContent, toContent, toVersion } from './content.ts';
import { isForSocket } from './criteria.ts';
import { toHistory } from './history.ts';
import { checkVersion, patched } from './patching.ts';
import { COST } from './quota.ts';
import { findPage, toSearchset } from './search.ts';
import { Sight } from './sight.ts';
import type { Interaction, Rows } from './store.ts';
import { Staging } from './store.ts';

/**
 * The sandbox's resources as one caller sees them, behaving as a Medplum 5.0.10 server's do. MemoryRepository of
 * @medplum/fhir-router is not its base: that keeps its rows private, and neither isolates nor rolls back.
 */
export class ClinicRepository extends FhirRepository {
  readonly #shared: Shared;
  readonly #caller: Caller;
  readonly #rows: Rows;
  readonly #sight: Sight;

  constructor(shared: Shared, caller: Caller, rows: Rows = shared.store) {
    super();
    this.#shared = shared;
    this.#caller = caller;
    this.#rows = rows;
    this.#sight = new Sight(rows, caller.access);
  }

  override setMode(_mode: RepositoryMode): void {}

  override generateId(): string {
    return randomUUID();
  }

  override createResource<T extends Resource>(
    resource: T,
    options?: CreateResourceOptions,
  ): Promise<WithId<T>> {
    return this.#write(() => {
      this.#sight.require('create', resource.resourceType);
      const id = options?.assignedId && resource.id ? resource.id : this.generateId();
      if (this.#rows.current(resource.resourceType, id)) {
        throw new OperationOutcomeError(badRequest('Assigned ID is already in use'));
      }
      return this.#put('create', toContent(resource, id)) as WithId<T>;
    });
  }

  override updateResource<T extends Resource>(
    resource: T,
    options?: UpdateResourceOptions,
  ): Promise<WithId<T>> {
    return this.#write(() => {
      const { resourceType, id } = resource;
      if (!id) throw new OperationOutcomeError(badRequest('Missing id'));
      this.#sight.require('update', resourceType);
      const stored = this.#sight.readable(resourceType, id);
      this.#sight.check('update', stored);
      checkVersion(stored, options?.ifMatch);
      return this.#replace(stored, toContent(resource, id)) as WithId<T>;
    });
  }

  override patchResource<T extends Resource>(
    resourceType: T['resourceType'],
    id: string,
    patch: Operation[] | Parameters,
    options?: UpdateResourceOptions,
  ): Promise<WithId<T>> {
    return this.#write(() => {
      const stored = this.#sight.visible(resourceType, id);
      const result = patched(stored, patch);
      this.#sight.require('update', resourceType);
      this.#sight.require('read', resourceType);
      this.#sight.check('update', stored);
      if (this.#shared.ifMatchOnPatch()) checkVersion(stored, options?.ifMatch);
      return this.#replace(stored, toContent(result, id)) as WithId<T>;
    });
  }

  override deleteResource(resourceType: string, id: string, options?: DeleteResourceOptions): Promise<void> {
    return this.#write(() => {
      this.#sight.require('read', resourceType);
      const former = this.#rows.versions(resourceType, id);
      if (former.length > 0 && former.at(-1)?.resource === undefined) return;
      const stored = this.#sight.visible(resourceType, id);
      this.#sight.check('delete', stored);
      checkVersion(stored, options?.ifMatch);
      const version = { versionId: randomUUID(), lastUpdated: this.#caller.now(), resource: undefined };
      this.#rows.append({ interaction: 'delete', resourceType, id, version, previous: stored });
    });
  }

  override async readResource<T extends Resource>(resourceType: string, id: string): Promise<WithId<T>> {
    this.#caller.charge(COST.read);
    return deepClone(this.#sight.readable(resourceType, id)) as WithId<T>;
  }

  override async readReference<T extends Resource>(reference: Reference<T>): Promise<WithId<T>> {
    const [resourceType, id, ...rest] = reference.reference?.split('/') ?? [];
    if (!resourceType || !id || rest.length > 0)
      throw new OperationOutcomeError(badRequest('Invalid reference'));
    return this.readResource<T>(resourceType, id);
  }

  override readReferences<T extends Resource>(
    references: readonly Reference<T>[],
  ): Promise<(WithId<T> | OperationOutcomeError)[]> {
    return Promise.all(
      references.map((reference) =>
        this.readReference(reference).catch(
          (error) => new OperationOutcomeError(normalizeOperationOutcome(error)),
        ),
      ),
    );
  }

  override async readHistory<T extends Resource>(
    resourceType: string,
    id: string,
    options?: ReadHistoryOptions,
  ): Promise<Bundle<WithId<T>>> {
    this.#caller.charge(COST.history);
    const versions = this.#sight.story('history', resourceType, id);
    const request = { ...options, resourceType, id, baseUrl: this.#shared.baseUrl() };
    return toHistory(versions, request) as Bundle<WithId<T>>;
  }

  override async readVersion<T extends Resource>(
    resourceType: string,
    id: string,
    versionId: string,
  ): Promise<WithId<T>> {
    this.#caller.charge(COST.read);
    const versions = this.#sight.story('vread', resourceType, id);
    const found = versions.find((version) => version.versionId === versionId);
    if (!found?.resource) throw new OperationOutcomeError(notFound);
    return deepClone(found.resource) as WithId<T>;
  }

  override async search<T extends Resource>(
    request: SearchRequest<T>,
    _options?: SearchOptions,
  ): Promise<Bundle<WithId<T>>> {
    this.#caller.charge(COST.search);
    const baseUrl = this.#shared.baseUrl();
    this.#sight.require('search', request.resourceType);
    const visible = (resource: Resource) => this.#sight.shows(resource) && !isForSocket(resource);
    const page = findPage(request, this.#rows, visible);
    const bundle = deepClone(toSearchset(request, page, baseUrl));
    if (request.include || request.revInclude) {
      const entries: BundleEntry[] = bundle.entry ?? [];
      const options = {
        fullUrl: (resourceType: string, id: string) => `${baseUrl}fhir/R4/${resourceType}/${id}`,
        // What is included in reverse is not charged for.
        executeSearch: async (inner: SearchRequest) =>
          deepClone(findPage(inner, this.#rows, visible).resources),
      };
      await getExtraEntries(this, request, page.resources as WithId<T>[], entries, options);
    }
    return bundle as Bundle<WithId<T>>;
  }

  override searchByReference<T extends Resource>(): Promise<Record<string, WithId<T>[]>> {
    return Promise.reject(new OperationOutcomeError(badRequest('GraphQL is not part of the sandbox')));
  }

  override async withTransaction<TResult>(
    callback: (repository: this) => Promise<TResult>,
  ): Promise<TResult> {
    const { store, lock } = this.#shared;
    if (this.#rows !== store) return callback(this);
    return lock.run(async () => {
      const staging = new Staging(store);
      // The same class with other rows; `this` cannot be named any other way.
      const result = await callback(new ClinicRepository(this.#shared, this.#caller, staging) as this);
      staging.commit();
      return result;
    });
  }

  /** A refused write costs as much as one that is done. Writes wait for a running transaction, except its own. */
  async #write<T>(work: () => T): Promise<T> {
    this.#caller.charge(COST.write);
    return this.#rows === this.#shared.store ? this.#shared.lock.run(work) : work();
  }

  /** Writing what is there already makes no version and tells nobody. */
  #replace(stored: WithId<Resource>, content: WithId<Resource>): WithId<Resource> {
    if (sameContent(stored, content, this.#caller)) return deepClone(stored);
    return this.#put('update', content, stored);
  }

  #put(interaction: Interaction, content: WithId<Resource>, previous?: WithId<Resource>): WithId<Resource> {
    const { now, author, onBehalfOf } = this.#caller;
    const stamp = {
      versionId: randomUUID(),
      lastUpdated: now(),
      project: this.#shared.project,
      author,
      onBehalfOf,
    };
    const resource = toVersion(content, stamp);
    // After the write too: nobody writes something out of their own reach.
    this.#sight.check(interaction, resource);
    const { resourceType, id } = resource;
    this.#rows.append({ interaction, resourceType, id, version: { ...stamp, resource }, previous });
    return deepClone(resource);
  }
}
