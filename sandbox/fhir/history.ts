import { allOk, deepClone, gone } from '@medplum/core';
import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes';
import type { Version } from './store.ts';

const LARGEST_PAGE = 1000;

/** A resource's versions, newest first; a deletion is an entry with status 410 and no resource. */
export function toHistory(
  versions: readonly Version[],
  { resourceType, id, baseUrl, offset = 0, limit: wanted = 100 }: HistoryRequest,
): Bundle<Resource> {
  const limit = Math.min(wanted, LARGEST_PAGE);
  const address = `${baseUrl}fhir/R4/${resourceType}/${id}`;
  const page = versions.toReversed().slice(offset, offset + limit);
  return {
    resourceType: 'Bundle',
    type: 'history',
    total: versions.length,
    link: [
      { relation: 'self', url: `${address}/_history?_count=${limit}&_offset=${offset}` },
      ...(offset + limit < versions.length
        ? [
            {
              relation: 'next' as const,
              url: `${address}/_history?_count=${limit}&_offset=${offset + limit}`,
            },
          ]
        : []),
    ],
    entry: page.map((version) => toEntry(version, address, `${resourceType}/${id}`)),
  };
}

export interface HistoryRequest {
  readonly resourceType: string;
  readonly id: string;
  readonly baseUrl: string;
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
}

function toEntry(version: Version, fullUrl: string, reference: string): BundleEntry<Resource> {
  const { resource, versionId, lastUpdated } = version;
  return {
    fullUrl,
    request: { method: 'GET', url: `${reference}/_history/${versionId}` },
    response: {
      status: resource ? '200' : '410',
      outcome: resource ? allOk : gone,
      lastModified: lastUpdated,
      etag: `W/"${versionId}"`,
    },
    ...(resource ? { resource: deepClone(resource) } : undefined),
  };
}
