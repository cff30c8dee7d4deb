import { describe, expect, it } from 'vitest';
import { type Operation, operationOf, throttledFor, unitsOf } from '../../src/medplum/calls.ts';

const BASE = 'https://fhir.example.org/';

describe('what a request to the FHIR server is, and costs', () => {
  it.each<[string, string, Operation, number]>([
    ['POST', 'oauth2/token', 'login', 0],
    ['GET', 'fhir/R4/Task?_id=1', 'search', 20],
    ['GET', 'fhir/R4/Task', 'search', 20],
    ['POST', 'fhir/R4/Task/_search', 'search', 20],
    ['GET', 'fhir/R4/Task/1', 'read', 1],
    ['GET', 'fhir/R4/Task/1/_history?_count=200', 'history', 10],
    ['GET', 'fhir/R4/ValueSet/$expand?url=u', 'other', 0],
    ['POST', 'fhir/R4/Task', 'create', 100],
    ['PATCH', 'fhir/R4/Task/1', 'patch', 100],
    ['PUT', 'fhir/R4/Task/1', 'update', 100],
    ['DELETE', 'fhir/R4/Task/1', 'delete', 100],
    ['GET', 'auth/me', 'other', 0],
  ])('%s %s is a %s of %i units', (method, path, operation, units) => {
    expect(operationOf(method, BASE + path, false)).toBe(operation);
    expect(unitsOf(operation, undefined, true)).toBe(units);
  });

  it('a conditional create costs a write where it writes, and a search where it finds', () => {
    expect(operationOf('POST', `${BASE}fhir/R4/Provenance`, true)).toBe('conditional-create');
    expect(unitsOf('conditional-create', undefined, true)).toBe(120);
    expect(unitsOf('conditional-create', undefined, false)).toBe(20);
  });

  it.each(['fhir/R4', 'fhir/R4/'])('a Bundle at %s costs what its entries cost', (path) => {
    const entry = ['PATCH', 'POST', 'GET'].map((method) => ({ request: { method, url: 'Task' } }));
    const body = JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry });

    expect(operationOf('POST', BASE + path, false)).toBe('bundle');
    expect(unitsOf('bundle', body, false)).toBe(220);
  });

  it('the server is left alone until what is used up comes back', () => {
    expect(throttledFor('"requests";r=59499;t=58, "fhirInteractions";r=0;t=17')).toBe(17_000);
    expect(throttledFor(null)).toBe(60_000);
  });
});
