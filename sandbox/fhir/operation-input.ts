import type { FhirRequest } from '@medplum/fhir-router';

/** The values that an operation was given for a parameter, in order. */
export type Input = (name: string) => readonly unknown[];

/** The input of an operation: the query of a GET; else a Parameters resource, or plain JSON with the same names. */
export function inputOf({ method, query, body }: FhirRequest): Input {
  if (method === 'GET') return (name) => listOf(query[name]);
  const given = body as Readonly<Record<string, unknown>>;
  if (given.resourceType !== 'Parameters') return (name) => listOf(given[name]);
  const parameters = listOf(given.parameter).filter(isRecord);
  return (name) => parameters.filter((parameter) => parameter.name === name).map(valueIn);
}

/** The first value as text; undefined when there is none. A reference is its `reference`. */
export function textOf(input: Input, name: string): string | undefined {
  const [value] = input(name);
  const plain = isRecord(value) ? value.reference : value;
  return typeof plain === 'string' || typeof plain === 'number' ? String(plain) : undefined;
}

/** `valueString`, `valueUri` and so on, or the resource. */
function valueIn(parameter: Readonly<Record<string, unknown>>): unknown {
  const key = Object.keys(parameter).find((name) => name.startsWith('value') || name === 'resource');
  return key && parameter[key];
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
