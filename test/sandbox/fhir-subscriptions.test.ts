import { createHmac } from 'node:crypto';
import type { Subscription, Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import type { SandboxOptions } from '../../sandbox/server.ts';
import { eventually } from '../support/flow-wait.ts';
import { claimBy, clinic, openTask, patchEntry, receiver, transaction } from './fhir-support.ts';

const SECRET = 'https://www.medplum.com/fhir/StructureDefinition/subscription-secret';

async function subscribed(
  options: SandboxOptions = {},
  answer?: (call: number) => number,
  more: Partial<Subscription> = {},
) {
  const hook = await receiver(answer);
  const { sandbox, medplum, raw } = await clinic({ webhookRetryMs: [30, 60, 120], ...options });
  const subscription = await medplum.createResource<Subscription>({
    resourceType: 'Subscription',
    status: 'active',
    reason: 'test',
    criteria: 'Task',
    channel: { type: 'rest-hook', endpoint: hook.url, payload: 'application/fhir+json' },
    extension: [{ url: SECRET, valueString: 'secret' }],
    ...more,
  });
  return { sandbox, medplum, raw, subscription, calls: hook.calls };
}

describe('a rest-hook', () => {
  it('gets the version that was written, signed, within milliseconds', async () => {
    const { medplum, calls, subscription } = await subscribed();

    const task = await medplum.createResource(openTask);
    await eventually(() => expect(calls).toHaveLength(1));

    const [call] = calls;
    expect(JSON.parse(call?.body ?? '')).toEqual(task);
    expect(call?.headers).toMatchObject({
      'content-type': 'application/fhir+json',
      'x-medplum-subscription': subscription.id,
      'x-medplum-interaction': 'create',
      'x-trace-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'x-signature': createHmac('sha256', 'secret')
        .update(call?.body ?? '')
        .digest('hex'),
    });
  });

  it('gets a deletion as an empty body with the reference in a header', async () => {
    const { medplum, calls } = await subscribed();
    const task = await medplum.createResource(openTask);

    await medplum.deleteResource('Task', task.id);
    await eventually(() => expect(calls).toHaveLength(2));

    expect(calls[1]?.body).toBe('{}');
    expect(calls[1]?.headers).toMatchObject({
      'x-medplum-interaction': 'delete',
      'x-medplum-deleted-resource': `Task/${task.id}`,
    });
  });

  it('hears only of what its criteria name, and only while it is active', async () => {
    const { medplum, sandbox, calls, subscription } = await subscribed({}, undefined, {
      criteria: 'Communication?part-of:missing=false&status=in-progress',
    });

    const { message } = await sandbox.inbox.write();
    await sandbox.fhir.delivered();
    expect(calls.map(({ body }) => (JSON.parse(body) as { id: string }).id)).toEqual([message]);

    await medplum.updateResource({ ...subscription, status: 'off' });
    await sandbox.inbox.write();
    await sandbox.fhir.delivered();
    expect(calls).toHaveLength(1);
  });

  it('never fires for what makes no sense', async () => {
    const { medplum, sandbox, calls } = await subscribed({}, undefined, { criteria: 'Task?nonsense=1' });

    await medplum.createResource(openTask);
    await sandbox.fhir.delivered();

    expect(calls).toEqual([]);
  });

  it('does not hear of writes that change nothing or are rolled back', async () => {
    const { medplum, sandbox, calls } = await subscribed({ transactions: true });
    const task = await medplum.createResource(openTask);

    await medplum.updateResource(task);
    const failing = patchEntry('Task/never', [{ op: 'test', path: '/status', value: 'x' }]);
    await expect(
      medplum.executeBatch(transaction(patchEntry(`Task/${task.id}`, claimBy('me')), failing)),
    ).rejects.toThrow();
    await sandbox.fhir.delivered();

    expect(calls).toHaveLength(1);
  });

  it('is called again until it answers well', async () => {
    const { medplum, sandbox, calls } = await subscribed({}, (call) => (call < 2 ? 500 : 200));

    await medplum.createResource(openTask);
    await sandbox.fhir.delivered();

    expect(calls).toHaveLength(3);
    expect(sandbox.fhir.deliveries.map(({ attempt, result }) => [attempt, result])).toEqual([
      [0, 500],
      [1, 500],
      [2, 200],
    ]);
  });

  it('loses the event for good after the last attempt', async () => {
    const { medplum, sandbox, calls } = await subscribed({}, () => 404);

    await medplum.createResource(openTask);
    await sandbox.fhir.delivered();
    await new Promise((resolve) => setTimeout(resolve, 200));

    expect(calls).toHaveLength(4);
  });

  it('is not called again about a version that is not the newest any more', async () => {
    const answer = (call: number) => (call === 0 ? 500 : 200);
    const { medplum, sandbox, calls } = await subscribed({ webhookRetryMs: [2_000] }, answer);

    const task = await medplum.createResource(openTask);
    await eventually(() => expect(calls).toHaveLength(1));
    const accepted = await medplum.patchResource('Task', task.id, claimBy('me'));
    await sandbox.fhir.delivered();

    const versions = calls.map(({ body }) => (JSON.parse(body) as Task).meta?.versionId);
    expect(versions).toEqual([task.meta?.versionId, accepted.meta?.versionId]);
  });

  it('waits 1, 2 and 4 seconds between the attempts unless told otherwise', async () => {
    const { sandbox } = await clinic({ seed: false });
    const hook = await receiver(() => 500);
    await sandbox.fhir.repository.createResource<Subscription>({
      resourceType: 'Subscription',
      status: 'active',
      reason: 'test',
      criteria: 'Task',
      channel: { type: 'rest-hook', endpoint: hook.url },
    });

    await sandbox.fhir.repository.createResource(openTask);
    await eventually(() => expect(hook.calls).toHaveLength(4), 20_000);

    const gaps = hook.calls.slice(1).map(({ at }, i) => at - (hook.calls[i]?.at ?? 0));
    for (const [i, ms] of [1_000, 2_000, 4_000].entries()) {
      expect(gaps[i]).toBeGreaterThanOrEqual(ms - 50);
      expect(gaps[i]).toBeLessThan(2 * ms);
    }
  });

  it('can be made to lose an event, or to tell it twice', async () => {
    const { medplum, sandbox, calls } = await subscribed();

    sandbox.fhir.faults.add({ kind: 'lose-webhook', resourceType: 'Task' });
    await medplum.createResource(openTask);
    await sandbox.fhir.delivered();
    expect(calls).toHaveLength(0);

    sandbox.fhir.faults.add({ kind: 'double-webhook' });
    await medplum.createResource(openTask);
    await sandbox.fhir.delivered();
    expect(calls).toHaveLength(2);
    expect(calls[0]?.body).toBe(calls[1]?.body);
  });
});
