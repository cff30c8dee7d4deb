import { type Kysely, sql } from 'kysely';
import type { Memory } from '../runtime/ports/chat.ts';
import type { Tables } from './schema.ts';

/** What cannot come again any more is forgotten each time that so many have come. */
const FORGET_EVERY = 500;

/**
 * Which presses have come, for as long as they can come again. Instants of the database's clock, so that processes agree.
 *
 * @returns for each platform how to ask whether a press is the first of its kind; one statement.
 */
export function createPresses(db: Kysely<Tables>): (platform: string) => Memory['once'] {
  let came = 0;
  const now = sql<Date>`now()`;

  return (platform) => async (key, forMs) => {
    const until = sql<Date>`now() + make_interval(secs => ${forMs / 1000}::float8)`;
    const row = await db
      .insertInto('press')
      .values({ platform, key, until })
      .onConflict((on) =>
        on.columns(['platform', 'key']).doUpdateSet({ until }).where('press.until', '<', now),
      )
      .returning('key')
      .executeTakeFirst();
    came++;
    if (came % FORGET_EVERY === 0) await db.deleteFrom('press').where('until', '<', now).execute();
    return row !== undefined;
  };
}
