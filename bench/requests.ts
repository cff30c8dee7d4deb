import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '@medplum/fhirtypes';
import type { Sandbox } from '../sandbox/server.ts';

const CHANNEL = 'C0NURSES';

/** What one claim asks of the FHIR server, and what looking at a Task that has not changed for a card does. */
export async function countRequests(sandbox: Sandbox): Promise<{ claim: string; idle: number }> {
  const { fhir, inbox, slack } = sandbox;
  const { task } = await inbox.write({ pool: 'registered-nurse', text: 'One more.' });
  await sleep(1500);
  // A press without effect first, so that the person is known and what is counted is the claim itself.
  const ts = slack.messages(CHANNEL).at(-1)?.ts ?? '';
  await slack.press({ user: 'U0ANA', channel: CHANNEL, ts, action_id: 'complete', value: task, stale: true });
  await sleep(500);

  // Deliveries lost: the only look at the Task that follows is the one after the commit.
  fhir.faults.add({ kind: 'lose-webhook', times: 20 });
  fhir.resetRequests();
  await slack.press({ user: 'U0ANA', channel: CHANNEL, ts, action_id: 'claim' });
  await sleep(1500);
  const mine = fhir.requests.filter(({ path }) => path.includes(task) || !path.includes('_lastUpdated'));
  const writes = mine.filter(({ method }) => method !== 'GET').length;
  const reads = mine.filter(({ method }) => method === 'GET').length - 1;
  fhir.faults.clear();

  fhir.resetRequests();
  await touch(sandbox, task);
  await sleep(1500);
  const idle = fhir.requests.filter(({ path }) => path.includes(task)).length;
  return { claim: `${reads} + ${writes}`, idle };
}

/** A change that no card shows. */
async function touch({ fhir }: Sandbox, taskId: string): Promise<void> {
  const seen = await fhir.repository.readResource<Task>('Task', taskId);
  await fhir.repository.updateResource({ ...seen, description: 'touched' });
}
