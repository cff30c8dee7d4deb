import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxEvent } from '../../sandbox/events.ts';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { CLINIC_CONFIG, environmentFor } from '../../sandbox/settings.ts';
import { deedOf } from '../../src/record/provenance.ts';
import { CRASH_POINTS, type CrashPoint } from '../../src/runtime/ports/fuse.ts';
import { createPeople, type PeopleActs } from '../support/flow-acts.ts';
import { buttonsOf } from '../support/flow-card.ts';
import { type Mortal, startMortal } from '../support/flow-crash.ts';
import { freePort } from '../support/flow-port.ts';
import { CARDIO, createTeamsActs, NURSES, PHARMACY, type TeamsActs } from '../support/flow-teams.ts';
import { teamsButtonsOf } from '../support/flow-teams-card.ts';
import { eventually } from '../support/flow-wait.ts';
import { type ClinicRecord, sandboxRecord } from '../support/record.ts';
import { databases, type Home } from '../support/unit-postgres.ts';

const ANA = 'U0ANA';
/** Processors are few, and a killed process's jobs are taken up by the next when it has been silent for a while. */
const PATIENCE_MS = 120_000;

/** What a person does, and how the record must look whatever has died meanwhile. */
interface Act {
  readonly name: string;
  readonly verb: 'claim' | 'reroute';
  readonly pool: string;
  readonly from: Channel;
  readonly typed: (taskId: string) => string;
  /** What they may be told, by the first or by the second time that they ask for it. */
  readonly truth: RegExp;
  /** Where a card stands with which something can be done. */
  readonly live: readonly Channel[];
  /** Who owns the Task, and stands in the thread. */
  readonly owner?: string;
  readonly newTask?: true;
}

type Channel = { readonly slack: string; readonly teams: string };

const CLAIM: Act = {
  name: 'a claim',
  verb: 'claim',
  pool: 'registered-nurse',
  from: NURSES,
  typed: (id) => `/claim ${id}`,
  truth: /is yours\.$|^You already have/,
  live: [NURSES],
  owner: ANA,
};
const TO_POOL: Act = {
  name: 'a reroute to another pool',
  verb: 'reroute',
  pool: 'registered-nurse',
  from: NURSES,
  typed: (id) => `/reroute ${id} cardiology because specialty-referral`,
  truth: /went to “Cardiologist”|already waits in “Cardiologist”/,
  live: [CARDIO],
};
const TO_PERSON: Act = {
  name: 'a reroute to a person',
  verb: 'reroute',
  pool: 'registered-nurse',
  from: NURSES,
  typed: (id) => `/reroute ${id} ben because workload`,
  truth: /went to Ben Carter|Ben Carter already has/,
  live: [],
  owner: 'U0BEN',
};
const TO_NEW_TASK: Act = {
  name: 'a reroute to a new Task',
  verb: 'reroute',
  pool: 'pharmacy',
  from: PHARMACY,
  typed: (id) => `/reroute ${id} cardiology because specialty-referral`,
  truth: /went to “Cardiologist”|was rerouted, and a new Task has taken its place/,
  live: [CARDIO],
  newTask: true,
};

/** Where the process dies: at a point of its own, or before it hears what the server or the platform has just done. */
type Death =
  | { readonly at: CrashPoint }
  | { readonly unheard: 'Task' | 'Communication' | 'Provenance' | 'a post' };

const ONLY_IN_STEPS: readonly CrashPoint[] = [
  'journal-begun',
  'task-written',
  'thread-written',
  'provenance-written',
  'journal-ended',
];
const POSTING: readonly CrashPoint[] = ['post-begun', 'posted', 'post-kept'];

function deathsOf(act: Act, transactions: boolean): Death[] {
  const points = CRASH_POINTS.filter((point) => {
    if (point === 'transacted') return transactions;
    if (point === 'successor-written') return act.newTask && !transactions;
    if (ONLY_IN_STEPS.includes(point)) return !transactions;
    return !POSTING.includes(point) || act.live.some((channel) => channel !== act.from);
  });
  const unheard = transactions ? (['Task'] as const) : (['Task', 'Communication', 'Provenance'] as const);
  return [
    ...points.map((at) => ({ at })),
    ...unheard
      // A new Task keeps its former owner in sight: nobody's name goes, and nobody's comes.
      .filter((type) => type !== 'Communication' || act.owner !== undefined)
      .map((one) => ({ unheard: one })),
    ...(act === TO_POOL ? [{ unheard: 'a post' } as const] : []),
  ];
}

interface Scene {
  readonly act: Act;
  readonly taskId: string;
  readonly what: string;
  /** What the person was told before the crash, and when they asked again after it. */
  readonly told: readonly string[];
}

const [embedded, postgres] = await databases();

describe.each([
  { mode: 'with the journal, on PostgreSQL', transactions: false, kind: postgres ?? embedded },
  { mode: 'with transactions, on the embedded database', transactions: true, kind: embedded },
])('a process that dies by SIGKILL at every step, $mode', { concurrent: true }, ({ transactions, kind }) => {
  const scenes: Scene[] = [];
  let sandbox: Sandbox;
  let record: ClinicRecord;
  let people: PeopleActs;
  let teams: TeamsActs;
  let app: Mortal;
  let env: Record<string, string>;
  let home: Home | undefined;
  let folder: string;

  beforeAll(async () => {
    sandbox = await startSandbox({ transactions, webhookRetryMs: [100, 200] });
    await sandbox.teams.install();
    record = sandboxRecord(sandbox);
    people = createPeople(sandbox);
    teams = createTeamsActs({ sandbox });
    folder = await mkdtemp(join(tmpdir(), 'switchboard-crash-'));
    const url = `http://127.0.0.1:${await freePort()}`;
    home = kind?.shared ? await kind.create() : undefined;
    const file = join(folder, 'switchboard.yaml');
    await writeFile(file, withNewTasks(await readFile(CLINIC_CONFIG, 'utf8')));
    env = {
      ...environmentFor(sandbox.url, url),
      PATH: process.env.PATH ?? '',
      // Half of what it takes to start is compiling, and it is started many times.
      NODE_COMPILE_CACHE: join(folder, 'compiled'),
      SWITCHBOARD_CONFIG: file,
      DATA_DIR: join(folder, 'ledger'),
      ...(home && 'url' in home.where && { DATABASE_URL: home.where.url }),
    };
    sandbox.setApp(url);
    app = await startMortal(env);
    for (const act of [CLAIM, TO_POOL, TO_PERSON, TO_NEW_TASK]) {
      for (const death of deathsOf(act, transactions)) scenes.push(await play(act, death));
    }
  }, 1_200_000);
  afterAll(async () => {
    app?.kill();
    await app?.gone;
    await sandbox?.close();
    await home?.drop();
    if (folder) await rm(folder, { recursive: true, force: true });
  }, 60_000);

  /** Somebody asks for it, the process dies, the next one starts, and they ask for it again. */
  async function play(act: Act, death: Death): Promise<Scene> {
    const { task: taskId } = await sandbox.inbox.write({ pool: act.pool });
    await eventually(() => {
      expect(liveSlack(taskId, act.from.slack)).toBe(1);
      expect(liveTeams(taskId, act.from.teams)).toBe(1);
    }, PATIENCE_MS);
    const before = people.sentences(ANA).length;
    const disarm = await arm(act, death, taskId);
    await people.slash(ANA, act.typed(taskId)).catch(() => undefined);
    await app.gone;
    disarm();
    const first = people.sentences(ANA).slice(before);
    app = await startMortal(env);
    const again = await ask(act.typed(taskId));
    const what = 'at' in death ? death.at : `before it hears of ${death.unheard}`;
    return { act, taskId, what, told: [...first, again] };
  }

  /** A machine that is busy may take longer than Slack waits; whoever sees that asks again. */
  async function ask(typed: string): Promise<string> {
    for (let left = 5; ; left--) {
      try {
        return await people.answer(ANA, () => people.slash(ANA, typed));
      } catch (error) {
        if (left === 0) throw error;
      }
    }
  }

  async function arm(act: Act, death: Death, taskId: string): Promise<() => void> {
    if ('at' in death) {
      // A new Task has an id only then.
      const isOfNewTask = act.newTask && POSTING.includes(death.at);
      await app.arm(death.at, isOfNewTask ? '*' : taskId);
      return () => {};
    }
    const isIt = ({ unheard }: typeof death, event: SandboxEvent): boolean => {
      if (event.kind === 'slack') return unheard === 'a post' && event.what === 'message';
      if (event.kind !== 'fhir' || event.resourceType !== unheard) return false;
      return unheard !== 'Task' || event.id === taskId;
    };
    return sandbox.hub.listen((event) => {
      if (isIt(death, event)) app.kill();
    });
  }

  const liveSlack = (taskId: string, channel?: string) =>
    sandbox.slack
      .messages(channel)
      .filter((message) => JSON.stringify(message.metadata ?? {}).includes(taskId))
      .filter((message) => buttonsOf(message).some((one) => one !== 'History')).length;

  const liveTeams = (taskId: string, channel?: string) =>
    teams.cards(taskId, channel).filter((message) => teamsButtonsOf(message).some((one) => one !== 'History'))
      .length;

  async function successorsOf(taskId: string): Promise<string[]> {
    const { task } = await record.recorded(taskId);
    const onThread = await record.search('Task', `focus=${task.focus?.reference}`);
    return onThread.flatMap(({ id }) => (id === taskId ? [] : [id]));
  }

  it('tells everybody the truth, before and after', () => {
    const untrue = scenes.filter(({ act, told }) => told.some((one) => !act.truth.test(one)));

    expect(untrue.map(({ act, what, told }) => ({ act: act.name, what, told }))).toEqual([]);
    expect(scenes.length).toBeGreaterThan(30);
  });

  it('leaves a record that is whole: one Provenance, the owner, and the thread in step with it', async () => {
    await eventually(async () => {
      const broken = [];
      for (const { act, taskId, what } of scenes) {
        const { task, thread, provenances } = await record.recorded(taskId);
        const found = {
          act: act.name,
          what,
          owner: task.owner?.reference,
          status: task.status,
          recipients: (thread?.recipient ?? []).map(({ reference }) => reference),
          told: provenances.filter((one) => deedOf(one)?.verb === act.verb).length,
          successors: (await successorsOf(taskId)).length,
        };
        const owner = act.owner && record.practitioner(act.owner);
        const whole = {
          act: act.name,
          what,
          owner,
          status: act === CLAIM ? 'accepted' : act.newTask ? 'cancelled' : 'requested',
          recipients: owner ? [owner] : [],
          told: 1,
          successors: act.newTask ? 1 : 0,
        };
        if (JSON.stringify(found) !== JSON.stringify(whole)) broken.push(found);
      }
      expect(broken).toEqual([]);
    }, PATIENCE_MS);
  }, 300_000);

  it('leaves one live card on each surface where the Task belongs, and none elsewhere', async () => {
    await eventually(async () => {
      const broken = [];
      for (const { act, taskId, what } of scenes) {
        const ids = [taskId, ...(await successorsOf(taskId))];
        for (const { slack, teams: conversation } of [NURSES, CARDIO, PHARMACY]) {
          const wanted = act.live.some((one) => one.slack === slack) ? 1 : 0;
          const cards = [
            ids.reduce((sum, id) => sum + liveSlack(id, slack), 0),
            ids.reduce((sum, id) => sum + liveTeams(id, conversation), 0),
          ];
          if (cards.some((one) => one !== wanted)) broken.push({ act: act.name, what, slack, wanted, cards });
        }
      }
      expect(broken).toEqual([]);
    }, PATIENCE_MS);
  }, 300_000);
});

/** Reroutes out of the pharmacy make a new Task. */
function withNewTasks(yaml: string): string {
  return yaml
    .replace(/(id: pharmacy\n)/, '$1    visibility: new-task\n')
    .replace(/seconds: 10/, 'seconds: 1');
}
