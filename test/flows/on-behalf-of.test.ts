import type { MedplumClient } from '@medplum/core';
import type { AccessPolicyResource, Provenance } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environmentFor } from '../../sandbox/settings.ts';
import { connect } from '../../src/medplum/client.ts';
import { type Clinic, eventually, MODES, openClinic } from '../support/clinic.ts';
import { wordsOf } from '../support/flow-card.ts';

const NURSES = 'C0NURSES';
const CARDIO = 'C0CARDIO';
const ANA = 'U0ANA';
const BEN = 'U0BEN';

/** Everything else may be done. */
const BUT = (...rules: AccessPolicyResource[]): AccessPolicyResource[] => [
  ...['Task', 'Communication', 'Provenance']
    .filter((type) => rules.every(({ resourceType }) => resourceType !== type))
    .map((resourceType) => ({ resourceType })),
  ...rules,
];

const NOT_ALLOWED =
  'Your own access in Medplum does not allow this change; nothing was changed. Somebody else may be allowed to make ' +
  'it, or your administrator can look at your access policy.';

describe.each(MODES)('what somebody changes, $mode', (mode) => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic(mode);
  });
  afterAll(() => clinic?.close());

  const claimBy = async (user: string): Promise<string> => {
    const taskId = await clinic.patientWrites();
    await clinic.pressShown(user, await clinic.card(taskId, NURSES), 'claim');
    await eventually(async () => expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('✅'));
    return taskId;
  };

  const refused = async (user: string) => {
    const taskId = await clinic.patientWrites();
    const card = await clinic.card(taskId, NURSES);
    const before = await clinic.record(taskId);

    const sentence = await clinic.answer(user, () => clinic.pressShown(user, card, 'claim'));

    expect(await clinic.record(taskId)).toEqual(before);
    return sentence;
  };

  it('is written on their behalf: Task, thread and Provenance say so', async () => {
    const taskId = await claimBy(ANA);

    const { task, thread, provenances } = await clinic.record(taskId);
    const ana = clinic.practitioner(ANA);
    expect([task, thread, provenances[0]].map((one) => one?.meta?.onBehalfOf?.reference)).toEqual([
      ana,
      ana,
      ana,
    ]);
    expect(agentsOf(provenances[0])).toEqual([
      ['author', ana, undefined],
      ['assembler', 'Switchboard', ana],
    ]);
  });

  it('is written so in a new Task too', async () => {
    const taskId = await claimBy(ANA);

    await clinic.reroute(ANA, await clinic.card(taskId, NURSES), {
      target: 'Cardiologist',
      reason: 'specialty-referral',
      visibility: 'new-task',
    });

    const [provenance] = await eventually(async () => {
      const { provenances } = await clinic.record(taskId);
      expect(provenances).toHaveLength(2);
      return provenances;
    });
    const successor = await clinic.record(provenance?.target[1]?.reference?.split('/')[1] ?? '');
    expect(successor.task.meta?.onBehalfOf?.reference).toBe(clinic.practitioner(ANA));
  });

  it('is written by the service for somebody without a membership, and the Provenance names them', async () => {
    const taskId = await clinic.patientWrites({ pool: 'cardiology' });
    await clinic.pressShown(BEN, await clinic.card(taskId, CARDIO), 'claim');
    await eventually(async () => expect((await clinic.record(taskId)).provenances).toHaveLength(1));

    const { task, provenances } = await clinic.record(taskId);
    expect(task.owner?.reference).toBe(clinic.practitioner(BEN));
    expect(task.meta?.onBehalfOf).toBeUndefined();
    expect(agentsOf(provenances[0])).toEqual([
      ['author', clinic.practitioner(BEN), undefined],
      ['assembler', 'Switchboard', undefined],
    ]);
  });

  it('is refused to somebody whose membership was switched off', async () => {
    await clinic.sandbox.fhir.setMembership(clinic.practitioner('U0GRACE'), { active: false });

    expect(await refused('U0GRACE')).toBe(
      'Your membership of the Medplum project is switched off, so nothing is changed in your name. Ask your ' +
        'administrator.',
    );
  });

  it.each<[string, string, AccessPolicyResource[]]>([
    ['may only read Tasks', 'U0R001', BUT({ resourceType: 'Task', readonly: true })],
    ['does not even see this one', 'U0R002', BUT({ resourceType: 'Task', criteria: 'Task?priority=stat' })],
    ['has nothing to do with Tasks', 'U0R003', [{ resourceType: 'Patient' }]],
  ])('is refused to somebody who %s, and nothing is changed', async (_who, user, policy) => {
    await clinic.sandbox.fhir.setMembership(clinic.practitioner(user), { policy });

    expect(await refused(user)).toBe(NOT_ALLOWED);
  });

  it('is refused where it would take the Task out of their own sight', async () => {
    const user = 'U0R004';
    const policy = BUT({ resourceType: 'Task', criteria: 'Task?performer=http://snomed.info/sct|224535009' });
    await clinic.sandbox.fhir.setMembership(clinic.practitioner(user), { policy });
    const taskId = await claimBy(user);
    const before = await clinic.record(taskId);
    const view = await clinic.dialog(user, async () =>
      clinic.pressShown(user, await clinic.card(taskId, NURSES), 'reroute'),
    );

    const sentence = await clinic.answer(user, () =>
      clinic.submit(user, view, { target: 'Cardiologist', reason: 'wrong-pool' }),
    );

    expect(sentence).toBe(NOT_ALLOWED);
    expect(await clinic.record(taskId)).toEqual(before);
  });

  const halfAllowed: [string, string, AccessPolicyResource][] = [
    ['the thread', 'U0R005', { resourceType: 'Communication', readonly: true }],
    ['the Provenance', 'U0R006', { resourceType: 'Provenance', readonly: true }],
  ];

  if (mode.transactions)
    it.each(halfAllowed)(
      'is refused as a whole where their access does not reach to %s',
      async (_what, user, rule) => {
        await clinic.sandbox.fhir.setMembership(clinic.practitioner(user), { policy: BUT(rule) });

        expect(await refused(user)).toBe(NOT_ALLOWED);
      },
    );
  else
    it.each(halfAllowed)(
      'is finished by the service where their access does not reach to %s',
      async (_what, user, rule) => {
        await clinic.sandbox.fhir.setMembership(clinic.practitioner(user), { policy: BUT(rule) });

        const taskId = await claimBy(user);

        const me = clinic.practitioner(user);
        await eventually(async () => expect((await clinic.record(taskId)).provenances).toHaveLength(1));
        const { task, thread, provenances } = await clinic.record(taskId);
        expect(task.meta?.onBehalfOf?.reference).toBe(me);
        expect(thread?.recipient?.map(({ reference }) => reference)).toEqual([me]);
        expect(provenances[0]?.agent[0]?.who.reference).toBe(me);
        const written = { Communication: thread, Provenance: provenances[0] }[rule.resourceType ?? ''];
        expect(written?.meta?.onBehalfOf).toBeUndefined();
      },
    );
});

describe.each(MODES)(
  '“The original owner loses access (assuming access policies are scoped to owner)”, $mode',
  (mode) => {
    let clinic: Clinic;
    let record: MedplumClient;
    const user = 'U0R007';
    beforeAll(async () => {
      clinic = await openClinic(mode);
      const env = environmentFor(clinic.sandbox.url, clinic.url);
      record = await connect({
        baseUrl: env.MEDPLUM_BASE_URL ?? '',
        clientId: env.MEDPLUM_CLIENT_ID ?? '',
        clientSecret: env.MEDPLUM_CLIENT_SECRET ?? '',
      });
      await clinic.sandbox.fhir.setMembership(clinic.practitioner(user), {
        policy: BUT(
          { resourceType: 'Task', criteria: 'Task?owner=%profile' },
          { resourceType: 'Task', criteria: 'Task?owner:missing=true' },
        ),
      });
    });
    afterAll(() => clinic?.close());

    /** Whether the person is shown the Task in the record's own application. */
    const sees = async (taskId: string): Promise<boolean> => {
      const headers = { 'x-medplum-on-behalf-of': clinic.practitioner(user) };
      const found = await record.searchResources('Task', `_id=${taskId}`, { headers, cache: 'no-store' });
      return found.length === 1;
    };

    /** They send a Task of theirs to the cardiologists, one of whom claims it. */
    const rerouted = async (visibility: 'in-place' | 'new-task') => {
      const taskId = await clinic.patientWrites();
      await clinic.pressShown(user, await clinic.card(taskId, NURSES), 'claim');
      await eventually(async () => expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('✅'));
      expect(await sees(taskId)).toBe(true);
      await clinic.reroute(user, await clinic.card(taskId, NURSES), {
        target: 'Cardiologist',
        reason: 'specialty-referral',
        visibility,
      });
      const next = await eventually(async () => {
        const { provenances } = await clinic.record(taskId);
        expect(provenances).toHaveLength(2);
        return provenances[0]?.target.at(-1)?.reference?.split('/')[1] ?? '';
      });
      await clinic.pressShown(BEN, await clinic.card(next, CARDIO), 'claim');
      await eventually(async () => expect((await clinic.record(next)).task.status).toBe('accepted'));
      return { taskId, next };
    };

    it('where the Task is changed in place', async () => {
      const { taskId, next } = await rerouted('in-place');

      expect(next).toBe(taskId);
      expect(await sees(taskId)).toBe(false);
    });

    it('but keeps the old Task where a new one takes its place, and does not see the new one', async () => {
      const { taskId, next } = await rerouted('new-task');

      expect([await sees(taskId), await sees(next)]).toEqual([true, false]);
    });
  },
);

describe('where everything must be written on behalf of somebody', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic({ config: (yaml) => `${yaml}onBehalfOf: require\n` });
  });
  afterAll(() => clinic?.close());

  const sentenceFor = async (user: string, pool: string, channel: string) => {
    const taskId = await clinic.patientWrites({ pool });
    const card = await clinic.card(taskId, channel);
    const sentence = await clinic.answer(user, () => clinic.pressShown(user, card, 'claim'));
    expect((await clinic.record(taskId)).versions).toHaveLength(1);
    return sentence;
  };

  it('somebody without a membership is told what is missing', async () => {
    expect(await sentenceFor(BEN, 'cardiology', CARDIO)).toMatch(
      /^Changes are made in your own name here, and you have no membership of the Medplum project; nothing was changed\./,
    );
  });

  it('and so is everybody where Switchboard may not do it at all', async () => {
    await clinic.sandbox.fhir.change({ clientAdmin: false });

    expect(await sentenceFor('U0MEI', 'pharmacy', 'C0PHARMACY')).toMatch(
      /^Changes are made in your own name here, and Switchboard may not do that; nothing was changed\./,
    );
  });
});

describe('where nothing is written on anybody’s behalf', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic({ config: (yaml) => `${yaml}onBehalfOf: never\n` });
  });
  afterAll(() => clinic?.close());

  it('the service writes, and asks for nobody’s membership', async () => {
    const taskId = await clinic.patientWrites();
    await clinic.pressShown(ANA, await clinic.card(taskId, NURSES), 'claim');
    await eventually(async () => expect((await clinic.record(taskId)).provenances).toHaveLength(1));

    const { task, provenances } = await clinic.record(taskId);
    expect(task.meta?.onBehalfOf).toBeUndefined();
    expect(provenances[0]?.agent[0]?.who.reference).toBe(clinic.practitioner(ANA));
    expect(clinic.sandbox.fhir.requests.filter(({ path }) => path.includes('ProjectMembership'))).toEqual([]);
  });
});

/** Type, name or reference, and on whose behalf, of each agent. */
function agentsOf(provenance: Provenance | undefined) {
  return provenance?.agent.map(({ type, who, onBehalfOf }) => [
    type?.coding?.[0]?.code,
    who.reference ?? who.display,
    onBehalfOf?.reference,
  ]);
}
