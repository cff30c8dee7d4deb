import { describe, expect, it } from 'vitest';
import type { SandboxEvent } from '../../sandbox/events.ts';
import {
  claimBy,
  clinic,
  openTask,
  outcomeOf,
  patchEntry,
  provenanceEntry,
  refusalOf,
  transaction,
} from './fhir-support.ts';

describe('a transaction on a project that has them', () => {
  it('does all of it, and fills in the ids of what it makes', async () => {
    const { medplum } = await clinic({ transactions: true });
    const task = await medplum.createResource(openTask);
    const placeholder = 'urn:uuid:6a1f1c1e-0d63-4d5b-8a54-1d2f0a3a9f11';

    const answer = await medplum.executeBatch(
      transaction(
        {
          fullUrl: placeholder,
          request: { method: 'POST', url: 'Communication' },
          resource: { resourceType: 'Communication', status: 'in-progress' },
        },
        patchEntry(`Task/${task.id}`, [
          ...claimBy('me'),
          { op: 'add', path: '/focus', value: { reference: placeholder } },
        ]),
        provenanceEntry(`Task/${task.id}`),
      ),
    );

    expect(answer.type).toBe('transaction-response');
    expect(answer.entry?.map(({ response }) => response?.status)).toEqual(['201', '200', '201']);
    const made = `Communication/${answer.entry?.[0]?.resource?.id}`;
    expect(await medplum.readResource('Task', task.id)).toMatchObject({
      status: 'accepted',
      focus: { reference: made },
    });
  });

  it('does nothing of it when a test fails: no version, no event, no Provenance', async () => {
    const { medplum, sandbox } = await clinic({ transactions: true });
    const task = await medplum.createResource(openTask);
    const thread = await medplum.createResource({ resourceType: 'Communication', status: 'in-progress' });
    const events: SandboxEvent[] = [];
    sandbox.hub.listen((event) => events.push(event));

    const refusal = await refusalOf(
      medplum.executeBatch(
        transaction(
          provenanceEntry(`Task/${task.id}`),
          patchEntry(`Communication/${thread.id}`, [{ op: 'replace', path: '/status', value: 'completed' }]),
          patchEntry(`Task/${task.id}`, [{ op: 'test', path: '/status', value: 'ready' }]),
        ),
      ),
    );

    expect(refusal).toBe('Test failed: requested != ready');
    expect((await medplum.readResource('Communication', thread.id)).status).toBe('in-progress');
    expect((await medplum.readHistory('Communication', thread.id)).entry).toHaveLength(1);
    expect(await medplum.searchResources('Provenance')).toHaveLength(0);
    expect(events).toEqual([]);
  });

  it('does nothing of it when a resource is invalid', async () => {
    const { medplum } = await clinic({ transactions: true });
    const task = await medplum.createResource(openTask);
    const invalid = provenanceEntry(`Task/${task.id}`, { agent: [] });

    const outcome = await outcomeOf(
      medplum.executeBatch(transaction(patchEntry(`Task/${task.id}`, claimBy('me')), invalid)),
    );

    expect(outcome.issue[0]?.code).toBe('structure');
    expect((await medplum.readResource('Task', task.id)).status).toBe('requested');
  });

  it('refuses one that names a resource twice', async () => {
    const { medplum } = await clinic({ transactions: true });
    const task = await medplum.createResource(openTask);
    const entry = patchEntry(`Task/${task.id}`, [{ op: 'add', path: '/description', value: 'x' }]);

    expect(await refusalOf(medplum.executeBatch(transaction(entry, entry)))).toBe(
      'Duplicate resource identity found in Bundle',
    );
  });

  it('lets one of thirty racing claims win, and keeps one Provenance', async () => {
    const { medplum } = await clinic({ transactions: true });
    const task = await medplum.createResource(openTask);

    const claims = await Promise.allSettled(
      Array.from({ length: 30 }, (_, i) =>
        medplum.executeBatch(
          transaction(patchEntry(`Task/${task.id}`, claimBy(String(i))), provenanceEntry(`Task/${task.id}`)),
        ),
      ),
    );

    expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await medplum.searchResources('Provenance', `target=Task/${task.id}`)).toHaveLength(1);
  });
});

describe('a transaction on a project that has none', () => {
  it('silently runs as a batch: what failed says so in its entry, the rest is done', async () => {
    const { medplum } = await clinic();
    const task = await medplum.createResource(openTask);

    const answer = await medplum.executeBatch(
      transaction(
        provenanceEntry(`Task/${task.id}`),
        patchEntry(`Task/${task.id}`, [{ op: 'test', path: '/status', value: 'ready' }]),
      ),
    );

    expect(answer.type).toBe('transaction-response');
    expect(answer.entry?.map(({ response }) => response?.status)).toEqual(['201', '400']);
    expect(await medplum.searchResources('Provenance', `target=Task/${task.id}`)).toHaveLength(1);
  });
});

describe('the project', () => {
  it('shows whether it has transactions, which can be changed while the server runs', async () => {
    const { medplum, sandbox } = await clinic();
    const features = async () => {
      const project = await medplum.readResource('Project', sandbox.fhir.projectId, { cache: 'reload' });
      return project.features ?? [];
    };

    const before = await features();
    await sandbox.fhir.setTransactions(true);

    expect(before).not.toContain('transaction-bundles');
    expect(await features()).toContain('transaction-bundles');
    const task = await medplum.createResource(openTask);
    const failing = patchEntry(`Task/${task.id}`, [{ op: 'test', path: '/status', value: 'ready' }]);
    expect(await refusalOf(medplum.executeBatch(transaction(failing)))).toContain('Test failed');
  });
});
