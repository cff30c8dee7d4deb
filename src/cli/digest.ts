import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { surfaceKey } from '../cards/surfaces.ts';
import type { Occasion, PoolFacts } from '../clock/digest-facts.ts';
import type { DigestRule } from '../clock/pool-clock.ts';
import { localDay } from '../clock/times.ts';
import type { Config } from '../config.ts';
import { createDigests, createJobs, createLedger, lookInto, openDatabase } from '../ledger/index.ts';
import { connect } from '../medplum/client.ts';
import { createRecordStore } from '../medplum/store.ts';
import { createPlatforms, type PlatformModule } from '../platform.ts';
import { namedPool } from '../queries/tasks.ts';
import type { Pool } from '../routing/pools.ts';
import { countPool } from '../runtime/digest/counting.ts';
import { channelsOf, createPoolDigests } from '../runtime/digest/for-pools.ts';
import { createDigestReconcile, drawDigest } from '../runtime/digest/reconcile.ts';
import type { Digest } from '../runtime/ports/digests.ts';
import type { RecordStore } from '../runtime/ports/record.ts';
import { createSending } from '../runtime/sending/sending.ts';
import { createSurfaceStates } from '../runtime/surface-states.ts';
import { cardText } from './card-text.ts';
import { reasonOf } from './findings.ts';
import type { Print } from './setup.ts';

/** What the command line says. */
export interface DigestOptions {
  /** What somebody calls the pool. */
  readonly pool: string;
  readonly dryRun?: boolean;
}

/** What is not posted after so long is left to the service. */
const PATIENCE_MS = 60_000;

/**
 * `switchboard digest`: posts today's digest of a pool now, through the same row of the ledger as the clock, so that the
 * clock posts none besides it; or prints what it would be.
 *
 * @returns the exit code: 1 where there is no such digest, or it could not be posted.
 */
export async function digest(
  config: Config,
  modules: readonly PlatformModule[],
  { pool: words, dryRun = false }: DigestOptions,
  print: Print,
  now: () => number = Date.now,
): Promise<number> {
  const pool = namedPool(words, config.pools);
  if (typeof pool === 'string') {
    print(pool);
    return 1;
  }
  const rule = pool.clock?.digest;
  if (rule === undefined || pool.channels.length === 0) {
    const why = rule === undefined ? 'no digest is configured' : 'no channel is configured';
    print(`The pool “${pool.id}” has no digest: ${why} for it in switchboard.yaml.`);
    return 1;
  }
  const store = createRecordStore(await connect(config.medplum), config.rules);
  const at = new Date(now());
  const occasion = {
    day: localDay(at, rule.at.zone),
    now: at,
    until: new Date(at.getTime() + rule.graceMs),
  };
  const work = { config, pool, rule, occasion, store, print };
  return dryRun ? rehearse(work) : post(work, modules, now);
}

interface Work {
  readonly config: Config;
  readonly pool: Pool;
  readonly rule: DigestRule;
  readonly occasion: Occasion;
  readonly store: RecordStore;
  readonly print: Print;
}

async function rehearse({ config, pool, rule, occasion, store, print }: Work): Promise<number> {
  const known = await lookInto(config.ledger, async (db) => {
    const digests = createDigests(db);
    return {
      last: await digests.lastBefore(pool.id, occasion.day),
      made: await digests.madeOn(pool.id, occasion.day),
    };
  }).catch((error: unknown) => {
    print(`The ledger is left out, so the last digest is not known: ${reasonOf(error)}\n`);
    return undefined;
  });
  const made = known?.made ?? [];
  const missing = missingIn(pool, made);
  for (const one of made) print(`${nameOf(one)}: ${stateOf(one)}. Nothing would be posted there.`);
  if (missing.length === 0) return 0;

  const facts = await factsOf(made, () => countPool(pool, occasion, known?.last, store));
  if (isLeftOut(facts, rule)) {
    print(`Nothing waits in “${pool.name}”, so nothing would be posted (digest.empty is skip).`);
    return 0;
  }
  const card = await drawDigest({ of: pool.id, facts, isOutdated: false }, { ...config, store });
  for (const surface of missing) {
    print(`To ${nameOf({ surface })}:`);
    if (card) for (const line of cardText(card, rule.at.zone)) print(line);
    print('');
  }
  print('Nothing was posted.');
  return 0;
}

async function post(
  { config, pool, rule, occasion, store, print }: Work,
  modules: readonly PlatformModule[],
  now: () => number,
): Promise<number> {
  const log = pino({ level: 'silent' });
  const database = await openDatabase(config.ledger, () => {});
  let stopCalling = async () => {};
  try {
    const ledger = createLedger(database.db);
    const { digests } = ledger;
    const before = await digests.madeOn(pool.id, occasion.day);
    if (missingIn(pool, before).length === 0 && before.every(isSettled)) {
      for (const one of before) print(`${nameOf(one)}: ${stateOf(one)}. Nothing was posted.`);
      return 0;
    }
    const jobs = await createJobs(database.boss);
    const platforms = createPlatforms(modules, config.platforms, ledger, log);
    const sending = createSending({ line: ledger.line, platforms, jobs, log });
    const parts = {
      store,
      ledger,
      jobs,
      platforms,
      surfaces: createSurfaceStates(now, log),
      sending,
      pools: config.pools,
      rules: config.rules,
      now: () => new Date(now()),
      log,
    };
    // Whoever of all processes takes the job: it is the same row, and one of them posts it.
    await jobs.start({ digest: createDigestReconcile(parts) });
    stopCalling = sending.stop;
    sending.start();
    await createPoolDigests(parts).make(pool, rule, occasion);
    for (const { id } of before.filter((one) => !isSettled(one))) await jobs.markDigest(id);
    const after = await settled(() => digests.madeOn(pool.id, occasion.day), pool);
    for (const one of after) print(`${nameOf(one)}: ${stateOf(one)}.`);
    const isDone = missingIn(pool, after).length === 0 && after.every(isSettled);
    if (!isDone) print('The rest is left to the service: it is tried again until the time for it is over.');
    return isDone ? 0 : 1;
  } finally {
    await stopCalling();
    await database.close();
  }
}

/** What there is of the day, as soon as nothing of it is under way. */
async function settled(read: () => Promise<readonly Made[]>, pool: Pool): Promise<readonly Made[]> {
  for (let waited = 0; ; waited += 200) {
    const made = await read();
    const isDone = missingIn(pool, made).length === 0 && made.every(isSettled);
    if (isDone || waited >= PATIENCE_MS) return made;
    await sleep(200);
  }
}

type Made = Pick<Digest, 'id' | 'surface' | 'state' | 'facts'>;

function missingIn(pool: Pool, made: readonly Made[]) {
  const keys = new Set(made.map(({ surface }) => surfaceKey(surface)));
  return channelsOf(pool).filter((surface) => !keys.has(surfaceKey(surface)));
}

/** What was counted for the other channels counts here too. */
async function factsOf(made: readonly Made[], count: () => Promise<PoolFacts>): Promise<PoolFacts> {
  const said = made[0]?.facts;
  return said?.kind === 'pool' ? said : count();
}

function isLeftOut({ waiting }: PoolFacts, { empty }: DigestRule): boolean {
  return waiting === 0 && empty === 'skip';
}

function isSettled({ state }: Made): boolean {
  return state === 'live' || state === 'closed';
}

function nameOf({ surface: { platform, id } }: Pick<Made, 'surface'>): string {
  return `${platform} ${id}`;
}

function stateOf({ state, facts }: Made): string {
  if (state === 'live') return 'today’s digest stands';
  if (state !== 'closed') return 'today’s digest is on its way';
  return facts.rows.length === 0 ? 'nothing waited, so there is none today' : 'today’s digest is over';
}
