import pino, { type Logger } from 'pino';
import { PLATFORMS } from '../adapters/index.ts';
import { type Config, ConfigError, loadConfig } from './config.ts';
import { createJobs, createLedger, openDatabase } from './ledger/index.ts';
import { connect } from './medplum/client.ts';
import { createPeopleStore } from './medplum/people.ts';
import { createRecordStore } from './medplum/store.ts';
import { ensureSubscription } from './medplum/subscriptions.ts';
import { webhookRoute } from './medplum/webhook.ts';
import { createAlign } from './runtime/align.ts';
import { createCommit } from './runtime/commit.ts';
import { createDesk } from './runtime/desk.ts';
import { answer, serve } from './runtime/http.ts';
import { createPeople } from './runtime/people.ts';
import type { ChatPlatform, Route } from './runtime/ports/chat.ts';
import type { Ledger } from './runtime/ports/ledger.ts';
import { createReconcile } from './runtime/reconcile.ts';
import { createSurfaceStates, type SurfaceStates } from './runtime/surface-states.ts';
import { createSweep } from './runtime/sweep.ts';

/** A running Switchboard. */
export interface Switchboard {
  /** Where it listens, on this machine. */
  readonly url: string;
  /** Stops accepting, finishes what is running (at most 10 s), closes. */
  stop(): Promise<void>;
}

/** What may differ in a test: the clock, and where the ledger lives. */
export interface Overrides {
  readonly memoryLedger?: boolean;
  readonly now?: () => number;
}

const STOP_GRACE_MS = 10_000;
const TRANSACTIONS_RECHECK_MS = 3_600_000;

/**
 * Puts everything together and starts it: config in, a serving process out. The only place that knows all the parts.
 * Throws where a part cannot start, after stopping those that did.
 */
export async function start(config: Config, log: Logger, overrides: Overrides = {}): Promise<Switchboard> {
  const now = overrides.now ?? Date.now;
  const undo: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) {
      await Promise.resolve(step()).catch((error: unknown) => log.error({ err: error }, 'stopping'));
    }
  };
  try {
    const client = await connect(config.medplum);
    const store = createRecordStore(client, config.rules);
    const transactions = await watchTransactions(() => store.keepsTransactions(), log);
    undo.push(transactions.stop);

    const where = overrides.memoryLedger ? ({ memory: true } as const) : config.ledger;
    const database = await openDatabase(where, (error) => log.error({ err: error }, 'ledger'));
    undo.push(() => database.close());
    const ledger = createLedger(database.db);
    const jobs = await createJobs(database.boss);

    const platforms = createPlatforms(config, ledger, log);
    const people = createPeople(createPeopleStore(client), ledger, platforms, config.people, now);
    const commit = createCommit(store, ledger.journal, transactions.kept, config.recipients, log);
    const { pools, rules, recipients } = config;
    const desk = createDesk({
      store,
      people,
      ledger,
      jobs,
      commit,
      pools,
      rules,
      recipients,
      now: () => new Date(now()),
      log,
    });
    const align = createAlign(store, recipients, now, log);
    const { taskLink, tellOwners } = config;
    const surfaces = createSurfaceStates(now, log);
    const reconcile = createReconcile({
      store,
      ledger,
      people,
      platforms,
      pools,
      rules,
      align,
      surfaces,
      taskLink,
      tellOwners,
      log,
    });
    const sweep = createSweep({ store, ledger, jobs, commit, pools, ...config.sweep, now, log });

    const hook = config.webhookSecret ? [webhookRoute(config.webhookSecret, (id) => jobs.mark(id), log)] : [];
    const routes = [
      HEALTH,
      readiness(surfaces),
      ...hook,
      ...platforms.flatMap((platform) => platform.routes()),
    ];
    for (const platform of platforms) {
      await platform.start(desk);
      undo.push(() => platform.stop());
    }
    // Undone before the platforms are: nothing new comes in while they finish what people have begun.
    const server = await serve(routes, config.port, config.host);
    undo.push(() => server.close(STOP_GRACE_MS));
    await jobs.start(reconcile);
    sweep.start();
    undo.push(() => sweep.stop());
    if (config.publicUrl && config.webhookSecret) {
      await subscribe(
        () => ensureSubscription(client, `${config.publicUrl}/medplum/webhook`, config.webhookSecret ?? ''),
        log,
      );
    }
    const url = `http://${config.host}:${server.port}`;
    log.info(
      { url, transactions: transactions.kept(), platforms: platforms.map(({ name }) => name) },
      'ready',
    );
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const HEALTH: Route = {
  method: 'GET',
  path: '/healthz',
  handle: (_request, response) => answer(response, 200, 'ok'),
};

/** `GET /readyz`: serving, and on which surfaces nothing can be shown at present. */
function readiness(surfaces: SurfaceStates): Route {
  return {
    method: 'GET',
    path: '/readyz',
    handle: (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ status: 'ready', lostSurfaces: surfaces.lost() }));
    },
  };
}

function createPlatforms(config: Config, ledger: Ledger, log: Logger): ChatPlatform[] {
  return PLATFORMS.flatMap((module) => {
    const settings = config.platforms[module.name];
    if (!settings) return [];
    return [module.create(settings, log.child({ platform: module.name }), ledger.memoryOf(module.name))];
  });
}

/** Whether the server keeps transactions is found out now and looked up again every hour: it can be switched on. */
async function watchTransactions(find: () => Promise<boolean>, log: Logger) {
  let kept = false;
  const look = async () => {
    try {
      kept = await find();
    } catch (error) {
      // Without an answer the journal is used: it is right on every server.
      log.warn({ err: error }, 'whether the server keeps transactions is not known; the journal is used');
      kept = false;
    }
  };
  await look();
  const timer = setInterval(look, TRANSACTIONS_RECHECK_MS).unref();
  return { kept: () => kept, stop: () => clearInterval(timer) };
}

async function subscribe(ensure: () => Promise<void>, log: Logger): Promise<void> {
  try {
    await ensure();
  } catch (error) {
    log.warn({ err: error }, 'the Subscription could not be made; changes are found by the sweep alone');
  }
}

/** Runs the process until it is told to stop. Wrong configuration: one message, exit code 2. */
async function main(): Promise<void> {
  let config: Config;
  try {
    config = loadConfig(process.env, PLATFORMS);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
    return;
  }
  const log = pino({ level: config.logLevel });
  const switchboard = await start(config, log);
  const end = (signal: string) => {
    log.info({ signal }, 'stopping');
    switchboard.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', () => end('SIGTERM'));
  process.once('SIGINT', () => end('SIGINT'));
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? [error.message, String(error.cause ?? '')].join('\n') : error);
    process.exitCode = 1;
  });
}
