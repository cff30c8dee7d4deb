import type { Provenance, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PLATFORMS } from '../adapters/index.ts';
import { environmentFor } from '../sandbox/settings.ts';
import type { SlackMessage } from '../sandbox/slack/index.ts';
import { botSettings, SANDBOX_APP } from '../sandbox/teams/index.ts';
import { loadConfig } from '../src/config.ts';
import { type Database, openDatabase } from '../src/ledger/index.ts';
import { checkInvariants, type Pressed } from './invariants.ts';
import { eventually } from './support/clinic.ts';
import { wordsOf } from './support/flow-card.ts';
import { NURSES, openTeamsClinic, type TeamsClinic } from './support/flow-teams.ts';

const ANA = 'U0ANA';
const CHIDI = 'U0CHIDI';

let clinic: TeamsClinic;
let database: Database;
let claimed: string;
const tasks: string[] = [];
const pressed: Pressed[] = [];
/** What is broken already: each test breaks something more, of a Task of its own. */
let broken: readonly string[] = [];

beforeAll(async () => {
  clinic = await openTeamsClinic({ keepLedger: true });
  for (let i = 0; i < 12; i++) tasks.push(await clinic.patientWrites());
  claimed = await clinic.patientWrites();
  for (const taskId of [...tasks, claimed]) {
    await clinic.card(taskId, NURSES.slack);
    await clinic.teams.card(taskId, NURSES.teams);
  }
  await clinic.press(ANA, await clinic.card(claimed, NURSES.slack), 'claim');
  await clinic.press(CHIDI, await clinic.card(claimed, NURSES.slack), 'claim');
  await eventually(async () => expect(wordsOf(await clinic.card(claimed, NURSES.slack))).toContain('✅'));
  await eventually(() => expect(clinic.sentences(CHIDI)).toHaveLength(1));
  await clinic.stopApp();
  database = await openDatabase({ folder: clinic.ledger }, () => undefined);
  pressed.push({ by: ANA, verb: 'claim', task: claimed, answer: 'done' });
  pressed.push({ by: CHIDI, verb: 'claim', task: claimed, answer: 'no' });
});
afterAll(async () => {
  await database?.close();
  await clinic?.close();
});

/** The violations that were not there before. */
async function newViolations(): Promise<string[]> {
  const env = { ...environmentFor(clinic.sandbox.url, clinic.url), DATA_DIR: clinic.ledger };
  const config = loadConfig(env, PLATFORMS);
  const found = await checkInvariants({ sandbox: clinic.sandbox, database, config, pressed });
  const fresh = found.filter((one) => !broken.includes(one));
  broken = found;
  return fresh;
}

const next = () => tasks.pop() ?? '';

/** Calls the workspace as the application would. */
async function slackCall(method: string, body: object): Promise<void> {
  const response = await fetch(`${clinic.sandbox.url}/slack/api/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer xoxb-sandbox' },
    body: JSON.stringify(body),
  });
  expect(await response.json()).toMatchObject({ ok: true });
}

function copyOf({ channel, text, blocks, metadata }: SlackMessage): object {
  return { channel, text, blocks, metadata };
}

async function teamsCall(method: string, path: string, body: object): Promise<void> {
  const { appId, tenantId } = SANDBOX_APP;
  const { credentials } = botSettings(clinic.sandbox.url);
  const token = await (await credentials.createCredentials(appId, undefined)).getToken();
  const response = await fetch(`${clinic.sandbox.url}/teams/connector/v3/${path}`, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ tenantId, bot: { id: `28:${appId}` }, ...body }),
  });
  expect(response.ok).toBe(true);
}

const elsewhere = () => clinic.sandbox.fhir.repositoryFor({ author: 'Bot/elsewhere' });

it('a healthy clinic breaks nothing', async () => {
  expect(await newViolations()).toEqual([]);
});

it('tells of a card that is not there', async () => {
  const task = next();
  const { channel, ts } = await clinic.card(task, NURSES.slack);
  clinic.sandbox.slack.deleteMessage(channel, ts);

  expect(await newViolations()).toEqual([
    `I1: the card of Task/${task} in slack:channel:C0NURSES is not there.`,
  ]);
});

it('tells of a card that is not there in Teams', async () => {
  const task = next();
  clinic.sandbox.teams.deleteMessage(await clinic.teams.card(task, NURSES.teams));

  expect(await newViolations()).toEqual([
    `I1: the card of Task/${task} in teams:channel:${NURSES.teams} is not there.`,
  ]);
});

it('tells of a second live card, which nobody keeps true', async () => {
  const task = next();
  const card = await clinic.card(task, NURSES.slack);
  await slackCall('chat.postMessage', {
    ...copyOf(card),
    metadata: { event_type: 'switchboard_card', event_payload: { card: 'another', task } },
  });

  expect(await newViolations()).toEqual([
    `I1: Task/${task} in slack C0NURSES has another card that can be pressed.`,
    expect.stringMatching(/^I5: the message slack C0NURSES\/\S+ \(Task\/\S+\) was posted and forgotten\.$/),
  ]);
});

it('tells of a message that was posted twice', async () => {
  const task = next();
  await slackCall('chat.postMessage', copyOf(await clinic.card(task, NURSES.slack)));

  expect(await newViolations()).toEqual([
    `I1: Task/${task} in slack C0NURSES has another card that can be pressed.`,
    expect.stringMatching(/^I5: the message of the ledger’s \S+ was posted twice\.$/),
    expect.stringMatching(/^I5: the message slack C0NURSES\/\S+ \(Task\/\S+\) was posted and forgotten\.$/),
  ]);
});

it('tells of a changed word', async () => {
  const task = next();
  const { channel, ts, text, blocks } = await clinic.card(task, NURSES.slack);
  const other = JSON.stringify(blocks).replace('Nobody has claimed this yet', 'Ana Silva has this');
  await slackCall('chat.update', { channel, ts, text, blocks: JSON.parse(other) });

  expect(await newViolations()).toEqual([
    expect.stringContaining(
      `I2: the card of Task/${task} in slack:channel:C0NURSES is not what the record says`,
    ),
  ]);
});

it('tells of a card that is behind the record, on both platforms', async () => {
  const task = next();
  await elsewhere().patchResource('Task', task, [
    { op: 'replace', path: '/status', value: 'accepted' },
    { op: 'add', path: '/owner', value: { reference: 'Practitioner/x', display: 'Hana Castro' } },
  ]);

  expect(await newViolations()).toEqual([
    expect.stringMatching(`^I2: the card of Task/${task} in slack:channel:C0NURSES `),
    expect.stringMatching(`^I2: the card of Task/${task} in teams:channel:${NURSES.teams} `),
    expect.stringMatching(`^I4: Task/${task} is Practitioner/x’s, `),
  ]);
});

it('tells of a Task that is on no card', async () => {
  const { task } = await clinic.sandbox.inbox.write();

  expect(await newViolations()).toEqual([
    `I1: Task/${task} in slack:channel:C0NURSES has no card that stands for it: no card here yet.`,
    `I1: Task/${task} in teams:channel:${NURSES.teams} has no card that stands for it: no card here yet.`,
  ]);
});

it('tells of a press that was answered “done” and is not in the record, and of one that was refused and is', async () => {
  const task = next();
  pressed.push({ by: ANA, verb: 'note', task, answer: 'done' });
  pressed.push({ by: CHIDI, verb: 'escalate', task, answer: 'unknown' });

  expect(await newViolations()).toEqual([
    `I3: “note” of Task/${task} by ${clinic.practitioner(ANA)} was answered “done” 1 times; the record has it 0 times.`,
  ]);
  pressed[0] = { by: ANA, verb: 'claim', task: claimed, answer: 'no' };
  expect(await newViolations()).toEqual([
    `I3: “claim” of Task/${claimed} by ${clinic.practitioner(ANA)} was answered “done” 0 times; the record has it 1 times.`,
  ]);
  pressed[0] = { by: ANA, verb: 'claim', task: claimed, answer: 'done' };
  expect(await newViolations()).toEqual([]);
});

it('tells of a doubled Provenance, and of one that is missing', async () => {
  const [first] = (await clinic.record(claimed)).provenances;
  const { id: _, meta: __, ...again }: Provenance = first ?? ({} as never);
  const copy = await elsewhere().createResource(again);

  expect(await newViolations()).toEqual([
    `I3: a Provenance tells that ${clinic.practitioner(ANA)} did “claim” to Task/${claimed}, and no change shows it.`,
    `I3: “claim” of Task/${claimed} by ${clinic.practitioner(ANA)} was answered “done” 1 times; the record has it 2 times.`,
  ]);
  await elsewhere().deleteResource('Provenance', copy.id);
  await elsewhere().deleteResource('Provenance', first?.id ?? '');
  expect(await newViolations()).toEqual([
    expect.stringMatching(`^I2: the card of Task/${claimed} in slack:channel:C0NURSES `),
    expect.stringMatching(`^I2: the card of Task/${claimed} in teams:channel:${NURSES.teams} `),
    `I3: change 1 of Task/${claimed} was written by Switchboard, and no Provenance tells why.`,
    `I3: “claim” of Task/${claimed} by ${clinic.practitioner(ANA)} was answered “done” 1 times; the record has it 0 times.`,
  ]);
});

it('tells of a recipient that is not the owner', async () => {
  const { thread } = await clinic.record(claimed);
  await elsewhere().patchResource('Communication', thread?.id ?? '', [{ op: 'remove', path: '/recipient' }]);

  expect(await newViolations()).toEqual([
    `I4: Task/${claimed} is ${clinic.practitioner(ANA)}’s, and the recipients of its thread are nobody.`,
  ]);
});

it('tells of a line in Teams that became no card, unless an answer was lost', async () => {
  await teamsCall('POST', 'conversations', {
    isGroup: true,
    channelData: { channel: { id: NURSES.teams }, tenant: { id: SANDBOX_APP.tenantId } },
    activity: { type: 'message', text: 'A card follows.' },
  });

  expect(await newViolations()).toEqual(['I5: 1 lines never became a card, and 0 answers were lost.']);
});

it('tells of two Tasks for one message, and of a step that was taken twice', async () => {
  const task = next();
  const { thread } = await clinic.record(task);
  const made: Task = {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    focus: { reference: `Communication/${thread?.id}` },
    identifier: [{ system: 'urn:switchboard:intake', value: 'm1' }],
  };
  await elsewhere().createResource(made);
  await elsewhere().createResource({ ...made, status: 'cancelled' });
  const step: Provenance = {
    resourceType: 'Provenance',
    target: [{ reference: `Task/${task}` }],
    recorded: '2026-03-02T09:00:00.000Z',
    activity: {
      coding: [
        { system: 'urn:switchboard:CodeSystem:verb', code: 'escalate' },
        { system: 'urn:switchboard:CodeSystem:escalation-step', code: 'registered-nurse/0/mention' },
      ],
    },
    agent: [{ who: { display: 'Switchboard' } }],
  };
  await elsewhere().createResource(step);
  await elsewhere().createResource(step);

  const found = await newViolations();

  expect(found).toContain('I5: 2 Tasks were made for urn:switchboard:intake|m1.');
  expect(found).toContain(`I5: Communication/${thread?.id} has 2 open Tasks.`);
  expect(found).toContain(
    `I5: the step registered-nurse/0/mention of the ladder was taken twice for Task/${task}.`,
  );
});

it('tells of more cards than there was reason to post', async () => {
  const task = next();
  const surface = `slack:channel:${NURSES.slack}`;
  await database.db
    .insertInto('card')
    .values({ task_id: task, surface, state: 'closed', ref: 'C0NURSES/1.1', made_at: new Date(0) })
    .execute();

  expect(await newViolations()).toEqual([
    `I5: Task/${task} was posted 2 times to ${surface}, and there were 1 reasons.`,
  ]);
});
