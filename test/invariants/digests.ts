import type { Database } from '../../src/ledger/index.ts';
import { difference } from './cards.ts';
import type { Fresh } from './fresh.ts';
import { formsOf, keyOf, type Message } from './messages.ts';

const HEAD = /^Daily digest/;

/** Digests: one for each pool, channel and day, whose rows are true as long as something can be done with them. */
export async function checkDigests(
  { db }: Database,
  fresh: Fresh,
  messages: ReadonlyMap<string, Message>,
): Promise<string[]> {
  const rows = await db.selectFrom('digest').select('id').execute();
  const faults: string[] = [];
  for (const { id } of rows) faults.push(...(await faultsOf(id, fresh, messages)));
  const digests = [...messages.values()].filter(({ title }) => HEAD.test(title));
  const same = Map.groupBy(digests, ({ platform, place, title }) => `“${title}” in ${platform} ${place}`);
  return [
    ...faults,
    ...[...same]
      .filter(([, found]) => found.length > 1)
      .map(([what, found]) => `I5: ${what} stands ${found.length} times.`),
  ];
}

async function faultsOf(id: string, fresh: Fresh, messages: ReadonlyMap<string, Message>): Promise<string[]> {
  const digest = await fresh.ledger.digests.get(id);
  if (digest === undefined) return [];
  const { of, facts, surface, state, ref, isOutdated } = digest;
  const name = `the digest of ${of} for ${facts.day} in ${surface.platform} ${surface.id}`;
  if (state === 'due') return [`I1: ${name} was not posted.`];
  if (ref === undefined) return [];
  const message = messages.get(keyOf(surface.platform, ref));
  // Somebody may have taken it away: there is one a day.
  if (message === undefined) return [];
  if (isOutdated || state === 'closed')
    return message.canBePressed ? [`I1: ${name} can be pressed, and a newer one stands below.`] : [];
  const card = await fresh.digest(digest);
  const forms = card ? formsOf(surface.platform, card, fresh.formOf) : [];
  if (card === undefined || forms.includes(message.drawn)) return [];
  return [`I2: ${name} is not what the record says: ${difference(message.drawn, forms)}`];
}
