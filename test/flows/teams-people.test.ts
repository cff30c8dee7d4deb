import type { Practitioner, PractitionerRole } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asDict, type Dict } from '../../sandbox/dict.ts';
import { SANDBOX_APP } from '../../sandbox/teams/index.ts';
import { eventually } from '../support/clinic.ts';
import { NURSE } from '../support/flow-tasks.ts';
import { CARDIO, NURSES, OFFERED, openTeamsClinic, type TeamsClinic } from '../support/flow-teams.ts';
import { teamsButtonsOf } from '../support/flow-teams-card.ts';

const ANA = 'U0ANA';
const BEN = 'U0BEN';
const GUEST = 'U0GUEST';
const STRANGER = 'U0STRANGER';
const SYSTEM = `urn:switchboard:chat:teams:${SANDBOX_APP.tenantId}`;

let clinic: TeamsClinic;
beforeAll(async () => {
  clinic = await openTeamsClinic();
  await clinic.put<Practitioner>({
    resourceType: 'Practitioner',
    id: 'robin',
    name: [{ family: 'Vance' }],
    telecom: [{ system: 'email', value: 'robin.vance@locum.example' }],
  });
});
afterAll(() => clinic?.close());

describe('whoever presses in Teams', () => {
  const objectId = (user: string) =>
    clinic.sandbox.teams.people().find(({ id }) => id === user)?.aadObjectId ?? 'nobody';
  const practitionerOf = (reference: string) =>
    clinic.sandbox.fhir.repository.readReference<Practitioner>({ reference });
  const notLinked = (user: string) =>
    'You are not linked to a Practitioner in the record yet, so you cannot act on Tasks. Ask your administrator to ' +
    `add the identifier ${objectId(user)} (system ${SYSTEM}) to your Practitioner, or to give it the e-mail ` +
    'address that you use here.';

  it('is known by e-mail address, and nothing is written to the Practitioner for that', async () => {
    const taskId = await clinic.patientWrites({ pool: 'cardiology' });
    const before = await practitionerOf(clinic.practitioner('U0OMAR'));

    await clinic.teams.pressAnswer('U0OMAR', await clinic.teams.card(taskId, CARDIO.teams), 'claim');

    expect((await clinic.record(taskId)).task.owner?.reference).toBe(clinic.practitioner('U0OMAR'));
    expect(await practitionerOf(clinic.practitioner('U0OMAR'))).toEqual(before);
  });

  it.each([
    {
      who: 'a guest',
      user: GUEST,
      says: () =>
        'Guests and people of other organisations cannot act on Tasks here. Ask your administrator.',
    },
    { who: 'somebody whom the record does not know', user: 'U0SAM', says: () => notLinked('U0SAM') },
    {
      who: 'somebody of another profession',
      user: BEN,
      says: () =>
        'This Task is for “Registered nurse”, and your role in the record is “Cardiologist”. You can reroute it.',
    },
    {
      who: 'somebody whose role has ended',
      user: 'U0PAT',
      says: () =>
        'This Task is for “Registered nurse”, and you have no active role in the record. You can reroute it.',
    },
  ])('is refused in private with the reason, by any client, and nothing is written: $who', async (one) => {
    const taskId = await clinic.patientWrites();
    const card = await clinic.teams.card(taskId, NURSES.teams);
    const before = await clinic.record(taskId);
    const posted = clinic.sandbox.teams.messages(NURSES.teams).length;

    const sentence = await clinic.teams.pressAnswer(one.user, card, 'claim');
    const older = await clinic.teams.told(one.user, () =>
      clinic.teams.press(one.user, card, 'claim', {}, { fallback: true }),
    );

    expect(sentence).toBe(one.says());
    expect(older.text).toBe(one.says());
    expect(older.to).toBe(one.user);
    expect(await clinic.record(taskId)).toEqual(before);
    expect(clinic.sandbox.teams.messages(NURSES.teams)).toHaveLength(posted);
  });

  it('is known by an identifier of tenant and object id, before any e-mail address', async () => {
    const taskId = await clinic.patientWrites();
    await clinic.put<Practitioner>({
      resourceType: 'Practitioner',
      id: 'alma',
      name: [{ given: ['Alma'], family: 'Abbott-Dube' }],
      identifier: [{ system: SYSTEM, value: objectId('U0R001') }],
    });
    const practitioner = { reference: 'Practitioner/alma' };
    await clinic.put<PractitionerRole>({ resourceType: 'PractitionerRole', practitioner, code: [NURSE] });

    await clinic.teams.pressAnswer('U0R001', await clinic.teams.card(taskId, NURSES.teams), 'claim');

    expect((await clinic.record(taskId)).task.owner).toEqual({
      reference: 'Practitioner/alma',
      display: 'Alma Abbott-Dube',
    });
    // What follows counts what is asked and said.
    await eventually(async () =>
      expect(teamsButtonsOf(await clinic.teams.card(taskId, NURSES.teams))).toEqual(OFFERED.claimed),
    );
  });

  it('gets nothing done from another tenant: 403, nobody looked up, nothing written, nothing said', async () => {
    const taskId = await clinic.patientWrites();
    const card = await clinic.teams.card(taskId, NURSES.teams);
    await clinic.sandbox.fhir.delivered();
    const before = await clinic.record(taskId);
    const posted = clinic.sandbox.teams.messages().length;
    clinic.sandbox.fhir.resetRequests();
    clinic.sandbox.teams.clearCalls();

    const pressed = await clinic.teams.press(STRANGER, card, 'claim');
    const older = await clinic.teams.press(STRANGER, card, 'claim', {}, { fallback: true });
    const said = await clinic.sandbox.teams.deliver(clinic.sandbox.teams.draft(STRANGER, `claim ${taskId}`));

    expect([pressed.status, older.status, said.status]).toEqual([403, 403, 403]);
    expect(said.body).toBe('This tenant is not served here.\n');
    const asked = clinic.sandbox.fhir.requests.filter(({ path }) => path.includes('Practitioner'));
    expect(asked).toEqual([]);
    expect(clinic.sandbox.teams.calls()).toEqual([]);
    expect(clinic.teams.heard(STRANGER)).toEqual([]);
    expect(clinic.sandbox.teams.messages()).toHaveLength(posted);
    expect(await clinic.record(taskId)).toEqual(before);
  });
});

describe('a button of a card, pressed in a client that knows only Action.Submit', () => {
  const old = { fallback: true };

  it('does the same as everywhere else, and the answer is seen by one person alone', async () => {
    const taskId = await clinic.patientWrites();
    const short = taskId.slice(0, 6);
    const card = () => clinic.teams.card(taskId, NURSES.teams);
    const does = async (verb: string, data?: object) =>
      clinic.teams.told(ANA, async () => clinic.teams.press(ANA, await card(), verb, data, old));
    const shows = (buttons: readonly string[]) =>
      eventually(async () => expect(teamsButtonsOf(await card())).toEqual(buttons));

    const claimed = await does('claim');
    await shows(OFFERED.claimed);
    const released = await does(
      'release',
      await clinic.teams.fill(ANA, await card(), 'release', { reason: 'other', note: 'Back at nine.' }),
    );
    await shows(OFFERED.waiting);
    const rerouted = await does(
      'reroute',
      await clinic.teams.fill(ANA, await card(), 'reroute', { target: 'cardio', reason: 'wrong-pool' }),
    );

    expect([claimed, released, rerouted].map(({ text }) => text)).toEqual([
      `Ana Silva, Task ${short} is yours.`,
      `Task ${short} is back in “Registered nurse”.`,
      `Task ${short} went to “Cardiologist”: Wrong pool.`,
    ]);
    for (const told of [claimed, released, rerouted])
      expect(told).toMatchObject({ to: ANA, conversation: NURSES.teams });
    const { task, provenances } = await clinic.record(taskId);
    expect(task.note).toMatchObject([{ text: 'Back at nine.' }]);
    expect(provenances.map((one) => one.reason?.[0]?.coding?.[0]?.code)).toEqual([
      'wrong-pool',
      'other',
      undefined,
    ]);
    expect(clinic.teams.cards(taskId, NURSES.teams)).toHaveLength(1);
  });

  it('says that it is not known any more, where nothing can be made of it', async () => {
    const draft = clinic.sandbox.teams.draft(ANA, '');
    const submit = (value: Dict) =>
      clinic.teams.answer(ANA, () => clinic.sandbox.teams.deliver({ ...draft, id: value.id, value }));

    expect(await submit({ id: 'one', verb: 'claim' })).toContain('not known any more');
    expect(await submit({ id: 'two' })).toContain('not known any more');
    expect(await submit({ id: 'three', verb: 'explode', task: 'x' })).toBe('There is no “explode”.');
  });

  it('does nothing twice when Teams delivers it again', async () => {
    const taskId = await clinic.patientWrites();
    const card = await clinic.teams.card(taskId, NURSES.teams);
    await clinic.teams.answer(ANA, () => clinic.teams.press(ANA, card, 'claim', {}, old));
    await eventually(async () => expect((await clinic.record(taskId)).provenances).toHaveLength(1));
    const heard = clinic.teams.heard(ANA).length;

    await clinic.sandbox.teams.redeliver();
    await clinic.sandbox.teams.redeliver();
    const next = await clinic.teams.answer(ANA, () => clinic.teams.say(ANA, 'personal', 'dance'));

    expect(next).toContain('There is no /dance.');
    expect(clinic.teams.heard(ANA)).toHaveLength(heard + 1);
    expect((await clinic.record(taskId)).provenances).toHaveLength(1);
  });

  it('counts once for an Action.Execute too that is delivered again', async () => {
    const taskId = await clinic.patientWrites();
    await clinic.teams.press(ANA, await clinic.teams.card(taskId, NURSES.teams), 'claim');
    await eventually(async () => expect((await clinic.record(taskId)).provenances).toHaveLength(1));
    const before = await clinic.record(taskId);

    const again = await clinic.sandbox.teams.redeliver();

    expect(asDict(again.body).value).toBe(`Ana Silva, Task ${taskId.slice(0, 6)} is yours.`);
    expect(await clinic.record(taskId)).toEqual(before);
  });

  it('is heard from each of two people whose messages happen to have the same number', async () => {
    const { teams } = clinic.sandbox;
    const heard = async (user: string) =>
      clinic.teams.answer(user, () => teams.deliver({ ...teams.draft(user, 'dance'), id: '1718000000000' }));

    expect(await heard(ANA)).toContain('There is no /dance.');
    expect(await heard(BEN)).toContain('There is no /dance.');
  });
});
