import type { Communication, Subscription, Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { clinic, openTask, outcomeOf, receiver } from './fhir-support.ts';

const SNOMED = 'http://snomed.info/sct';
const RECEIPT = 'https://medplum.com/task-codes|read-receipt';
const receipt = { coding: [{ system: 'https://medplum.com/task-codes', code: 'read-receipt' }] };
const nurses = [{ coding: [{ system: SNOMED, code: '224535009' }] }];

/** What Switchboard asks of the server, over HTTP, in the very words. */
async function withTasks(tasks: readonly Partial<Task>[]) {
  const { medplum, sandbox } = await clinic({ seed: false });
  const ids: string[] = [];
  for (const task of tasks) ids.push((await medplum.createResource<Task>({ ...openTask, ...task })).id);
  const positions = async (query: string) =>
    (await medplum.searchResources('Task', query)).map(({ id }) => ids.indexOf(id));
  return { medplum, sandbox, ids, positions };
}

describe('the Tasks of a pool', () => {
  it('are those that wait, without read receipts, the most urgent first and then the oldest', async () => {
    const at = (minute: number) => ({ authoredOn: `2026-05-05T10:${String(minute).padStart(2, '0')}:00Z` });
    const waiting: Partial<Task> = { performerType: nurses };
    const { medplum, ids } = await withTasks([
      { ...waiting, ...at(9) },
      { ...waiting, priority: 'routine', ...at(8) },
      { ...waiting, priority: 'urgent' },
      { ...waiting, priority: 'stat', ...at(6) },
      { ...waiting, priority: 'asap', status: 'ready', ...at(5) },
      { ...waiting, priority: 'stat', ...at(4) },
      { ...waiting, priority: 'urgent', ...at(7) },
      { ...waiting, code: receipt, ...at(1) },
      { ...waiting, status: 'accepted', ...at(1) },
      { ...waiting, owner: { reference: 'Practitioner/ana' }, ...at(1) },
      { performerType: [{ coding: [{ system: SNOMED, code: '17561000' }] }], ...at(1) },
    ]);
    const query = [
      `performer=${encodeURIComponent(`${SNOMED}|224535009`)}`,
      'status=requested,ready&owner:missing=true',
      `code:not=${encodeURIComponent(RECEIPT)}`,
      '_sort=-priority-order,authored-on&_count=1000&_total=accurate',
    ].join('&');

    const found = await medplum.search('Task', query);

    expect(found.entry?.map(({ resource }) => ids.indexOf(resource?.id ?? ''))).toEqual([
      5, 3, 4, 6, 2, 1, 0,
    ]);
    expect(found.total).toBe(7);
  });
});

describe('the Tasks of a thread', () => {
  it('are found by focus, status and code, and any Task by its identifier', async () => {
    const focus = { reference: 'Communication/c1' };
    const { positions } = await withTasks([
      { focus },
      { focus, status: 'completed' },
      { focus, code: receipt },
      { focus: { reference: 'Communication/c2' }, identifier: [{ system: 'urn:test', value: 'x' }] },
    ]);

    expect(await positions(`focus=Communication/c1&status=requested,accepted&code:not=${RECEIPT}`)).toEqual([
      0,
    ]);
    expect(await positions('identifier=urn:test|x')).toEqual([3]);
    expect(await positions('identifier=urn:test|y')).toEqual([]);
  });

  it('are made once: the one that is there, a new one, and a 412 where there are two', async () => {
    const { medplum, sandbox } = await withTasks([]);
    const ask = async (thread: string) => {
      const focus = { reference: `Communication/${thread}` };
      const query = `focus=${focus.reference}&status=requested,ready,accepted&code:not=${RECEIPT}`;
      const task = await medplum.createResourceIfNoneExist<Task>({ ...openTask, focus }, query);
      return { id: task.id, status: sandbox.fhir.requests.at(-1)?.status };
    };
    const focus = { reference: 'Communication/c2' };
    for (const status of ['requested', 'accepted'] as const)
      await medplum.createResource({ ...openTask, status, focus });

    const first = await ask('c1');
    const second = await ask('c1');

    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.id).toBe(first.id);
    expect((await outcomeOf(ask('c2'))).id).toBe('multiple-matches');
    await medplum.patchResource('Task', first.id, [{ op: 'replace', path: '/status', value: 'completed' }]);
    expect(await ask('c1')).toMatchObject({ status: 201 });
  });
});

describe('the messages of threads', () => {
  it('are found by the thread, newest first, and by when they were last written', async () => {
    const { medplum, sandbox } = await clinic({ seed: false });
    const write = (second: number, thread?: string) =>
      sandbox.fhir
        .repositoryFor({ now: () => `2026-05-05T10:00:0${second}.000Z` })
        .createResource<Communication>({
          resourceType: 'Communication',
          status: 'in-progress',
          ...(thread ? { partOf: [{ reference: `Communication/${thread}` }] } : undefined),
        });
    const [header, other] = [await write(0), await write(1)];
    const messages = [await write(2, header.id), await write(3, other.id), await write(4, header.id)];
    const positions = async (query: string) =>
      (await medplum.searchResources('Communication', query)).map(({ id }) =>
        messages.findIndex((message) => message.id === id),
      );

    const ofThread = `part-of=Communication/${header.id}&_sort=-_lastUpdated`;
    expect(await positions(`${ofThread}&_count=50`)).toEqual([2, 0]);
    expect(await positions(`${ofThread}&_count=1`)).toEqual([2]);
    const since = '_lastUpdated=ge2026-05-05T10:00:03.000Z&_sort=_lastUpdated';
    expect(await positions(`part-of:missing=false&${since}`)).toEqual([1, 2]);
  });

  it('are what a Subscription on messages hears of, and headers are not', async () => {
    const { medplum, sandbox } = await clinic({ seed: false });
    const hook = await receiver();
    await medplum.createResource<Subscription>({
      resourceType: 'Subscription',
      status: 'active',
      reason: 'test',
      criteria: 'Communication?part-of:missing=false',
      channel: { type: 'rest-hook', endpoint: hook.url },
    });

    const { thread, message } = await sandbox.inbox.write();
    const header = await medplum.readResource('Communication', thread);
    await medplum.updateResource({ ...header, status: 'completed' });
    await sandbox.fhir.delivered();

    expect(hook.calls.map(({ body }) => (JSON.parse(body) as Communication).id)).toEqual([message]);
  });
});

describe('what is set up in the record', () => {
  it('has the people with a role, each with the Practitioner, in one page', async () => {
    const { medplum, sandbox } = await clinic();
    const query = `role=${SNOMED}|17561000&_include=PractitionerRole:practitioner&_count=1000`;

    const { entry = [] } = await medplum.search('PractitionerRole', query);

    const brought = entry.filter(({ search }) => search?.mode === 'include');
    expect(entry.filter(({ search }) => search?.mode === 'match')).toHaveLength(3);
    expect(brought.map(({ resource }) => resource?.id).toSorted()).toEqual(
      ['U0BEN', 'U0GRACE', 'U0OMAR'].map((id) => sandbox.practitionerOf(id)).toSorted(),
    );
  });

  it('has Subscriptions that are found by their criteria, and all of them in one page', async () => {
    const { medplum } = await clinic({ seed: false });
    const subscribe = (criteria: string) =>
      medplum.createResource<Subscription>({
        resourceType: 'Subscription',
        status: 'active',
        reason: 'test',
        criteria,
        channel: { type: 'rest-hook', endpoint: 'http://127.0.0.1:9/hook' },
      });
    await subscribe('Task');
    const messages = await subscribe('Communication?part-of:missing=false');

    const query = new URLSearchParams({ criteria: messages.criteria, _count: '1000' });

    expect((await medplum.searchResources('Subscription', query)).map(({ id }) => id)).toEqual([messages.id]);
    expect(await medplum.searchResources('Subscription', '_count=1000')).toHaveLength(2);
  });
});

describe('a long history', () => {
  it('is told in pages, newest first, with the number of all versions', async () => {
    const { medplum, sandbox, ids } = await withTasks([{}]);
    const id = ids[0] ?? '';
    for (let version = 1; version <= 230; version++) {
      const operation = { op: 'add', path: '/description', value: String(version) } as const;
      await sandbox.fhir.repository.patchResource('Task', id, [operation]);
    }

    const told = async (count: number, offset: number) => {
      const { entry = [], total } = await medplum.readHistory('Task', id, { count, offset });
      return { total, versions: entry.map(({ resource }) => Number(resource?.description ?? 0)) };
    };
    const pages = [await told(100, 0), await told(100, 100), await told(100, 200)];

    expect(pages.map(({ total }) => total)).toEqual([231, 231, 231]);
    expect(pages.map(({ versions }) => versions.length)).toEqual([100, 100, 31]);
    expect(pages.flatMap(({ versions }) => versions)).toEqual(Array.from({ length: 231 }, (_, i) => 230 - i));
    expect((await medplum.readHistory('Task', id)).entry).toHaveLength(100);
  });
});
