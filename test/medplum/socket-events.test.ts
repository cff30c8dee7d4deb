import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/server.ts';
import { connect } from '../../src/medplum/client.ts';
import { createSocketEvents, NOT_ENABLED } from '../../src/medplum/socket-events.ts';
import { bareTask } from '../support/flow-tasks.ts';
import { capturedLog } from '../support/unit-slack.ts';

const PATIENCE = { timeout: 12_000, interval: 20 };

/** The events of a sandbox, listened to by nothing else. */
async function listening(options: SandboxOptions = { websockets: true }, store = async () => {}) {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  const client = await connect({ baseUrl: `${sandbox.url}/`, clientId: 'sandbox', clientSecret: 'sandbox' });
  const tasks: string[] = [];
  const threads: string[] = [];
  const catchUp = vi.fn();
  const { log, lines } = capturedLog();
  const notedIn = (list: string[]) => async (id: string) => {
    await store();
    list.push(id);
  };
  const events = createSocketEvents({
    client,
    marks: { task: notedIn(tasks), thread: notedIn(threads) },
    catchUp,
    now: () => 1_000,
    log,
  });
  events.start();
  onTestFinished(() => events.stop());
  return { sandbox, events, tasks, threads, catchUp, lines };
}

const isConnected = (events: { state(): { kind: string } }) =>
  vi.waitFor(() => expect(events.state().kind).toBe('connected'), PATIENCE);

const write = ({ fhir }: Sandbox) => fhir.repository.createResource(bareTask);

describe('Medplum’s websocket', () => {
  it('tells of a Task, and of a deleted one too', async () => {
    const { sandbox, events, tasks } = await listening();
    await isConnected(events);

    const { id } = await write(sandbox);
    await vi.waitFor(() => expect(tasks).toEqual([id]));
    await sandbox.fhir.repository.deleteResource('Task', id);

    await vi.waitFor(() => expect(tasks).toEqual([id, id]));
  });

  it('tells of a message by its thread, and not of the header of one', async () => {
    const { sandbox, events, threads } = await listening();
    await isConnected(events);

    const { thread } = await sandbox.inbox.say({});

    await vi.waitFor(() => expect(threads).toEqual([thread]));
  });

  it('is caught up with each time that it comes back, because what was said meanwhile is gone', async () => {
    const { sandbox, events, tasks, catchUp } = await listening();
    await isConnected(events);
    expect(catchUp).toHaveBeenCalledTimes(2);

    sandbox.fhir.sockets.drop();
    await vi.waitFor(() =>
      expect(events.state()).toEqual({
        kind: 'down',
        since: new Date(1_000),
        why: 'the connection was lost, or cannot be made',
      }),
    );
    await write(sandbox);
    await isConnected(events);
    const { id } = await write(sandbox);

    await vi.waitFor(() => expect(tasks).toEqual([id]));
    expect(catchUp).toHaveBeenCalledTimes(4);
  });

  it('is said to be refused, once and in words that name what to do', async () => {
    const { sandbox, events, lines } = await listening({});

    await vi.waitFor(
      () => expect(events.state()).toMatchObject({ kind: 'down', why: NOT_ENABLED }),
      PATIENCE,
    );

    expect(lines.filter((line) => line.includes(NOT_ENABLED))).toHaveLength(1);
    expect(sandbox.fhir.sockets.bound()).toBe(0);
  });

  it.each([
    ['the answer to the Subscription is lost', { kind: 'drop-after-commit', resourceType: 'Subscription' }],
    ['the server fails', { kind: 'error', resourceType: 'Subscription' }],
    ['the quota is empty', { kind: 'quota', resourceType: 'Subscription' }],
  ] as const)('comes about later where %s, which its client leaves at that', async (_what, fault) => {
    const { sandbox, events, tasks } = await listening({ websockets: true, seed: true });
    sandbox.fhir.faults.add({ ...fault, times: 2 });

    await vi.waitFor(() => expect(sandbox.fhir.faults.pending).toEqual([]), PATIENCE);
    await isConnected(events);
    const { id } = await write(sandbox);

    await vi.waitFor(() => expect(tasks).toEqual([id]));
  });

  it('does without an event that could not be stored', async () => {
    const store = vi.fn(async () => {});
    const { sandbox, events, tasks, lines } = await listening({ websockets: true }, store);
    await isConnected(events);
    store.mockRejectedValueOnce(new Error('the ledger is down'));

    await write(sandbox);
    const { id } = await write(sandbox);

    await vi.waitFor(() => expect(tasks).toEqual([id]));
    expect(lines.join('')).toContain('an event could not be stored');
  });

  it('is let go of for good', async () => {
    const { sandbox, events, catchUp } = await listening();
    await isConnected(events);

    events.stop();

    await vi.waitFor(() => expect(sandbox.fhir.sockets.bound()).toBe(0));
    expect(catchUp).toHaveBeenCalledTimes(2);
  });
});
