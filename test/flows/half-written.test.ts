import type { Operation } from '@medplum/core';
import type { Practitioner, PractitionerRole } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLATFORMS } from '../../adapters/index.ts';
import { environmentFor } from '../../sandbox/settings.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import { createLedger } from '../../src/ledger/index.ts';
import { type Writes, writesOf } from '../../src/record/writes.ts';
import { referenceTo } from '../../src/routing/eligibility.ts';
import { decide, findVerb } from '../../src/verbs/index.ts';
import type { Inputs } from '../../src/verbs/verb.ts';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { wordsOf } from '../support/flow-card.ts';
import { dump, inLedger } from '../support/flow-ledger.ts';
import { specialtyReferral } from '../support/pure-reasons.ts';

const NURSES = 'C0NURSES';
const ANA = 'U0ANA';

/** What Ana is about to write, in the words of the application. */
async function planOf(
  clinic: Clinic,
  { pools, rules }: Config,
  taskId: string,
  verbName: string,
  inputs: Inputs,
): Promise<Writes> {
  const { repository } = clinic.sandbox.fhir;
  const { task, thread } = await clinic.record(taskId);
  const reference = clinic.practitioner(ANA);
  const actor = {
    practitioner: await repository.readReference<Practitioner>({ reference }),
    roles: await repository.searchResources<PractitionerRole>({
      resourceType: 'PractitionerRole',
      filters: [{ code: 'practitioner', operator: 'eq', value: reference }],
    }),
  };
  const verb = findVerb(verbName);
  if (!verb || !thread) throw new Error('There is nothing to do.');
  const situation = { task, thread, provenances: [], actor, pools, rules, now: new Date() };
  const decision = decide(verb, inputs, situation);
  if (decision.kind === 'refused') throw new Error(decision.sentence);
  return writesOf(decision, situation, { who: referenceTo(actor.practitioner) }, 'follow');
}

function configOf(clinic: Clinic): Config {
  return loadConfig(environmentFor(clinic.sandbox.url, clinic.url), PLATFORMS);
}

/** As a process leaves them that has died a minute ago. */
async function leaveInJournal(clinic: Clinic, plans: readonly Writes[]): Promise<void> {
  await inLedger(clinic.ledger, async ({ db }) => {
    const { journal } = createLedger(db);
    for (const plan of plans) await journal.begin(plan);
    await db
      .updateTable('journal')
      .set({ touched_at: new Date(Date.now() - 60_000) })
      .execute();
  });
}

describe('a claim whose process died in the middle', () => {
  let clinic: Clinic;
  let tasks: { begun: string; half: string; nearly: string; overtaken: string };
  beforeAll(async () => {
    clinic = await openClinic({ keepLedger: true, sweepSeconds: 1 });
    const { repository } = clinic.sandbox.fhir;
    const written = await Promise.all([1, 2, 3, 4].map(() => clinic.patientWrites()));
    const [begun = '', half = '', nearly = '', overtaken = ''] = written;
    tasks = { begun, half, nearly, overtaken };
    for (const taskId of written) await clinic.card(taskId, NURSES);
    await clinic.stopApp();
    const config = configOf(clinic);
    const plans = await Promise.all(written.map((taskId) => planOf(clinic, config, taskId, 'claim', {})));
    await leaveInJournal(clinic, plans);
    const [, halfPlan, nearlyPlan] = plans;
    if (!halfPlan || !nearlyPlan?.thread) throw new Error('There is nothing to write.');
    await repository.patchResource('Task', half, [...halfPlan.task.patch] as Operation[]);
    await repository.patchResource('Task', nearly, [...nearlyPlan.task.patch] as Operation[]);
    await repository.patchResource('Communication', nearlyPlan.thread.id, [
      ...nearlyPlan.thread.patch,
    ] as Operation[]);
    await repository.patchResource('Task', overtaken, [
      { op: 'replace', path: '/status', value: 'accepted' },
      { op: 'add', path: '/owner', value: { reference: 'Practitioner/x', display: 'Hana Castro' } },
    ]);
    await clinic.startApp();
  });
  afterAll(() => clinic?.close());

  it.each([
    { when: 'before anything was written', task: 'begun' },
    { when: 'when only the Task was written', task: 'half' },
    { when: 'when only the Provenance was missing', task: 'nearly' },
  ] as const)('is finished by the next start, once: $when', async ({ task: name }) => {
    const taskId = tasks[name];

    await eventually(async () => expect((await clinic.record(taskId)).provenances).toHaveLength(1));

    const { task, thread, provenances, versions } = await clinic.record(taskId);
    expect(task).toMatchObject({ status: 'accepted', owner: { reference: clinic.practitioner(ANA) } });
    expect(versions).toHaveLength(2);
    expect(thread?.recipient?.map(({ reference }) => reference)).toEqual([clinic.practitioner(ANA)]);
    expect(provenances[0]?.agent[0]?.who?.reference).toBe(clinic.practitioner(ANA));
    expect(provenances[0]?.entity?.[0]?.what.reference).toBe(
      `Task/${taskId}/_history/${versions.at(-1)?.meta?.versionId}`,
    );
  });

  it('is given up where somebody else has taken the Task meanwhile', async () => {
    await eventually(() =>
      expect(
        clinic.logged.find((line) => line.includes(tasks.overtaken) && line.includes('"lost"')),
      ).toBeDefined(),
    );

    const { task, thread, provenances } = await clinic.record(tasks.overtaken);
    expect(task.owner?.display).toBe('Hana Castro');
    // Whoever has it comes onto the thread by and by; whoever was too late never does.
    expect((thread?.recipient ?? []).filter(({ display }) => display !== 'Hana Castro')).toEqual([]);
    expect(provenances).toEqual([]);
  });

  it('shows on the cards, and leaves nothing in the journal', async () => {
    for (const taskId of [tasks.begun, tasks.half, tasks.nearly]) {
      await eventually(async () =>
        expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('✅ *Ana Silva* claimed this'),
      );
    }

    await clinic.stopApp();

    expect((await dump(clinic.ledger)).journal).toEqual([]);
  });
});

describe('a reroute to a new Task whose process died in the middle', () => {
  let clinic: Clinic;
  let tasks: { begun: string; half: string; nearly: string };
  beforeAll(async () => {
    clinic = await openClinic({ keepLedger: true, sweepSeconds: 1 });
    const { repository } = clinic.sandbox.fhir;
    const written = await Promise.all([1, 2, 3].map(() => clinic.patientWrites()));
    const [begun = '', half = '', nearly = ''] = written;
    tasks = { begun, half, nearly };
    for (const taskId of written) {
      await clinic.press(ANA, await clinic.card(taskId, NURSES), 'claim');
      await eventually(async () => expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('✅'));
    }
    await clinic.stopApp();
    const config = configOf(clinic);
    const cardiology = config.pools.find(({ id }) => id === 'cardiology');
    if (!cardiology) throw new Error('There is no pool to send it to.');
    const inputs: Inputs = {
      target: { kind: 'pool', pool: cardiology },
      reason: specialtyReferral,
      visibility: 'new-task',
    };
    const plans = await Promise.all(
      written.map((taskId) => planOf(clinic, config, taskId, 'reroute', inputs)),
    );
    await leaveInJournal(clinic, plans);
    const [, halfPlan, nearlyPlan] = plans;
    if (!halfPlan || !nearlyPlan?.successor) throw new Error('There is nothing to write.');
    for (const { task } of [halfPlan, nearlyPlan])
      await repository.patchResource('Task', task.id, [...task.patch] as Operation[]);
    await repository.createResource(nearlyPlan.successor.task);
    await clinic.startApp();
  });
  afterAll(() => clinic?.close());

  it.each([
    { when: 'before anything was written', task: 'begun' },
    { when: 'when only the old Task was written', task: 'half' },
    { when: 'when only the Provenance was missing', task: 'nearly' },
  ] as const)('is finished by the next start, once: $when', async ({ task: name }) => {
    const taskId = tasks[name];

    await eventually(async () => expect((await clinic.record(taskId)).provenances).toHaveLength(2));

    const { task, thread, provenances, versions } = await clinic.record(taskId);
    expect(task).toMatchObject({ status: 'cancelled', owner: { reference: clinic.practitioner(ANA) } });
    expect(versions).toHaveLength(3);
    expect(thread?.recipient?.map(({ reference }) => reference)).toEqual([clinic.practitioner(ANA)]);
    const onThread = await clinic.search('Task', `focus=${task.focus?.reference}`);
    const [successor, ...others] = onThread.filter(({ id }) => id !== taskId);
    expect(others).toEqual([]);
    expect(successor).toMatchObject({ status: 'requested', authoredOn: task.authoredOn });
    expect(provenances[0]?.target.map(({ reference }) => reference)).toEqual([
      `Task/${taskId}`,
      `Task/${successor?.id}`,
    ]);
    await eventually(async () => {
      const card = await clinic.card(successor?.id ?? '', 'C0CARDIO');
      expect(wordsOf(card)).toContain('Sent here by Ana Silva: *Specialty referral*.');
    });
    await eventually(async () =>
      expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('➡️ Rerouted to *Cardiologist*'),
    );
  });
});
