import { forbidden, notFound, OperationOutcomeError } from '@medplum/core';
import type { ProjectMembership, Resource } from '@medplum/fhirtypes';
import type { Store } from './store.ts';

/**
 * Whom a request with an `X-Medplum-On-Behalf-Of` header is made for: a member of the project, or the profile of a
 * named membership. Throws a 403 for everybody else, a 404 for a membership that there is not.
 */
export function onBehalfOf(store: Store, header: string | string[] | undefined): string | undefined {
  const wanted = Array.isArray(header) ? header[0] : header;
  if (!wanted) return undefined;

  const [type, id] = wanted.split('/');
  if (type === 'ProjectMembership' && id) {
    const membership = store.current('ProjectMembership', id);
    if (!membership) throw new OperationOutcomeError(notFound);
    return profileOf(membership);
  }
  for (const membership of store.all('ProjectMembership')) {
    if (profileOf(membership) === wanted) return wanted;
  }
  throw new OperationOutcomeError(forbidden);
}

/** Whose a stored membership is, for example `Practitioner/<id>`. */
export function profileOf(membership: Resource): string | undefined {
  return (membership as ProjectMembership).profile.reference;
}
