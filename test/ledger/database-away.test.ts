import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createJobs,
  createLedger,
  type Database,
  openDatabase,
  type Worker,
} from '../../src/ledger/index.ts';
import { withPatience } from '../../src/ledger/patient-opening.ts';
import { LedgerError } from '../../src/runtime/ports/ledger.ts';
import { openWire, type Wire } from '../support/flow-proxy.ts';
import { databases, type Home } from '../support/unit-postgres.ts';

const [postgres] = (await databases()).filter(({ shared }) => shared);
const PATIENT = { timeout: 30_000, interval: 50 };

describe.runIf(postgres)('a database that goes away', () => {
  let home: Home;
  let wire: Wire;
  let database: Database;
  let jobs: Worker;
  let done: string[];
  let told: string[];

  beforeEach(async () => {
    if (postgres === undefined) return;
    home = await postgres.create();
    wire = await openWire('url' in home.where ? home.where.url : '');
    done = [];
    told = [];
    database = await openDatabase({ url: wire.url }, () => undefined, {
      worked: () => told.push('worked'),
      failed: (state) => told.push(state),
    });
    jobs = await createJobs(database.boss);
    await jobs.start({
      task: async (taskId) => {
        done.push(taskId);
        return { kind: 'done' };
      },
    });
  });

  afterEach(async () => {
    await wire.mend();
    await database.close();
    await wire.close();
    await home.drop();
  });

  const failure = (work: Promise<unknown>) => work.then(() => undefined).catch((error: unknown) => error);

  it('is told apart from a statement that is wrong', async () => {
    const ledger = createLedger(database.db);
    expect(await failure(ledger.madeAt('no uuid'))).not.toBeInstanceOf(LedgerError);
    expect(told).not.toContain('unreachable');

    await wire.cut();

    expect(await failure(ledger.cardsOf('t1'))).toMatchObject({ state: 'unreachable', inDoubt: false });
    expect(told.at(-1)).toBe('unreachable');
  });

  it('leaves a write in doubt only where it was sent', async () => {
    const ledger = createLedger(database.db);
    await wire.cut();
    // What the pool still holds finds out; then there is no connection to send it by.
    await failure(ledger.cardsOf('t1'));

    const error = await failure(ledger.seen('t1', '1', undefined));

    expect(error).toMatchObject({ name: 'LedgerError', inDoubt: false });
  });

  it('ends no process, also where a connection is lost while a statement is at work', async () => {
    const working = failure(sql`select pg_sleep(20)`.execute(database.db));
    await expect
      .poll(async () => {
        const { rows } = await sql<{ at: number }>`
          select count(*)::int as at from pg_stat_activity where query like 'select pg_sleep%'
          and datname = current_database()`.execute(database.db);
        return rows[0]?.at;
      }, PATIENT)
      .toBe(1);

    await wire.cut();

    expect(await working).toBeInstanceOf(LedgerError);
  });

  it('keeps nobody waiting that does not answer', async () => {
    const ledger = createLedger(database.db);
    await ledger.cardsOf('t1');
    wire.silence();

    const error = await failure(ledger.link({ platform: 'c', tenant: 't', id: 'u' }, 'p'));

    expect(error).toMatchObject({ name: 'LedgerError', state: 'unreachable', inDoubt: true });
  }, 30_000);

  it('is used again when it is back: the tables, the queue and its notices', async () => {
    await wire.cut();
    expect(await failure(jobs.mark('while it is away'))).toBeDefined();
    await wire.mend();

    await expect
      .poll(() => failure(createLedger(database.db).seen('t1', '1', undefined)), PATIENT)
      .toBeUndefined();
    await expect.poll(() => failure(jobs.mark('t2')), PATIENT).toBeUndefined();

    await expect.poll(() => done, PATIENT).toContain('t2');
    expect(told.at(-1)).toBe('worked');
  }, 60_000);

  it('is waited for at the start, for a while', async () => {
    await wire.cut();
    const patience = { forMs: 400, everyMs: 100 };
    const log = { warn: () => undefined };
    const open = () => openDatabase({ url: wire.url }, () => undefined);
    await expect(withPatience(open, log, patience)).rejects.toThrow('migrating the ledger');

    const opening = withPatience(open, log, { ...patience, forMs: 20_000 });
    await wire.mend();

    await (await opening).close();
  }, 60_000);
});
