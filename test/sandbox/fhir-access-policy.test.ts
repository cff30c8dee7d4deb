import type { PatchOperation } from '@medplum/core';
import type { AccessPolicyResource, Provenance, Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import type { SandboxOptions } from '../../sandbox/server.ts';
import { as, clinic, openTask, outcomeOf, patchEntry, provenanceEntry, transaction } from './fhir-support.ts';

const NURSE = 'http://snomed.info/sct|224535009';
const nursePool: Partial<Task> = {
  performerType: [{ coding: [{ system: 'http://snomed.info/sct', code: '224535009' }] }],
};

/** Ana with a policy, a Task of hers, and one of Grace's. */
async function governed(policy: readonly AccessPolicyResource[], options: SandboxOptions = {}) {
  const { medplum, sandbox } = await clinic(options);
  const ana = `Practitioner/${sandbox.practitionerOf('U0ANA')}`;
  const grace = `Practitioner/${sandbox.practitionerOf('U0GRACE')}`;
  await sandbox.fhir.setMembership(ana, { policy });
  const owned = (reference: string): Task => ({ ...openTask, owner: { reference } });
  const mine = await medplum.createResource(owned(ana));
  const hers = await medplum.createResource(owned(grace));
  const patch = (id: string, ...operations: PatchOperation[]) =>
    medplum.patchResource('Task', id, operations, as(ana));
  const stored = (id: string) => sandbox.fhir.repository.readResource<Task>('Task', id);
  return { medplum, sandbox, ana, grace, mine, hers, owned, patch, stored };
}

const complete: PatchOperation = { op: 'replace', path: '/status', value: 'completed' };
const MINE: AccessPolicyResource = { resourceType: 'Task', criteria: 'Task?owner=%profile' };

describe('the AccessPolicy of whom a request is made for', () => {
  it('leaves everything to who has none', async () => {
    const { medplum, sandbox, hers, grace } = await governed([MINE]);
    expect(await medplum.searchResources('Task', '_count=100', as(grace))).toHaveLength(6);

    await sandbox.fhir.setMembership(grace, { active: true });
    const done = await medplum.patchResource('Task', hers.id, [complete], as(grace));

    expect(done.status).toBe('completed');
  });

  it('hides what it does not show: a 404 by id, no hit and no count in searches', async () => {
    const { medplum, ana, mine, hers } = await governed([MINE]);

    const found = await medplum.search('Task', 'status=requested&_total=accurate', as(ana));

    expect(found.entry?.map(({ resource }) => resource?.id)).toEqual([mine.id]);
    expect(found.total).toBe(1);
    for (const attempt of [
      () => medplum.readResource('Task', hers.id, as(ana)),
      () => medplum.readHistory('Task', hers.id, {}, as(ana)),
      () => medplum.readVersion('Task', hers.id, hers.meta?.versionId ?? '', as(ana)),
      () => medplum.patchResource('Task', hers.id, [complete], as(ana)),
      () => medplum.updateResource({ ...hers, status: 'completed' }, as(ana)),
      () => medplum.deleteResource('Task', hers.id, as(ana)),
    ])
      expect((await outcomeOf(attempt())).id).toBe('not-found');
  });

  it('judges a write by what was there: nobody takes what they may see but not write', async () => {
    const { medplum, patch, ana, hers, mine, stored } = await governed([
      { resourceType: 'Task', interaction: ['read', 'search'] },
      { ...MINE, interaction: ['update'] },
    ]);
    const owner = { reference: ana };

    const patched = patch(hers.id, { op: 'replace', path: '/owner', value: owner });
    expect((await outcomeOf(patched)).id).toBe('forbidden');
    const written = medplum.updateResource({ ...hers, owner }, as(ana));
    expect((await outcomeOf(written)).id).toBe('forbidden');

    expect((await stored(hers.id)).meta?.versionId).toBe(hers.meta?.versionId);
    expect((await patch(mine.id, complete)).status).toBe('completed');
  });

  it('judges a write by what comes of it: nobody reroutes a Task out of their own reach', async () => {
    const { patch, mine, grace, stored } = await governed([MINE]);
    const away: PatchOperation = { op: 'replace', path: '/owner', value: { reference: grace } };

    expect((await outcomeOf(patch(mine.id, away))).id).toBe('forbidden');

    expect((await stored(mine.id)).meta?.versionId).toBe(mine.meta?.versionId);
  });

  it('says of a failed test that it failed, before it says that the write is forbidden', async () => {
    const { patch, mine } = await governed([{ resourceType: 'Task', readonly: true }]);

    const outcome = await outcomeOf(patch(mine.id, { op: 'test', path: '/status', value: 'ready' }));

    expect(outcome.issue[0]?.details?.text).toBe('Test failed: requested != ready');
  });

  it('can be for reading only', async () => {
    const { medplum, ana, mine, patch, owned } = await governed([{ resourceType: 'Task', readonly: true }]);

    expect((await medplum.readResource('Task', mine.id, as(ana))).id).toBe(mine.id);
    for (const attempt of [
      () => patch(mine.id, complete),
      () => medplum.updateResource({ ...mine, status: 'completed' }, as(ana)),
      () => medplum.createResource(owned(ana), as(ana)),
      () => medplum.deleteResource('Task', mine.id, as(ana)),
    ])
      expect((await outcomeOf(attempt())).id).toBe('forbidden');
  });

  it('allows the interactions that it names, and no others', async () => {
    const { medplum, ana, mine, patch, owned } = await governed([
      { resourceType: 'Task', interaction: ['read', 'update'] },
    ]);

    expect((await patch(mine.id, complete)).status).toBe('completed');
    for (const attempt of [
      () => medplum.search('Task', '', as(ana)),
      () => medplum.readHistory('Task', mine.id, {}, as(ana)),
      () => medplum.createResource(owned(ana), as(ana)),
      () => medplum.createResourceIfNoneExist(owned(ana), 'identifier=urn:x|1', as(ana)),
    ])
      expect((await outcomeOf(attempt())).id).toBe('forbidden');
  });

  it('lets nobody write what they may not read', async () => {
    const { patch, mine } = await governed([{ resourceType: 'Task', interaction: ['update'] }]);

    expect((await outcomeOf(patch(mine.id, complete))).id).toBe('forbidden');
  });

  it('judges what is made', async () => {
    const { medplum, ana, grace, owned } = await governed([MINE]);

    expect((await medplum.createResource(owned(ana), as(ana))).owner?.reference).toBe(ana);
    expect((await outcomeOf(medplum.createResource(owned(grace), as(ana)))).id).toBe('forbidden');
  });

  it('refuses the types that it does not name, whatever else is wrong', async () => {
    const { medplum, ana } = await governed([MINE]);

    expect((await outcomeOf(medplum.search('Patient', '', as(ana)))).id).toBe('forbidden');
    const empty: Provenance = { resourceType: 'Provenance', target: [], recorded: '', agent: [] };
    const invalid = medplum.createResource(empty, as(ana));
    expect((await outcomeOf(invalid)).id).toBe('forbidden');
  });

  it('knows %profile.id, and the parameters of the membership', async () => {
    const { medplum, sandbox, ana, mine } = await governed([]);
    const ids = async () =>
      (await medplum.searchResources('Task', 'status=requested', as(ana))).map(({ id }) => id);
    const pooled = await medplum.createResource({ ...openTask, ...nursePool });

    await sandbox.fhir.setMembership(ana, {
      policy: [{ resourceType: 'Task', criteria: 'Task?owner=Practitioner/%profile.id' }],
    });
    expect(await ids()).toEqual([mine.id]);

    await sandbox.fhir.setMembership(ana, {
      policy: [{ resourceType: 'Task', criteria: 'Task?performer=%role&owner:missing=true' }],
      parameters: [{ name: 'role', valueString: NURSE }],
    });
    expect(await ids()).toEqual([pooled.id]);
  });

  it('adds up the rules that it has for one type', async () => {
    const { medplum, ana, mine } = await governed([
      MINE,
      { resourceType: 'Task', criteria: `Task?performer=${NURSE}&owner:missing=true` },
    ]);
    const pooled = await medplum.createResource({ ...openTask, ...nursePool });

    const found = await medplum.searchResources('Task', 'status=requested&_sort=_lastUpdated', as(ana));

    expect(found.map(({ id }) => id)).toEqual([mine.id, pooled.id]);
    const claim: PatchOperation = { op: 'add', path: '/owner', value: { reference: ana } };
    expect((await medplum.patchResource('Task', pooled.id, [claim], as(ana))).owner?.reference).toBe(ana);
  });

  it('holds for what a search brings along', async () => {
    const { medplum, sandbox, ana } = await governed([
      { resourceType: 'Task' },
      { resourceType: 'Communication', criteria: 'Communication?status=completed' },
      { resourceType: 'Provenance', criteria: 'Provenance?agent=%profile' },
    ]);
    const { task, thread } = await sandbox.inbox.write();
    const record = (reference: string) =>
      medplum.createResource({
        resourceType: 'Provenance',
        target: [{ reference: `Task/${task}` }],
        recorded: '2026-05-05T10:00:00Z',
        agent: [{ who: { reference } }],
      });
    const [own] = [await record(ana), await record('Practitioner/other')];
    const query = `_id=${task}&_include=Task:focus&_revinclude=Provenance:target`;
    const brought = async () =>
      (await medplum.search('Task', query, as(ana))).entry?.map(({ resource }) => resource?.id);

    expect(await brought()).toEqual([task, own.id]);
    const header = await medplum.readResource('Communication', thread);
    await medplum.updateResource({ ...header, status: 'completed' });
    expect(await brought()).toEqual([task, thread, own.id]);
  });

  it('holds for each entry of a batch, and for all of a transaction', async () => {
    const policy = [MINE, { resourceType: 'Provenance' }];
    const { medplum, sandbox, ana, mine, hers, stored } = await governed(policy);
    const entries = [
      provenanceEntry(`Task/${mine.id}`),
      patchEntry(`Task/${mine.id}`, [complete]),
      patchEntry(`Task/${hers.id}`, [complete]),
    ];

    await sandbox.fhir.setTransactions(true);
    const refused = await outcomeOf(medplum.executeBatch(transaction(...entries), as(ana)));
    expect(refused.id).toBe('not-found');
    expect((await stored(mine.id)).status).toBe('requested');

    await sandbox.fhir.setTransactions(false);
    const answer = await medplum.executeBatch(transaction(...entries), as(ana));
    expect(answer.entry?.map(({ response }) => response?.status)).toEqual(['201', '200', '404']);
  });

  it('does not bind the client when it works for itself, unless its own membership has one', async () => {
    const { medplum, sandbox, hers } = await governed([MINE]);
    expect((await medplum.patchResource('Task', hers.id, [complete])).status).toBe('completed');

    const own = `ClientApplication/${sandbox.fhir.clientId}`;
    await sandbox.fhir.setMembership(own, { policy: [{ resourceType: 'Task', readonly: true }] });

    expect((await outcomeOf(medplum.patchResource('Task', hers.id, [complete]))).id).toBe('forbidden');
    expect((await outcomeOf(medplum.search('Patient'))).id).toBe('forbidden');
    expect(await medplum.searchResources('ProjectMembership')).not.toHaveLength(0);
  });

  it('is a 400 when it cannot be read', async () => {
    const { medplum, sandbox, ana } = await governed([MINE]);
    const [policy] = await medplum.searchResources('AccessPolicy');

    await sandbox.fhir.repository.deleteResource('AccessPolicy', policy?.id ?? '');

    const outcome = await outcomeOf(medplum.search('Task', '', as(ana)));
    expect(outcome.issue[0]?.details?.text).toContain('Invalid access policy configuration');
  });
});
