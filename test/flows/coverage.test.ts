import type { Coding, HealthcareService, PractitionerRole, Schedule, Slot } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, eventually, MODES, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';
import { configured } from '../support/flow-config.ts';

const NURSES = 'C0NURSES';
const ANA = 'U0ANA';
const CHIDI = 'U0CHIDI';
const GRACE = 'U0GRACE';
const HOUR = 3_600_000;

const inHours = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();

async function claimed(clinic: Clinic, by = ANA): Promise<{ taskId: string; thread: string }> {
  const taskId = await clinic.patientWrites();
  await clinic.press(by, await clinic.card(taskId, NURSES), 'claim');
  await eventually(async () => expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('✅'));
  return { taskId, thread: (await clinic.record(taskId)).thread?.id ?? '' };
}

/** Whole time of leave in every role of somebody, from now on; or back again. */
async function setLeave(clinic: Clinic, slackId: string, isAway: boolean): Promise<void> {
  const roles = await clinic.search('PractitionerRole', `practitioner=${clinic.practitioner(slackId)}`);
  const { repository } = clinic.sandbox.fhir;
  for (const { notAvailable: _, ...role } of roles) {
    const during = { start: inHours(-1), end: inHours(48) };
    await repository.updateResource<PractitionerRole>({
      ...role,
      ...(isAway && { notAvailable: [{ description: 'On leave', during }] }),
    });
  }
}

const ownerOf = async (clinic: Clinic, taskId: string) => (await clinic.record(taskId)).task.owner?.reference;

describe.each(MODES)('A patient who writes to an owner who is on leave, $mode', (mode) => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic({
      ...mode,
      sweepSeconds: 1,
      config: (yaml, practitioner) =>
        configured({ coverage: { covers: { [practitioner(GRACE)]: practitioner(CHIDI) } } })(yaml),
    });
  });
  afterAll(() => clinic?.close());

  it('finds the Task back in its pool, with note, coded reason and Provenance; anybody there can claim it', async () => {
    const { taskId, thread } = await claimed(clinic);
    await setLeave(clinic, ANA, true);

    await clinic.patientSays({ thread });

    await eventually(async () =>
      expect(buttonsOf(await clinic.card(taskId, NURSES))).toEqual(expect.arrayContaining(['Claim'])),
    );
    await setLeave(clinic, ANA, false);
    const { task, provenances, thread: header } = await clinic.record(taskId);
    expect(task).toMatchObject({ status: 'requested', businessStatus: { text: 'unassigned' } });
    expect(task.owner).toBeUndefined();
    expect(header?.recipient).toBeUndefined();
    expect(task.note?.at(-1)?.text).toMatch(/^Ana Silva is away until .* UTC; back in “Registered nurse”\.$/);
    expect(provenances.map((one) => one.activity?.coding?.at(-1)?.code)).toEqual(['cover', 'claim']);
    expect(provenances[0]).toMatchObject({
      agent: [{ who: { display: 'Switchboard' } }, {}],
      reason: [{ coding: [{ code: 'covering-absence' }] }],
    });

    await clinic.press(CHIDI, await clinic.card(taskId, NURSES), 'claim');

    await eventually(async () => expect(await ownerOf(clinic, taskId)).toBe(clinic.practitioner(CHIDI)));
  });

  it('is looked after by whoever covers, who is asked to accept', async () => {
    const { taskId, thread } = await claimed(clinic, GRACE);
    await setLeave(clinic, GRACE, true);

    await clinic.patientSays({ thread });

    await eventually(async () =>
      expect(buttonsOf(await clinic.card(taskId, NURSES))).toEqual(expect.arrayContaining(['Accept'])),
    );
    await setLeave(clinic, GRACE, false);
    const { task, thread: header } = await clinic.record(taskId);
    const chidi = { reference: clinic.practitioner(CHIDI), display: 'Chidi Okafor' };
    expect(task).toMatchObject({ status: 'requested', owner: chidi });
    expect(header?.recipient).toEqual([chidi]);
    expect(task.note?.at(-1)?.text).toMatch(/; given to Chidi Okafor, who covers\.$/);
  });

  it('changes nothing for an owner who is there', async () => {
    const { taskId, thread } = await claimed(clinic);

    await clinic.patientSays({ thread });

    await eventually(async () =>
      expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('1 new message'),
    );
    expect(await ownerOf(clinic, taskId)).toBe(clinic.practitioner(ANA));
  });

  it('leaves the Task with an owner on leave who takes it all the same', async () => {
    const { taskId, thread } = await claimed(clinic);
    await setLeave(clinic, ANA, true);
    await clinic.patientSays({ thread });
    await eventually(async () => expect(await ownerOf(clinic, taskId)).toBeUndefined());

    await eventually(async () =>
      expect(buttonsOf(await clinic.card(taskId, NURSES))).toEqual(expect.arrayContaining(['Claim'])),
    );
    await clinic.press(ANA, await clinic.card(taskId, NURSES), 'claim');
    await eventually(async () => expect(await ownerOf(clinic, taskId)).toBe(clinic.practitioner(ANA)));
    const { message } = await clinic.staffAnswers({ thread, by: ANA, text: 'I am on leave, but yes.' });

    await eventually(async () => expect((await clinic.record(taskId)).task.status).toBe('completed'));
    await setLeave(clinic, ANA, false);
    expect((await clinic.record(taskId)).task.output?.[0]?.valueReference?.reference).toBe(
      `Communication/${message}`,
    );
  });
});

describe.each([
  ['Schedule/$find', true],
  ['Appointment/$find', false],
])('A patient who writes to an owner whose Schedule is full, by %s', (_what, scheduleFind) => {
  let clinic: Clinic;
  let schedule: Schedule & { id: string };
  beforeAll(async () => {
    clinic = await openClinic({
      sweepSeconds: 1,
      config: configured({ coverage: { away: ['no-free-slot'], freeSlotWithinMinutes: 120 } }),
    });
    await clinic.sandbox.fhir.change({ scheduleFind });
    schedule = await alwaysOpen(clinic, ANA);
  });
  afterAll(() => clinic?.close());

  it('finds the Task back in its pool; while there is a free slot, it stays', async () => {
    const { taskId, thread } = await claimed(clinic);
    await clinic.patientSays({ thread });
    await eventually(async () =>
      expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('1 new message'),
    );
    expect(await ownerOf(clinic, taskId)).toBe(clinic.practitioner(ANA));

    await clinic.put<Slot>({
      resourceType: 'Slot',
      schedule: { reference: `Schedule/${schedule.id}` },
      status: 'busy-unavailable',
      start: inHours(-1),
      end: inHours(24),
    });
    await clinic.patientSays({ thread });

    await eventually(async () => expect(await ownerOf(clinic, taskId)).toBeUndefined());
    expect((await clinic.record(taskId)).task.note?.at(-1)?.text).toBe(
      'Ana Silva has no free time in the next 120 minutes; back in “Registered nurse”.',
    );
  });
});

/** A Schedule with a free time every quarter of an hour, as Medplum's scheduling describes it. */
async function alwaysOpen(clinic: Clinic, slackId: string): Promise<Schedule & { id: string }> {
  const type: Coding = { system: 'urn:switchboard:sandbox:service', code: 'call', display: 'Call' };
  const { repository } = clinic.sandbox.fhir;
  const service = await clinic.put<HealthcareService>({
    resourceType: 'HealthcareService',
    type: [{ coding: [type] }],
  });
  const reference = { reference: `HealthcareService/${service.id}` };
  const [person] = await clinic.search('Practitioner', `_id=${clinic.practitioner(slackId).split('/')[1]}`);
  if (person === undefined) throw new Error(`${slackId} is nobody`);
  const timezone = { url: 'http://hl7.org/fhir/StructureDefinition/timezone', valueCode: 'Etc/UTC' };
  await repository.updateResource({ ...person, extension: [...(person.extension ?? []), timezone] });
  const minutes = (url: string, value: number) => ({ url, valueDuration: { value, unit: 'min' } });
  return clinic.put<Schedule>({
    resourceType: 'Schedule',
    active: true,
    actor: [{ reference: clinic.practitioner(slackId) }],
    serviceType: [
      {
        extension: [{ url: 'https://medplum.com/fhir/service-type-reference', valueReference: reference }],
        coding: [type],
      },
    ],
    extension: [
      {
        url: 'https://medplum.com/fhir/StructureDefinition/SchedulingParameters',
        extension: [minutes('duration', 15), minutes('alignmentInterval', 15)],
      },
    ],
  });
}
