import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Database } from '../../src/ledger/index.ts';

/** What is not done yet, by what it is. */
export type Open = Readonly<Record<string, number>>;

const NOTHING: Open = {};

/** What waits for its turn on a surface. */
export const IN_LINE = 'waiting in line';

/** What the ledger says that is still under way or owed. */
export async function openIn({ db }: Database): Promise<Open> {
  const { rows } = await sql<{ what: string; many: number }>`
    select 'job ' || name || ' ' || state::text as what, count(*)::int as many from pgboss.job
    where name in ('reconcile', 'thread', 'home', 'digest') and state::text in ('created', 'retry', 'active')
    group by name, state
    union all select 'journal', count(*)::int from journal
    union all select ${IN_LINE}::text, count(*)::int from waiting
    union all select 'card posting', count(*)::int from card where state = 'posting'
    union all select 'digest ' || state, count(*)::int from digest where state in ('due', 'posting') group by state
  `.execute(db);
  return Object.fromEntries(rows.filter(({ many }) => many > 0).map(({ what, many }) => [what, many]));
}

/**
 * What waits for its time is due now: after bad weather the queue waits up to five minutes before it tries again, and
 * whoever waits for the end of a run should not have to.
 */
export async function pullForward({ db, boss }: Database): Promise<void> {
  await sql`update pgboss.job set start_after = now() where state::text in ('created', 'retry') and start_after > now()`.execute(
    db,
  );
  // What a killed process was at is found out now and then; so often it is now.
  await boss.supervise();
}

/**
 * Waits until nothing is under way for as long as two sweeps take.
 *
 * @returns what is still open when patience is at its end; nothing where it is calm.
 */
export async function calm(database: Database, sweepMs: number, patienceMs: number): Promise<Open> {
  const end = Date.now() + patienceMs;
  let quietSince: number | undefined;
  let open = NOTHING;
  let pulled = 0;
  while (Date.now() < end) {
    open = await openIn(database);
    if (Object.keys(open).length > 0) quietSince = undefined;
    else quietSince ??= Date.now();
    if (quietSince !== undefined && Date.now() - quietSince > 2 * sweepMs) return NOTHING;
    if (quietSince === undefined && Date.now() - pulled > 5_000) {
      await pullForward(database);
      pulled = Date.now();
    }
    await sleep(500);
  }
  return open;
}
