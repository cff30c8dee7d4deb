import { randomUUID } from 'node:crypto';
import type { Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import {
  as,
  claimBy,
  clinic,
  openTask,
  outcomeOf,
  patchEntry,
  provenanceEntry,
  transaction,
} from './fhir-support.ts';

async function withPeople(options: Parameters<typeof clinic>[0] = {}) {
  const { medplum, sandbox, raw } = await clinic(options);
  const person = (slackId: string) => `Practitioner/${sandbox.practitionerOf(slackId)}`;
  return { medplum, sandbox, raw, ana: person('U0ANA'), grace: person('U0GRACE'), ben: person('U0BEN') };
}

describe('acting on behalf of somebody', () => {
  it('notes the person beside the client, who stays the author', async () => {
    const { medplum, sandbox, ana } = await withPeople();
    const task = await medplum.createResource(openTask);

    const claimed = await medplum.patchResource('Task', task.id, claimBy('me'), as(ana));

    expect(claimed.meta?.onBehalfOf).toEqual({ reference: ana, display: 'Ana Silva' });
    expect(claimed.meta?.author).toEqual({ reference: `ClientApplication/${sandbox.fhir.clientId}` });
  });

  it('works by the membership too, and for a membership that is not active', async () => {
    const { medplum, sandbox, ana } = await withPeople();
    const { id } = await sandbox.fhir.setMembership(ana, { active: false });

    const byMembership = await medplum.createResource(openTask, as(`ProjectMembership/${id}`));
    const byProfile = await medplum.createResource(openTask, as(ana));

    expect(byMembership.meta?.onBehalfOf?.reference).toBe(ana);
    expect(byProfile.meta?.onBehalfOf?.reference).toBe(ana);
  });

  it('is kept per version, and forgotten by the next write without the header', async () => {
    const { medplum, ana } = await withPeople();
    const task = await medplum.createResource(openTask, as(ana));
    const add = (path: string) => [{ op: 'add', path, value: 'x' } as const];

    await medplum.patchResource('Task', task.id, add('/description'));
    const seen = (await medplum.readHistory('Task', task.id)).entry?.map(({ resource }) => resource?.meta);

    expect(seen?.map((meta) => meta?.onBehalfOf?.reference)).toEqual([undefined, ana]);
  });

  it('makes a version of the same content when it is written for somebody else', async () => {
    const { medplum, ana, grace } = await withPeople();
    const task = await medplum.createResource(openTask, as(ana));
    const write = (person: string) => medplum.updateResource(task, as(person));

    const again = await write(ana);
    const other = await write(grace);

    expect(again.meta?.versionId).toBe(task.meta?.versionId);
    expect(other.meta?.versionId).not.toBe(task.meta?.versionId);
    expect(other.meta?.onBehalfOf?.reference).toBe(grace);
  });

  it('is seen by who does not ask for the extended form, as the author is not', async () => {
    const { medplum, raw, ana } = await withPeople();
    const task = await medplum.createResource(openTask, as(ana));

    const { meta } = (await (await raw(`/fhir/R4/Task/${task.id}`)).json()) as Task;

    expect(meta?.onBehalfOf?.reference).toBe(ana);
    expect(meta).not.toHaveProperty('author');
  });

  it.each([
    ['a Practitioner without a membership', 403, ({ ben }) => ben],
    ['a Practitioner that there is not', 403, () => `Practitioner/${randomUUID()}`],
    ['a bare id', 403, ({ ana }) => ana.slice('Practitioner/'.length)],
    ['garbage', 403, () => 'garbage'],
    ['a membership that there is not', 404, () => `ProjectMembership/${randomUUID()}`],
  ] as readonly [string, number, (people: { ana: string; ben: string }) => string][])(
    'refuses %s with %i, for reading as for writing',
    async (_who, status, name) => {
      const { raw, ana, ben } = await withPeople();
      const headers = { 'x-medplum-on-behalf-of': name({ ana, ben }) };

      expect((await raw('/fhir/R4/Task', { headers })).status).toBe(status);
      const body = JSON.stringify(openTask);
      expect((await raw('/fhir/R4/Task', { method: 'POST', headers, body })).status).toBe(status);
    },
  );

  it('is refused to a client whose own membership is no administrator’s, which may work for itself', async () => {
    const { medplum, sandbox, ana } = await withPeople();
    await sandbox.fhir.change({ clientAdmin: false });

    expect((await outcomeOf(medplum.createResource(openTask, as(ana)))).id).toBe('forbidden');
    expect((await medplum.createResource(openTask)).status).toBe('requested');

    await sandbox.fhir.change({ clientAdmin: true });
    expect((await medplum.createResource(openTask, as(ana))).meta?.onBehalfOf?.reference).toBe(ana);
  });

  it('ends when the membership is taken away', async () => {
    const { medplum, sandbox, ana } = await withPeople();
    await sandbox.fhir.removeMembership(ana);

    expect((await outcomeOf(medplum.createResource(openTask, as(ana)))).id).toBe('forbidden');
  });

  it.each([
    ['a transaction', true],
    ['a batch', false],
  ])('holds for all of %s', async (_name, transactions) => {
    const { medplum, ana } = await withPeople({ transactions });
    const task = await medplum.createResource(openTask);
    const entries = [patchEntry(`Task/${task.id}`, claimBy('me')), provenanceEntry(`Task/${task.id}`)];
    const bundle = { ...transaction(...entries), type: transactions ? 'transaction' : 'batch' } as const;

    await medplum.executeBatch(bundle, as(ana));

    const claimed = await medplum.readResource('Task', task.id);
    const [provenance] = await medplum.searchResources('Provenance', `target=Task/${task.id}`);
    expect([claimed, provenance].map((one) => one?.meta?.onBehalfOf?.reference)).toEqual([ana, ana]);
  });

  it('is charged to the client as any other request', async () => {
    const { medplum, sandbox, ana } = await withPeople();

    await medplum.createResource(openTask, as(ana));

    expect(sandbox.fhir.requests.at(-1)).toMatchObject({ status: 201, units: 100 });
  });
});
