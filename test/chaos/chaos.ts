import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PLATFORMS } from '../../adapters/index.ts';
import { createClock } from '../../sandbox/clock.ts';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { environmentFor } from '../../sandbox/settings.ts';
import { loadConfig } from '../../src/config.ts';
import { openDatabase, type Where } from '../../src/ledger/index.ts';
import { checkInvariants, linesLeftIn, type Pressed } from '../invariants.ts';
import { createShared } from '../support/unit-postgres.ts';
import { startBalancer } from './balancer.ts';
import type { Break } from './breaks.ts';
import { calm, IN_LINE, type Open, openIn, pullForward } from './calm.ts';
import { EVENTS, type Event, type Stage } from './events.ts';
import { writeEvidence } from './evidence.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { createPeople } from './people.ts';
import { createRandom } from './random.ts';
import { watchRecords } from './records.ts';
import { nextMonday, nextTime, SWEEP_S, writeSettings } from './settings.ts';
import { createWeather, lostQuestions } from './weather.ts';

export interface ChaosOptions {
  readonly seed: number;
  /** How long the bad weather lasts. */
  readonly minutes: number;
  readonly events: number;
  readonly database: 'pglite' | 'postgres';
  /** Processes; the embedded database belongs to one. */
  readonly replicas: number;
  /** Whether the FHIR server keeps transactions; drawn from the seed unless told. */
  readonly transactions?: boolean | undefined;
  readonly broken?: Break | undefined;
  /** Keeps the log of the processes, and says where. */
  readonly keepLog?: boolean;
  readonly say?: (line: string) => void;
}

/** What came of a run. */
export interface ChaosResult {
  readonly violations: readonly string[];
  readonly figures: Readonly<Record<string, unknown>>;
  /** Where the log of the processes is, where it was kept. */
  readonly log: string | undefined;
}

/** So many things happen side by side at most. */
const AT_ONCE = 40;
/** All that was begun comes to its end within so long, once the weather is fair: Slack takes fifty updates a minute. */
const CALM_WITHIN_MS = 900_000;
/** A build that is broken on purpose may never come to rest: that is one way to be caught. */
const BROKEN_CALM_WITHIN_MS = 180_000;
/** So long, at most, an embedded database is left alone between two looks. */
const LONGEST_NAP_MS = 60_000;
/** So many messages a process may be just posting when it dies: its workers. */
const POSTS_AT_ONCE = 5;

/** A clinic in bad weather: everything that may happen does, then it calms down, and the promise is checked. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seed, database: kind, say = () => undefined } = options;
  const random = createRandom(seed);
  const transactions = options.transactions ?? random.chance(0.5);
  const size = kind === 'pglite' ? 1 : options.replicas;
  const clock = createClock();
  clock.moveTo(nextMonday(clock.now()));
  const sandbox = await startSandbox({ clock, transactions, webhookRetryMs: [200, 400] });
  await sandbox.teams.install();
  const balancer = await startBalancer();
  sandbox.setApp(balancer.url);
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-chaos-'));
  const home = kind === 'postgres' ? await createShared() : undefined;
  const where: Where = home?.where ?? { folder: join(folder, 'ledger') };
  const log = join(folder, 'processes.log');
  const env = {
    ...environmentFor(sandbox.url, balancer.url),
    PATH: process.env.PATH ?? '',
    SWITCHBOARD_CONFIG: await writeSettings(folder),
    ...('url' in where ? { DATABASE_URL: where.url } : 'folder' in where ? { DATA_DIR: where.folder } : {}),
  };
  const { offset } = clock;
  const fleet = createFleet({ size, env, balancer, offset, broken: options.broken, log });
  const records = watchRecords(sandbox);
  let keep = options.keepLog ?? false;
  try {
    say(`seed ${seed}: ${size} ${size === 1 ? 'process' : 'processes'} on ${kind}, ${way(transactions)}`);
    await fleet.startAll();
    const people = createPeople(sandbox, records);
    const weather = createWeather(sandbox, random.branch('weather'));
    const move = (act: () => void) => {
      act();
      fleet.tellOffset();
    };
    const stage: Stage = {
      sandbox,
      people,
      records,
      weather,
      fleet,
      size,
      forward: (ms) => move(() => clock.advance(ms)),
      forwardTo: (time) => move(() => clock.moveTo(new Date(nextTime(time, clock.now()).getTime() + 2_000))),
    };
    const happened = await storm(stage, options);

    say(`${sum(happened)} events; waiting until it is calm`);
    weather.clear();
    await fleet.stopAll();
    await fleet.startAll();
    const open = await calmedDown(where, fleet, options.broken ? BROKEN_CALM_WITHIN_MS : CALM_WITHIN_MS);
    await fleet.stopAll();
    say('checking');
    const lost = lostQuestions(weather) + POSTS_AT_ONCE * fleet.kills();
    const database = await openDatabase(where, () => undefined);
    const config = loadConfig(env, PLATFORMS);
    const { pressed } = people;
    const broken = await checkInvariants({ sandbox, database, config, pressed, lost }).finally(() =>
      database.close(),
    );
    const restless = Object.entries(open).map(([what, many]) => `It did not calm down: ${many} of ${what}.`);
    const violations = [...fleet.misdeeds, ...restless, ...broken];
    keep ||= violations.length > 0;
    if (keep) await writeEvidence(folder, sandbox, pressed, violations);
    const figures = {
      seed,
      database: kind,
      processes: size,
      transactions,
      events: sum(happened),
      happened: Object.fromEntries(happened),
      presses: byAnswer(pressed),
      kills: fleet.kills(),
      faults: Object.fromEntries([...weather.faults].sort()),
      messages: messagesPosted(sandbox),
      linesThatBecameNoCard: linesLeftIn(sandbox),
    };
    return { violations, figures, log: keep ? log : undefined };
  } finally {
    await fleet.stopAll();
    records.stop();
    await balancer.close();
    await sandbox.close();
    await home?.drop();
    if (!keep) await rm(folder, { recursive: true, force: true });
  }
}

/** Everything happens, evenly over the time; gives how often what did. */
async function storm(stage: Stage, { seed, events, minutes }: ChaosOptions): Promise<Map<string, number>> {
  const random = createRandom(seed).branch('events');
  const happened = new Map<string, number>();
  const running = new Set<Promise<void>>();
  const between = (minutes * 60_000) / events;
  const began = Date.now();
  for (let i = 0; i < events; i++) {
    const event: Event = random.weighted(EVENTS);
    const dice = random.branch(`${i}`);
    happened.set(event.name, (happened.get(event.name) ?? 0) + 1);
    const run = event
      .run(stage, dice)
      .catch((error: unknown) => {
        throw new Error(`“${event.name}” went wrong in the test itself`, { cause: error });
      })
      .finally(() => running.delete(run));
    running.add(run);
    if (running.size >= AT_ONCE) await Promise.race(running);
    const ahead = began + (i + 1) * between - Date.now();
    if (ahead > 0) await sleep(ahead);
  }
  await Promise.all(running);
  return happened;
}

/** Waits until nothing is under way. An embedded database belongs to its process: it is looked into while that is stopped. */
async function calmedDown(where: Where, fleet: Fleet, withinMs: number): Promise<Open> {
  if ('url' in where) {
    const database = await openDatabase(where, () => undefined);
    return calm(database, SWEEP_S * 1_000, withinMs).finally(() => database.close());
  }
  let nap = 2.5 * SWEEP_S * 1_000;
  for (const end = Date.now() + withinMs; ; ) {
    await sleep(nap);
    await fleet.stopAll();
    const database = await openDatabase(where, () => undefined);
    const open = await openIn(database);
    if (Object.keys(open).length > 0) await pullForward(database);
    // What waits for its turn goes about one a second.
    nap = Math.min(LONGEST_NAP_MS, Math.max(nap, 1_000 * (open[IN_LINE] ?? 0)));
    await database.close();
    if (Object.keys(open).length === 0 || Date.now() > end) return open;
    await fleet.startAll();
  }
}

function way(transactions: boolean): string {
  return transactions ? 'with transactions' : 'with the journal';
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((all, one) => all + one, 0);
}

function byAnswer(pressed: readonly Pressed[]): Record<string, number> {
  const counts = Map.groupBy(pressed, ({ answer }) => answer);
  return Object.fromEntries([...counts].map(([answer, same]) => [answer, same.length]));
}

function messagesPosted({ slack, teams }: Sandbox): Record<string, number> {
  const inSlack = slack.posted().filter(({ bot_id }) => bot_id !== undefined).length;
  const inTeams = teams.posted().filter(({ from }) => from.user === undefined).length;
  return { slack: inSlack, teams: inTeams };
}
