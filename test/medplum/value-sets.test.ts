import { describe, expect, it } from 'vitest';
import { createRecordStore } from '../../src/medplum/store.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import { fakeServer, outcome, recordErrorOf } from '../support/unit-fhir.ts';

const SET = 'https://clinic.example/ValueSet/reasons?x=1&y=2';

async function store(body: object, status = 200) {
  const server = await fakeServer(() => ({ status, body }));
  return { ...server, store: createRecordStore(server.client, DEFAULT_TASK_RULES) };
}

const expansion = (contains?: object[]) => ({
  resourceType: 'ValueSet',
  status: 'active',
  expansion: { timestamp: '2026-01-01', ...(contains && { contains }) },
});

describe('Expanding a ValueSet', () => {
  it('asks the server by the whole address, and gives the codes in its order', async () => {
    const { store: record, asked } = await store(
      expansion([
        { system: 'urn:s', code: 'b', display: 'B', id: '7' },
        { system: 'urn:s', code: 'a' },
      ]),
    );

    const codes = await record.expand(SET);

    expect(codes).toEqual([
      { system: 'urn:s', code: 'b', display: 'B' },
      { system: 'urn:s', code: 'a' },
    ]);
    expect(asked.map(({ path }) => path)).toEqual(['/ValueSet/$expand']);
    expect(asked[0]?.query.get('url')).toBe(SET);
  });

  it('takes a tree for a list, without its headings and without what is out of use', async () => {
    const { store: record } = await store(
      expansion([
        { abstract: true, system: 'urn:s', code: 'heading', contains: [{ system: 'urn:s', code: 'below' }] },
        { display: 'a heading without a code', contains: [{ system: 'urn:s', code: 'deeper' }] },
        { system: 'urn:s', code: 'old', inactive: true },
        { system: 'urn:s', code: 'parent', contains: [{ system: 'urn:s', code: 'child' }] },
      ]),
    );

    const codes = await record.expand(SET);

    expect(codes.map(({ code }) => code)).toEqual(['below', 'deeper', 'parent', 'child']);
  });

  it.each([
    ['an empty expansion', expansion()],
    ['a ValueSet that was not expanded', { resourceType: 'ValueSet', status: 'active' }],
  ])('gives no codes for %s', async (_what, body) => {
    const { store: record } = await store(body);

    expect(await record.expand(SET)).toEqual([]);
  });

  it.each([
    [404, 'not-found', 'gone'],
    [400, undefined, 'invalid'],
    [403, 'forbidden', 'forbidden'],
  ] as const)('fails where the server answers %i', async (status, id, kind) => {
    const { store: record } = await store(outcome(id, 'ValueSet not found'), status);

    expect((await recordErrorOf(record.expand(SET))).kind).toBe(kind);
  });
});
