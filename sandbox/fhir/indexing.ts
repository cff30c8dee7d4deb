import type { SearchableToken } from '@medplum/core';
import {
  badRequest,
  convertToSearchableDates,
  convertToSearchableReferences,
  convertToSearchableStrings,
  convertToSearchableTokens,
  evalFhirPathTyped,
  globalSchema,
  OperationOutcomeError,
  toPeriod,
  toTypedValue,
} from '@medplum/core';
import type { Period, Resource, SearchParameter } from '@medplum/fhirtypes';

/** What a search parameter finds in a resource, in the forms that filters and sorting look at. */
export interface Indexed {
  readonly present: boolean;
  readonly references: readonly string[];
  readonly tokens: readonly SearchableToken[];
  /** In lower case. */
  readonly strings: readonly string[];
  readonly uris: readonly string[];
  readonly dates: readonly Period[];
  readonly sortKey: string | number | undefined;
}

/** The parameter's definition; an unknown one is refused, as Medplum does. */
export function searchParameter(resourceType: string, code: string): SearchParameter {
  const found = globalSchema.types[resourceType]?.searchParams?.[code];
  if (!found) throw new OperationOutcomeError(badRequest(`Unknown search parameter: ${code}`));
  return found;
}

// Stored resources are never changed, so what was found in one stays true.
const found = new WeakMap<Resource, Map<SearchParameter, Indexed>>();

/** Looks once per stored resource and parameter. */
export function indexed(resource: Resource, parameter: SearchParameter): Indexed {
  let byParameter = found.get(resource);
  if (!byParameter) {
    byParameter = new Map();
    found.set(resource, byParameter);
  }
  let entry = byParameter.get(parameter);
  if (!entry) {
    entry = toIndexed(resource, parameter);
    byParameter.set(parameter, entry);
  }
  return entry;
}

function toIndexed(resource: Resource, { type, expression = '' }: SearchParameter): Indexed {
  const values = evalFhirPathTyped(expression, [toTypedValue(resource)]);
  return {
    present: values.length > 0,
    references: type === 'reference' ? convertToSearchableReferences(values) : [],
    tokens:
      type === 'token' ? convertToSearchableTokens(values, { textSearchSystem: 'text' }).map(lowerCase) : [],
    strings: type === 'string' ? convertToSearchableStrings(values).map((text) => text.toLowerCase()) : [],
    uris: type === 'uri' ? convertToSearchableStrings(values) : [],
    dates: type === 'date' ? convertToSearchableDates(values) : [],
    sortKey: toSortKey(values[0]?.value),
  };
}

function lowerCase({ system, value }: SearchableToken): SearchableToken {
  return { system: system?.toLowerCase(), value: value?.toLowerCase() };
}

function toSortKey(value: unknown): string | number | undefined {
  if (typeof value === 'number' || value === undefined) return value;
  return toPeriod(value)?.start ?? (typeof value === 'string' ? value : JSON.stringify(value));
}
