import type { Subscription } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setup } from '../../src/cli/setup.ts';
import { accessPolicy } from '../../src/medplum/setup-resources.ts';
import { pointedAt } from '../support/cli-run.ts';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { wordsOf } from '../support/flow-card.ts';

const NURSES = 'C0NURSES';
const CARDIO = 'C0CARDIO';
const ANA = 'U0ANA';

describe('a project that was set up', () => {
  let clinic: Clinic;
  const lines: string[] = [];
  const run = (more: Record<string, string> = {}) =>
    setup(pointedAt(clinic, more), {}, (line) => lines.push(line));

  beforeAll(async () => {
    clinic = await openClinic();
    await clinic.stopApp();
  });
  afterAll(() => clinic?.close());

  it('has the Subscriptions that the service would make, and the service makes no others', async () => {
    expect(await run()).toBe(0);
    const before = await subscriptions();

    await clinic.startApp();

    expect(before.map(({ criteria }) => criteria).sort()).toEqual([
      'Communication?part-of:missing=false',
      'Task',
    ]);
    expect(await subscriptions()).toEqual(before);
  });

  it('tells the service of a new Task once', async () => {
    const taskId = await clinic.patientWrites();

    await clinic.card(taskId, NURSES);

    await clinic.sandbox.fhir.delivered();
    const told = clinic.sandbox.fhir.deliveries.filter(({ reference }) => reference === `Task/${taskId}`);
    expect(told.map(({ result }) => result)).toEqual([200]);
  });

  it('gives the service, with nothing but its AccessPolicy, all that it needs', async () => {
    const { fhir } = clinic.sandbox;
    await fhir.change({ clientAdmin: false });
    const policy = accessPolicy().resource ?? [];
    await fhir.setMembership(`ClientApplication/${fhir.clientId}`, { policy });
    await clinic.stopApp();
    await clinic.startApp();
    fhir.resetRequests();

    // A Task is made for a message, claimed, and completed by an answer in the thread.
    const { thread } = await clinic.patientSays({ pool: 'registered-nurse' });
    const taskId = await eventually(async () => {
      const [task] = await clinic.search('Task', `focus=Communication/${thread}`);
      if (task === undefined) throw new Error('There is no Task for the message.');
      return task.id;
    });
    await clinic.pressShown(ANA, await clinic.card(taskId, NURSES), 'claim');
    await eventually(async () => expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('Ana Silva'));
    await clinic.staffAnswers({ thread, by: ANA, text: 'Please come in.' });
    await eventually(async () => expect((await clinic.record(taskId)).task.status).toBe('completed'));
    // Another is rerouted, and its history is read.
    const other = await clinic.patientWrites();
    await clinic.reroute(ANA, await clinic.card(other, NURSES), {
      target: 'Cardiologist',
      reason: 'workload',
    });
    await clinic.card(other, CARDIO);
    await clinic.told(ANA, () => clinic.slash(ANA, `/switchboard history ${other.slice(0, 6)}`));

    // Memberships are an administrator's: without them the service writes in its own name.
    const refused = fhir.requests.filter(({ status }) => status === 403).map(({ path }) => path);
    expect(refused.filter((path) => !path.includes('/ProjectMembership'))).toEqual([]);
  }, 60_000);

  it('can have its secret changed by the service’s own client', async () => {
    lines.length = 0;

    expect(await run({ MEDPLUM_WEBHOOK_SECRET: 'a new secret, long enough' })).toBe(0);

    expect(lines.join('\n')).toContain('updated       Subscription for Task: differs: secret');
    expect(lines.join('\n')).toContain(
      'skipped       AccessPolicy for the service: only an administrator’s client',
    );
    expect(lines.join('\n')).not.toContain('a new secret');
    const secrets = (await subscriptions()).map(({ extension }) => extension?.[0]?.valueString);
    expect(new Set(secrets)).toEqual(new Set(['a new secret, long enough']));
  });

  async function subscriptions(): Promise<Subscription[]> {
    return clinic.sandbox.fhir.repository.searchResources<Subscription>({ resourceType: 'Subscription' });
  }
});
