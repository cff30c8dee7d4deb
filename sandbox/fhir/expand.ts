import type { WithId } from '@medplum/core';
import { allOk, badRequest, notFound, OperationOutcomeError, Operator } from '@medplum/core';
import type { FhirRepository, FhirResponse } from '@medplum/fhir-router';
import type {
  CodeSystem,
  CodeSystemConcept,
  OperationOutcome,
  ValueSet,
  ValueSetComposeInclude,
  ValueSetExpansionContains,
} from '@medplum/fhirtypes';
import type { Input } from './operation-input.ts';
import { textOf } from './operation-input.ts';
import type { FhirSettings } from './settings.ts';

const MOST = 1000;
const FILTERED_PAGE = 10;

/**
 * `ValueSet/$expand`, http://hl7.org/fhir/R4/valueset-operation-expand.html, as Medplum serves it: by `url`, with `filter`
 * (part of a display, or a code), `count` and `offset`. Codes that their CodeSystem does not list are left out.
 *
 * @param at the instant of the expansion.
 */
export async function expand(
  input: Input,
  repository: FhirRepository,
  settings: Readonly<FhirSettings>,
  at: string,
): Promise<FhirResponse> {
  const url = textOf(input, 'url')?.split('|')[0];
  if (!url) return [badRequest('Missing url')];
  const valueSet = await newest<ValueSet>(repository, 'ValueSet', url);
  if (!valueSet) return [unknown(`ValueSet ${url} not found`, settings)];

  const filter = textOf(input, 'filter')?.trim().toLowerCase();
  const count = numberOf(input, 'count') ?? (filter ? FILTERED_PAGE : MOST);
  const offset = Math.max(0, numberOf(input, 'offset') ?? 0);
  const codes = (await codesOf(valueSet, repository)).filter((coding) => matches(coding, filter));
  return [
    allOk,
    {
      ...valueSet,
      expansion: {
        timestamp: at,
        total: codes.length,
        offset,
        contains: codes.slice(offset, offset + Math.min(count, MOST)),
      },
    },
  ];
}

type Coding = Pick<ValueSetExpansionContains, 'system' | 'code' | 'display'>;

async function codesOf(valueSet: ValueSet, repository: FhirRepository): Promise<Coding[]> {
  const { compose, expansion } = valueSet;
  const ready = expansion?.contains ?? [];
  const complete = !expansion?.total || expansion.total === ready.length;
  if (ready.length > 0 && !expansion?.parameter && complete) return flat(ready);
  if (!compose?.include.length) throw refusal('Missing ValueSet definition', 'ValueSet.compose.include');

  const codes: Coding[] = [];
  for (const include of compose.include) codes.push(...(await included(include, repository)));
  return codes;
}

async function included(include: ValueSetComposeInclude, repository: FhirRepository): Promise<Coding[]> {
  const { valueSet: others, system, concept: listed } = include;
  if (others) {
    const codes: Coding[] = [];
    for (const url of others) {
      const other = await newest<ValueSet>(repository, 'ValueSet', url.split('|')[0] ?? '');
      if (!other) throw refusal(`ValueSet ${url} not found`);
      codes.push(...(await codesOf(other, repository)));
    }
    return codes;
  }
  if (!system) throw refusal('Missing system URL for ValueSet include', 'ValueSet.compose.include.system');
  const codeSystem = await newest<CodeSystem>(repository, 'CodeSystem', system);
  if (!codeSystem) throw refusal(`CodeSystem ${system} not found`);

  const all = conceptsOf(codeSystem.concept, system);
  if (!listed) return all;
  // The display is the CodeSystem's, whatever the ValueSet calls it.
  return listed.flatMap(({ code }) => all.find((coding) => coding.code === code) ?? []);
}

function conceptsOf(concepts: readonly CodeSystemConcept[] | undefined, system: string): Coding[] {
  return (concepts ?? []).flatMap(({ code, display, concept }) => [
    { system, code, ...(display ? { display } : undefined) },
    ...conceptsOf(concept, system),
  ]);
}

function flat(contained: readonly ValueSetExpansionContains[]): Coding[] {
  return contained.flatMap(({ contains, ...coding }) => [...flat(contains ?? []), coding]);
}

function matches({ code, display }: Coding, filter: string | undefined): boolean {
  return !filter || code?.toLowerCase() === filter || display?.toLowerCase().includes(filter) === true;
}

/** Of several with one url the one without a version, or with the highest; what is retired does not count. */
async function newest<T extends ValueSet | CodeSystem>(
  repository: FhirRepository,
  resourceType: T['resourceType'],
  url: string,
): Promise<WithId<T> | undefined> {
  const found = await repository.searchResources<ValueSet | CodeSystem>({
    resourceType,
    filters: [
      { code: 'url', operator: Operator.EQUALS, value: url },
      { code: 'status', operator: Operator.NOT, value: 'retired' },
    ],
  });
  found.sort((a, b) => (b.version ?? '\uffff').localeCompare(a.version ?? '\uffff'));
  return found[0] as WithId<T> | undefined;
}

function numberOf(input: Input, name: string): number | undefined {
  const text = textOf(input, name);
  if (text === undefined) return undefined;
  const number = Number.parseInt(text, 10);
  if (Number.isNaN(number)) throw refusal(`Invalid value '${text}' provided for integer parameter`);
  return number;
}

function unknown(text: string, { unknownValueSet }: Readonly<FhirSettings>): OperationOutcome {
  if (unknownValueSet === 400) return badRequest(text);
  return { ...notFound, issue: [{ severity: 'error', code: 'not-found', details: { text } }] };
}

function refusal(text: string, expression?: string): OperationOutcomeError {
  return new OperationOutcomeError(badRequest(text, expression));
}
