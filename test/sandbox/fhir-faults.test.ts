import { MedplumClient } from '@medplum/core';
import { describe, expect, it } from 'vitest';
import { claimBy, clinic, openTask, outcomeOf, patchEntry, transaction } from './fhir-support.ts';

describe('the quota', () => {
  it('is counted in the units that Medplum charges', async () => {
    const { medplum, sandbox } = await clinic();
    const costs: (number | undefined)[] = [];
    const cost = async (work: () => Promise<unknown>) => {
      sandbox.fhir.resetRequests();
      await work().catch(() => undefined);
      costs.push(sandbox.fhir.requests[0]?.units);
    };
    const { task, thread } = await sandbox.inbox.write();
    const once = { ...openTask, identifier: [{ value: 'once' }] };

    await cost(() => medplum.readResource('Communication', thread));
    await cost(() => medplum.readHistory('Task', task));
    await cost(() => medplum.search('Patient'));
    await cost(() => medplum.search('Task', `_id=${task}&_include=Task:focus&_revinclude=Provenance:target`));
    await cost(() => medplum.createResource(openTask));
    await cost(() => medplum.patchResource('Task', 'never', []));
    await cost(() => medplum.createResourceIfNoneExist(once, 'identifier=once'));
    await cost(() => medplum.createResourceIfNoneExist(once, 'identifier=once'));
    await cost(() =>
      medplum.executeBatch(
        transaction(patchEntry(`Task/${task}`, claimBy('me')), patchEntry('Task/never', [])),
      ),
    );

    expect(costs).toEqual([1, 10, 20, 21, 100, 100, 120, 20, 200]);
  });

  it('refuses everything with 429 when it is used up, and says for how long', async () => {
    const { medplum, sandbox } = await clinic();
    sandbox.fhir.quota.limit = 150;
    sandbox.fhir.quota.reset();
    const task = await medplum.createResource(openTask);
    expect(medplum.rateLimitStatus()).toContainEqual(
      expect.objectContaining({ name: 'fhirInteractions', remainingUnits: 50 }),
    );

    const outcome = await outcomeOf(medplum.patchResource('Task', task.id, claimBy('me')));

    expect(outcome).toMatchObject({ id: 'too-many-requests', issue: [{ code: 'throttled' }] });
    const diagnostics = JSON.parse(outcome.issue[0]?.diagnostics ?? '{}') as Record<string, number>;
    expect(diagnostics).toMatchObject({ limit: 150, _msBeforeNext: expect.any(Number) });
    expect(medplum.rateLimitStatus()).toContainEqual(
      expect.objectContaining({ name: 'fhirInteractions', remainingUnits: 0 }),
    );
    expect((await outcomeOf(medplum.readResource('Task', task.id, { cache: 'reload' }))).id).toBe(
      'too-many-requests',
    );

    sandbox.fhir.quota.reset();
    expect((await medplum.readResource('Task', task.id, { cache: 'reload' })).status).toBe('requested');
  });
});

describe('a fault', () => {
  it('can be a conflict as PostgreSQL makes them, with nothing written', async () => {
    const { medplum, sandbox } = await clinic();
    const task = await medplum.createResource(openTask);
    sandbox.fhir.faults.add({ kind: 'conflict', resourceType: 'Task' });

    expect((await medplum.readResource('Task', task.id, { cache: 'reload' })).status).toBe('requested');
    const outcome = await outcomeOf(medplum.patchResource('Task', task.id, claimBy('me')));

    expect(outcome).toMatchObject({
      id: 'conflict',
      issue: [
        {
          code: 'conflict',
          details: {
            coding: [{ code: '40001' }],
            text: 'could not serialize access due to concurrent update',
          },
        },
      ],
    });
    expect((await medplum.patchResource('Task', task.id, claimBy('me'))).status).toBe('accepted');
  });

  it('can be a 429 or a 500, as often as wanted', async () => {
    const { sandbox, raw } = await clinic();
    sandbox.fhir.faults.add({ kind: 'quota', times: 2, ms: 5000 });
    sandbox.fhir.faults.add({ kind: 'error' });

    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await raw('/fhir/R4/Task'));

    expect(answers.map(({ status }) => status)).toEqual([429, 429, 500, 200]);
    expect(answers[0]?.headers.get('ratelimit')).toBe('"requests";r=59999;t=5, "fhirInteractions";r=0;t=5');
  });

  it('can be a line that breaks before anything is done', async () => {
    const { medplum, sandbox } = await clinic();
    const task = await medplum.createResource(openTask);
    sandbox.fhir.faults.add({ kind: 'drop', method: 'PATCH' });

    await expect(medplum.patchResource('Task', task.id, claimBy('me'))).rejects.toThrow('fetch failed');

    expect((await sandbox.fhir.repository.readResource('Task', task.id)).meta?.versionId).toBe(
      task.meta?.versionId,
    );
  });

  it('can be a line that breaks when all is done, so that a won claim comes back as lost', async () => {
    const { sandbox, medplum } = await clinic();
    const retrying = new MedplumClient({ baseUrl: `${sandbox.url}/` });
    await retrying.startClientLogin('sandbox', 'sandbox');
    const task = await medplum.createResource(openTask);
    sandbox.fhir.faults.add({ kind: 'drop-after-commit', resourceType: 'Task' });

    const outcome = await outcomeOf(retrying.patchResource('Task', task.id, claimBy('me')));

    expect(outcome.issue[0]?.details?.text).toContain('Test failed');
    const stored = await medplum.readResource('Task', task.id, { cache: 'reload' });
    expect(stored.owner?.reference).toBe('Practitioner/me');
  });

  it('can be half an answer', async () => {
    const { sandbox, raw } = await clinic();
    sandbox.fhir.faults.add({ kind: 'truncate' });

    const response = await raw('/fhir/R4/Patient');

    await expect(response.text()).rejects.toThrow();
  });

  it('can be set and cleared over HTTP, and slows answers down too', async () => {
    const { sandbox, raw } = await clinic();
    const set = (fault: unknown) =>
      fetch(`${sandbox.url}/sandbox/fhir/faults`, { method: 'POST', body: JSON.stringify(fault) });

    await set({ kind: 'delay', ms: 120 });
    const start = performance.now();
    expect((await raw('/fhir/R4/Patient')).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThan(110);

    await set({ kind: 'error', times: 9, resourceType: 'Patient' });
    expect((await raw('/fhir/R4/Task')).status).toBe(200);
    expect((await raw('/fhir/R4/Patient')).status).toBe(500);
    await set({ kind: 'none' });
    expect((await raw('/fhir/R4/Patient')).status).toBe(200);
    const wrong = await set({ kind: 'nonsense' });
    expect([wrong.status, await wrong.json()]).toEqual([
      400,
      { error: expect.stringContaining('kind must be') },
    ]);
  });
});

describe('the request log', () => {
  it('tells method, path, status and units over HTTP, and can be emptied', async () => {
    const { sandbox, raw } = await clinic();
    await raw('/fhir/R4/Task?status=ready');

    const read = async () => (await fetch(`${sandbox.url}/sandbox/fhir/requests`)).json();

    expect(await read()).toEqual([
      { method: 'GET', path: '/fhir/R4/Task?status=ready', status: 200, units: 20 },
    ]);
    await fetch(`${sandbox.url}/sandbox/fhir/requests`, { method: 'DELETE' });
    expect(await read()).toEqual([]);
  });
});
