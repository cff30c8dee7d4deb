import { parseSearchRequest } from '@medplum/core';
import type { Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { claimBy, clinic, openTask, outcomeOf, refusalOf } from './fhir-support.ts';

describe('patching', () => {
  it('lets exactly one of fifty simultaneous claims win', async () => {
    const { medplum, sandbox } = await clinic();
    const task = await medplum.createResource(openTask);

    const claims = await Promise.allSettled(
      Array.from({ length: 50 }, (_, i) => medplum.patchResource('Task', task.id, claimBy(String(i)))),
    );

    const winners = claims.flatMap((claim) => (claim.status === 'fulfilled' ? [claim.value] : []));
    expect(winners).toHaveLength(1);
    expect((await medplum.readResource('Task', task.id)).owner).toEqual(winners[0]?.owner);
    const statuses = sandbox.fhir.requests
      .filter(({ method }) => method === 'PATCH')
      .map(({ status }) => status);
    expect(statuses.filter((status) => status === 400)).toHaveLength(49);
  });

  it('says which test failed, and gives that outcome no id', async () => {
    const { medplum } = await clinic();
    const task = await medplum.createResource({ ...openTask, owner: { reference: 'Practitioner/somebody' } });

    const outcome = await outcomeOf(medplum.patchResource('Task', task.id, claimBy('me')));

    expect(outcome.id).toBeUndefined();
    expect(outcome.issue[0]?.code).toBe('invalid');
    expect(outcome.issue[0]?.details?.text).toBe('Test failed: [object Object] != undefined');
  });

  it.each([
    ['remove', { op: 'remove', path: '/owner' }],
    ['replace', { op: 'replace', path: '/owner', value: { display: 'x' } }],
    ['append to', { op: 'add', path: '/note/-', value: { text: 'x' } }],
  ] as const)('refuses to %s what is not there', async (_name, operation) => {
    const { medplum } = await clinic();
    const task = await medplum.createResource(openTask);

    const refusal = await refusalOf(medplum.patchResource('Task', task.id, [operation]));

    expect(refusal).toBe(`Value required at path: ${operation.path}`);
  });

  it.each([
    ['a null value', { op: 'add', path: '/owner', value: null }, 'Invalid null value', 'Task.owner'],
    ['a lost required field', { op: 'remove', path: '/intent' }, 'Missing required property', 'Task.intent'],
  ] as const)('refuses %s, and says where', async (_name, operation, text, expression) => {
    const { medplum } = await clinic();
    const task = await medplum.createResource(openTask);

    const { issue } = await outcomeOf(medplum.patchResource('Task', task.id, [operation]));

    expect(issue[0]).toMatchObject({ code: 'structure', details: { text }, expression: [expression] });
    expect((await medplum.readResource('Task', task.id)).meta?.versionId).toBe(task.meta?.versionId);
  });

  it('makes no version, no history entry and no event when nothing changes', async () => {
    const { medplum, sandbox } = await clinic();
    const task = await medplum.createResource(openTask);
    const events: unknown[] = [];
    sandbox.hub.listen((event) => events.push(event));

    const patched = await medplum.patchResource('Task', task.id, [
      { op: 'replace', path: '/status', value: 'requested' },
    ]);
    const updated = await medplum.updateResource(task);

    expect([patched.meta?.versionId, updated.meta?.versionId]).toEqual([
      task.meta?.versionId,
      task.meta?.versionId,
    ]);
    expect((await medplum.readHistory('Task', task.id)).entry).toHaveLength(1);
    expect(events).toEqual([]);
  });

  it('drops an emptied list, and takes a status that FHIR does not know', async () => {
    const { medplum } = await clinic();
    const task = await medplum.createResource({ ...openTask, note: [{ text: 'x' }] });

    const patched = await medplum.patchResource('Task', task.id, [
      { op: 'remove', path: '/note/0' },
      { op: 'replace', path: '/status', value: 'bogus' },
    ]);

    expect(patched).not.toHaveProperty('note');
    expect(patched.status).toBe('bogus');
  });
});

describe('versions', () => {
  it('heeds If-Match on PUT, and on PATCH only when it plays a newer server', async () => {
    const { medplum, raw, sandbox } = await clinic();
    const task = await medplum.createResource(openTask);
    const put = (ifMatch: string, description: string) =>
      raw(`/fhir/R4/Task/${task.id}`, {
        method: 'PUT',
        headers: { 'if-match': ifMatch },
        body: JSON.stringify({ ...task, description }),
      });
    const patch = (value: string) =>
      raw(`/fhir/R4/Task/${task.id}`, {
        method: 'PATCH',
        headers: { 'if-match': 'W/"stale"', 'content-type': 'application/json-patch+json' },
        body: JSON.stringify([{ op: 'add', path: '/description', value }]),
      });

    const first = await put(`W/"${task.meta?.versionId}"`, 'a');
    expect([first.status, (await put(`W/"${task.meta?.versionId}"`, 'b')).status]).toEqual([200, 412]);
    const stored = (await first.json()) as Task;
    expect(first.headers.get('etag')).toBe(`W/"${stored.meta?.versionId}"`);
    expect((await patch('c')).status).toBe(200);
    sandbox.fhir.setIfMatchOnPatch(true);
    expect((await patch('d')).status).toBe(412);
  });

  it('tells the history newest first, the same each time, with a deletion as a 410', async () => {
    const { medplum } = await clinic();
    const task = await medplum.createResource(openTask);
    const accepted = await medplum.patchResource('Task', task.id, claimBy('me'));
    await medplum.deleteResource('Task', task.id);

    const tell = async () =>
      (await medplum.readHistory('Task', task.id)).entry?.map(({ response, resource }) => [
        response?.status,
        resource?.status,
      ]);

    const story = [
      ['410', undefined],
      ['200', 'accepted'],
      ['200', 'requested'],
    ];
    expect([await tell(), await tell()]).toEqual([story, story]);
    const version = await medplum.readVersion('Task', task.id, accepted.meta?.versionId ?? '');
    expect(version.status).toBe('accepted');
    const page = await medplum.readHistory('Task', task.id, { count: 1, offset: 1 });
    expect(page.entry?.map(({ resource }) => resource?.status)).toEqual(['accepted']);
  });

  it('answers 410 for what was deleted and 404 for what never was', async () => {
    const { medplum, raw } = await clinic();
    const task = await medplum.createResource(openTask);
    await medplum.deleteResource('Task', task.id);

    const gone = await outcomeOf(medplum.patchResource('Task', task.id, claimBy('me')));

    expect(gone.id).toBe('gone');
    expect((await raw(`/fhir/R4/Task/${task.id}`)).status).toBe(410);
    expect((await raw('/fhir/R4/Task/never')).status).toBe(404);
    expect((await raw('/fhir/R4/Task/never/_history')).status).toBe(404);
  });
});

describe('conditional creation', () => {
  it('stores one of twenty equal creations that come at once', async () => {
    const { medplum, sandbox } = await clinic();
    const identifier = [{ system: 'urn:test', value: 'once' }];

    const made = await Promise.all(
      Array.from({ length: 20 }, () =>
        medplum.createResourceIfNoneExist({ ...openTask, identifier }, 'identifier=urn:test|once'),
      ),
    );

    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await medplum.searchResources('Task', 'identifier=urn:test|once')).toHaveLength(1);
    const created = sandbox.fhir.requests.filter(({ status }) => status === 201);
    expect(created).toHaveLength(1);
  });

  it('stores one even when they come in the same instant', async () => {
    const { sandbox } = await clinic({ seed: false });
    const { repository } = sandbox.fhir;
    const task = { ...openTask, identifier: [{ system: 'urn:test', value: 'once' }] };

    const made = await Promise.all(
      Array.from({ length: 20 }, () =>
        repository.conditionalCreate(task, parseSearchRequest<Task>('Task?identifier=urn:test|once')),
      ),
    );

    expect(new Set(made.map(({ resource }) => resource.id)).size).toBe(1);
  });

  it('answers 412 when there are two already', async () => {
    const { medplum } = await clinic();
    const twin = { ...openTask, identifier: [{ system: 'urn:test', value: 'twice' }] };
    await medplum.createResource(twin);
    await medplum.createResource(twin);

    const outcome = await outcomeOf(medplum.createResourceIfNoneExist(twin, 'identifier=urn:test|twice'));

    expect(outcome.id).toBe('multiple-matches');
  });
});

describe('the fields that the server adds', () => {
  it('show the author only to who asks for the extended form, and cannot be written', async () => {
    const { medplum, raw } = await clinic();
    const forged = { author: { reference: 'Practitioner/somebody' }, versionId: 'mine' };

    const task = await medplum.createResource({ ...openTask, id: 'mine', meta: forged });

    expect(task.id).not.toBe('mine');
    expect(task.meta?.versionId).not.toBe('mine');
    expect(task.meta?.author?.reference).toMatch(/^ClientApplication\//);
    const plain = (await (await raw(`/fhir/R4/Task/${task.id}`)).json()) as Task;
    expect(Object.keys(plain.meta ?? {})).toEqual(['versionId', 'lastUpdated']);
  });
});

describe('what nobody should send', () => {
  it('is answered without a stack trace', async () => {
    const { raw } = await clinic();
    const post = (path: string, body: string) => raw(path, { method: 'POST', body });

    const garbage = await post('/fhir/R4/Task', '{"resourceType":');
    expect(garbage.status).toBe(400);
    expect(await garbage.json()).toMatchObject({ resourceType: 'OperationOutcome' });
    expect((await post('/fhir/R4/Task', JSON.stringify({ text: 'x'.repeat(3 * 1024 * 1024) }))).status).toBe(
      413,
    );
    expect((await raw('/nothing/here')).status).toBe(404);
    expect((await raw('/fhir/R4/Nonsense')).status).toBe(400);
    expect((await raw('/fhir/R4/Task/a/b/c/d')).status).toBe(404);
  });
});
