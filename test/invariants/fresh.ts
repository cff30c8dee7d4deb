import pino from 'pino';
import { PLATFORMS } from '../../adapters/index.ts';
import type { Config } from '../../src/config.ts';
import { createLedger, type Database } from '../../src/ledger/index.ts';
import { connect } from '../../src/medplum/client.ts';
import { openTasks } from '../../src/medplum/open-tasks.ts';
import { createPeopleStore } from '../../src/medplum/people.ts';
import { createRecordStore } from '../../src/medplum/store.ts';
import { createPlatforms } from '../../src/platform.ts';
import { DEFAULT_REASONS } from '../../src/routing/reasons.ts';
import { createDesire } from '../../src/runtime/desire.ts';
import { drawDigest } from '../../src/runtime/digest/reconcile.ts';
import { formOf } from '../../src/runtime/forms.ts';
import { lookAt } from '../../src/runtime/look.ts';
import { createOrphans } from '../../src/runtime/orphans.ts';
import { createPeople } from '../../src/runtime/people.ts';
import type { Digest } from '../../src/runtime/ports/digests.ts';

/** Draws what should stand now, by the product's own rules, from the record as it is. */
export async function createFresh(config: Config, { db }: Database, at: Date) {
  const log = pino({ level: 'silent' });
  const now = () => at.getTime();
  const { pools, rules, taskLink, tellOwners, operations } = config;
  const client = await connect(config.medplum);
  const store = createRecordStore(client, rules);
  const directory = createPeopleStore(client);
  const ledger = createLedger(db);
  const platforms = createPlatforms(PLATFORMS, config.platforms, ledger, log);
  const people = createPeople(directory, ledger, platforms, config.people, now);
  const places = { pools, rules, taskLink, log };
  const orphans = createOrphans({
    ...places,
    store,
    people: directory,
    openTasks: () => openTasks(client, rules),
    operations,
    now,
  });
  const desire = createDesire({ ...places, store, ledger, people, platforms, orphans, tellOwners });

  return {
    ledger,
    formOf: (verb: string, taskId: string) => formOf(verb, taskId, pools, DEFAULT_REASONS),
    /** What should stand of a Task and what the ledger says that stands; `soon`, so much earlier. */
    cards: async (taskId: string, earlierMs = 0) => {
      const seen = await store.observe(taskId);
      const posted = await ledger.cardsOf(taskId);
      const look = lookAt(seen, store, new Date(at.getTime() - earlierMs));
      return { posted, desired: await desire(taskId, seen, posted, look) };
    },
    digest: (digest: Digest) => drawDigest(digest, { store, pools, rules }),
  };
}

export type Fresh = Awaited<ReturnType<typeof createFresh>>;
