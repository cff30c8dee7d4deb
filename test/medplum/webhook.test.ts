import { createHmac } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { webhookRoute } from '../../src/medplum/webhook.ts';
import { serve } from '../../src/runtime/http.ts';
import { capturedLog } from '../support/unit-slack.ts';

const SECRET = 'a secret of twenty-four c';
const TASK = JSON.stringify({ resourceType: 'Task', id: 'a1', for: { display: 'Nadia Brown' } });

const sign = (body: string, secret = SECRET) => createHmac('sha256', secret).update(body).digest('hex');

/** The service with nothing but the webhook, for one test. */
async function hook(store: () => Promise<void> = async () => undefined) {
  const marks: string[] = [];
  const threads: string[] = [];
  const urgencies: unknown[] = [];
  const { log, lines } = capturedLog();
  const notedIn = (list: string[]) => async (id: string, urgency?: unknown) => {
    await store();
    list.push(id);
    urgencies.push(urgency);
  };
  const route = webhookRoute(SECRET, { task: notedIn(marks), thread: notedIn(threads) }, log);
  const server = await serve([route], 0, '127.0.0.1');
  onTestFinished(() => server.close(0));
  const deliver = async (body: string | ReadableStream, headers: Record<string, string> = {}) => {
    const response = await fetch(`http://127.0.0.1:${server.port}/medplum/webhook`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/fhir+json', ...headers },
      ...(typeof body !== 'string' && { duplex: 'half' }),
    });
    return { status: response.status, sentence: await response.text() };
  };
  return { deliver, marks, threads, urgencies, lines, port: server.port };
}

describe('a delivery', () => {
  it.each([
    ['as Medplum signs it', sign(TASK)],
    ['in capitals', sign(TASK).toUpperCase()],
  ])('that is signed %s marks its Task', async (_how, signature) => {
    const { deliver, marks } = await hook();

    const answer = await deliver(TASK, { 'x-signature': signature });

    expect(answer.status).toBe(200);
    expect(marks).toEqual(['a1']);
  });

  it('says how urgent the Task is, where it does, and nothing that is no priority', async () => {
    const { deliver, urgencies } = await hook();

    for (const priority of ['stat', 'soon', undefined, 7]) {
      const body = JSON.stringify({ resourceType: 'Task', id: 'a1', priority });
      await deliver(body, { 'x-signature': sign(body) });
    }

    expect(urgencies).toEqual(['stat', undefined, undefined, undefined]);
  });

  it.each<[string, Record<string, string>]>([
    ['no signature', {}],
    ['an empty signature', { 'x-signature': '' }],
    ['another secret’s', { 'x-signature': sign(TASK, 'another secret') }],
    ['another body’s', { 'x-signature': sign(`${TASK} `) }],
    ['one that is too short', { 'x-signature': sign(TASK).slice(2) }],
    ['one that is too long', { 'x-signature': `${sign(TASK)}00` }],
    ['one that is not hex', { 'x-signature': 'z'.repeat(64) }],
    ['one with a prefix', { 'x-signature': `sha256=${sign(TASK)}` }],
  ])('with %s is turned away', async (_what, headers) => {
    const { deliver, marks } = await hook();

    const answer = await deliver(TASK, headers);

    expect(answer).toEqual({ status: 401, sentence: 'The signature is wrong.\n' });
    expect(marks).toEqual([]);
  });

  it('of a message marks the thread that it is part of, and no Task', async () => {
    const { deliver, marks, threads } = await hook();
    const partOf = [{ reference: 'Communication/h1' }, { reference: 'Communication/h1' }];
    const body = JSON.stringify({ resourceType: 'Communication', id: 'c1', partOf });

    const answer = await deliver(body, { 'x-signature': sign(body) });

    expect(answer.status).toBe(200);
    expect([marks, threads]).toEqual([[], ['h1']]);
  });

  it.each<[string, object, Record<string, string>]>([
    ['another type', { resourceType: 'Patient', id: 'p1' }, {}],
    ['the header of a thread', { resourceType: 'Communication', id: 'h1' }, {}],
    [
      'something else that is part of a message',
      { resourceType: 'Patient', id: 'p1', partOf: [{ reference: 'Communication/h1' }] },
      {},
    ],
    ['a message that was deleted', {}, { 'x-medplum-deleted-resource': 'Communication/c1' }],
    ...[
      'Communication/h1',
      [],
      [null],
      ['Communication/h1'],
      [{}],
      [{ reference: 7 }],
      [{ reference: 'Communication/h1&_count=1000' }],
      [{ reference: 'Communication/../Task/a1' }],
      [{ reference: 'Encounter/e1' }],
    ].map((partOf): [string, object, Record<string, string>] => [
      `a message that is part of ${JSON.stringify(partOf)}`,
      { resourceType: 'Communication', id: 'c1', partOf },
      {},
    ]),
  ])('about %s is thanked for and marks nothing', async (_what, resource, headers) => {
    const { deliver, marks, threads } = await hook();
    const body = JSON.stringify(resource);

    const answer = await deliver(body, { 'x-signature': sign(body), ...headers });

    expect(answer.status).toBe(200);
    expect([marks, threads]).toEqual([[], []]);
  });

  it('of a deletion marks the Task that its header names', async () => {
    const { deliver, marks } = await hook();

    const answer = await deliver('{}', {
      'x-signature': sign('{}'),
      'x-medplum-deleted-resource': 'Task/a1',
    });

    expect(answer.status).toBe(200);
    expect(marks).toEqual(['a1']);
  });

  it.each<[string, string, Record<string, string>]>([
    ['an empty body', '', {}],
    ['no JSON', '{', {}],
    ['null', 'null', {}],
    ['a list', '[]', {}],
    ['no type', '{"id":"a1"}', {}],
    ['no id', '{"resourceType":"Task"}', {}],
    ['a number as id', '{"resourceType":"Task","id":1}', {}],
    ['an id with a slash', '{"resourceType":"Task","id":"a/1"}', {}],
    ['an id with a wildcard', '{"resourceType":"Task","id":"a%"}', {}],
    ['an id that searches for more', '{"resourceType":"Task","id":"a1&_count=1000"}', {}],
    ['an id of 65 characters', `{"resourceType":"Task","id":"${'a'.repeat(65)}"}`, {}],
    ['an empty deletion', '{}', { 'x-medplum-deleted-resource': '' }],
    ['a deletion without an id', '{}', { 'x-medplum-deleted-resource': 'Task' }],
    ['a deletion of an odd id', '{}', { 'x-medplum-deleted-resource': 'Task/a_1' }],
  ])('with %s is no FHIR', async (_what, body, headers) => {
    const { deliver, marks } = await hook();

    const answer = await deliver(body, { 'x-signature': sign(body), ...headers });

    expect(answer).toEqual({ status: 400, sentence: 'Not a FHIR resource.\n' });
    expect(marks).toEqual([]);
  });

  it.each([
    ['Task', TASK],
    [
      'message',
      JSON.stringify({
        resourceType: 'Communication',
        id: 'c1',
        partOf: [{ reference: 'Communication/h1' }],
        sender: { display: 'Nadia Brown' },
      }),
    ],
  ])(
    'of a %s that cannot be stored is asked for again, in a sentence that tells nothing else',
    async (_what, body) => {
      const { deliver, lines } = await hook(async () => {
        throw new Error('connection to 10.0.0.5 refused');
      });

      const answer = await deliver(body, { 'x-signature': sign(body) });

      expect(answer).toEqual({ status: 500, sentence: 'Not stored. Deliver it again.\n' });
      expect(lines.join()).toContain('a delivery from Medplum could not be stored');
      expect(lines.join()).not.toContain('Nadia Brown');
    },
  );
});

describe('a large delivery', () => {
  const MIB = 1024 * 1024;
  const task = (size: number) => {
    const start = '{"resourceType":"Task","id":"a1","x":"';
    return `${start}${'x'.repeat(size - start.length - 2)}"}`;
  };

  /** Without a content-length: the size shows only as it comes. */
  function inChunks(body: string): ReadableStream {
    const chunks = body.match(/[\s\S]{1,65536}/g) ?? [];
    return new ReadableStream({
      start: (controller) => {
        for (const chunk of chunks) controller.enqueue(Buffer.from(chunk));
        controller.close();
      },
    });
  }

  it.each([
    ['with its length', (body: string) => body],
    ['in chunks', inChunks],
  ])('is taken up to 1 MiB, %s', async (_how, sent) => {
    const { deliver, marks } = await hook();
    const body = task(MIB);

    const answer = await deliver(sent(body), { 'x-signature': sign(body) });

    expect(answer.status).toBe(200);
    expect(marks).toEqual(['a1']);
  });

  it.each([
    ['with its length', (body: string) => body],
    ['in chunks', inChunks],
  ])('is turned away above, %s', async (_how, sent) => {
    const { deliver, marks } = await hook();
    const body = task(MIB + 1);

    const answer = await deliver(sent(body), { 'x-signature': sign(body) });

    expect(answer).toEqual({ status: 413, sentence: 'At most 1 MiB.\n' });
    expect(marks).toEqual([]);
  });
});

describe('the address of the webhook', () => {
  it.each([
    ['GET', '/medplum/webhook', 405],
    ['POST', '/medplum/webhook?x=1', 401],
    ['POST', '/medplum', 404],
  ])('answers %s %s with %i', async (method, path, status) => {
    const { port } = await hook();

    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });

    expect(response.status).toBe(status);
  });
});
