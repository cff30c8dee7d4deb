import type { Bundle, Resource } from '@medplum/fhirtypes';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../support/flow-wait.ts';
import { clinic, openTask, outcomeOf, refusalOf } from './fhir-support.ts';

/** A client that listens to Tasks over the websocket, and what it has heard. */
async function listening() {
  const { sandbox, medplum } = await clinic({ websockets: true });
  const heard: Bundle[] = [];
  const connects: string[] = [];
  const emitter = medplum.subscribeToCriteria('Task');
  onTestFinished(() => medplum.getSubscriptionManager().closeWebSocket());
  emitter.addEventListener('connect', ({ payload }) => connects.push(payload.subscriptionId));
  emitter.addEventListener('message', ({ payload }) => heard.push(payload));
  await eventually(() => expect(connects).toHaveLength(1), 5_000);
  const versions = () => heard.map((bundle) => aboutIn(bundle)?.meta?.versionId);
  return { sandbox, medplum, heard, connects, versions };
}

const aboutIn = ({ entry = [] }: Bundle): Resource | undefined =>
  entry.find(({ resource }) => resource?.resourceType !== 'SubscriptionStatus')?.resource;

describe('a websocket', () => {
  it('is told of a new Task in a Bundle with its status and the resource', async () => {
    const { medplum, heard, connects } = await listening();

    const task = await medplum.createResource(openTask);
    await eventually(() => expect(heard).toHaveLength(1));

    expect(heard[0]).toMatchObject({ resourceType: 'Bundle', type: 'history' });
    expect(heard[0]?.entry?.map(({ resource }) => resource)).toEqual([
      expect.objectContaining({
        resourceType: 'SubscriptionStatus',
        type: 'event-notification',
        subscription: { reference: `Subscription/${connects[0]}` },
      }),
      task,
    ]);
  });

  it('cannot tell a deletion from a change: the old resource comes', async () => {
    const { medplum, heard, versions } = await listening();
    const task = await medplum.createResource(openTask);

    await medplum.deleteResource('Task', task.id);
    await eventually(() => expect(heard).toHaveLength(2));

    expect(versions()).toEqual([task.meta?.versionId, task.meta?.versionId]);
  });

  it('hears nothing of what its criteria do not say', async () => {
    const { medplum, heard } = await listening();

    await medplum.createResource({ resourceType: 'Patient' });
    const task = await medplum.createResource(openTask);
    await eventually(() => expect(heard).toHaveLength(1));

    expect(aboutIn(heard[0] as Bundle)?.id).toBe(task.id);
  });

  it('comes back with another Subscription, and what was said meanwhile is gone', async () => {
    const { sandbox, medplum, connects, versions } = await listening();

    sandbox.fhir.sockets.drop();
    await eventually(() => expect(sandbox.fhir.sockets.bound()).toBe(0));
    await medplum.createResource(openTask);
    await eventually(() => expect(connects).toHaveLength(2), 10_000);
    const after = await medplum.createResource(openTask);

    await eventually(() => expect(versions()).toEqual([after.meta?.versionId]));
    expect(connects[0]).not.toBe(connects[1]);
  });

  it.each([
    ['lost', { kind: 'lose-event' }, ['second']],
    ['doubled', { kind: 'double-event' }, ['first', 'first', 'second']],
    ['late', { kind: 'late-event', ms: 1_000 }, ['second', 'first']],
  ] as const)('hears of an event that is %s as a fault says', async (_what, fault, expected) => {
    const { sandbox, medplum, heard, versions } = await listening();
    sandbox.fhir.faults.add(fault);

    const first = await medplum.createResource(openTask);
    const second = await medplum.createResource(openTask);
    await eventually(() => expect(heard).toHaveLength(expected.length));

    const names = new Map([
      [first.meta?.versionId, 'first'],
      [second.meta?.versionId, 'second'],
    ]);
    expect(versions().map((version) => names.get(version))).toEqual(expected);
  });

  it('is dropped in place of an event', async () => {
    const { sandbox, medplum, heard } = await listening();
    sandbox.fhir.faults.add({ kind: 'drop-socket', resourceType: 'Task' });

    await medplum.createResource(openTask);

    await eventually(() => expect(sandbox.fhir.sockets.bound()).toBe(0));
    expect(heard).toEqual([]);
  });

  it('has a Subscription that can be read and is found by no search', async () => {
    const { medplum, connects } = await listening();

    const subscription = await medplum.readResource('Subscription', connects[0] ?? '');

    expect(subscription.channel.type).toBe('websocket');
    expect(await medplum.searchResources('Subscription')).toHaveLength(0);
  });

  it('is bound by no token but ours', async () => {
    const { sandbox } = await clinic({ websockets: true });
    const socket = new WebSocket(`${sandbox.url.replace('http', 'ws')}/ws/subscriptions-r4`);
    const answers: string[] = [];
    socket.addEventListener('message', ({ data }) => answers.push(String(data)));
    onTestFinished(() => socket.close());
    await eventually(() => expect(socket.readyState).toBe(WebSocket.OPEN));

    socket.send(JSON.stringify({ type: 'bind-with-token', payload: { token: 'a.b.c' } }));
    socket.send(JSON.stringify({ type: 'ping' }));

    await eventually(() => expect(answers).toHaveLength(2));
    expect(answers.map((text) => JSON.parse(text))).toEqual([
      expect.objectContaining({ resourceType: 'OperationOutcome' }),
      { type: 'pong' },
    ]);
    expect(sandbox.fhir.sockets.bound()).toBe(0);
  });
});

describe('the token of a websocket', () => {
  it('is refused where the project has not the feature, whatever it is asked for', async () => {
    const { medplum } = await clinic();

    const refusal = await refusalOf(medplum.get('fhir/R4/Subscription/1/$get-ws-binding-token'));

    expect(refusal).toBe('WebSocket subscriptions not enabled for current project');
  });

  it('is refused for a Subscription that is not there', async () => {
    const { medplum, sandbox } = await clinic({ websockets: true });

    const { issue } = await outcomeOf(medplum.get('fhir/R4/Subscription/1/$get-ws-binding-token'));
    const project = await medplum.readResource('Project', sandbox.fhir.projectId);

    expect(issue[0]?.details?.text).toContain('Error reading subscription');
    expect(project.features).toEqual(['websocket-subscriptions']);
  });
});
