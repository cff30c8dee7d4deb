import { describe, expect, it } from 'vitest';
import { createRecordStore } from '../../src/medplum/store.ts';
import { arrivalOf } from '../../src/medplum/threads.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import { header, taskIn } from '../support/pure-clinic.ts';
import { at, patientSays } from '../support/pure-thread.ts';
import { type Asked, fakeServer, listOf, outcome, recordErrorOf } from '../support/unit-fhir.ts';

const bundle = (...resources: object[]) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  ...(resources.length > 0 && { entry: resources.map((resource) => ({ resource })) }),
});
const HEADER = header(undefined);
const SAID = [patientSays('m2', '09:20'), patientSays('m1', '09:00')];

/** A server that has this thread, its messages written in another order than they were said. */
function answer({ path, query }: Asked) {
  if (path === '/Task') return { body: bundle(taskIn()) };
  if (query.has('_id')) return { body: bundle(HEADER) };
  return { body: bundle(...SAID) };
}

describe('A thread', () => {
  it('is read with its messages, as they were said, and with its Tasks that are work', async () => {
    const { client, asked } = await fakeServer(answer);

    const view = await createRecordStore(client, DEFAULT_TASK_RULES).threadView('header');

    expect(view).toEqual({ header: HEADER, messages: SAID.toReversed(), tasks: [taskIn()] });
    expect(
      asked.map(({ method, path, query }) => `${method} ${path}?${decodeURIComponent(query.toString())}`),
    ).toEqual([
      'GET /Communication?_id=header',
      'GET /Communication?part-of=Communication/header&_sort=-_lastUpdated&_count=50',
      'GET /Task?focus=Communication/header&code:not=https://medplum.com/task-codes|read-receipt&_sort=-_lastUpdated&_count=100',
    ]);
  });

  it('is none where the search finds none, whatever a read by id would show', async () => {
    const { client } = await fakeServer(() => ({ body: bundle() }));

    expect(await createRecordStore(client, DEFAULT_TASK_RULES).threadView('header')).toBeUndefined();
  });

  it('that cannot be read is a RecordError, which says nothing of the patient', async () => {
    const { client } = await fakeServer(() => ({ status: 403, body: outcome('forbidden', 'Homer Simpson') }));

    const error = await recordErrorOf(createRecordStore(client, DEFAULT_TASK_RULES).threadView('header'));

    expect(error.kind).toBe('forbidden');
    expect(`${error.message} ${error.cause}`).not.toContain('Homer');
  });
});

describe('The messages of all threads', () => {
  it('begin with the newest, by the server’s clock', async () => {
    const { client, asked } = await fakeServer(() => ({ body: bundle(SAID[0] ?? {}) }));
    const store = createRecordStore(client, DEFAULT_TASK_RULES);

    expect(await store.newestMessageChange()).toEqual(new Date(at('09:20')));
    expect(asked[0]?.query.toString()).toBe('part-of%3Amissing=false&_sort=-_lastUpdated&_count=1');
  });

  it('have no newest where there are none', async () => {
    const { client } = await fakeServer(() => ({ body: bundle() }));

    expect(await createRecordStore(client, DEFAULT_TASK_RULES).newestMessageChange()).toBeUndefined();
  });

  it('are listed from an instant on, without the headers', async () => {
    const { client, asked } = await fakeServer(() => ({ body: bundle(...SAID) }));
    const store = createRecordStore(client, DEFAULT_TASK_RULES);

    const found = await listOf(store.messagesChangedSince(new Date(at('09:00'))));

    expect(found.map(({ id }) => id)).toEqual(['m2', 'm1']);
    expect(Object.fromEntries(asked[0]?.query ?? [])).toMatchObject({
      'part-of:missing': 'false',
      _lastUpdated: `ge${at('09:00')}`,
      _sort: '_lastUpdated',
    });
  });
});

describe('A message', () => {
  it('came into the record with its first version', async () => {
    const versions = ['09:50', '09:30', '09:20'].map((time) => patientSays('m1', time));
    const { client, asked } = await fakeServer(() => ({ body: { ...bundle(...versions), type: 'history' } }));

    expect(await arrivalOf(client, 'm1')).toBe(at('09:20'));
    expect(asked[0]?.path).toBe('/Communication/m1/_history');
  });

  it('that is gone has come at no time that could be told', async () => {
    const { client } = await fakeServer(() => ({ body: { resourceType: 'Bundle', type: 'history' } }));

    expect(await arrivalOf(client, 'm1')).toBeUndefined();
  });
});
