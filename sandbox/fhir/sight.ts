import type { WithId } from '@medplum/core';
import { forbidden, gone, notFound, OperationOutcomeError } from '@medplum/core';
import type { Resource } from '@medplum/fhirtypes';
import type { Access, Deed } from './access.ts';
import type { Rows, Version } from './store.ts';

/** The rows as far as an AccessPolicy lets one see and touch them. */
export class Sight {
  readonly #rows: Rows;
  readonly #access: Access | undefined;

  constructor(rows: Rows, access: Access | undefined) {
    this.#rows = rows;
    this.#access = access;
  }

  /** Throws a 403 when no rule of the policy is about this. */
  require(deed: Deed, resourceType: string): void {
    if (this.#access && !this.#access.concerns(deed, resourceType))
      throw new OperationOutcomeError(forbidden);
  }

  /** Throws a 403 for a resource that the deed is not allowed with. */
  check(deed: Deed, resource: Resource): void {
    if (this.#access && !this.#access.allows(deed, resource)) throw new OperationOutcomeError(forbidden);
  }

  /** Whether a search shows this. */
  shows(resource: Resource): boolean {
    return this.#access === undefined || this.#access.allows('search', resource);
  }

  readable(resourceType: string, id: string): WithId<Resource> {
    this.require('read', resourceType);
    return this.visible(resourceType, id);
  }

  /** What the policy hides is not there: a 404. A type that it has no rule about is refused by `require`, not hidden. */
  visible(resourceType: string, id: string): WithId<Resource> {
    const stored = this.#rows.current(resourceType, id);
    const access = this.#access;
    if (stored && (!access?.concerns('read', resourceType) || access.allows('read', stored))) return stored;
    const deleted = !stored && this.#rows.versions(resourceType, id).length > 0;
    throw new OperationOutcomeError(deleted ? gone : notFound);
  }

  /** All versions, oldest first, if the newest may be read; of what was deleted, for all who may read the type. */
  story(deed: 'history' | 'vread', resourceType: string, id: string): readonly Version[] {
    this.require('read', resourceType);
    const versions = this.#rows.versions(resourceType, id);
    if (versions.length === 0 || versions.at(-1)?.resource) this.check(deed, this.visible(resourceType, id));
    return versions;
  }
}
