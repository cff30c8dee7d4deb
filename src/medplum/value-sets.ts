import type { MedplumClient } from '@medplum/core';
import type { Coding, ValueSet, ValueSetExpansionContains } from '@medplum/fhirtypes';
import { fresh } from './requests.ts';

/** More than this is no list that people choose from; so many are asked for that it shows where there are more. */
const MOST_CODES = 200;

/**
 * The codes of a ValueSet, as the server expands it, in its order; those that are only headings, or out of use, are left
 * out: http://hl7.org/fhir/R4/valueset-operation-expand.html
 */
export async function expand(client: MedplumClient, valueSet: string): Promise<Coding[]> {
  const url = client.fhirUrl('ValueSet', '$expand');
  url.search = new URLSearchParams({ url: valueSet, count: String(MOST_CODES) }).toString();
  const expanded: ValueSet = await client.get(url, fresh());
  return flat(expanded.expansion?.contains ?? []).map(({ system, code, display }) => ({
    ...(system && { system }),
    ...(code && { code }),
    ...(display && { display }),
  }));
}

/** A list may be a tree. */
function flat(contains: readonly ValueSetExpansionContains[]): ValueSetExpansionContains[] {
  return contains.flatMap((one) => [
    ...(one.abstract || one.inactive || !one.code ? [] : [one]),
    ...flat(one.contains ?? []),
  ]);
}
