import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Resource } from '@medplum/fhirtypes';
import pino from 'pino';
import { PLATFORMS } from '../../adapters/index.ts';
import type { Clock } from '../../sandbox/clock.ts';
import type { PatientMessage, PatientWords, StaffWords, WrittenWords } from '../../sandbox/messages.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/server.ts';
import { CLINIC_CONFIG, DEMO_CONFIG, environmentFor } from '../../sandbox/settings.ts';
import type { SlackMessage } from '../../sandbox/slack/index.ts';
import { loadConfig } from '../../src/config.ts';
import { type Switchboard, start } from '../../src/main.ts';
import { createPeople, type PeopleActs } from './flow-acts.ts';
import { freePort } from './flow-port.ts';
import { eventually } from './flow-wait.ts';
import { inMemory } from './ledger-image.ts';
import { medplumRecord, medplumSettings } from './medplum-record.ts';
import { type ClinicRecord, type Recorded, sandboxRecord } from './record.ts';

export { eventually } from './flow-wait.ts';
export type { Recorded } from './record.ts';

export interface ClinicOptions {
  /** Whether the FHIR server keeps transactions; without them the journal is used. */
  readonly transactions?: boolean;
  /** Keeps the ledger in a folder, so that the application can be stopped and started again on it. */
  readonly keepLedger?: boolean;
  /** Seconds between two sweeps. So long, unless said, that everything must come by events. */
  readonly sweepSeconds?: number;
  /** Takes the demo’s configuration, with its clock; without, nothing goes by the clock but what `config` adds. */
  readonly clockwork?: boolean;
  /** Changes the configuration file; `practitioner` gives the reference of somebody of the workspace. */
  readonly config?: (yaml: string, practitioner: (slackId: string) => string) => string;
  /** Environment variables that differ; an empty one is as good as none. */
  readonly env?: Record<string, string>;
  readonly sandbox?: SandboxOptions;
  /** Keeps the platforms' pace. Without, cards come as fast as they can: a hundred in one channel would take minutes. */
  readonly paced?: boolean;
  /** The clock of the application alone. */
  readonly now?: () => number;
  /** One clock for the sandbox and the application, to be moved by the test. */
  readonly clock?: Clock;
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
  /** A patient writes, and the Task is left to Switchboard; or writes again, in a thread. Gives thread and message. */
  patientSays(words?: PatientWords): Promise<WrittenWords>;
  /** Somebody of the staff answers in a thread. */
  staffAnswers(words: StaffWords): Promise<WrittenWords>;
  /** Writes a resource as another application would. */
  put<T extends Resource>(resource: T): Promise<T & { id: string }>;
  /** Changes a Task or a thread as another application would. */
  patch: ClinicRecord['patch'];
  search: ClinicRecord['search'];
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
    ...(options.clock && { clock: options.clock }),
    ...options.sandbox,
  });
  const url = `http://127.0.0.1:${await freePort()}`;
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-flow-'));
  const ledger = join(folder, 'ledger');
  const remote = medplumSettings();
  const record = remote ? await medplumRecord(remote) : sandboxRecord(sandbox);
  const file = await writeConfig(folder, options, record);
  const logged: string[] = [];
  let app: Switchboard | undefined;

  const startApp = async (): Promise<void> => {
    const env = { ...environmentFor(sandbox.url, url), SWITCHBOARD_CONFIG: file, DATA_DIR: ledger };
    const config = loadConfig({ ...env, ...record.env, ...options.env }, PLATFORMS);
    const log = pino({ level: 'debug' }, { write: (line: string) => logged.push(line) });
    const now = options.now ?? options.clock?.now;
    const onMove = options.clock?.onMove;
    const unpaced = !options.paced;
    const moving = { ...(now && { now }), ...(onMove && { onMove }) };
    const where = options.keepLedger ? {} : { ledger: await inMemory() };
    const overrides = { ...where, unpaced, ...moving };
    app = await start(config, log, overrides);
  };
  const stopApp = async (): Promise<void> => {
    await app?.stop();
    app = undefined;
  };

  sandbox.setApp(url);
  await startApp();
  return {
    ...cardsOf(sandbox),
    ...createPeople(sandbox),
    sandbox,
    url,
    ledger,
    logged,
    patientWrites: async (message) => (await record.inbox.write(message)).task,
    patientSays: (words) => record.inbox.say(words),
    staffAnswers: (words) => record.inbox.answer(words),
    put: (resource) => record.put(resource),
    patch: record.patch,
    search: record.search,
    record: record.recorded,
    practitioner: record.practitioner,
    startApp,
    stopApp,
    close: async () => {
      await stopApp();
      await record.close();
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function cardsOf(sandbox: Sandbox): Pick<Clinic, 'cards' | 'card'> {
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
  };
}

function taskOf(message: SlackMessage): unknown {
  const payload = message.metadata?.event_payload;
  return typeof payload === 'object' && payload !== null && 'task' in payload ? payload.task : undefined;
}

async function writeConfig(folder: string, options: ClinicOptions, record: ClinicRecord): Promise<string> {
  const base = await readFile(options.clockwork ? DEMO_CONFIG : CLINIC_CONFIG, 'utf8');
  const sweep = `sweep:\n  seconds: ${options.sweepSeconds ?? 3600}\n  overlapSeconds: 5\n`;
  const own = base.replace(/^sweep:\n( {2}.*\n)*/m, sweep);
  const asked = options.config ? options.config(own, record.practitioner) : own;
  const file = join(folder, 'switchboard.yaml');
  await writeFile(file, record.configure(asked));
  return file;
}
