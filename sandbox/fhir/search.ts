import type { SearchRequest, SortRule, WithId } from '@medplum/core';
import {
  badRequest,
  formatSearchQuery,
  OperationOutcomeError,
  Operator,
  splitSearchOnComma,
  validateResourceType,
} from '@medplum/core';
import type { Bundle, BundleEntry, BundleLink, Resource } from '@medplum/fhirtypes';
import type { Indexed } from './indexing.ts';
import { indexed, searchParameter } from './indexing.ts';
import { compileFilters } from './matching.ts';
import type { Rows } from './store.ts';

const DEFAULT_PAGE = 20;
const LARGEST_PAGE = 1000;
const LARGEST_OFFSET = 10_000;

/** A search's page of hits, and how many hits there are in all. */
export interface Page {
  readonly resources: WithId<Resource>[];
  readonly total: number;
  readonly count: number;
  readonly offset: number;
}

/**
 * Finds, sorts and pages, among what is visible. Throws a 400 for parameters that Medplum does not know.
 */
export function findPage(
  request: SearchRequest,
  rows: Rows,
  visible: (resource: WithId<Resource>) => boolean,
): Page {
  const { resourceType, filters = [], sortRules = [] } = request;
  validateResourceType(resourceType);
  const count = Number.isNaN(request.count ?? Number.NaN)
    ? DEFAULT_PAGE
    : Math.min(request.count ?? 0, LARGEST_PAGE);
  const offset = request.offset || 0;
  if (offset > LARGEST_OFFSET) {
    throw new OperationOutcomeError(
      badRequest(`Search offset exceeds maximum (got ${offset}, max ${LARGEST_OFFSET})`),
    );
  }
  const passes = compileFilters(resourceType, filters, rows);
  const hits: WithId<Resource>[] = [];
  for (const resource of candidates(request, rows)) {
    if (passes(resource) && visible(resource)) hits.push(resource);
  }
  if (sortRules.length > 0) sort(hits, resourceType, sortRules);
  return { resources: hits.slice(offset, offset + count), total: hits.length, count, offset };
}

/** A search by id looks only there. */
function candidates({ resourceType, filters = [] }: SearchRequest, rows: Rows): Iterable<WithId<Resource>> {
  const byId = filters.find(({ code, operator }) => code === '_id' && operator === Operator.EQUALS);
  if (!byId) return rows.all(resourceType);
  const ids = new Set(splitSearchOnComma(byId.value));
  return [...ids].map((id) => rows.current(resourceType, id)).filter((resource) => resource !== undefined);
}

function sort(resources: WithId<Resource>[], resourceType: string, rules: readonly SortRule[]): void {
  const columns = rules.map(({ code, descending }) => ({
    parameter: searchParameter(resourceType, code),
    direction: descending ? -1 : 1,
  }));
  resources.sort((a, b) => {
    for (const { parameter, direction } of columns) {
      const order = compare(indexed(a, parameter).sortKey, indexed(b, parameter).sortKey, direction);
      if (order !== 0) return order;
    }
    return 0;
  });
}

/** What has no value comes last, whichever way is sorted. */
function compare(a: Indexed['sortKey'], b: Indexed['sortKey'], direction: number): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a < b ? -direction : direction;
}

/** The searchset for a page: no `entry` when there is none, `total` only when it was asked for. */
export function toSearchset(request: SearchRequest, page: Page, baseUrl: string): Bundle<WithId<Resource>> {
  const { total, count, offset } = page;
  const entry = page.resources.map(
    (resource): BundleEntry<WithId<Resource>> => ({
      fullUrl: `${baseUrl}fhir/R4/${resource.resourceType}/${resource.id}`,
      search: { mode: 'match' },
      resource: pickFields(resource, request.fields),
    }),
  );
  const asked = request.total === 'accurate' || request.total === 'estimate';
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(asked ? { total } : undefined),
    link: links(request, { count, offset, more: count > 0 && offset + count < total }, baseUrl),
    ...(entry.length > 0 ? { entry } : undefined),
  };
}

function links(
  request: SearchRequest,
  { count, offset, more }: { count: number; offset: number; more: boolean },
  baseUrl: string,
): BundleLink[] {
  const at = (from: number) =>
    `${baseUrl}fhir/R4/${request.resourceType}${formatSearchQuery({ ...request, count, offset: from })}`;
  return [
    { relation: 'self', url: at(offset) },
    { relation: 'first', url: at(0) },
    ...(more ? [{ relation: 'next', url: at(offset + count) } as const] : []),
    ...(offset > 0 ? [{ relation: 'previous', url: at(Math.max(0, offset - count)) } as const] : []),
  ];
}

function pickFields(resource: WithId<Resource>, fields: readonly string[] | undefined): WithId<Resource> {
  if (!fields) return resource;
  const keep = new Set(['resourceType', 'id', 'meta', ...fields]);
  const picked = Object.fromEntries(Object.entries(resource).filter(([key]) => keep.has(key)));
  return picked as unknown as WithId<Resource>;
}
