import type { WithId } from '@medplum/core';
import { createReference, forbidden, gone, notFound, OperationOutcomeError } from '@medplum/core';
import type { ProjectMembership, Reference, Resource } from '@medplum/fhirtypes';
import { accessOf } from './access.ts';
import type { Caller } from './caller.ts';
import type { FhirCore } from './core.ts';
import type { Rows } from './store.ts';

/**
 * Who writes, for whom, and what that allows, by the `X-Medplum-On-Behalf-Of` header: `Practitioner/<id>` of a member, or
 * `ProjectMembership/<id>`. Throws a 403 for everybody else and for a client that is no administrator, and a 404 for a
 * membership or a profile that there is not. Medplum does not ask whether the membership is active.
 */
export function identify(
  core: FhirCore,
  header: string | string[] | undefined,
): Pick<Caller, 'author' | 'onBehalfOf' | 'access'> {
  const { store: rows, client: author } = core;
  const admin = isAdmin(core);
  const wanted = Array.isArray(header) ? header[0] : header;
  if (!wanted) return { author, access: accessOf(rows, membershipOf(rows, author), admin) };

  if (!admin) throw new OperationOutcomeError(forbidden);
  const membership = membershipNamed(rows, wanted);
  return {
    author,
    onBehalfOf: createReference(existing(rows, membership.profile.reference)),
    access: accessOf(rows, membership, membership.admin === true),
  };
}

/** Whether the client's own membership is an administrator's. Where none is stored, the settings say. */
export function isAdmin({
  store,
  client,
  settings,
}: Pick<FhirCore, 'store' | 'client' | 'settings'>): boolean {
  const membership = membershipOf(store, client);
  return membership ? membership.admin === true : settings.clientAdmin;
}

/** The membership whose profile this is, for example `Practitioner/<id>`. */
export function membershipOf(rows: Rows, profile: string): WithId<ProjectMembership> | undefined {
  return memberships(rows).find((membership) => membership.profile.reference === profile);
}

/** What is referred to. Throws a 404, or a 410 for what was deleted. */
export function existing(rows: Rows, reference: Reference['reference']): WithId<Resource> {
  const [resourceType = '', id = ''] = reference?.split('/') ?? [];
  const stored = rows.current(resourceType, id);
  if (stored) return stored;
  throw new OperationOutcomeError(rows.versions(resourceType, id).length > 0 ? gone : notFound);
}

function membershipNamed(rows: Rows, wanted: string): WithId<ProjectMembership> {
  if (wanted.startsWith('ProjectMembership/')) {
    const named = existing(rows, wanted);
    if (isMembership(named)) return named;
  }
  const found = membershipOf(rows, wanted);
  if (!found) throw new OperationOutcomeError(forbidden);
  return found;
}

function memberships(rows: Rows): WithId<ProjectMembership>[] {
  return [...rows.all('ProjectMembership')].filter(isMembership);
}

function isMembership(resource: WithId<Resource>): resource is WithId<ProjectMembership> {
  return resource.resourceType === 'ProjectMembership';
}
