import type { Practitioner, PractitionerRole } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, eventually, MODES, openClinic } from '../support/clinic.ts';
import { NURSE } from '../support/flow-tasks.ts';

const PEOPLE = 200;
const TASKS = 150;
const NOTHING_LEFT = 'Nothing is left for you in “Registered nurse”.';

/** Two hundred nurses more, each in the record and in the workspace. */
async function hire(clinic: Clinic): Promise<string[]> {
  const everybody = Array.from({ length: PEOPLE }, (_, i) => `U0NEXT${String(i + 1).padStart(3, '0')}`);
  for (const id of everybody) {
    const name = `Nurse ${id.slice(-3)}`;
    const practitioner = await clinic.put<Practitioner>({
      resourceType: 'Practitioner',
      name: [{ text: name }],
      identifier: [{ system: 'urn:switchboard:chat:slack:T0CLINIC', value: id }],
    });
    await clinic.put<PractitionerRole>({
      resourceType: 'PractitionerRole',
      practitioner: { reference: `Practitioner/${practitioner.id}` },
      code: [NURSE],
    });
    clinic.sandbox.slack.addPerson({ id, name, email: `${id.toLowerCase()}@riverside.example` });
  }
  return everybody;
}

/** One card for each Task is enough for a crowd. */
function withoutTeams(yaml: string): string {
  return yaml.replace(/^ {6}- teams: .*\n( {8}privacy: .*\n)?/gm, '');
}

/** Where everything shares one machine, Slack may lose its patience with some of so many; what they typed counts. */
async function typeNext({ sandbox }: Clinic, user: string): Promise<void> {
  const { error } = await sandbox.slack.slash({ user, channel: 'C0NURSES', command: '/next', text: '' });
  if (error && error !== 'operation_timeout') throw new Error(error);
}

describe.each(MODES)('two hundred people who type /next at once, $mode', ({ transactions }) => {
  let clinic: Clinic;
  let everybody: string[];
  let tasks: string[];
  beforeAll(async () => {
    clinic = await openClinic({ transactions, config: withoutTeams });
    everybody = await hire(clinic);
    tasks = [];
    for (let i = 0; i < TASKS; i++) tasks.push(await clinic.patientWrites());
    await eventually(() => expect(clinic.sandbox.slack.messages('C0NURSES')).toHaveLength(TASKS), 120_000);
  }, 240_000);
  afterAll(() => clinic?.close());

  it('get a hundred and fifty different Tasks, and fifty are told that nothing is left', async () => {
    clinic.sandbox.fhir.resetRequests();

    await Promise.all(everybody.map((one) => typeNext(clinic, one)));

    await eventually(() => {
      const told = everybody.filter((one) => clinic.sentences(one).length > 0);
      expect(told).toHaveLength(PEOPLE);
    }, 150_000);
    const told = everybody.map((one) => clinic.sentences(one));
    expect(told.every((sentences) => sentences.length === 1)).toBe(true);
    const given = told.flat().filter((sentence) => / is yours: /.test(sentence));
    const left = told.flat().filter((sentence) => sentence === NOTHING_LEFT);
    expect([given.length, left.length]).toEqual([TASKS, PEOPLE - TASKS]);

    const records = await Promise.all(tasks.map((id) => clinic.record(id)));
    const owners = records.map(({ task }) => task.owner?.reference);
    expect(new Set(owners).size).toBe(TASKS);
    for (const { task, thread, provenances, versions } of records) {
      expect(task.status).toBe('accepted');
      expect(versions).toHaveLength(2);
      expect(provenances.map(({ agent }) => agent[0]?.who?.reference)).toEqual([task.owner?.reference]);
      expect(thread?.recipient?.map(({ reference }) => reference)).toEqual([task.owner?.reference]);
    }
  }, 180_000);

  it('make no more writes than their claims are: it does not grow with the square of the crowd', () => {
    const { requests } = clinic.sandbox.fhir;
    const writes = requests.filter(({ method }) => method !== 'GET');
    const queues = requests.filter(({ path }) => path.includes('_sort=-priority-order'));

    // A claim is one transaction, or the Task, its thread and its Provenance. Now and then it is asked whether there are
    // transactions, and a thread is mended whose claim takes its time.
    const claims = TASKS * (transactions ? 1 : 3);
    expect(writes.length).toBeGreaterThanOrEqual(claims);
    expect(writes.length).toBeLessThan(claims + 10);
    expect(queues.length).toBeLessThan(PEOPLE);
  });

  it('are each told which Task it is, and can go on from there', async () => {
    const lucky = everybody.find((one) => clinic.sentences(one)[0] !== NOTHING_LEFT) ?? 'nobody';
    const listing = clinic.sandbox.slack.ephemerals(lucky)[0];
    if (!listing) throw new Error('nothing was said');
    expect(listing.text).toMatch(
      /^Task \w{6} is yours: (Routine|Urgent), arrived .+ ago\. Answer it in its thread in Medplum\.$/,
    );

    const view = await clinic.dialog(lucky, () => clinic.pressRow(lucky, listing, 'release'));
    await clinic.submit(lucky, view, { reason: 'end-of-shift' });
    const unlucky = everybody.find((one) => clinic.sentences(one)[0] === NOTHING_LEFT) ?? 'nobody';
    await eventually(async () =>
      expect(await clinic.answer(unlucky, () => clinic.slash(unlucky, '/next'))).toContain(
        listing.text.slice(0, 11),
      ),
    );
  });
});
