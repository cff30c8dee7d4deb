import type { WithId } from '@medplum/core';
import type { Resource } from '@medplum/fhirtypes';

export type Interaction = 'create' | 'update' | 'delete';

/** One version of a resource; a deletion is a version without one. */
export interface Version {
  readonly versionId: string;
  readonly lastUpdated: string;
  readonly resource: WithId<Resource> | undefined;
}

/** A committed write: what it made, and what was there before. */
export interface Change {
  readonly interaction: Interaction;
  readonly resourceType: string;
  readonly id: string;
  readonly version: Version;
  readonly previous: WithId<Resource> | undefined;
}

/** Where a repository reads and writes: the store itself, or a transaction's view of it. */
export interface Rows {
  /** Oldest first; empty for an id that never was. */
  versions(resourceType: string, id: string): readonly Version[];
  current(resourceType: string, id: string): WithId<Resource> | undefined;
  all(resourceType: string): Iterable<WithId<Resource>>;
  append(change: Change): void;
}

/** All versions of all resources, in memory. What is stored is never changed, only replaced. */
export class Store implements Rows {
  readonly #versions = new Map<string, Version[]>();
  readonly #current = new Map<string, Map<string, WithId<Resource>>>();
  readonly #listeners = new Set<(change: Change) => void>();

  versions(resourceType: string, id: string): readonly Version[] {
    return this.#versions.get(`${resourceType}/${id}`) ?? [];
  }

  current(resourceType: string, id: string): WithId<Resource> | undefined {
    return this.#current.get(resourceType)?.get(id);
  }

  all(resourceType: string): Iterable<WithId<Resource>> {
    return this.#current.get(resourceType)?.values() ?? [];
  }

  append(change: Change): void {
    this.appendAll([change]);
  }

  /** Listeners hear of the changes when all of them are in place. */
  appendAll(changes: readonly Change[]): void {
    for (const change of changes) this.#put(change);
    for (const change of changes) {
      for (const listener of this.#listeners) listener(change);
    }
  }

  /** Tells of every committed write. Gives back the function that ends the listening. */
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #put({ resourceType, id, version }: Change): void {
    const key = `${resourceType}/${id}`;
    const versions = this.#versions.get(key);
    if (versions) versions.push(version);
    else this.#versions.set(key, [version]);

    let ofType = this.#current.get(resourceType);
    if (!ofType) {
      ofType = new Map();
      this.#current.set(resourceType, ofType);
    }
    if (version.resource) ofType.set(id, version.resource);
    else ofType.delete(id);
  }
}

/** A transaction's view: the store as it is, with the transaction's own writes on top, until they are committed. */
export class Staging implements Rows {
  readonly #base: Store;
  readonly #changes: Change[] = [];
  readonly #staged = new Map<string, Version[]>();

  constructor(base: Store) {
    this.#base = base;
  }

  versions(resourceType: string, id: string): readonly Version[] {
    const staged = this.#staged.get(`${resourceType}/${id}`) ?? [];
    return [...this.#base.versions(resourceType, id), ...staged];
  }

  current(resourceType: string, id: string): WithId<Resource> | undefined {
    const staged = this.#staged.get(`${resourceType}/${id}`)?.at(-1);
    return staged ? staged.resource : this.#base.current(resourceType, id);
  }

  *all(resourceType: string): Iterable<WithId<Resource>> {
    for (const resource of this.#base.all(resourceType)) {
      if (!this.#staged.has(`${resourceType}/${resource.id}`)) yield resource;
    }
    for (const versions of this.#staged.values()) {
      const resource = versions.at(-1)?.resource;
      if (resource?.resourceType === resourceType) yield resource;
    }
  }

  append(change: Change): void {
    this.#changes.push(change);
    const key = `${change.resourceType}/${change.id}`;
    this.#staged.set(key, [...(this.#staged.get(key) ?? []), change.version]);
  }

  commit(): void {
    this.#base.appendAll(this.#changes);
  }
}

/** Lets one piece of work run at a time, in the order they came. */
export class Lock {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
