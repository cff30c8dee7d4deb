import type { Logger } from 'pino';
import { PLATFORMS } from '../adapters/index.ts';
import type { Config } from './config.ts';
import {
  createDeadLetters,
  createJobs,
  createLedger,
  givenUp,
  openDatabase,
  type Where,
  withPatience,
} from './ledger/index.ts';
import { askRecord } from './medplum/ask.ts';
import { connect } from './medplum/client.ts';
import { openTasks } from './medplum/open-tasks.ts';
import { createPeopleStore } from './medplum/people.ts';
import { inBackground } from './medplum/reserve.ts';
import { createSocketEvents } from './medplum/socket-events.ts';
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
import { eventSource } from './runtime/health.ts';
import { createHomes } from './runtime/homes.ts';
import { serve } from './runtime/http.ts';
import { keepTrying } from './runtime/keep-trying.ts';
import { measureCommit, measureDesk, nameSurfaces, timeCards } from './runtime/metrics/measured.ts';
import { createMetrics } from './runtime/metrics/metrics.ts';
import { createObserving } from './runtime/observing.ts';
import { createAuthorOf } from './runtime/on-behalf-of.ts';
import { createOrphanWatch } from './runtime/orphan-watch.ts';
import { createOrphans } from './runtime/orphans.ts';
import { createPeople } from './runtime/people.ts';
import { type Fuse, NO_FUSE } from './runtime/ports/fuse.ts';
import { watchReasons } from './runtime/reasons.ts';
import { createReconcile } from './runtime/reconcile.ts';
import { createSending } from './runtime/sending/sending.ts';
import { createShiftEnd } from './runtime/shift-end.ts';
import { startPlatforms } from './runtime/start-platforms.ts';
import { type Ending, endAll } from './runtime/stopping.ts';
import { createSurfaceStates } from './runtime/surface-states.ts';
import { createSweep } from './runtime/sweep.ts';
import { createThreads } from './runtime/threads.ts';
import { createTimekeeper } from './runtime/timekeeper.ts';
import { watchTransactions } from './runtime/transactions.ts';
import { createWakes } from './runtime/wakes.ts';
import { createWatching } from './runtime/watching.ts';

/** A running Switchboard. */
export interface Switchboard {
  /** Where it listens, on this machine. */
  readonly url: string;
  /** Stops accepting, finishes what is running (at most 10 s), closes. */
  stop(): Promise<void>;
}

/** What may differ in a test: the clock, where the ledger lives, the pace of sending, and where the process dies. */
export interface Overrides {
  readonly ledger?: Where;
  readonly now?: () => number;
  /** Tells when somebody has moved the clock: what is due then is looked at at once. */
  readonly onMove?: (listener: () => void) => void;
  /** Speaks to platforms as fast as they take it. */
  readonly unpaced?: boolean;
  readonly fuse?: Fuse;
}

const STOP_GRACE_MS = 10_000;
const SUBSCRIBE_AGAIN_MS = 60_000;
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
    const metrics = createMetrics();
    const watching = createWatching(metrics, log);
    const client = await connect(config.medplum, {
      watch: watching.recordWatch,
      onUnreachable: (err) => log.error({ err }, 'the record is not reachable yet; it is tried again'),
    });
    const store = createRecordStore(client, config.rules);
    const directory = createPeopleStore(client);
    const transactions = await watchTransactions(() => store.keepsTransactions(), log);
    undo.push(transactions.stop);
    const reasons = await watchReasons((set) => store.expand(set), config.reasons, log);
    undo.push(reasons.stop);
    const where = overrides.ledger ?? config.ledger;
    const { ledgerWatch } = watching;
    // While it is away every worker says so every second.
    const onLate = (err: unknown) =>
      log[watching.ledger.report().state === 'unreachable' ? 'debug' : 'warn']({ err }, 'ledger');
    const database = await withPatience(() => openDatabase(where, onLate, ledgerWatch), log);
    undo.push(() => database.close());
    const ledger = createLedger(database.db);
    const deadLetters = createDeadLetters(database.db);
    const jobs = await createJobs(database.boss, undefined, log);
    const platforms = watching.guard(createPlatforms(PLATFORMS, config.platforms, ledger, log));

    // What people ask and do.
    const { pools, rules, recipients, taskLink, tellOwners } = config;
    const people = createPeople(directory, ledger, platforms, config.people, now, log);
    const told = { ranAsBatch: transactions.ranAsBatch, fuse };
    const commit = measureCommit(
      createCommit(store, ledger.journal, transactions.kept, recipients, log, told),
      metrics,
    );
    const authorOf = createAuthorOf(config.onBehalfOf, (id) => directory.membership(id), now);
    const places = { pools, rules, taskLink, log, fuse };
    const service = { ...places, store, people, ledger, jobs, commit, recipients };
    const desk: DeskParts = { ...service, reasons: reasons.current, authorOf, now: date };
    const homes = createHomes({ ...service, platforms, ask: createAsk(desk) });

    // What follows the record by itself.
    const surfaces = createSurfaceStates(now, log);
    const sending = createSending({ line: ledger.line, platforms, jobs, unpaced: overrides.unpaced, log });
    const orphans = createOrphans({
      ...places,
      store,
      people: directory,
      openTasks: () => openTasks(client, rules),
      operations: config.operations,
      now,
    });
    const digests = createDailyDigests({ ...service, platforms, surfaces, sending, now: date });
    const align = createAlign(store, recipients, now, log);
    const reconcile = createReconcile({
      ...service,
      platforms,
      align,
      surfaces,
      sending,
      homes,
      digests,
      orphans,
      timekeeper: createTimekeeper({ ...service, now: date }),
      tellOwners,
      now: date,
      onCard: timeCards(metrics, now),
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
    const socket =
      config.events === 'websocket'
        ? createSocketEvents({ client, marks, catchUp: sweep.soon, now, log })
        : undefined;
    const hooks = webhookSecret ? [webhookRoute(webhookSecret, marks, log)] : [];
    for (const platform of platforms) undo.push(() => platform.stop());
    await startPlatforms(platforms, measureDesk(createDesk(desk), metrics, Date.now), log);
    const observing = createObserving({
      metrics,
      record: { dependency: watching.record, ask: () => askRecord(client) },
      ledger: { dependency: watching.ledger, ask: database.ask },
      platforms,
      surfaces,
      events: () => eventSource(socket?.state(), hooks.length > 0),
      keepsTransactions: transactions.kept,
      looks: {
        jobs: deadLetters.counts,
        deadLetters: () => givenUp(deadLetters, ledger.journal),
        lags: () => ledger.line.lags(),
      },
      nameOf: nameSurfaces(pools, config.operations),
      tidy: deadLetters.tidy,
      log,
    });
    observing.start();
    undo.push(() => observing.stop());
    const routes = [...observing.routes, ...hooks, ...platforms.flatMap((one) => one.routes())];
    // Closed before the platforms are: nothing new comes in while they finish what people have begun.
    const server = await serve(routes, config.port, config.host);
    doors.push(() => server.close(HANG_UP_MS));
    await jobs.start({
      task: inBackground(reconcile),
      thread: inBackground(threads),
      home: homes.draw,
      digest: inBackground(digests.reconcile),
    });
    sending.start();
    undo.push(() => sending.stop());
    await inBackground(sweep.start)();
    doors.push(() => sweep.stop());
    inBackground(clock.start)();
    overrides.onMove?.(() => void clock.once());
    doors.push(() => clock.stop());
    if (config.operations.length > 0) {
      watch.start();
      doors.push(() => watch.stop());
    }
    socket?.start();
    doors.push(() => socket?.stop());
    if (config.events === 'rest-hook' && publicUrl && webhookSecret) {
      const subscribe = () => ensureSubscriptions(client, webhookAddress(publicUrl), webhookSecret);
      const stopTrying = await keepTrying(subscribe, SUBSCRIBE_AGAIN_MS, (error) =>
        log.warn({ err: error }, 'the Subscriptions could not be made; changes are found by the sweep alone'),
      );
      undo.push(stopTrying);
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
