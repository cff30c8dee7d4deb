import type { Practitioner, PractitionerRole, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPORTED } from '../../src/runtime/orphans.ts';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';

const OPERATIONS = 'C0DIET';
const PHARMACY = 'C0PHARMACY';
const CARDIO = 'C0CARDIO';
const ANA = 'U0ANA';
const BEN = 'U0BEN';
const MEI = 'U0MEI';

/** The dietitians' channel becomes the one of operations; nobody serves dietitians any more. */
function withOperations(yaml: string): string {
  return `${yaml
    .replace(/ {2}- id: dietetics\n(?: {4}.*\n)*/, '')
    .replace(
      / {2}- when: .*dietetics.*\n {4}.*\n/,
      '',
    )}operations:\n  - slack: ${OPERATIONS}\n    privacy: full\n`;
}

describe('Tasks that nobody can take', () => {
  let clinic: Clinic;
  let later = 0;
  beforeAll(async () => {
    clinic = await openClinic({ config: withOperations, now: () => Date.now() + later });
    await change<PractitionerRole>('PractitionerRole', `practitioner=${clinic.practitioner(MEI)}`, {
      active: false,
    });
    // Who is there is looked up once a minute.
    later = 60_000;
  });
  afterAll(() => clinic?.close());

  const report = (taskId: string) => clinic.card(taskId, OPERATIONS);
  const says = (taskId: string, words: string) =>
    eventually(async () => expect(wordsOf(await report(taskId))).toContain(words));

  it('are reported to the operations channel once, with why and Reroute, and without the patient', async () => {
    const taskId = await clinic.patientWrites({
      pool: 'pharmacy',
      patient: 'homer',
      text: 'My pills are gone',
    });

    const card = await report(taskId);

    expect(wordsOf(card)).toContain(`Task \`${taskId.slice(0, 6)}\` is stuck`);
    expect(wordsOf(card)).toContain('nobody holds an active role for “Pharmacist”.');
    expect(buttonsOf(card)).toEqual(['Reroute']);
    expect(JSON.stringify(card)).not.toMatch(/homer|simpson|pills/i);
    await clinic.card(taskId, PHARMACY);
    await clinic.patch('Task', taskId, [{ op: 'add', path: '/priority', value: 'stat' }]);
    await says(taskId, 'STAT');
    expect(clinic.cards(taskId, OPERATIONS)).toHaveLength(1);
  });

  it('are rerouted from there, and the report says that it is over', async () => {
    const taskId = await clinic.patientWrites({ pool: 'pharmacy' });

    await clinic.reroute(ANA, await report(taskId), { target: 'Cardiologist', reason: 'wrong-pool' });

    await says(taskId, 'No longer stuck: it waits for *Cardiologist*');
    expect(buttonsOf(await report(taskId))).toEqual([]);
    await clinic.pressShown(BEN, await clinic.card(taskId, CARDIO), 'claim');
    await says(taskId, 'No longer stuck: *Ben Carter* has it.');
    expect(clinic.cards(taskId, OPERATIONS)).toHaveLength(1);
  });

  it('are those of a role without a pool, too', async () => {
    const taskId = await clinic.patientWrites({ pool: 'dietetics' });

    expect(wordsOf(await report(taskId))).toContain('no pool is configured for “Dietitian”.');
  });

  it('are those whose owner was switched off, too', async () => {
    const taskId = await clinic.patientWrites({ pool: 'cardiology' });
    await change<Practitioner>('Practitioner', `_id=${clinic.practitioner('U0OMAR').split('/')[1]}`, {
      active: false,
    });

    await clinic.patch('Task', taskId, [
      {
        op: 'add',
        path: '/owner',
        value: { reference: clinic.practitioner('U0OMAR'), display: 'Omar Haddad' },
      },
      { op: 'replace', path: '/status', value: 'accepted' },
    ]);

    await says(taskId, 'its owner, Omar Haddad, is not active in the record any more.');
  });

  it('do not fill the channel: of many at once, a few speak for all', async () => {
    const before = clinic.sandbox.slack.messages(OPERATIONS).length;

    const ids = await Promise.all(
      Array.from({ length: 25 }, () => clinic.patientWrites({ pool: 'pharmacy' })),
    );
    for (const id of ids) await clinic.card(id, PHARMACY);

    await new Promise((resolve) => setTimeout(resolve, 500));
    const more = clinic.sandbox.slack.messages(OPERATIONS).length - before;
    expect(more).toBeLessThanOrEqual(REPORTED);
  });

  it('are found, too, where nothing but the record of a person has changed', async () => {
    const grace = { reference: clinic.practitioner('U0GRACE'), display: 'Grace Osei' };
    const { thread } = await clinic.patientSays();
    const longAgo = new Date(Date.now() - 3_600_000).toISOString();
    const task = await clinic.sandbox.fhir.repositoryFor({ now: () => longAgo }).createResource<Task>({
      resourceType: 'Task',
      status: 'accepted',
      intent: 'order',
      focus: { reference: `Communication/${thread}` },
      owner: grace,
    });
    await clinic.sandbox.fhir.delivered();
    await change<Practitioner>('Practitioner', `_id=${grace.reference.split('/')[1]}`, { active: false });
    expect(clinic.cards(task.id, OPERATIONS)).toEqual([]);

    await clinic.stopApp();
    await clinic.startApp();

    await says(task.id, 'its owner, Grace Osei, is not active in the record any more.');
  }, 60_000);

  async function change<T extends Practitioner | PractitionerRole>(
    type: T['resourceType'],
    query: string,
    changes: Partial<T>,
  ): Promise<void> {
    for (const found of await clinic.search(type, query)) {
      await clinic.sandbox.fhir.repository.updateResource({ ...found, ...changes });
    }
  }
});
