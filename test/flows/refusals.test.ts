import type { Practitioner, PractitionerRole } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';

const NURSES = 'C0NURSES';
const ANA = 'U0ANA';

describe('a press on Claim', () => {
  let clinic: Clinic;
  let taskId: string;
  beforeAll(async () => {
    clinic = await openClinic();
    const { slack } = clinic.sandbox;
    for (const id of ['twin-1', 'twin-2'])
      await clinic.put(practitioner(id, 'Twin', 'twin@riverside.example'));
    await clinic.put(practitioner('guest', 'Gast', 'gast@riverside.example'));
    await clinic.put(role('guest'));
    slack.addPerson({ id: 'U0TWIN', name: 'Twin Twin', email: 'TWIN@riverside.example' });
    slack.addPerson({
      id: 'U0GUEST',
      name: 'Gast Gast',
      email: 'gast@riverside.example',
      is_restricted: true,
    });
    slack.addPerson({
      id: 'U0OTHER',
      name: 'Other Clinic',
      email: 'gast@riverside.example',
      is_stranger: true,
    });
    slack.addPerson({ id: 'U0NOMAIL', name: 'No Mail' });
    taskId = await clinic.patientWrites();
    await clinic.card(taskId, NURSES);
  });
  afterAll(() => clinic?.close());

  const notLinked = (user: string) =>
    'You are not linked to a Practitioner in the record yet, so you cannot act on Tasks. Ask your administrator to ' +
    `add the identifier ${user} (system urn:switchboard:chat:slack:T0CLINIC) to your Practitioner, or to give it the ` +
    'e-mail address that you use here.';
  const OUTSIDER =
    'Guests and people of other organisations cannot act on Tasks here. Ask your administrator.';

  it.each([
    {
      who: 'somebody of another profession',
      user: 'U0BEN',
      says: 'This Task is for “Registered nurse”, and your role in the record is “Cardiologist”. You can reroute it.',
    },
    { who: 'somebody whom the record does not know', user: 'U0SAM', says: notLinked('U0SAM') },
    { who: 'somebody without an e-mail address', user: 'U0NOMAIL', says: notLinked('U0NOMAIL') },
    {
      who: 'somebody whose role has ended',
      user: 'U0PAT',
      says: 'This Task is for “Registered nurse”, and you have no active role in the record. You can reroute it.',
    },
    {
      who: 'somebody without a role',
      user: 'U0IVY',
      says: 'This Task is for “Registered nurse”, and you have no active role in the record. You can reroute it.',
    },
    {
      who: 'somebody whose Practitioner is not active',
      user: 'U0LENA',
      says: 'Your Practitioner record is not active, so you cannot act on Tasks. Ask your administrator.',
    },
    {
      who: 'somebody whose e-mail address fits two Practitioners',
      user: 'U0TWIN',
      says: 'Several Practitioners in the record have your e-mail address, so it is not clear who you are. Ask your administrator to mend that.',
    },
    { who: 'a guest', user: 'U0GUEST', says: OUTSIDER },
    { who: 'somebody of another organisation in a shared channel', user: 'U0OTHER', says: OUTSIDER },
  ])('is refused in private with the reason, and nothing is written: $who', async ({ user, says }) => {
    const before = await clinic.record(taskId);
    const messages = clinic.sandbox.slack.messages(NURSES);
    const card = await clinic.card(taskId, NURSES);

    const sentence = await clinic.answer(user, () => clinic.pressShown(user, card, 'claim'));

    expect(sentence).toBe(says);
    expect(await clinic.record(taskId)).toEqual(before);
    expect(clinic.sandbox.slack.messages(NURSES)).toEqual(messages);
  });

  it('works for somebody who is linked by an e-mail address alone', async () => {
    const own = await clinic.patientWrites({ pool: 'cardiology' });

    await clinic.pressShown('U0OMAR', await clinic.card(own, 'C0CARDIO'), 'claim');

    await eventually(async () =>
      expect(wordsOf(await clinic.card(own, 'C0CARDIO'))).toContain('✅ *Omar Haddad*'),
    );
    expect((await clinic.record(own)).task.owner?.reference).toBe(clinic.practitioner('U0OMAR'));
  });

  it('works for names from right to left, and for names with emoji and markup in them', async () => {
    await clinic.put({ ...practitioner('sun', '🌞 <!channel> *Sun*', 'sun@riverside.example') });
    await clinic.put(role('sun'));
    clinic.sandbox.slack.addPerson({ id: 'U0SUN', name: 'Sun', email: 'sun@riverside.example' });
    const first = await clinic.patientWrites({ patient: 'amir' });
    const second = await clinic.patientWrites({ patient: 'amir' });

    await clinic.pressShown('U0NOA', await clinic.card(first, NURSES), 'claim');
    await clinic.pressShown('U0SUN', await clinic.card(second, NURSES), 'claim');

    await eventually(async () =>
      expect(wordsOf(await clinic.card(first, NURSES))).toContain('✅ *נועה לוי* claimed this'),
    );
    await eventually(async () =>
      expect(wordsOf(await clinic.card(second, NURSES))).toContain(
        '✅ *🌞 &lt;!channel&gt; ∗Sun∗* claimed this',
      ),
    );
  });

  it('on a card that has closed since is answered with how the Task stands', async () => {
    const own = await clinic.patientWrites();
    const old = await clinic.card(own, NURSES);
    await clinic.pressShown(ANA, old, 'claim');
    await eventually(async () => expect(buttonsOf(await clinic.card(own, NURSES))).toContain('Complete'));
    await clinic.answer(ANA, () => clinic.slash(ANA, `/complete ${own} because answered-in-person`));
    await eventually(async () => expect(buttonsOf(await clinic.card(own, NURSES))).toEqual(['History']));
    const before = await clinic.record(own);
    const closed = `Task ${own.slice(0, 6)} is already completed by Ana Silva; there is nothing left to do.`;

    const told = [
      await clinic.answer('U0CHIDI', () => clinic.press('U0CHIDI', old, 'claim')),
      await clinic.answer(ANA, () => clinic.press(ANA, old, 'complete')),
      await clinic.answer(ANA, () => clinic.press(ANA, old, 'accept')),
    ];

    expect(told).toEqual([closed, closed, closed]);
    expect(await clinic.record(own)).toEqual(before);
  });

  it('on a Task that is no longer in the record is answered with that', async () => {
    const own = await clinic.patientWrites();
    const old = await clinic.card(own, NURSES);
    await clinic.sandbox.fhir.repository.deleteResource('Task', own);

    const sentence = await clinic.answer(ANA, () => clinic.press(ANA, old, 'claim'));

    expect(sentence).toBe(`There is no Task “${own}” in the record any more.`);
  });

  it('changes nothing where its verb is not known', async () => {
    const card = await clinic.card(taskId, NURSES);
    const before = await clinic.record(taskId);

    const sentence = await clinic.answer(ANA, () => clinic.press(ANA, card, 'explode'));

    expect(sentence).toBe('There is no “explode”.');
    expect(await clinic.record(taskId)).toEqual(before);
  });
});

function practitioner(id: string, family: string, email: string): Practitioner {
  return {
    resourceType: 'Practitioner',
    id,
    name: [{ family }],
    telecom: [{ system: 'email', value: email }],
  };
}

function role(practitionerId: string): PractitionerRole {
  return {
    resourceType: 'PractitionerRole',
    practitioner: { reference: `Practitioner/${practitionerId}` },
    code: [{ coding: [{ system: 'http://snomed.info/sct', code: '224535009' }] }],
  };
}
