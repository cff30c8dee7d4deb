import type { Communication, Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { clinic } from './fhir-support.ts';

describe('a patient who writes', () => {
  it('makes a thread, a message in it, and a Task that waits in the pool', async () => {
    const { sandbox, medplum } = await clinic();

    const response = await fetch(`${sandbox.url}/sandbox/message`, {
      method: 'POST',
      body: JSON.stringify({ pool: 'Cardiologist', patient: 'rosa', text: 'Hello', priority: 'asap' }),
    });

    expect(response.status).toBe(201);
    const ids = (await response.json()) as { task: string; thread: string; message: string };
    const task: Task = await medplum.readResource('Task', ids.task);
    expect(task).toMatchObject({
      status: 'requested',
      intent: 'order',
      priority: 'asap',
      businessStatus: { text: 'unassigned' },
      focus: { reference: `Communication/${ids.thread}` },
      for: { display: 'Rosa Delgado' },
      performerType: [
        { coding: [{ system: 'http://snomed.info/sct', code: '17561000', display: 'Cardiologist' }] },
      ],
      requester: task.for,
    });
    const thread: Communication = await medplum.readResource('Communication', ids.thread);
    expect(thread).toMatchObject({ status: 'in-progress', subject: { reference: task.for?.reference } });
    expect(thread).not.toHaveProperty('payload');
    expect(thread).not.toHaveProperty('partOf');
    expect(thread).not.toHaveProperty('recipient');
    expect(await medplum.readResource('Communication', ids.message)).toMatchObject({
      partOf: [{ reference: `Communication/${ids.thread}` }],
      payload: [{ contentString: 'Hello' }],
    });
  });

  it('may leave everything out: the patients take turns and the nurses are asked', async () => {
    const { sandbox, medplum } = await clinic();

    const first = await sandbox.inbox.write();
    const second = await sandbox.inbox.write();

    const tasks = await medplum.searchResources('Task', `_id=${first.task},${second.task}`);
    expect(new Set(tasks.map((task) => task.for?.reference)).size).toBe(2);
    expect(tasks.every((task) => task.performerType?.[0]?.coding?.[0]?.code === '224535009')).toBe(true);
  });

  it.each([
    [{ pool: 'surgery' }, 'There is no such pool.'],
    [{ patient: 'nobody' }, 'There is no such patient.'],
    [{ priority: 'yesterday' }, 'priority must be one of'],
    [{ text: '  ' }, 'text must not be empty.'],
    [[], 'A message is a JSON object.'],
  ])('is told in a sentence what is wrong with %j', async (message, sentence) => {
    const { sandbox } = await clinic({ seed: false });

    const response = await fetch(`${sandbox.url}/sandbox/message`, {
      method: 'POST',
      body: JSON.stringify(message),
    });

    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: string }).error).toContain(sentence);
  });
});

describe('the sandbox', () => {
  it('tells of every committed write as a server-sent event', async () => {
    const { sandbox } = await clinic({ seed: false });
    const stream = await fetch(`${sandbox.url}/sandbox/events`);
    expect(stream.headers.get('content-type')).toBe('text/event-stream');

    const { task } = await sandbox.inbox.write();

    let text = '';
    for await (const chunk of stream.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes(task)) break;
    }
    const events = text
      .split('\n')
      .flatMap((line) => (line.startsWith('data: ') ? [JSON.parse(line.slice(6))] : []));
    expect(events.at(-1)).toEqual({
      kind: 'fhir',
      resourceType: 'Task',
      id: task,
      versionId: expect.any(String),
      interaction: 'create',
    });
  });

  it('describes the clinic for its page', async () => {
    const { sandbox } = await clinic({ seed: false });

    const described = await (await fetch(`${sandbox.url}/sandbox/clinic`)).json();

    expect(described).toMatchObject({
      pools: expect.arrayContaining([expect.objectContaining({ id: 'registered-nurse' })]),
      patients: expect.arrayContaining([{ key: 'homer', id: expect.any(String), name: 'Homer Simpson' }]),
      samples: expect.any(Array),
    });
  });

  it('closes while somebody still listens', async () => {
    const { startSandbox } = await import('../../sandbox/server.ts');
    const sandbox = await startSandbox({ seed: false });
    const stream = await fetch(`${sandbox.url}/sandbox/events`);

    await sandbox.close();

    await expect(stream.text()).resolves.toContain('hello');
  });
});
