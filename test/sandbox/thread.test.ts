import type { Communication } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { clinic } from './fhir-support.ts';

const CATEGORY = 'urn:switchboard:sandbox:category';

describe('a patient who only writes', () => {
  it('begins a thread whose category rules can go by, and makes no Task', async () => {
    const { sandbox, medplum } = await clinic();
    const before = await medplum.searchResources('Task', '_count=1000');

    const { thread, message } = await sandbox.inbox.say({
      pool: 'cardiology',
      patient: 'rosa',
      text: 'My heart skips.',
      priority: 'asap',
    });

    const category = [
      {
        text: 'Patient message',
        coding: [{ system: CATEGORY, code: 'cardiology', display: 'Cardiologist' }],
      },
    ];
    const header: Communication = await medplum.readResource('Communication', thread);
    expect(header).toMatchObject({ status: 'in-progress', priority: 'asap', category });
    expect(header).toMatchObject({ subject: { display: 'Rosa Delgado' }, sender: header.subject });
    expect(header).not.toHaveProperty('partOf');
    expect(header).not.toHaveProperty('payload');
    expect(await medplum.readResource('Communication', message)).toMatchObject({
      partOf: [{ reference: `Communication/${thread}` }],
      priority: 'asap',
      category,
      sender: header.subject,
      payload: [{ contentString: 'My heart skips.' }],
    });
    expect(await medplum.searchResources('Task', '_count=1000')).toHaveLength(before.length);
  });

  it('is found by the category, as a rule would look', async () => {
    const { sandbox, medplum } = await clinic();
    const { thread, message } = await sandbox.inbox.say({ pool: 'dietetics' });

    const found = await medplum.searchResources(
      'Communication',
      `category=${encodeURIComponent(`${CATEGORY}|dietetics`)}`,
    );

    expect(found.map(({ id }) => id).sort()).toEqual([thread, message].sort());
  });

  it('goes on in the thread, in the same patient’s name and about the same thing', async () => {
    const { sandbox, medplum } = await clinic();
    const { thread } = await sandbox.inbox.say({ pool: 'pharmacy', patient: 'june', text: 'A refill?' });

    const more = await sandbox.inbox.say({ thread, text: 'Two tablets left.' });

    expect(more.thread).toBe(thread);
    expect(await medplum.readResource('Communication', more.message)).toMatchObject({
      partOf: [{ reference: `Communication/${thread}` }],
      category: [{ coding: [{ system: CATEGORY, code: 'pharmacy' }] }],
      subject: { display: 'June Whitfield-Park' },
      sender: { display: 'June Whitfield-Park' },
      payload: [{ contentString: 'Two tablets left.' }],
    });
  });

  it('leaves a message with its Task as it was: without a code that a rule would match', async () => {
    const { sandbox, medplum } = await clinic();

    const { thread } = await sandbox.inbox.write();

    expect(await medplum.readResource('Communication', thread)).toMatchObject({
      category: [{ text: 'Patient message' }],
    });
    const coded = await medplum.searchResources('Communication', `category=${CATEGORY}|&_id=${thread}`);
    expect(coded).toHaveLength(0);
  });
});

describe('somebody of the clinic who answers', () => {
  it('writes to the patient in the thread, in their own name', async () => {
    const { sandbox, medplum } = await clinic();
    const { thread } = await sandbox.inbox.say({ patient: 'homer' });

    const { message } = await sandbox.inbox.answer({ thread, by: 'U0ANA', text: 'Yes, take it.' });

    const answer: Communication = await medplum.readResource('Communication', message);
    expect(answer).toMatchObject({
      status: 'in-progress',
      partOf: [{ reference: `Communication/${thread}` }],
      sender: { reference: `Practitioner/${sandbox.practitionerOf('U0ANA')}`, display: 'Ana Silva' },
      recipient: [{ display: 'Homer Simpson' }],
      payload: [{ contentString: 'Yes, take it.' }],
    });
    expect(answer.recipient).toEqual([answer.subject]);
  });

  it('may be named by the id of a Practitioner', async () => {
    const { sandbox, medplum } = await clinic();
    const { thread } = await sandbox.inbox.say();
    const by = `Practitioner/${sandbox.practitionerOf('U0BEN')}`;

    const { message } = await sandbox.inbox.answer({ thread: `Communication/${thread}`, by, text: 'Yes.' });

    expect(await medplum.readResource('Communication', message)).toMatchObject({ sender: { reference: by } });
  });
});

describe('the same over HTTP', () => {
  const post = (url: string, body: unknown) => fetch(url, { method: 'POST', body: JSON.stringify(body) });

  it('gives back the ids of the thread and of the message', async () => {
    const { sandbox, medplum } = await clinic();

    const said = await post(`${sandbox.url}/sandbox/say`, { pool: 'Pharmacist', text: 'Hello' });
    const { thread } = (await said.json()) as { thread: string };
    const more = await post(`${sandbox.url}/sandbox/say`, { thread, text: 'Anybody?' });
    const answered = await post(`${sandbox.url}/sandbox/answer`, { thread, by: 'U0MEI', text: 'Yes.' });

    expect([said.status, more.status, answered.status]).toEqual([201, 201, 201]);
    const messages = await medplum.searchResources('Communication', `part-of=Communication/${thread}`);
    const words = messages.map(({ payload }) => payload?.[0]?.contentString).sort();
    expect(words).toEqual(['Anybody?', 'Hello', 'Yes.']);
  });

  it.each([
    ['say', { pool: 'surgery' }, 400, 'There is no such pool.'],
    ['say', { priority: 'yesterday' }, 400, 'priority must be one of'],
    ['say', { text: 7 }, 400, 'text must be a text.'],
    ['say', { thread: 'nowhere', text: 'Hello' }, 404, 'There is no thread nowhere.'],
    ['say', [], 400, 'A message is a JSON object.'],
    ['answer', { by: 'U0ANA', text: 'Yes' }, 400, 'thread is missing.'],
    ['answer', { thread: 'nowhere', by: 'U0ANA', text: 'Yes' }, 404, 'There is no thread nowhere.'],
  ])('%s %j is refused in a sentence', async (route, body, status, sentence) => {
    const { sandbox } = await clinic({ seed: false });

    const response = await post(`${sandbox.url}/sandbox/${route}`, body);

    expect(response.status).toBe(status);
    expect(((await response.json()) as { error: string }).error).toContain(sentence);
  });

  it.each([
    ['say', { patient: 'rosa', text: 'Hello' }, 'The thread is Homer Simpson’s, not rosa’s.'],
    ['say', { text: '  ' }, 'text must not be empty.'],
    ['answer', { by: 'U0SAM', text: 'Yes' }, 'U0SAM is no Practitioner of the clinic.'],
    ['answer', { by: 'U0ANA', text: ' ' }, 'text must not be empty.'],
  ])('in a thread, %s %j is refused in a sentence', async (route, body, sentence) => {
    const { sandbox } = await clinic();
    const { thread } = await sandbox.inbox.say({ patient: 'homer' });

    const response = await post(`${sandbox.url}/sandbox/${route}`, { thread, ...body });

    expect(((await response.json()) as { error: string }).error).toContain(sentence);
  });

  it('is not told of a message as if it were a thread', async () => {
    const { sandbox } = await clinic();
    const { message } = await sandbox.inbox.say();

    await expect(sandbox.inbox.say({ thread: message })).rejects.toThrow('a thread is named by its header');
  });
});
