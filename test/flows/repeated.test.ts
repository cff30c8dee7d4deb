import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLATFORMS } from '../../adapters/index.ts';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { CLINIC_CONFIG, environmentFor } from '../../sandbox/settings.ts';
import { loadConfig } from '../../src/config.ts';
import { type Switchboard, start } from '../../src/main.ts';
import { createPeople, type PeopleActs } from '../support/flow-acts.ts';
import { wordsOf } from '../support/flow-card.ts';
import { freePort } from '../support/flow-port.ts';
import { deliverTo, type Relay, startRelay } from '../support/flow-relay.ts';
import { createTeamsActs, NURSES, type TeamsActs } from '../support/flow-teams.ts';
import { eventually } from '../support/flow-wait.ts';
import { type ClinicRecord, sandboxRecord } from '../support/record.ts';
import { databases, type Home } from '../support/unit-postgres.ts';

const ANA = 'U0ANA';
const SHARED = (await databases()).filter(({ shared }) => shared);

describe.each(SHARED)('two replicas that both get every delivery, on one ledger, $name', (kind) => {
  const replicas: { readonly url: string; readonly app: Switchboard }[] = [];
  let sandbox: Sandbox;
  let home: Home;
  let relay: Relay;
  let people: PeopleActs;
  let teams: TeamsActs;
  let record: ClinicRecord;

  beforeAll(async () => {
    sandbox = await startSandbox({ webhookRetryMs: [100, 200] });
    await sandbox.teams.install();
    home = await kind.create();
    relay = await startRelay(() => replicas.map(({ url }) => url));
    sandbox.setApp(relay.url);
    people = createPeople(sandbox);
    teams = createTeamsActs({ sandbox });
    record = sandboxRecord(sandbox);
    for (let i = 0; i < 2; i++) await startOne();
  }, 60_000);
  afterAll(async () => {
    for (const { app } of replicas) await app.stop();
    await relay?.close();
    await sandbox?.close();
    await home?.drop();
  });

  async function startOne(): Promise<void> {
    const url = `http://127.0.0.1:${await freePort()}`;
    const env = {
      ...environmentFor(sandbox.url, url),
      PUBLIC_URL: relay.url,
      SWITCHBOARD_CONFIG: CLINIC_CONFIG,
      DATABASE_URL: 'url' in home.where ? home.where.url : '',
    };
    const app = await start(loadConfig(env, PLATFORMS), pino({ level: 'silent' }));
    replicas.push({ url, app });
  }

  const patientWrites = async () => (await sandbox.inbox.write({ pool: 'registered-nurse' })).task;
  const inSlack = (taskId: string) =>
    sandbox.slack
      .messages(NURSES.slack)
      .filter(({ metadata }) => JSON.stringify(metadata ?? {}).includes(taskId));
  const card = (taskId: string) =>
    eventually(() => {
      const [first] = inSlack(taskId);
      if (first === undefined) throw new Error(`There is no card of Task/${taskId}.`);
      return first;
    });

  it('post one card for a Task of which both are told', async () => {
    const tasks = await Promise.all(Array.from({ length: 10 }, patientWrites));

    for (const taskId of tasks) {
      await card(taskId);
      // Teams takes no more than a few cards a second.
      await eventually(() => expect(teams.cards(taskId, NURSES.teams)).not.toEqual([]), 30_000);
    }
    await sandbox.fhir.delivered();
    await idle();

    expect(tasks.map((taskId) => inSlack(taskId).length)).toEqual(tasks.map(() => 1));
    expect(tasks.map((taskId) => teams.cards(taskId, NURSES.teams).length)).toEqual(tasks.map(() => 1));
  }, 60_000);

  it('claim a Task once, and tell nobody that they have it already', async () => {
    const taskId = await patientWrites();

    await people.pressShown(ANA, await card(taskId), 'claim');

    await eventually(async () =>
      expect(wordsOf(await card(taskId))).toContain('✅ *Ana Silva* claimed this'),
    );
    expect((await record.recorded(taskId)).provenances).toHaveLength(1);
    expect(people.sentences(ANA)).toEqual([]);
  });

  it('write a note once that was filled in once', async () => {
    const taskId = await patientWrites();
    const shown = await card(taskId);
    const view = await people.dialog(ANA, () => people.pick(ANA, shown, 'note'));

    const { closed } = await people.submit(ANA, view, { note: 'Call back.' });

    expect(closed).toBe(true);
    await eventually(async () => expect((await record.recorded(taskId)).task.note).toHaveLength(1));
    await idle();
    const { task, provenances } = await record.recorded(taskId);
    expect(task.note?.map(({ text }) => text)).toEqual(['Call back.']);
    expect(provenances).toHaveLength(1);
  });

  it('write a note once that was typed once, and answer once', async () => {
    const taskId = await patientWrites();
    await card(taskId);
    const before = people.sentences(ANA).length;

    await people.slash(ANA, `/note ${taskId} Call back.`);

    await eventually(() => expect(people.sentences(ANA)).toHaveLength(before + 1));
    await idle();
    expect((await record.recorded(taskId)).task.note).toHaveLength(1);
    expect(people.sentences(ANA)).toHaveLength(before + 1);
  });

  it('take one Task for somebody who types next once', async () => {
    for (let i = 0; i < 3; i++) await card(await patientWrites());
    const owned = async () =>
      (await record.search('Task', `owner=${record.practitioner('U0CHIDI')}&status=accepted`)).length;

    await people.slash('U0CHIDI', '/next');

    await eventually(() => expect(people.sentences('U0CHIDI')).toHaveLength(1));
    await idle();
    expect(await owned()).toBe(1);
    expect(people.sentences('U0CHIDI')).toHaveLength(1);
  });

  it('in Teams: claim once, whichever of the answers arrives, and write one note for what was said once', async () => {
    const taskId = await patientWrites();
    await card(taskId);
    const shown = await eventually(() => {
      const found = teams.cards(taskId, NURSES.teams).find(({ attachments }) => attachments.length > 0);
      if (found === undefined) throw new Error(`There is no card of Task/${taskId} in Teams.`);
      return found;
    });

    const said = await teams.pressAnswer(ANA, shown, 'claim');
    await teams.say(ANA, 'personal', `note ${taskId} Call back.`);

    expect(said).not.toMatch(/already have/);
    await eventually(() => expect(teams.heard(ANA)).toHaveLength(1));
    await idle();
    expect((await record.recorded(taskId)).provenances).toHaveLength(2);
    expect((await record.recorded(taskId)).task.note).toHaveLength(1);
    expect(teams.heard(ANA)).toHaveLength(1);
  });

  it('do nothing twice that is replayed after all of them were started anew', async () => {
    const taskId = await patientWrites();
    await card(taskId);
    await people.answer(ANA, () => people.slash(ANA, `/note ${taskId} Once.`));
    expect((await record.recorded(taskId)).task.note).toHaveLength(1);
    await idle();
    const [replayed] = relay.delivered.filter(({ body }) => body.toString().includes('Once.'));
    const before = people.sentences(ANA).length;
    for (const { app } of replicas.splice(0)) await app.stop();

    await startOne();
    if (replayed === undefined) throw new Error('Nothing was delivered.');
    const answer = await deliverTo(replicas[0]?.url ?? '', replayed);
    await idle();

    expect(answer.status).toBe(200);
    expect((await record.recorded(taskId)).task.note).toHaveLength(1);
    expect(people.sentences(ANA)).toHaveLength(before);
  });

  /** Whatever was delivered has been worked on: a question that comes after it has its answer. */
  async function idle(): Promise<void> {
    await sandbox.fhir.delivered();
    const before = people.sentences('U0MEI').length;
    await people.slash('U0MEI', '/whoami');
    await eventually(() => expect(people.sentences('U0MEI').length).toBeGreaterThan(before));
  }
});
