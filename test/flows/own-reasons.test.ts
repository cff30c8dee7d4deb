import type { CodeSystem, ValueSet } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';

const NURSES = 'C0NURSES';
const ANA = 'U0ANA';
const SYSTEM = 'https://clinic.example/CodeSystem/hand-over';
const SET = 'https://clinic.example/ValueSet/hand-over';

const CODES: CodeSystem = {
  resourceType: 'CodeSystem',
  url: SYSTEM,
  status: 'active',
  content: 'complete',
  concept: [
    { code: 'night-shift', display: 'For the night shift' },
    { code: 'language', display: 'Speaks the language' },
    { code: 'other', display: 'Something else' },
  ],
};
const LIST: ValueSet = {
  resourceType: 'ValueSet',
  url: SET,
  status: 'active',
  compose: { include: [{ system: SYSTEM }] },
};

describe('a project with reasons of its own', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic({ config: (yaml) => `${yaml}reasons:\n  reroute: ${SET}\n` });
  });
  afterAll(() => clinic?.close());

  it('is served with the built-in ones while its ValueSet is not loaded, and the log says so', async () => {
    const taskId = await clinic.patientWrites();

    await clinic.reroute(ANA, await clinic.card(taskId, NURSES), {
      target: 'Cardiologist',
      reason: 'workload',
    });

    await eventually(async () => expect(await reasonOf(taskId)).toMatchObject({ code: 'workload' }));
    expect(clinic.logged.filter((line) => line.includes('the reasons could not be read'))).toHaveLength(1);
  });

  it('has them offered in the dialog, in its own order and words, from the next start on', async () => {
    await clinic.put(CODES);
    await clinic.put(LIST);
    await clinic.stopApp();
    await clinic.startApp();
    const card = await clinic.card(await clinic.patientWrites(), NURSES);

    const view = await clinic.dialog(ANA, () => clinic.pressShown(ANA, card, 'reroute'));

    const dialog = JSON.stringify(view);
    const places = ['For the night shift', 'Speaks the language', 'Something else'].map((one) =>
      dialog.indexOf(one),
    );
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(dialog).not.toContain('Outside my scope of practice');
  });

  it('has them written into the record under its own system', async () => {
    const taskId = await clinic.patientWrites();

    await clinic.reroute(ANA, await clinic.card(taskId, NURSES), {
      target: 'Cardiologist',
      reason: 'night-shift',
    });

    await eventually(async () =>
      expect(await reasonOf(taskId)).toEqual({
        system: SYSTEM,
        code: 'night-shift',
        display: 'For the night shift',
      }),
    );
  });

  it('has them understood when they are typed, and those that are not its own refused', async () => {
    const taskId = await clinic.patientWrites();
    const short = taskId.slice(0, 6);
    await clinic.card(taskId, NURSES);

    await clinic.told(ANA, () =>
      clinic.slash(ANA, `/reroute ${short} cardiology because speaks the language`),
    );

    expect(await reasonOf(taskId)).toMatchObject({ system: SYSTEM, code: 'language' });
    const other = await clinic.patientWrites();
    await clinic.card(other, NURSES);
    const no = await clinic.answer(ANA, () =>
      clinic.slash(ANA, `/reroute ${other.slice(0, 6)} cardiology because end-of-shift`),
    );
    expect(no).toMatch(/reason/i);
    expect((await clinic.record(other)).provenances).toEqual([]);
  });

  it('has “other” ask for a note, as the built-in one does', async () => {
    const taskId = await clinic.patientWrites();
    const card = await clinic.card(taskId, NURSES);

    const answer = await clinic.reroute(ANA, card, { target: 'Cardiologist', reason: 'other' });

    expect(JSON.stringify(answer)).toContain('“Something else” needs a note');
    expect((await clinic.record(taskId)).provenances).toEqual([]);
  });

  async function reasonOf(taskId: string): Promise<unknown> {
    const { provenances } = await clinic.record(taskId);
    return provenances[0]?.reason?.[0]?.coding?.[0];
  }
});
