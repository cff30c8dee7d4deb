import type { Filter, SearchableToken } from '@medplum/core';
import {
  badRequest,
  OperationOutcomeError,
  Operator,
  parseSearchRequest,
  splitSearchOnComma,
  toPeriod,
} from '@medplum/core';
import type { Period, Resource, SearchParameter } from '@medplum/fhirtypes';
import type { Indexed } from './indexing.ts';
import { indexed, searchParameter } from './indexing.ts';
import type { Rows } from './store.ts';

/** Says whether a resource passes one filter of a search. */
export type Predicate = (resource: Resource) => boolean;

/** All filters of a search on one resource type, as one predicate. Throws a 400 for what the server does not know. */
export function compileFilters(resourceType: string, filters: readonly Filter[], rows: Rows): Predicate {
  const predicates = filters.map((filter) => compileFilter(resourceType, filter, rows));
  return (resource) => predicates.every((passes) => passes(resource));
}

function compileFilter(resourceType: string, filter: Filter, rows: Rows): Predicate {
  if (filter.code.startsWith('_has:')) return compileReverseChain(resourceType, filter, rows);
  if (filter.code.includes('.')) return compileChain(resourceType, filter, rows);

  const parameter = searchParameter(resourceType, filter.code);
  if (filter.operator === Operator.MISSING || filter.operator === Operator.PRESENT) {
    const wanted = (filter.operator === Operator.PRESENT) === (filter.value === 'true');
    return (resource) => indexed(resource, parameter).present === wanted;
  }
  const negated = filter.operator === Operator.NOT || filter.operator === Operator.NOT_EQUALS;
  const matches = compileValues(parameter, filter, splitSearchOnComma(filter.value));
  return (resource) => matches(indexed(resource, parameter)) !== negated;
}

function compileValues(
  parameter: SearchParameter,
  filter: Filter,
  wanted: readonly string[],
): (found: Indexed) => boolean {
  switch (parameter.type) {
    case 'reference': {
      // Medplum indexes the whole reference string: a bare id finds nothing.
      const references = new Set(wanted);
      return (found) => found.references.some((reference) => references.has(reference));
    }
    case 'token': {
      const tokens = wanted.map(parseToken);
      return (found) => found.tokens.some((token) => tokens.some((matches) => matches(token)));
    }
    case 'uri': {
      // A part of a uri finds nothing, unlike a part of a text.
      const uris = new Set(wanted);
      return (found) => found.uris.some((uri) => uris.has(uri));
    }
    case 'string': {
      const texts = wanted.map((text) => text.toLowerCase());
      return (found) => found.strings.some((string) => texts.some((text) => string.includes(text)));
    }
    case 'date': {
      const periods = wanted.map((value) => toPeriod(value)).filter((period) => period !== undefined);
      return (found) =>
        found.dates.some((date) => periods.some((period) => matchesDate(date, filter.operator, period)));
    }
    default:
      return () => false;
  }
}

/** `code`, `system|code`, `system|` or `|code`, in any case. */
function parseToken(text: string): (token: SearchableToken) => boolean {
  const wanted = text.toLowerCase();
  const bar = wanted.indexOf('|');
  // What is indexed under the system `text` are displays and texts, which are no codes.
  if (bar < 0) return ({ system, value }) => system !== 'text' && value === wanted;
  const wantedSystem = wanted.slice(0, bar);
  const code = wanted.slice(bar + 1);
  if (!wantedSystem) return ({ system, value }) => code !== '' && !system && value === code;
  return ({ system, value }) => system === wantedSystem && (code === '' || value === code);
}

function matchesDate(found: Period, operator: Operator, wanted: Period): boolean {
  const start = found.start ?? '0000';
  const end = found.end ?? '9999';
  const wantedStart = wanted.start ?? '0000';
  const wantedEnd = wanted.end ?? '9999';
  switch (operator) {
    case Operator.LESS_THAN:
      return start < wantedStart;
    case Operator.GREATER_THAN:
      return end > wantedEnd;
    case Operator.LESS_THAN_OR_EQUALS:
      return start <= wantedEnd;
    case Operator.GREATER_THAN_OR_EQUALS:
      return end >= wantedStart;
    case Operator.STARTS_AFTER:
      return start > wantedEnd;
    case Operator.ENDS_BEFORE:
      return end < wantedStart;
    default:
      return start <= wantedEnd && end >= wantedStart;
  }
}

/** `practitioner.identifier=...` or `owner:Practitioner.identifier=...`: the filter holds for what is referred to. */
function compileChain(resourceType: string, filter: Filter, rows: Rows): Predicate {
  const dot = filter.code.indexOf('.');
  const [code = '', type] = filter.code.slice(0, dot).split(':');
  const parameter = searchParameter(resourceType, code);
  const targetType = type ?? (parameter.target?.length === 1 ? parameter.target[0] : undefined);
  if (!targetType) {
    throw new OperationOutcomeError(
      badRequest(`Unable to identify next resource type for search parameter: ${resourceType}?${code}`),
    );
  }
  const rest = parseSearchRequest(targetType as Resource['resourceType'], {
    [filter.code.slice(dot + 1)]: filter.value,
  });
  const matches = compileFilters(targetType, rest.filters ?? [], rows);
  return (resource) =>
    indexed(resource, parameter).references.some((reference) => {
      const [foundType, id] = reference.split('/');
      const target = foundType === targetType && id ? rows.current(targetType, id) : undefined;
      return target !== undefined && matches(target);
    });
}

/** `_has:PractitionerRole:practitioner:role=...`: something that passes the filter refers to the resource. */
function compileReverseChain(resourceType: string, filter: Filter, rows: Rows): Predicate {
  const [, type = '', code = '', ...rest] = filter.code.split(':');
  const parameter = searchParameter(type, code);
  const request = parseSearchRequest(type as Resource['resourceType'], { [rest.join(':')]: filter.value });
  const matches = compileFilters(type, request.filters ?? [], rows);
  const referredTo = new Set<string>();
  for (const resource of rows.all(type)) {
    if (!matches(resource)) continue;
    for (const reference of indexed(resource, parameter).references) referredTo.add(reference);
  }
  return (resource) => referredTo.has(`${resourceType}/${resource.id}`);
}
