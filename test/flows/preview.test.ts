import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, openClinic } from '../support/clinic.ts';

const NURSES = 'C0NURSES';
const ANA = 'U0ANA';

describe('the dialog of a reroute', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic();
  });
  afterAll(() => clinic?.close());

  it('says what the choice would mean before it counts, and changes nothing by that', async () => {
    const taskId = await clinic.patientWrites();
    const card = await clinic.card(taskId, NURSES);
    const before = await clinic.record(taskId);
    const view = await clinic.dialog(ANA, () => clinic.pressShown(ANA, card, 'reroute'));

    const pool = await clinic.preview(ANA, view, 'Cardiologist');
    const person = await clinic.preview(ANA, view, 'Ben Carter');

    expect(pool).toContain('3 people can claim there now.');
    expect(pool).toContain('Nothing waits there.');
    expect(person).toContain('Ben Carter: Cardiologist, with no open Tasks.');
    expect(await clinic.record(taskId)).toEqual(before);
  });

  it('says to the owner that they lose sight of it, and warns where it goes in circles', async () => {
    const taskId = await clinic.patientWrites({ pool: 'cardiology' });
    await clinic.card(taskId, 'C0CARDIO');
    const say = (user: string, typed: string) => clinic.answer(user, () => clinic.slash(user, typed));
    await say('U0BEN', `/reroute ${taskId} registered-nurse because wrong-pool`);
    await say(ANA, `/claim ${taskId}`);
    await say(ANA, `/reroute ${taskId} Chidi Okafor because workload`);
    await say('U0CHIDI', `/accept ${taskId}`);
    const view = await clinic.dialog('U0CHIDI', () => clinic.slash('U0CHIDI', `/reroute ${taskId}`));

    const back = await clinic.preview('U0CHIDI', view, 'Ana Silva');

    expect(back).toContain('It came from there; it was rerouted away by Ana Silva: Workload.');
    expect(back).toContain('This would be its third reroute.');
    expect(back).toContain('You will no longer see this.');
  });
});
