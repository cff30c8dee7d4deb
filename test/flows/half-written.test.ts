import type { Operation } from '@medplum/core';
import type { Practitioner, PractitionerRole } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLATFORMS } from '../../adapters/index.ts';
import { environmentFor } from '../../sandbox/settings.ts';
import { loadConfig } from '../../src/config.ts';
import { createLedger } from '../../src/ledger/index.ts';
import { type Writes, writesOf } from '../../src/record/writes.ts';
import { decide, findVerb } from '../../src/verbs/index.ts';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { wordsOf } from '../support/flow-card.ts';
import { dump, inLedger } from '../support/flow-ledger.ts';

const NURSES = 'C0NURSES';
const ANA = 'U0ANA';

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
    const plans = await Promise.all(written.map(claimByAna));
    await inLedger(clinic.ledger, async ({ db }) => {
      const { journal } = createLedger(db);
      for (const plan of plans) await journal.begin(plan);
      await db
        .updateTable('journal')
        .set({ touched_at: new Date(Date.now() - 60_000) })
        .execute();
    });
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

  async function claimByAna(taskId: string): Promise<Writes> {
    const { repository } = clinic.sandbox.fhir;
    const { task, thread } = await clinic.record(taskId);
    const config = loadConfig(environmentFor(clinic.sandbox.url, clinic.url), PLATFORMS);
    const reference = clinic.practitioner(ANA);
    const actor = {
      practitioner: await repository.readReference<Practitioner>({ reference }),
      roles: await repository.searchResources<PractitionerRole>({
        resourceType: 'PractitionerRole',
        filters: [{ code: 'practitioner', operator: 'eq', value: reference }],
      }),
    };
    const verb = findVerb('claim');
    if (!verb || !thread?.id) throw new Error('There is nothing to claim.');
    const situation = {
      task,
      thread: { ...thread, id: thread.id },
      provenances: [],
      actor,
      pools: config.pools,
      rules: config.rules,
      now: new Date(),
    };
    const decision = decide(verb, {}, situation);
    if (decision.kind === 'refused') throw new Error(decision.sentence);
    return writesOf(decision, situation, 'follow');
  }

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
    expect(thread?.recipient).toBeUndefined();
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
