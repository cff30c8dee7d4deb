import type { Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/fhir/index.ts';
import { predecessorOf } from '../../src/record/successor.ts';
import { type Clinic, eventually, MODES, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';

const NURSES = 'C0NURSES';
const CARDIO = 'C0CARDIO';
const ANA = 'U0ANA';
const BEN = 'U0BEN';
const CHIDI = 'U0CHIDI';

const toCardiology = {
  target: 'Cardiologist',
  reason: 'specialty-referral',
  visibility: 'new-task',
  note: 'New palpitations since Tuesday.',
} as const;

describe.each(MODES)('a reroute after which whoever had the Task keeps it in sight, $mode', (mode) => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic({
      ...mode,
      // Pharmacy’s people keep what they send on, without being asked.
      config: (yaml) =>
        yaml.replace('    name: Pharmacist\n', '    name: Pharmacist\n    visibility: new-task\n'),
    });
    await clinic.answer(CHIDI, () => clinic.slash(CHIDI, '/tasks'));
  });
  beforeEach(() => clinic.sandbox.fhir.faults.clear());
  afterAll(() => clinic?.close());

  const cardSays = (taskId: string, channel: string, words: string) =>
    eventually(async () => expect(wordsOf(await clinic.card(taskId, channel))).toContain(words));

  const claimed = async (): Promise<string> => {
    const taskId = await clinic.patientWrites({ priority: 'urgent' });
    await clinic.press(ANA, await clinic.card(taskId, NURSES), 'claim');
    await cardSays(taskId, NURSES, '✅');
    return taskId;
  };

  /** The Tasks that have taken the place of this one. */
  const successors = async (taskId: string): Promise<(Task & { id: string })[]> => {
    const { task } = await clinic.record(taskId);
    const onThread = await clinic.search('Task', `focus=${task.focus?.reference}`);
    return onThread.filter((one) => predecessorOf(one) === taskId);
  };

  /** Ana sends it there; gives the new Task, once it is whole. */
  const sent = async (taskId: string, filled: Parameters<Clinic['reroute']>[2]) => {
    const answer = await clinic.reroute(ANA, await clinic.card(taskId, NURSES), filled);
    expect(answer).toMatchObject({ status: 200, closed: true });
    return whole(taskId);
  };

  const whole = (taskId: string) =>
    eventually(async () => {
      const [successor, ...others] = await successors(taskId);
      expect(others).toEqual([]);
      const found = successor ? await clinic.record(successor.id) : undefined;
      expect(found?.provenances).toHaveLength(1);
      return found ?? expect.fail('there is no new Task');
    });

  it('makes a new Task in the new pool, and the old one says on its card where to look', async () => {
    const taskId = await claimed();
    const before = await clinic.card(taskId, NURSES);

    const { task } = await sent(taskId, toCardiology);

    const short = task.id.slice(0, 6);
    await cardSays(
      taskId,
      NURSES,
      `➡️ Rerouted to *Cardiologist* by Ana Silva: *Specialty referral*. See Task \`${short}\`.`,
    );
    const [old, ...more] = clinic.cards(taskId, NURSES);
    expect(more).toEqual([]);
    expect(old?.ts).toBe(before.ts);
    expect(old && buttonsOf(old)).toEqual([]);
    await cardSays(task.id, CARDIO, 'Sent here by Ana Silva: *Specialty referral*. Nobody has it yet.');
    expect(buttonsOf(await clinic.card(task.id, CARDIO)).slice(0, 2)).toEqual(['Claim', 'Reroute']);
    expect(clinic.cards(task.id, NURSES)).toEqual([]);
    await clinic.pressShown(BEN, await clinic.card(task.id, CARDIO), 'claim');
    await cardSays(task.id, CARDIO, '✅ *Ben Carter* claimed this');
  });

  it('writes both Tasks, the thread and one Provenance that both of them have', async () => {
    const taskId = await claimed();
    const before = await clinic.record(taskId);

    const { task, provenances } = await sent(taskId, toCardiology);

    const old = await clinic.record(taskId);
    const ana = { reference: clinic.practitioner(ANA), display: 'Ana Silva' };
    expect(old.task).toMatchObject({
      status: 'cancelled',
      businessStatus: { text: 'rerouted' },
      owner: ana,
      performerType: before.task.performerType,
      note: [{ text: 'Rerouted to Cardiologist — see new Task\nNew palpitations since Tuesday.' }],
    });
    expect(task).toMatchObject({
      status: 'requested',
      businessStatus: { text: 'unassigned' },
      intent: before.task.intent,
      priority: 'urgent',
      code: before.task.code,
      focus: before.task.focus,
      for: before.task.for,
      performerType: [{ coding: [{ display: 'Cardiologist' }] }],
      requester: ana,
      authoredOn: before.task.authoredOn,
      note: [
        {
          authorReference: ana,
          text: 'Rerouted from original Task — Specialty referral: New palpitations since Tuesday.',
        },
      ],
    });
    expect(task.owner).toBeUndefined();
    expect(old.versions).toHaveLength(3);
    expect(old.provenances).toHaveLength(2);
    expect(old.provenances[0]).toEqual(provenances[0]);
    expect(provenances[0]?.target).toEqual([
      { reference: `Task/${taskId}` },
      { reference: `Task/${task.id}`, display: 'Cardiologist' },
    ]);
    expect(provenances[0]?.reason?.[0]?.coding?.[0]?.code).toBe('specialty-referral');
    expect(old.thread?.recipient).toEqual([ana]);
  });

  it('reaches the person whom it is for, who joins the thread and may give it back to the pool it came from', async () => {
    const taskId = await claimed();

    const { task, thread } = await sent(taskId, {
      target: 'Chidi',
      reason: 'workload',
      visibility: 'new-task',
    });

    expect(thread?.recipient?.map(({ reference }) => reference)).toEqual([
      clinic.practitioner(ANA),
      clinic.practitioner(CHIDI),
    ]);
    await cardSays(task.id, 'D0CHIDI', 'Sent to *Chidi Okafor* by Ana Silva: *Workload*. Not accepted yet.');
    const direct = await clinic.card(task.id, 'D0CHIDI');
    const view = await clinic.dialog(CHIDI, () => clinic.pick(CHIDI, direct, 'release'));
    await clinic.submit(CHIDI, view, { reason: 'scope-of-practice' });

    await cardSays(task.id, NURSES, 'Released by Chidi Okafor');
    const { task: released, thread: after } = await clinic.record(task.id);
    expect(released).toMatchObject({
      status: 'requested',
      performerType: [{ coding: [{ display: 'Registered nurse' }] }],
    });
    expect(after?.recipient?.map(({ reference }) => reference)).toEqual([clinic.practitioner(ANA)]);
  });

  it('is the way of a pool that is configured so, and somebody may choose otherwise', async () => {
    const kept = await clinic.patientWrites({ pool: 'pharmacy' });
    const moved = await clinic.patientWrites({ pool: 'pharmacy' });
    const mei = 'U0MEI';
    for (const taskId of [kept, moved]) {
      await clinic.press(mei, await clinic.card(taskId, 'C0PHARMACY'), 'claim');
      await cardSays(taskId, 'C0PHARMACY', '✅');
    }

    await clinic.reroute(mei, await clinic.card(kept, 'C0PHARMACY'), {
      target: 'Cardiologist',
      reason: 'wrong-pool',
    });
    await clinic.reroute(mei, await clinic.card(moved, 'C0PHARMACY'), {
      target: 'Cardiologist',
      reason: 'wrong-pool',
      visibility: 'in-place',
    });

    await whole(kept);
    await cardSays(moved, CARDIO, 'Sent here by Mei Tanaka');
    expect((await clinic.record(kept)).task.owner?.reference).toBe(clinic.practitioner(mei));
    expect((await clinic.record(moved)).task.owner).toBeUndefined();
    expect(await successors(moved)).toEqual([]);
  });

  it('refuses whoever presses on the old card, and says where to look', async () => {
    const taskId = await claimed();
    const stale = await clinic.card(taskId, NURSES);
    await sent(taskId, toCardiology);

    const sentence = await clinic.answer('U0GRACE', () => clinic.press('U0GRACE', stale, 'claim'));

    expect(sentence).toBe(
      `Task ${taskId.slice(0, 6)} was rerouted, and a new Task has taken its place. Its card says which one.`,
    );
  });

  it('is done once where two people do it at the same moment', async () => {
    const taskId = await claimed();
    const card = await clinic.card(taskId, NURSES);
    const views = await Promise.all(
      [ANA, 'U0GRACE'].map((user) => clinic.dialog(user, () => clinic.pressShown(user, card, 'reroute'))),
    );

    await Promise.all(
      [ANA, 'U0GRACE'].map((user, i) => {
        const view = views[i] ?? expect.fail('there is no dialog');
        return clinic.submit(user, view, toCardiology);
      }),
    );

    await whole(taskId);
    expect((await clinic.record(taskId)).versions).toHaveLength(3);
  });

  const theWrite = mode.transactions
    ? { method: 'POST', resourceType: 'Bundle' }
    : { method: 'PATCH', resourceType: 'Task' };

  it.each<{ what: string; fault: Fault }>([
    { what: 'the answer is lost', fault: { kind: 'drop-after-commit', ...theWrite } },
    { what: 'the request is lost', fault: { kind: 'drop', ...theWrite } },
    { what: 'there is a conflict', fault: { kind: 'conflict', times: 2, ...theWrite } },
    ...(mode.transactions
      ? []
      : ([
          {
            what: 'the answer about the new Task is lost',
            fault: { kind: 'drop-after-commit', method: 'POST', resourceType: 'Task' },
          },
          {
            what: 'the new Task is not taken at first',
            fault: { kind: 'error', times: 2, method: 'POST', resourceType: 'Task' },
          },
          {
            what: 'the answer about the Provenance is lost',
            fault: { kind: 'drop-after-commit', method: 'POST', resourceType: 'Provenance' },
          },
        ] as const)),
  ])('makes one new Task where $what', async ({ fault }) => {
    const taskId = await claimed();
    clinic.sandbox.fhir.faults.add(fault);

    const { task } = await sent(taskId, toCardiology);

    await cardSays(taskId, NURSES, `See Task \`${task.id.slice(0, 6)}\`.`);
    const old = await clinic.record(taskId);
    expect(old.versions).toHaveLength(3);
    expect(old.provenances).toHaveLength(2);
    expect(await clinic.search('Task', `focus=${old.task.focus?.reference}&status=requested`)).toHaveLength(
      1,
    );
  });
});
