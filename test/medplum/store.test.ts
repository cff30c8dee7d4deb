import type { Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { createRecordStore } from '../../src/medplum/store.ts';
import type { Pool } from '../../src/routing/pools.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import { type Asked, fakeServer, listOf, outcome, type Reply } from '../support/unit-fhir.ts';

async function storeWith(answer: (asked: Asked) => Reply) {
  const { client, asked } = await fakeServer(answer);
  return { store: createRecordStore(client, DEFAULT_TASK_RULES), asked };
}

const bundle = (...resources: object[]): Reply => ({
  body: {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(resources.length > 0 && { entry: resources.map((resource) => ({ resource })) }),
  },
});

const answers = (...statuses: (string | undefined)[]): Reply => ({
  body: {
    resourceType: 'Bundle',
    type: 'transaction-response',
    entry: statuses.map((status) => (status ? { response: { status } } : {})),
  },
});

const PATCH_ENTRY = { request: { method: 'PATCH', url: 'Task/1' } } as const;
const TWO = { resourceType: 'Bundle', type: 'transaction', entry: [PATCH_ENTRY, PATCH_ENTRY] } as const;

describe('a transaction', () => {
  it('is done when every entry says so', async () => {
    const { store, asked } = await storeWith(() => answers('200', '201 Created'));

    const sent = await store.transact({ ...TWO, entry: [...TWO.entry] });

    expect(sent).toEqual({ kind: 'whole' });
    expect(asked).toMatchObject([{ method: 'POST', path: '' }]);
  });

  it.each<[string, Reply, boolean[]]>([
    ['a failed one among them', answers('400', '201'), [false, true]],
    ['the last one failed', answers('200', '412'), [true, false]],
    ['one that says nothing', answers('200', undefined), [true, false]],
    ['one too few', answers('200'), [true, false]],
    ['none at all', { body: { resourceType: 'Bundle', type: 'transaction-response' } }, [false, false]],
    [
      'the name of a batch',
      {
        body: {
          resourceType: 'Bundle',
          type: 'batch-response',
          entry: [{ response: { status: '200' } }, { response: { status: '201' } }],
        },
      },
      [true, true],
    ],
  ])('that was answered 200 is not taken for a transaction with %s', async (_what, reply, done) => {
    const { store } = await storeWith(() => reply);

    expect(await store.transact({ ...TWO, entry: [...TWO.entry] })).toEqual({ kind: 'in parts', done });
  });
});

describe('finding out about transactions', () => {
  it.each([
    ['refuses the whole', { status: 400, body: outcome(undefined, 'Test failed: undefined != never') }, true],
    ['does not find the Task', { status: 404, body: outcome('not-found', 'Not found') }, true],
    ['answers 200, as for a batch', answers('404'), false],
  ])('is answered where the server %s', async (_what, reply, kept) => {
    const { store, asked } = await storeWith(() => reply);

    expect(await store.keepsTransactions()).toBe(kept);
    expect(asked).toHaveLength(1);
  });

  it.each<[string, Reply]>([
    ['a gateway', { status: 502, type: 'text/html', body: '<html>' }],
    ['a broken server', { status: 500, body: outcome(undefined, 'x') }],
    ['a full quota', { status: 429, body: outcome('too-many-requests', 'x') }],
    ['a refused login', { status: 403, body: outcome('forbidden', 'x') }],
    ['a page', { type: 'text/html', body: '<html>' }],
  ])('is not answered by %s', async (_what, reply) => {
    const { store } = await storeWith(() => reply);

    await expect(store.keepsTransactions()).rejects.toThrow();
  });
});

describe('reading a Task', () => {
  const task = {
    resourceType: 'Task',
    id: '1',
    status: 'requested',
    intent: 'order',
    focus: { reference: 'Communication/2' },
  };
  const provenance = (recorded: string) => ({ resourceType: 'Provenance', recorded, target: [], agent: [] });

  it('takes the thread that it is about and its Provenances, newest first, from one search', async () => {
    const { store, asked } = await storeWith(() =>
      bundle(
        provenance('2026-11-23T08:00:00Z'),
        { resourceType: 'Communication', id: '3' },
        { resourceType: 'Communication', id: '2' },
        task,
        provenance('2026-11-23T09:00:00Z'),
      ),
    );

    const seen = await store.observe('1');

    expect(seen).toMatchObject({ task: { id: '1' }, thread: { id: '2' } });
    expect(seen?.provenances.map((one) => one.recorded.slice(11, 13))).toEqual(['09', '08']);
    expect(asked).toMatchObject([{ method: 'GET', path: '/Task' }]);
    expect(asked[0]?.query.get('_id')).toBe('1');
  });

  it.each([
    ['nothing', bundle()],
    ['somebody else’s resource', bundle({ resourceType: 'Provenance', recorded: 'x' })],
  ])('finds none where the search finds %s', async (_what, reply) => {
    const { store } = await storeWith(() => reply);

    expect(await store.observe('1')).toBeUndefined();
  });

  it('asks anew every time', async () => {
    const { store, asked } = await storeWith(() => bundle(task));

    await store.observe('1');
    await store.observe('1');

    expect(asked).toHaveLength(2);
  });

  it('leaves deletions out of its history', async () => {
    const { store } = await storeWith(() => ({
      body: {
        resourceType: 'Bundle',
        type: 'history',
        entry: [{ response: { status: '410' } }, { resource: task }],
      },
    }));

    expect(await store.versions('1')).toMatchObject([{ id: '1' }]);
  });
});

describe('writing a Provenance', () => {
  it('happens at most once for each version that is left', async () => {
    const { store, asked } = await storeWith(() => ({
      status: 201,
      body: { resourceType: 'Provenance', id: 'p' },
    }));

    await store.addProvenance({
      resourceType: 'Provenance',
      target: [{ reference: 'Task/1' }],
      recorded: '2026-11-23T08:00:00Z',
      agent: [{ who: { reference: 'Practitioner/ana' } }],
      entity: [{ role: 'revision', what: { reference: 'Task/1/_history/7' } }],
    });

    expect(asked).toMatchObject([
      {
        method: 'POST',
        headers: { 'if-none-exist': 'target=Task/1&entity=Task/1/_history/7&agent=Practitioner/ana' },
      },
    ]);
  });
});

describe('the lists', () => {
  const pool: Pool = { id: 'p', name: 'P', performerType: { system: 'http://s', code: 'c|1' }, channels: [] };

  it('of a pool are unclaimed, claimable and work', async () => {
    const { store, asked } = await storeWith(() => bundle());

    const tasks: Task[] = await listOf(store.unclaimed(pool));

    expect(tasks).toEqual([]);
    expect(Object.fromEntries(asked[0]?.query ?? [])).toMatchObject({
      performer: 'http://s|c|1',
      status: 'requested,ready',
      'owner:missing': 'true',
      'code:not': 'https://medplum.com/task-codes|read-receipt',
    });
  });

  it('of a pool, as far as somebody has them, are open and work', async () => {
    const { store, asked } = await storeWith(() => bundle());

    await listOf(store.owned(pool));

    expect(Object.fromEntries(asked[0]?.query ?? [])).toMatchObject({
      performer: 'http://s|c|1',
      'status:not': 'completed,cancelled,rejected,failed,entered-in-error',
      'owner:missing': 'false',
      'code:not': 'https://medplum.com/task-codes|read-receipt',
    });
  });

  it('of a person are open and work', async () => {
    const { store, asked } = await storeWith(() => bundle());

    await listOf(store.ownedBy('p1'));

    expect(Object.fromEntries(asked[0]?.query ?? [])).toMatchObject({
      owner: 'Practitioner/p1',
      'status:not': 'completed,cancelled,rejected,failed,entered-in-error',
    });
  });
});
