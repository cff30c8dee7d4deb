import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Communication, Provenance, Resource, Task } from '@medplum/fhirtypes';
import pino from 'pino';
import { PLATFORMS } from '../../adapters/index.ts';
import type { PatientMessage } from '../../sandbox/messages.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/server.ts';
import { DEMO_CONFIG, environmentFor } from '../../sandbox/settings.ts';
import type { SlackMessage } from '../../sandbox/slack/index.ts';
import { loadConfig } from '../../src/config.ts';
import { type Switchboard, start } from '../../src/main.ts';
import { createPeople, type PeopleActs } from './flow-acts.ts';
import { freePort } from './flow-port.ts';
import { eventually } from './flow-wait.ts';

export { eventually } from './flow-wait.ts';

export interface ClinicOptions {
  /** Whether the FHIR server keeps transactions; without them the journal is used. */
  readonly transactions?: boolean;
  /** Keeps the ledger in a folder, so that the application can be stopped and started again on it. */
  readonly keepLedger?: boolean;
  /** Seconds between two sweeps. So long, unless said, that everything must come by events. */
  readonly sweepSeconds?: number;
  /** Changes the configuration file of the demo. */
  readonly config?: (yaml: string) => string;
  /** Environment variables that differ; an empty one is as good as none. */
  readonly env?: Record<string, string>;
  readonly sandbox?: SandboxOptions;
  readonly now?: () => number;
}

/** What the record holds of a Task. */
export interface Recorded {
  readonly task: Task & { id: string };
  readonly thread: Communication | undefined;
  /** Newest first. */
  readonly provenances: readonly Provenance[];
  /** Every version of the Task, newest first. */
  readonly versions: readonly Task[];
}

/** A whole clinic: FHIR server, Slack workspace and the real application between them. */
export interface Clinic extends PeopleActs {
  readonly sandbox: Sandbox;
  /** Where the application listens. */
  readonly url: string;
  /** The folder of the ledger, where it is kept. */
  readonly ledger: string;
  /** Every line that the application has logged, as it was written. */
  readonly logged: readonly string[];
  /** A patient writes; gives the id of the Task. */
  patientWrites(message?: PatientMessage): Promise<string>;
  /** Writes a resource as another application would. */
  put<T extends Resource>(resource: T): Promise<T & { id: string }>;
  record(taskId: string): Promise<Recorded>;
  /** The `reference` of somebody in the workspace. */
  practitioner(slackId: string): string;
  /** Cards of a Task, oldest first: all, or those in one channel. */
  cards(taskId: string, channel?: string): SlackMessage[];
  /** The newest card of a Task in a channel, as soon as there is one. */
  card(taskId: string, channel: string): Promise<SlackMessage>;
  startApp(): Promise<void>;
  stopApp(): Promise<void>;
  close(): Promise<void>;
}

/** Both ways in which a change is written: they must look the same to everybody. */
export const MODES = [
  { mode: 'with the journal', transactions: false },
  { mode: 'with transactions', transactions: true },
] as const;

/** Opens a clinic on free ports. `close` it at the end. */
export async function openClinic(options: ClinicOptions = {}): Promise<Clinic> {
  const sandbox = await startSandbox({
    transactions: options.transactions ?? false,
    webhookRetryMs: [100, 200],
    ...options.sandbox,
  });
  const url = `http://127.0.0.1:${await freePort()}`;
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-flow-'));
  const ledger = join(folder, 'ledger');
  const file = await writeConfig(folder, options);
  const logged: string[] = [];
  let app: Switchboard | undefined;

  const startApp = async (): Promise<void> => {
    const env = { ...environmentFor(sandbox.url, url), SWITCHBOARD_CONFIG: file, DATA_DIR: ledger };
    const config = loadConfig({ ...env, ...options.env }, PLATFORMS);
    const log = pino({ level: 'debug' }, { write: (line: string) => logged.push(line) });
    const overrides = { memoryLedger: !options.keepLedger, ...(options.now && { now: options.now }) };
    app = await start(config, log, overrides);
  };
  const stopApp = async (): Promise<void> => {
    await app?.stop();
    app = undefined;
  };

  sandbox.setApp(url);
  await startApp();
  return {
    ...reading(sandbox),
    ...createPeople(sandbox),
    sandbox,
    url,
    ledger,
    logged,
    patientWrites: async (message) => (await sandbox.inbox.write(message)).task,
    put: (resource) =>
      resource.id === undefined
        ? sandbox.fhir.repository.createResource(resource)
        : sandbox.fhir.repository.createResource(resource, { assignedId: true }),
    startApp,
    stopApp,
    close: async () => {
      await stopApp();
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function reading(sandbox: Sandbox): Pick<Clinic, 'record' | 'practitioner' | 'cards' | 'card'> {
  const { repository } = sandbox.fhir;
  const cards = (taskId: string, channel?: string) =>
    sandbox.slack.messages(channel).filter((message) => taskOf(message) === taskId);

  return {
    cards,
    card: (taskId, channel) =>
      eventually(() => {
        const newest = cards(taskId, channel).at(-1);
        if (newest === undefined) throw new Error(`There is no card of Task/${taskId} in ${channel}.`);
        return newest;
      }),
    practitioner: (slackId) => `Practitioner/${sandbox.practitionerOf(slackId)}`,
    record: async (taskId) => {
      const task = await repository.readResource<Task>('Task', taskId);
      const focus = task.focus?.reference?.split('/')[1];
      const provenances = await repository.searchResources<Provenance>({
        resourceType: 'Provenance',
        filters: [{ code: 'target', operator: 'eq', value: `Task/${taskId}` }],
        count: 1000,
      });
      const history = await repository.readHistory<Task>('Task', taskId);
      return {
        task,
        thread: focus ? await repository.readResource<Communication>('Communication', focus) : undefined,
        provenances: provenances.sort((a, b) => b.recorded.localeCompare(a.recorded)),
        versions: (history.entry ?? []).flatMap(({ resource }) => (resource ? [resource] : [])),
      };
    },
  };
}

function taskOf(message: SlackMessage): unknown {
  const payload = message.metadata?.event_payload;
  return typeof payload === 'object' && payload !== null && 'task' in payload ? payload.task : undefined;
}

async function writeConfig(folder: string, options: ClinicOptions): Promise<string> {
  const demo = await readFile(DEMO_CONFIG, 'utf8');
  const sweep = `sweep:\n  seconds: ${options.sweepSeconds ?? 3600}\n  overlapSeconds: 5\n`;
  const own = demo.replace(/^sweep:\n( {2}.*\n)*/m, sweep);
  const file = join(folder, 'switchboard.yaml');
  await writeFile(file, options.config ? options.config(own) : own);
  return file;
}
