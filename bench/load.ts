import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '@medplum/fhirtypes';
import { PEOPLE, POOLS } from '../sandbox/clinic.ts';
import type { Sandbox } from '../sandbox/server.ts';
import { cardsOf } from '../test/chaos/ears.ts';

/**
 * What three seconds of the load are made of: sixty changes of Tasks and thirty presses. Slack takes fifty updates of
 * messages a minute, so no more Tasks come and go than their cards can be closed.
 */
const SECONDS = 3;
const DECK = [
  ['write', 1],
  ['close', 1],
  ['release', 9],
  ['raise', 28],
  ['touch', 21],
  ['press', 30],
] as const;

type Deed = (typeof DECK)[number][0];

/** So many Tasks are open at once; older ones are closed. */
const OPEN = 40;

/** A clinic at work: patients write, Tasks change without Switchboard, people press. */
export interface Load {
  /** How often what has happened. */
  readonly done: ReadonlyMap<Deed, number>;
  /** Presses by the HTTP status that the platform was answered with. */
  readonly answers: ReadonlyMap<number, number>;
  run(ms: number): Promise<void>;
}

export function createLoad(sandbox: Sandbox): Load {
  const { fhir, inbox, slack, teams } = sandbox;
  const done = new Map<Deed, number>();
  const answers = new Map<number, number>();
  const open: { readonly id: string; readonly pool: string }[] = [];
  const find = cardsOf(sandbox);
  const inSlack = remembered(find.slack);
  const inTeams = remembered(find.teams);
  let turn = 0;

  const any = <T>(some: readonly T[]): T | undefined => some[Math.floor(Math.random() * some.length)];
  const patch = (id: string, ops: Parameters<typeof fhir.repository.patchResource>[2]) =>
    fhir.repository.patchResource<Task>('Task', id, ops);

  const deeds: Record<Deed, () => Promise<unknown>> = {
    write: async () => {
      const pool = POOLS[turn++ % POOLS.length]?.id ?? '';
      const { task } = await inbox.write({ pool, priority: 'routine' });
      open.push({ id: task, pool });
    },
    close: async () => {
      if (open.length <= OPEN) return;
      const oldest = open.shift();
      if (oldest) await patch(oldest.id, [{ op: 'replace', path: '/status', value: 'completed' }]);
    },
    release: async () => {
      const { id } = any(open) ?? {};
      if (!id || !(await fhir.repository.readResource<Task>('Task', id)).owner) return;
      await patch(id, [
        { op: 'remove', path: '/owner' },
        { op: 'replace', path: '/status', value: 'requested' },
      ]);
    },
    raise: async () => {
      const { id } = any(open) ?? {};
      if (id) await patch(id, [{ op: 'add', path: '/priority', value: any(['routine', 'urgent']) }]);
    },
    touch: async () => {
      const { id } = any(open) ?? {};
      if (id) await patch(id, [{ op: 'add', path: '/description', value: `Seen ${turn}` }]);
    },
    press: async () => {
      const { id: task = '', pool } = any(open) ?? {};
      const user = any(PEOPLE.filter((one) => !one.obstacle && pool && one.pools.includes(pool)))?.slackId;
      if (!user) return;
      const how = { user, stale: true } as const;
      const [card, place] = [inSlack(task), inTeams(task)];
      if (Math.random() < 0.5 && card)
        return slack.press({ ...how, ...card, action_id: 'claim', value: task }).then(count);
      if (place) return teams.press({ ...how, ...place, verb: 'claim', data: { task } }).then(count);
      return undefined;
    },
  };

  function count({ status }: { readonly status: number }): void {
    answers.set(status, (answers.get(status) ?? 0) + 1);
  }

  async function one(deed: Deed): Promise<void> {
    try {
      await deeds[deed]();
    } catch {
      // Somebody else was quicker. What did not happen is not counted.
      return;
    }
    done.set(deed, (done.get(deed) ?? 0) + 1);
  }

  return {
    done,
    answers,
    run: async (ms) => {
      const deck = DECK.flatMap(([deed, times]) => Array.from({ length: times }, () => deed));
      const running = new Set<Promise<void>>();
      const began = Date.now();
      for (let i = 0; Date.now() - began < ms; i++) {
        // In turn and mixed: seven is no divisor of what the deck holds.
        const deed = deck[(i * 7) % deck.length];
        if (!deed) throw new Error('The deck is empty.');
        const run = one(deed).finally(() => running.delete(run));
        running.add(run);
        const ahead = began + ((i + 1) * SECONDS * 1_000) / deck.length - Date.now();
        if (ahead > 0) await sleep(ahead);
      }
      await Promise.all(running);
    },
  };
}

/** Where something stands does not change once it is known. */
function remembered<T>(find: (task: string) => T | undefined): (task: string) => T | undefined {
  const known = new Map<string, T>();
  return (task) => {
    const found = known.get(task) ?? find(task);
    if (found) known.set(task, found);
    return found;
  };
}
