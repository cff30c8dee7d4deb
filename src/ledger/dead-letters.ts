import { type Kysely, sql } from 'kysely';
import type { Tables } from './schema.ts';

/** The queue to which pg-boss moves what has run out of tries. Its name stands in every ledger. */
export const DEAD_LETTERS = 'dead-letter';

/** A job that was given up. */
export interface DeadLetter {
  readonly queue: string;
  /** What it looks at: the id of a Task, of a thread, ... */
  readonly key: string;
  /** How often it was tried, the last time. */
  readonly tries: number;
  /** When it was given up for the first time. */
  readonly since: Date;
  /** The kind of the last error; `lost` where its process died, or it took too long. */
  readonly error: string;
}

/** How many jobs of a queue are in a state: `created` and `retry` wait, `active` are worked on, `failed` were given up. */
export interface JobCount {
  readonly queue: string;
  readonly state: string;
  readonly jobs: number;
}

export interface DeadLetters {
  /** Those that nobody has done since, the oldest first: one for each queue and key. */
  list(): Promise<readonly DeadLetter[]>;
  forget(queue: string, key: string): Promise<void>;
  /** Forgets those whose job was done since: a sweep, an event or a press has marked it anew. */
  tidy(): Promise<void>;
  /** Of every queue but this one; what is done is not counted. */
  counts(): Promise<readonly JobCount[]>;
}

/** What has run out of tries. pg-boss keeps it in its own table; nothing else of ours looks in there. */
export function createDeadLetters(db: Kysely<Tables>): DeadLetters {
  return {
    list: async () => {
      // With `stately` a job fails at once where another of its key waits to be tried again: that one counts.
      const { rows } = await sql<Row>`
        select source_name as queue, key, tries, since, error
        from (
          select source_name, data->>'key' as key, source_retry_count + 1 as tries,
            min(created_on) over (partition by source_name, data->>'key') as since,
            row_number() over (partition by source_name, data->>'key' order by created_on desc) as nth,
            source_output->>'message' as error
          from pgboss.job j
          where name = ${DEAD_LETTERS} and state = 'created' and source_name is not null
            and source_retry_count >= coalesce(
              (select retry_limit from pgboss.queue q where q.name = j.source_name), 0)
        ) given_up
        where nth = 1
        order by since, source_name, key`.execute(db);
      return rows.map(({ error, ...row }) => ({ ...row, error: kindIn(error) }));
    },

    forget: async (queue, key) => {
      await sql`
        delete from pgboss.job
        where name = ${DEAD_LETTERS} and source_name = ${queue} and data->>'key' = ${key}`.execute(db);
    },

    tidy: async () => {
      await sql`
        delete from pgboss.job dead
        where dead.name = ${DEAD_LETTERS} and exists (
          select 1 from pgboss.job done
          where done.name = dead.source_name and done.singleton_key = dead.data->>'key'
            and done.state = 'completed' and done.completed_on > dead.created_on)`.execute(db);
    },

    counts: async () => {
      const { rows } = await sql<JobCount>`
        select name as queue, state::text as state, count(*)::int as jobs from pgboss.job
        where name <> ${DEAD_LETTERS} and state <> 'completed'
        group by name, state`.execute(db);
      return rows;
    },
  };
}

type Row = Omit<DeadLetter, 'error'> & { readonly error: string | null };

/** Before there were kinds, the whole message was kept; pg-boss has sentences of its own for what it gave up by itself. */
function kindIn(message: string | null): string {
  return message !== null && /^(defect|(record|chat|ledger) [a-z-]+)$/.test(message) ? message : 'lost';
}
