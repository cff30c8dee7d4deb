import type { Sandbox } from '../sandbox/server.ts';
import type { Config } from '../src/config.ts';
import type { Database } from '../src/ledger/index.ts';
import { poolsOf } from '../src/routing/pools.ts';
import { checkCards } from './invariants/cards.ts';
import { checkChanges, type Pressed } from './invariants/changes.ts';
import { checkDigests } from './invariants/digests.ts';
import { createFresh } from './invariants/fresh.ts';
import { messagesOf, postedTwice } from './invariants/messages.ts';
import { checkPosts, linesLeft } from './invariants/posts.ts';
import { readRecord } from './invariants/record.ts';
import { checkDoubles, checkRecipients } from './invariants/tasks.ts';

export type { Pressed } from './invariants/changes.ts';

export interface Checked {
  readonly sandbox: Sandbox;
  readonly database: Database;
  readonly config: Config;
  /** Everything that people pressed, with what they were told; what was written with no press is not in it. */
  readonly pressed: readonly Pressed[];
  /** So many of our questions the platforms may have lost; none unless told. */
  readonly lost?: number;
  /** By which instant the cards are drawn; the sandbox's clock unless told. */
  readonly at?: Date;
}

/**
 * The promise, checked over a clinic in which everything has calmed down and no fault is waiting. Gives what is broken of
 * it, in sentences; nothing where it holds.
 *
 * - I1 Every Task in a pool that nobody has is on one live card on each of its surfaces, and there is no other.
 * - I2 Every card is what is drawn afresh from the record; digests too.
 * - I3 A press that was answered “done” is in the record once, with one Provenance; one that was answered “no” is not.
 * - I4 Owners of Tasks and recipients of threads agree.
 * - I5 Nothing was posted, made or taken twice, except where the platform lost our question.
 *
 * Cards are found in the workspace and the tenant, and only what cannot be seen there is read off the ledger.
 */
export async function checkInvariants({
  sandbox,
  database,
  config,
  pressed,
  lost = 0,
  at = new Date(sandbox.clock.now()),
}: Checked): Promise<string[]> {
  const whole = await readRecord(sandbox);
  const messages = messagesOf(sandbox);
  const byKey = new Map(messages.map((message) => [message.key, message]));
  const about = Map.groupBy(messages, ({ task }) => task ?? '');
  const fresh = await createFresh(config, database, at);
  const shown = await database.db.selectFrom('card').select('task_id as id').distinct().execute();
  const served = whole.pasts.filter(({ task }) => poolsOf(task, config.pools).length > 0);
  const ids = new Set([
    ...served.map(({ task }) => task.id),
    ...shown.map(({ id }) => id),
    ...[...about.keys()].filter((id) => id !== ''),
  ]);
  const cards: string[] = [];
  for (const id of ids) cards.push(...(await checkCards(id, fresh, byKey, about.get(id) ?? [])));
  const lines = linesLeft(messages);
  return [
    ...cards,
    ...(await checkDigests(database, fresh, byKey)),
    ...checkChanges(sandbox, whole.pasts, pressed),
    ...checkRecipients(whole, config.recipients),
    ...(await checkPosts(database, messages, postedTwice(sandbox), whole.pasts, config)),
    ...checkDoubles(whole),
    ...(lines > lost ? [`I5: ${lines} lines never became a card, and ${lost} answers were lost.`] : []),
  ];
}

/** How many lines stand that never became a card, because the platform lost our question: to be told, never silent. */
export function linesLeftIn(sandbox: Sandbox): number {
  return linesLeft(messagesOf(sandbox));
}
