import type { Logger } from 'pino';
import { PLATFORMS } from '../adapters/index.ts';
import type { Config } from './config.ts';
import { createJobs, createLedger, openDatabase } from './ledger/index.ts';
import { connect } from './medplum/client.ts';
import { openTasks } from './medplum/open-tasks.ts';
import { createPeopleStore } from './medplum/people.ts';
import { createRecordStore } from './medplum/store.ts';
import { ensureSubscriptions, webhookAddress } from './medplum/subscriptions.ts';
import { arrivalOf } from './medplum/threads.ts';
import { webhookRoute } from './medplum/webhook.ts';
import { createPlatforms } from './platform.ts';
import { createAlign } from './runtime/align.ts';
import { createAsk } from './runtime/ask.ts';
import { createClock } from './runtime/clock.ts';
import { createCommit } from './runtime/commit.ts';
import { createDesk } from './runtime/desk.ts';
import type { DeskParts } from './runtime/desk-parts.ts';
import { createDailyDigests } from './runtime/digest/digests.ts';
import { HEALTH, readiness } from './runtime/health.ts';
import { createHomes } from './runtime/homes.ts';
import { serve } from './runtime/http.ts';
import { createAuthorOf } from './runtime/on-behalf-of.ts';
import { createOrphanWatch } from './runtime/orphan-watch.ts';
import { createOrphans } from './runtime/orphans.ts';
import { createPeople } from './runtime/people.ts';
import { type Fuse, NO_FUSE } from './runtime/ports/fuse.ts';
import { watchReasons } from './runtime/reasons.ts';
import { createReconcile } from './runtime/reconcile.ts';
import { createShiftEnd } from './runtime/shift-end.ts';
import { type Ending, endAll } from './runtime/stopping.ts';
import { createSurfaceStates } from './runtime/surface-states.ts';
import { createSweep } from './runtime/sweep.ts';
import { createThreads } from './runtime/threads.ts';
import { createTimekeeper } from './runtime/timekeeper.ts';
import { watchTransactions } from './runtime/transactions.ts';
import { createWakes } from './runtime/wakes.ts';

/** A running Switchboard. */
export interface Switchboard {
  /** Where it listens, on this machine. */
  readonly url: string;
  /** Stops accepting, finishes what is running (at most 10 s), closes. */
  stop(): Promise<void>;
}

/** What may differ in a test: the clock, where the ledger lives, and where the process dies. */
export interface Overrides {
  readonly memoryLedger?: boolean;
  readonly now?: () => number;
  readonly fuse?: Fuse;
}

const STOP_GRACE_MS = 10_000;
/** What people have begun over these connections is finished and written down in what is left of that. */
const HANG_UP_MS = 8_000;

/**
 * Puts everything together and starts it: config in, a serving process out. The only place that knows all the parts.
 * Throws where a part cannot start, after stopping those that did.
 */
export async function start(config: Config, log: Logger, overrides: Overrides = {}): Promise<Switchboard> {
  const { now = Date.now, fuse = NO_FUSE } = overrides;
  const date = () => new Date(now());
  const ending: Ending = { doors: [], rest: [] };
  const { doors, rest: undo } = ending;
  const stop = () => endAll(ending, STOP_GRACE_MS, log);
  try {
    // What stands outside: the record, the ledger, the platforms.
    const client = await connect(config.medplum);
    const store = createRecordStore(client, config.rules);
    const directory = createPeopleStore(client);
    const transactions = await watchTransactions(() => store.keepsTransactions(), log);
    undo.push(transactions.stop);
    const reasons = await watchReasons((set) => store.expand(set), config.reasons, log);
    undo.push(reasons.stop);
    const where = overrides.memoryLedger ? ({ memory: true } as const) : config.ledger;
    const database = await openDatabase(where, (error) => log.error({ err: error }, 'ledger'));
    undo.push(() => database.close());
    const ledger = createLedger(database.db);
    const jobs = await createJobs(database.boss);
    const platforms = createPlatforms(PLATFORMS, config.platforms, ledger, log);

    // What people ask and do.
    const { pools, rules, recipients, taskLink, tellOwners } = config;
    const people = createPeople(directory, ledger, platforms, config.people, now);
    const told = { ranAsBatch: transactions.ranAsBatch, fuse };
    const commit = createCommit(store, ledger.journal, transactions.kept, recipients, log, told);
    const authorOf = createAuthorOf(config.onBehalfOf, (id) => directory.membership(id), now);
    const places = { pools, rules, taskLink, log, fuse };
    const service = { ...places, store, people, ledger, jobs, commit, recipients };
    const desk: DeskParts = { ...service, reasons: reasons.current, authorOf, now: date };
    const homes = createHomes({ ...service, platforms, ask: createAsk(desk) });

    // What follows the record by itself.
    const surfaces = createSurfaceStates(now, log);
    const orphans = createOrphans({
      ...places,
      store,
      people: directory,
      openTasks: () => openTasks(client, rules),
      operations: config.operations,
      now,
    });
    const digests = createDailyDigests({ ...service, platforms, surfaces, now: date });
    const align = createAlign(store, recipients, now, log);
    const reconcile = createReconcile({
      ...service,
      platforms,
      align,
      surfaces,
      homes,
      digests,
      orphans,
      timekeeper: createTimekeeper({ ...service, now: date }),
      tellOwners,
      now: date,
    });
    const { intake, followUps, completeWhenAnsweredBy, coverage } = config;
    const threads = createThreads({
      ...service,
      hasFreeSlot: directory.hasFreeSlot,
      arrivedAt: (messageId) => arrivalOf(client, messageId),
      intake,
      followUps,
      completeWhenAnsweredBy,
      coverage,
      now: date,
    });
    const sweep = createSweep({ ...service, ...config.sweep, now });
    const watch = createOrphanWatch({ orphans, jobs, log });
    const clock = createClock({
      tasks: {
        wakes: createWakes({ ledger, jobs }),
        digests: digests.due,
        shiftEnds: createShiftEnd(service),
      },
      now: date,
      log,
    });

    // Open for service.
    const marks = { task: jobs.mark, thread: jobs.markThread };
    const { webhookSecret, publicUrl } = config;
    const hooks = webhookSecret ? [webhookRoute(webhookSecret, marks, log)] : [];
    const front = createDesk(desk);
    for (const platform of platforms) {
      await platform.start(front);
      undo.push(() => platform.stop());
    }
    const routes = [HEALTH, readiness(surfaces), ...hooks, ...platforms.flatMap((one) => one.routes())];
    // Closed before the platforms are: nothing new comes in while they finish what people have begun.
    const server = await serve(routes, config.port, config.host);
    doors.push(() => server.close(HANG_UP_MS));
    await jobs.start({ task: reconcile, thread: threads, home: homes.draw, digest: digests.reconcile });
    await sweep.start();
    doors.push(() => sweep.stop());
    clock.start();
    doors.push(() => clock.stop());
    if (config.operations.length > 0) {
      watch.start();
      doors.push(() => watch.stop());
    }
    if (publicUrl && webhookSecret) {
      await subscribe(() => ensureSubscriptions(client, webhookAddress(publicUrl), webhookSecret), log);
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

async function subscribe(ensure: () => Promise<unknown>, log: Logger): Promise<void> {
  try {
    await ensure();
  } catch (error) {
    log.warn({ err: error }, 'the Subscriptions could not be made; changes are found by the sweep alone');
  }
}
