import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';

const ANA = 'U0ANA';
const CHIDI = 'U0CHIDI';
const MEI = 'U0MEI';
const SAM = 'U0SAM';

describe('a Home', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic();
  });
  afterAll(() => clinic?.close());

  /** A burst of changes is drawn once, after a while. */
  const soon = (assertion: () => void) => eventually(assertion, 25_000);
  const words = (user: string) => wordsOf(clinic.home(user));

  it('has what is mine, what waits in my pools and who I am', async () => {
    const taskId = await clinic.patientWrites({ pool: 'pharmacy', patient: 'homer', text: 'I cough.' });
    await clinic.card(taskId, 'C0PHARMACY');

    const home = await clinic.openHome(MEI);

    expect(wordsOf(home)).toContain('Mei Tanaka: no Tasks are yours, and one Task waits in your pools.');
    expect(wordsOf(home)).toMatch(/Yours[\s\S]*Waiting in your pools[\s\S]*Who you are/);
    expect(buttonsOf(home)).toEqual(['Claim', 'Reroute']);
    expect(JSON.stringify(home)).not.toMatch(/homer|simpson|cough/i);
  });

  it('is kept true while it is open: what arrives, what I claim in it, what others take', async () => {
    await clinic.openHome(ANA);
    await clinic.openHome(CHIDI);

    const taskId = await clinic.patientWrites();
    const ref = taskId.slice(0, 6);
    await soon(() => expect(words(ANA)).toContain(ref));
    await soon(() => expect(words(CHIDI)).toContain(ref));

    await clinic.pressHome(ANA, 'claim', taskId);

    await soon(() =>
      expect(words(ANA)).toMatch(new RegExp(`Ana Silva: one Task is yours[\\s\\S]*Yours[\\s\\S]*${ref}`)),
    );
    await soon(() => expect(words(CHIDI)).not.toContain(ref));
    expect((await clinic.record(taskId)).task.owner?.reference).toBe(clinic.practitioner(ANA));
  });

  it('loses a Task that is rerouted out of my pool, by whomever', async () => {
    await clinic.openHome(CHIDI);
    const taskId = await clinic.patientWrites();
    await soon(() => expect(words(CHIDI)).toContain(taskId.slice(0, 6)));

    await clinic.patch('Task', taskId, [
      {
        op: 'replace',
        path: '/performerType',
        value: [{ coding: [{ system: 'http://snomed.info/sct', code: '17561000' }] }],
      },
    ]);

    await soon(() => expect(words(CHIDI)).not.toContain(taskId.slice(0, 6)));
  });

  it('tells a stranger how to be linked', async () => {
    expect(wordsOf(await clinic.openHome(SAM))).toContain(
      'You are not linked to a Practitioner in the record yet',
    );
  });
});
