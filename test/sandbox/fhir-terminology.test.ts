import type { CodeSystem, ValueSet } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { clinic, outcomeOf, refusalOf } from './fhir-support.ts';

const COLOURS = 'http://example.org/colours';
const VALUE_SET = 'http://example.org/ValueSet/colours';

const colours: CodeSystem = {
  resourceType: 'CodeSystem',
  url: COLOURS,
  status: 'active',
  content: 'complete',
  concept: [
    { code: 'red', display: 'Red', concept: [{ code: 'crimson', display: 'Crimson' }] },
    { code: 'green', display: 'Green' },
    { code: 'blue' },
  ],
};

/** A server that knows the colours, and a way to expand what is stored as ValueSet/colours. */
async function withValueSet(valueSet: Partial<ValueSet>) {
  const { medplum, sandbox, raw } = await clinic({ seed: false });
  await medplum.createResource(colours);
  await medplum.createResource<ValueSet>({
    resourceType: 'ValueSet',
    url: VALUE_SET,
    status: 'active',
    ...valueSet,
  });
  const expand = async (more: object = {}) =>
    (await medplum.valueSetExpand({ url: VALUE_SET, ...more })).expansion?.contains;
  const codes = async (more: object = {}) => (await expand(more))?.map(({ code }) => code);
  return { medplum, sandbox, raw, expand, codes };
}

const whole: Partial<ValueSet> = { compose: { include: [{ system: COLOURS }] } };

describe('expanding a ValueSet', () => {
  it('lists a whole CodeSystem, with what is below its concepts', async () => {
    const { expand } = await withValueSet(whole);

    expect(await expand()).toEqual([
      { system: COLOURS, code: 'red', display: 'Red' },
      { system: COLOURS, code: 'crimson', display: 'Crimson' },
      { system: COLOURS, code: 'green', display: 'Green' },
      { system: COLOURS, code: 'blue' },
    ]);
  });

  it('lists the concepts that are named, as the CodeSystem displays them, and none that it does not have', async () => {
    const concept = [{ code: 'green', display: 'Grass' }, { code: 'crimson' }, { code: 'plaid' }];
    const { expand } = await withValueSet({ compose: { include: [{ system: COLOURS, concept }] } });

    expect(await expand()).toEqual([
      { system: COLOURS, code: 'green', display: 'Green' },
      { system: COLOURS, code: 'crimson', display: 'Crimson' },
    ]);
  });

  it('takes other ValueSets in', async () => {
    const other = 'http://example.org/ValueSet/other';
    const { medplum, codes } = await withValueSet({
      compose: { include: [{ valueSet: [other] }, { system: COLOURS, concept: [{ code: 'blue' }] }] },
    });
    const concept = [{ code: 'red' }];
    await medplum.createResource<ValueSet>({
      resourceType: 'ValueSet',
      url: other,
      status: 'active',
      compose: { include: [{ system: COLOURS, concept }] },
    });

    expect(await codes()).toEqual(['red', 'blue']);
  });

  it('takes an expansion that is there already', async () => {
    const contains = [{ system: 'urn:elsewhere', code: 'x', display: 'From elsewhere' }];
    const { expand } = await withValueSet({ expansion: { timestamp: '2026-05-05T10:00:00Z', contains } });

    expect(await expand()).toEqual(contains);
  });

  it('goes by a part of the display, by count and by offset', async () => {
    const { codes } = await withValueSet(whole);

    expect(await codes({ filter: 'RE' })).toEqual(['red', 'green']);
    expect(await codes({ count: 2 })).toEqual(['red', 'crimson']);
    expect(await codes({ count: 2, offset: 1 })).toEqual(['crimson', 'green']);
    expect(await codes({ filter: 'nothing' })).toEqual([]);
  });

  it('works by POST too, and in a batch', async () => {
    const { medplum, raw } = await withValueSet(whole);
    const parameter = [
      { name: 'url', valueUri: VALUE_SET },
      { name: 'count', valueInteger: 1 },
    ];

    const posted = await raw('/fhir/R4/ValueSet/$expand', {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json' },
      body: JSON.stringify({ resourceType: 'Parameters', parameter }),
    });
    const url = `ValueSet/$expand?url=${encodeURIComponent(VALUE_SET)}`;
    const batch = await medplum.executeBatch({
      resourceType: 'Bundle',
      type: 'batch',
      entry: [{ request: { method: 'GET', url } }],
    });

    expect(await posted.json()).toMatchObject({
      resourceType: 'ValueSet',
      url: VALUE_SET,
      expansion: { total: 4, contains: [{ code: 'red' }] },
    });
    expect(batch.entry?.[0]?.resource).toMatchObject({ expansion: { total: 4 } });
  });

  it('does not know a url that is not stored: 404, or 400 where it plays a server that says so', async () => {
    const { medplum, sandbox } = await withValueSet(whole);
    const ask = () => medplum.valueSetExpand({ url: 'http://example.org/ValueSet/unknown' });

    const unknown = await outcomeOf(ask());
    await sandbox.fhir.change({ unknownValueSet: 400 });
    const invalid = await outcomeOf(ask());

    expect([unknown.id, unknown.issue[0]?.code]).toEqual(['not-found', 'not-found']);
    expect([invalid.id, invalid.issue[0]?.code]).toEqual([undefined, 'invalid']);
    for (const { issue } of [unknown, invalid])
      expect(issue[0]?.details?.text).toBe('ValueSet http://example.org/ValueSet/unknown not found');
  });

  it('is refused without a url, without a definition, and for a CodeSystem that is not stored', async () => {
    const { medplum, sandbox, expand } = await withValueSet({});
    const { repository } = sandbox.fhir;

    expect(await refusalOf(medplum.valueSetExpand({ url: '' }))).toBe('Missing url');
    expect(await refusalOf(expand())).toBe('Missing ValueSet definition');
    const [valueSet] = await medplum.searchResources('ValueSet');
    const compose = { include: [{ system: 'urn:nowhere' }] };
    await repository.updateResource({ ...valueSet, resourceType: 'ValueSet', status: 'active', compose });
    expect(await refusalOf(expand())).toBe('CodeSystem urn:nowhere not found');
  });

  it('takes the highest version of several, and none that is retired', async () => {
    const { medplum, codes } = await withValueSet({ ...whole, version: '1' });
    const named = (code: string): ValueSet => ({
      resourceType: 'ValueSet',
      url: VALUE_SET,
      status: 'active',
      compose: { include: [{ system: COLOURS, concept: [{ code }] }] },
    });
    await medplum.createResource({ ...named('blue'), version: '2' });
    await medplum.createResource({ ...named('red'), version: '3', status: 'retired' });

    expect(await codes()).toEqual(['blue']);
  });
});

describe('ValueSets and CodeSystems', () => {
  it('are found by their whole url', async () => {
    const { medplum } = await withValueSet(whole);

    const found = async (type: 'ValueSet' | 'CodeSystem', url: string) =>
      (await medplum.searchResources(type, new URLSearchParams({ url }))).map((one) => one.url);

    expect(await found('ValueSet', VALUE_SET)).toEqual([VALUE_SET]);
    expect(await found('CodeSystem', COLOURS)).toEqual([COLOURS]);
    expect(await found('CodeSystem', 'http://example.org/col')).toEqual([]);
    expect(await found('ValueSet', VALUE_SET.toUpperCase())).toEqual([]);
  });
});
