import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environmentFor } from '../../sandbox/settings.ts';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';
import { freePort } from '../support/flow-port.ts';

const NURSES = 'C0NURSES';
const ANA = 'U0ANA';
const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

describe('a Switchboard that is stopped and started again on its ledger', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic({ keepLedger: true });
  });
  afterAll(() => clinic?.close());

  const cardSays = (taskId: string, words: string) =>
    eventually(async () => expect(wordsOf(await clinic.card(taskId, NURSES))).toContain(words));

  it('lets no second process onto the same folder, and says what to do', async () => {
    const env = {
      ...process.env,
      ...environmentFor(clinic.sandbox.url, `http://127.0.0.1:${await freePort()}`),
      DATA_DIR: clinic.ledger,
    };

    const { code, said } = await new Promise<{ code: number | null; said: string }>((resolve) => {
      const second = spawn(process.execPath, [CLI, 'start'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      second.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
      second.once('close', (code) => resolve({ code, said }));
    });

    expect(code).toBe(1);
    expect(said).toContain(`is in use by another Switchboard (process ${process.pid}).`);
    expect(said).toContain('give this one a folder of its own (DATA_DIR)');
    expect(said).not.toMatch(/\n\s+at /);
  });

  it('posts nothing twice, and every card follows what was changed meanwhile', async () => {
    const { repository } = clinic.sandbox.fhir;
    const [still, claimedElsewhere, deleted, owned] = await Promise.all([
      clinic.patientWrites(),
      clinic.patientWrites(),
      clinic.patientWrites(),
      clinic.patientWrites(),
    ]);
    for (const id of [still, claimedElsewhere, deleted]) await clinic.card(id, NURSES);
    await clinic.pressShown(ANA, await clinic.card(owned, NURSES), 'claim');
    await cardSays(owned, '✅ *Ana Silva*');
    const before = clinic.sandbox.slack.messages(NURSES).map(({ ts }) => ts);

    await clinic.stopApp();
    const fresh = await clinic.patientWrites();
    await repository.patchResource('Task', claimedElsewhere, [
      { op: 'replace', path: '/status', value: 'accepted' },
      { op: 'add', path: '/owner', value: { reference: 'Practitioner/x', display: 'Hana Castro' } },
    ]);
    await repository.deleteResource('Task', deleted);
    await clinic.sandbox.fhir.delivered();
    await clinic.startApp();

    await cardSays(claimedElsewhere, '✅ *Hana Castro* has this.');
    await cardSays(deleted, 'This Task is no longer in the record.');
    expect(buttonsOf(await clinic.card(fresh, NURSES))).toEqual([
      'Claim',
      'Reroute',
      'Escalate',
      'Add note',
      'History',
    ]);
    expect(
      clinic.sandbox.slack
        .messages(NURSES)
        .map(({ ts }) => ts)
        .slice(0, before.length),
    ).toEqual(before);
    expect(clinic.sandbox.slack.messages(NURSES)).toHaveLength(before.length + 1);
    await clinic.pressShown('U0CHIDI', await clinic.card(still, NURSES), 'claim');
    await cardSays(still, '✅ *Chidi Okafor* claimed this');
  });

  it('asks the record for its events once, however often it is started', async () => {
    await clinic.stopApp();
    await clinic.startApp();

    const subscriptions = await clinic.search('Subscription', '_count=100');

    expect(subscriptions.map(({ criteria }) => criteria).toSorted()).toEqual([
      'Communication?part-of:missing=false',
      'Task',
    ]);
    const taskId = await clinic.patientWrites();
    await clinic.card(taskId, NURSES);
    await clinic.sandbox.fhir.delivered();
    expect(
      clinic.sandbox.fhir.deliveries.filter(({ reference }) => reference === `Task/${taskId}`),
    ).toHaveLength(1);
  });

  it('knows who is who from before: somebody who pressed once gets direct messages', async () => {
    const taskId = await clinic.patientWrites();

    await clinic.reroute('U0BEN', await clinic.card(taskId, NURSES), {
      target: 'Ana Silva',
      reason: 'workload',
    });

    expect(buttonsOf(await clinic.card(taskId, 'D0ANA'))).toEqual([
      'Accept',
      'Reroute',
      'Release',
      'Escalate',
      'Add note',
      'History',
    ]);
  });
});
