import type { Resource, Task } from '@medplum/fhirtypes';
import pino from 'pino';
import { POOLS as CLINIC_POOLS, PEOPLE } from '../../sandbox/clinic.ts';
import type { PatientMessage } from '../../sandbox/messages.ts';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { connect } from '../../src/medplum/client.ts';
import { createPeopleStore } from '../../src/medplum/people.ts';
import { createRecordStore } from '../../src/medplum/store.ts';
import type { Pool, Privacy } from '../../src/routing/pools.ts';
import { DEFAULT_REASONS } from '../../src/routing/reasons.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import { createCommit } from '../../src/runtime/commit.ts';
import { createDesk } from '../../src/runtime/desk.ts';
import type { DeskParts } from '../../src/runtime/desk-parts.ts';
import { createAuthorOf } from '../../src/runtime/on-behalf-of.ts';
import { createPeople } from '../../src/runtime/people.ts';
import type { ChatUser } from '../../src/runtime/ports/chat.ts';
import type { Answer, CommandRequest, Desk } from '../../src/runtime/ports/desk.ts';
import { FakeChat } from './unit-chat.ts';
import { MemoryLedger, rememberedJobs } from './unit-ledger.ts';

/** A desk with the clinic's record behind it: real reads and writes, a ledger in memory, and no platform's words. */
export interface DeskClinic {
  readonly desk: Desk;
  readonly parts: DeskParts;
  readonly sandbox: Sandbox;
  readonly ledger: MemoryLedger;
  readonly jobs: ReturnType<typeof rememberedJobs>;
  readonly chat: FakeChat;
  readonly pools: readonly Pool[];
  /** Every line that was logged. */
  readonly logged: readonly string[];
  /** A patient writes; gives the id of the Task, which can be typed from then on. */
  patientWrites(message?: PatientMessage): Promise<string>;
  /** Writes a resource as another application would; a Task can be typed from then on. */
  put<T extends Resource>(resource: T): Promise<T & { id: string }>;
  task(taskId: string): Promise<Task & { id: string }>;
  /** Somebody does something, which must be accepted. */
  does(user: ChatUser, verb: string, task: string, inputs?: CommandRequest['inputs']): Promise<Answer>;
  close(): Promise<void>;
}

/** Somebody of the clinic, by the name of their Slack id: `user('ANA')`. */
export function user(name: string): ChatUser {
  return { platform: 'slack', tenant: 'T0CLINIC', id: `U0${name}` };
}

/** How much of a patient each pool's channel shows. */
const PRIVACY: Readonly<Record<string, Privacy>> = { pharmacy: 'initials', dietetics: 'full' };

const pools: readonly Pool[] = CLINIC_POOLS.map(({ id, name, system, code, channel }) => ({
  id,
  name,
  performerType: { system, code, display: name },
  channels: [{ platform: 'slack', channel: channel.id, privacy: PRIVACY[id] ?? 'none' }],
}));

export async function openDesk(more: Partial<DeskParts> = {}): Promise<DeskClinic> {
  const sandbox = await startSandbox();
  const client = await connect({ baseUrl: `${sandbox.url}/`, clientId: 'sandbox', clientSecret: 'sandbox' });
  const logged: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => logged.push(line) });
  const ledger = new MemoryLedger();
  const jobs = rememberedJobs();
  const chat = new FakeChat();
  for (const { slackId, email } of PEOPLE) chat.profiles.set(slackId, { email, outsider: false });
  const store = createRecordStore(client, DEFAULT_TASK_RULES);
  const linking = { identifierSystems: {}, linkByEmail: true };
  const platforms = [Object.assign(chat, { name: 'slack' })];
  const people = createPeople(createPeopleStore(client), ledger, platforms, linking, Date.now);
  const parts: DeskParts = {
    store,
    people,
    ledger,
    jobs,
    commit: createCommit(store, ledger.journal, () => false, 'follow', log),
    pools,
    rules: DEFAULT_TASK_RULES,
    recipients: 'follow',
    reasons: () => DEFAULT_REASONS,
    authorOf: createAuthorOf('never', async () => 'none', Date.now),
    taskLink: 'https://emr.example/Task/{id}',
    now: () => new Date(),
    log,
    ...more,
  };
  const desk = createDesk(parts);
  const { repository } = sandbox.fhir;
  const remember = (taskId: string) => ledger.seen(taskId, 'v', undefined);

  return {
    desk,
    parts,
    sandbox,
    ledger,
    jobs,
    chat,
    pools: parts.pools,
    logged,
    patientWrites: async (message) => {
      const { task } = await sandbox.inbox.write(message);
      await remember(task);
      return task;
    },
    put: async (resource) => {
      const stored = await (resource.id === undefined
        ? repository.createResource(resource)
        : repository.createResource(resource, { assignedId: true }));
      if (stored.resourceType === 'Task') await remember(stored.id);
      return stored;
    },
    task: (taskId) => repository.readResource<Task>('Task', taskId),
    does: async (by, verb, task, inputs = {}) => {
      const answer = await desk.run({ verb, task, by, inputs });
      if (answer.kind !== 'done') throw new Error(answer.sentence);
      return answer;
    },
    close: () => sandbox.close(),
  };
}
