import type { Bundle, Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { clinic, openTask, refusalOf } from './fhir-support.ts';

const NURSE = 'http://snomed.info/sct|224535009';

async function withTasks(tasks: readonly Partial<Task>[]) {
  const { medplum, raw, sandbox } = await clinic({ seed: false });
  const made: string[] = [];
  for (const task of tasks)
    made.push((await sandbox.fhir.repository.createResource({ ...openTask, ...task })).id);
  /** Which of the Tasks a search finds, as positions in the list. */
  const find = async (query: string) =>
    (await medplum.searchResources('Task', query)).map(({ id }) => made.indexOf(id));
  return { medplum, raw, sandbox, made, find };
}

const performerType = (code: string) => [{ coding: [{ system: 'http://snomed.info/sct', code }] }];

describe('searching Tasks', () => {
  it.each([
    ['performer=http://snomed.info/sct|224535009', [0, 1]],
    ['performer=http%3A%2F%2Fsnomed.info%2Fsct%7C224535009', [0, 1]],
    ['performer=17561000', [2]],
    ['performer=http://snomed.info/sct|', [0, 1, 2]],
    ['performer:not=224535009', [2, 3]],
    ['status=accepted,completed', [1, 3]],
    ['status:not=accepted,completed', [0, 2]],
    ['owner:missing=true', [0, 2]],
    ['owner=Practitioner/ana', [1]],
    ['owner=ana', []],
    ['owner:Practitioner=ana', []],
    ['focus=Communication/c1', [0]],
    ['identifier=urn:test|3', [3]],
    ['code:not=https://medplum.com/task-codes|read-receipt', [0, 1, 2]],
    ['authored-on=ge2000-01-01', []],
    [`performer=${NURSE}&status=requested,ready&owner:missing=true`, [0]],
  ])('finds by %s', async (query, expected) => {
    const { find } = await withTasks([
      { performerType: performerType('224535009'), focus: { reference: 'Communication/c1' } },
      {
        performerType: performerType('224535009'),
        status: 'accepted',
        owner: { reference: 'Practitioner/ana' },
      },
      { performerType: performerType('17561000') },
      {
        status: 'completed',
        owner: { reference: 'Practitioner/ben' },
        identifier: [{ system: 'urn:test', value: '3' }],
        code: { coding: [{ system: 'https://medplum.com/task-codes', code: 'read-receipt' }] },
      },
    ]);

    expect(await find(query)).toEqual(expected);
  });

  it('sorts stat before asap, urgent, routine and none, and then by age', async () => {
    const { find } = await withTasks([
      { priority: 'routine' },
      {},
      { priority: 'stat' },
      { priority: 'urgent' },
      { priority: 'asap' },
      { priority: 'stat' },
    ]);

    expect(await find('_sort=-priority-order,_lastUpdated')).toEqual([2, 5, 4, 3, 0, 1]);
  });

  it('finds by when something was last written, to the millisecond', async () => {
    const { medplum, sandbox } = await clinic({ seed: false });
    const ids: string[] = [];
    for (const ms of ['100', '101', '102']) {
      const repository = sandbox.fhir.repositoryFor({ now: () => `2026-05-05T10:00:00.${ms}Z` });
      ids.push((await repository.createResource(openTask)).id);
    }
    const find = async (query: string) =>
      (await medplum.searchResources('Task', query)).map(({ id }) => ids.indexOf(id));

    expect(await find('_lastUpdated=ge2026-05-05T10:00:00.101Z&_sort=-_lastUpdated')).toEqual([2, 1]);
    expect(await find('_lastUpdated=gt2026-05-05T10:00:00.101Z')).toEqual([2]);
    expect(await find('_lastUpdated=lt2026-05-05T10:00:00.101Z')).toEqual([0]);
    const between = '_lastUpdated=ge2026-05-05T10:00:00.101Z&_lastUpdated=lt2026-05-05T10:00:00.102Z';
    expect(await find(between)).toEqual([1]);
  });

  it('gives pages of twenty with links to the next, and at most a thousand at once', async () => {
    const { medplum, raw } = await withTasks(Array.from({ length: 1005 }, () => ({})));

    const first = await medplum.search('Task');
    expect(first.entry).toHaveLength(20);
    expect(first.total).toBeUndefined();
    const next = first.link?.find(({ relation }) => relation === 'next')?.url ?? '';
    expect(new URL(next).searchParams.get('_offset')).toBe('20');
    const second = (await (await raw(next.slice(new URL(next).origin.length))).json()) as Bundle<Task>;
    expect(second.entry?.[0]?.resource?.id).not.toBe(first.entry?.[0]?.resource?.id);

    const large = await medplum.search('Task', '_count=5000&_total=accurate');
    expect([large.entry?.length, large.total]).toEqual([1000, 1005]);
    const seen = new Set<string>();
    for await (const page of medplum.searchResourcePages('Task', '_count=400'))
      for (const { id } of page) seen.add(id);
    expect(seen.size).toBe(1005);
    expect((await medplum.search('Task', '_summary=count')).total).toBe(1005);
  });

  it('has no entries at all when nothing is found', async () => {
    const { medplum } = await withTasks([]);

    expect(await medplum.search('Task', 'status=ready')).not.toHaveProperty('entry');
  });

  it('refuses a parameter that it does not know, and a chain without a type', async () => {
    const { medplum } = await withTasks([]);

    expect(await refusalOf(medplum.search('Task', 'author=x'))).toBe('Unknown search parameter: author');
    expect(await refusalOf(medplum.search('Task', '_sort=nonsense'))).toBe(
      'Unknown search parameter: nonsense',
    );
    expect(await refusalOf(medplum.search('Task', 'owner.identifier=x'))).toContain('Unable to identify');
    expect(await refusalOf(medplum.search('Task', '_offset=10001'))).toContain('offset');
  });

  it('works by POST too', async () => {
    const { raw } = await withTasks([{ status: 'ready' }, {}]);

    const response = await raw('/fhir/R4/Task/_search', {
      method: 'POST',
      body: new URLSearchParams('status=ready,failed&_total=accurate'),
    });

    expect(await response.json()).toMatchObject({
      type: 'searchset',
      total: 1,
      entry: [{ search: { mode: 'match' } }],
    });
  });

  it('brings what is referred to, and what refers to it, marked as included', async () => {
    const { medplum, sandbox } = await clinic({ seed: false });
    const { task, thread } = await sandbox.inbox.write();
    const provenance = await medplum.createResource({
      resourceType: 'Provenance',
      target: [{ reference: `Task/${task}` }],
      recorded: '2026-05-05T10:00:00Z',
      agent: [{ who: { display: 'somebody' } }],
    });

    const bundle = await medplum.search('Task', '_include=Task:focus&_revinclude=Provenance:target');

    expect(bundle.entry?.map(({ search, resource }) => [search?.mode, resource?.id])).toEqual([
      ['match', task],
      ['include', thread],
      ['include', provenance.id],
    ]);
    const found = await medplum.searchResources('Provenance', `target=Task/${task}`);
    expect(found.map(({ id }) => id)).toEqual([provenance.id]);
    expect(await medplum.searchResources('Provenance', `target=${task}`)).toHaveLength(0);
  });
});

describe('searching people', () => {
  it('finds who has a role, and whose identifier somebody has', async () => {
    const { medplum, sandbox } = await clinic();
    const mei = `Practitioner/${sandbox.practitionerOf('U0MEI')}`;
    const pharmacist = 'http://snomed.info/sct|46255001';

    const having = await medplum.searchResources(
      'Practitioner',
      `_has:PractitionerRole:practitioner:role=${pharmacist}`,
    );
    expect(having.map(({ id }) => `Practitioner/${id}`)).toEqual([mei]);
    const slack = 'urn:switchboard:chat:slack:T0CLINIC|U0MEI';
    const roles = `practitioner.identifier=${slack}&role=${pharmacist}`;
    expect(await medplum.searchResources('PractitionerRole', roles)).toHaveLength(1);
    const active = `practitioner=${mei}&role=${pharmacist}&active=true`;
    expect(await medplum.searchResources('PractitionerRole', active)).toHaveLength(1);
    const bare = `practitioner=${sandbox.practitionerOf('U0MEI')}`;
    expect(await medplum.searchResources('PractitionerRole', bare)).toHaveLength(0);
  });
});
