import { isDeepStrictEqual } from 'node:util';
import type { WithId } from '@medplum/core';
import { stringify, validateResource } from '@medplum/core';
import type { Meta, Reference, Resource } from '@medplum/fhirtypes';

/** What the server adds to a version, and nobody else may. */
export interface Stamp {
  readonly versionId: string;
  readonly lastUpdated: string;
  readonly project: string;
  readonly author: string;
  readonly onBehalfOf: Reference | undefined;
}

/**
 * A written resource as it will be kept, still without the server's own fields.
 * Throws a 400 `structure` for what FHIR does not allow; code bindings and references are not looked at.
 */
export function toContent(resource: Resource, id: string): WithId<Resource> {
  validateResource(resource);
  const { versionId, lastUpdated, project, author, onBehalfOf, compartment, ...meta } = resource.meta ?? {};
  return JSON.parse(stringify({ ...resource, id, meta })) as WithId<Resource>;
}

/** The content with the server's fields. */
export function toVersion(content: WithId<Resource>, stamp: Stamp): WithId<Resource> {
  const { project, author, onBehalfOf, versionId, lastUpdated } = stamp;
  const meta: Meta = {
    ...content.meta,
    versionId,
    lastUpdated,
    project,
    author: { reference: author },
    ...(onBehalfOf ? { onBehalfOf } : undefined),
    compartment: compartments(content, project),
  };
  return { ...content, meta };
}

/**
 * Whether writing the content would change nothing. Medplum's comparison leaves out the author, but not the person a
 * write is made for: the same content for somebody else, or for nobody, is a version of its own.
 */
export function sameContent(
  stored: Resource,
  content: Resource,
  { onBehalfOf }: { readonly onBehalfOf?: Reference | undefined },
): boolean {
  return (
    stored.meta?.onBehalfOf?.reference === onBehalfOf?.reference &&
    isDeepStrictEqual(withoutStamp(stored), withoutStamp(content))
  );
}

/** A resource as a client sees it that did not ask for `X-Medplum: extended`. Changes what it is given. */
export function hideServerFields(resource: Resource): void {
  if (resource.meta) {
    delete resource.meta.author;
    delete resource.meta.project;
    delete resource.meta.compartment;
  }
  if (resource.resourceType === 'Bundle') {
    for (const { resource: inner } of resource.entry ?? []) if (inner) hideServerFields(inner);
  }
}

function withoutStamp({ meta = {}, ...rest }: Resource): unknown {
  const { versionId, lastUpdated, project, author, onBehalfOf, compartment, ...own } = meta;
  return { ...rest, meta: own };
}

function compartments(resource: Resource, project: string): Reference[] {
  const patients = [
    resource.resourceType === 'Patient' ? { reference: `Patient/${resource.id}` } : undefined,
    resource.resourceType === 'Task' ? resource.for : undefined,
    resource.resourceType === 'Communication' ? resource.subject : undefined,
  ];
  return [
    { reference: `Project/${project}` },
    ...patients
      .map((patient) => patient?.reference)
      .filter((reference) => reference?.startsWith('Patient/'))
      .map((reference) => ({ reference: reference ?? '' })),
  ];
}
