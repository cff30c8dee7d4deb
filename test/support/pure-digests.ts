import type { Task } from '@medplum/fhirtypes';
import type { PersonFacts, PoolFacts } from '../../src/clock/digest-facts.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import { NURSES, POOLS } from './pure-clinic.ts';

type Stored = Task & { id: string };

/** What was counted on a Monday morning, with what the test adds. */
export function poolFactsOf(more: Partial<PoolFacts> = {}): PoolFacts {
  return {
    kind: 'pool',
    day: '2026-03-02',
    at: '2026-03-02T08:00:00.000Z',
    until: '2026-03-02T10:00:00.000Z',
    waiting: 1,
    byPriority: { stat: 0, asap: 0, urgent: 0, routine: 1 },
    oldest: '2026-03-01T14:02:00.000Z',
    traffic: { cameIn: 3, closed: 2, since: '2026-02-27T08:00:00.000Z', of: 'last digest' },
    rows: [],
    ...more,
  };
}

export function personFactsOf(more: Partial<PersonFacts> = {}): PersonFacts {
  const { day, at, until } = poolFactsOf();
  return { kind: 'person', day, at, until, owned: 0, assigned: 0, rows: [], ...more };
}

/** What the digest of the nurses' pool is drawn from: what was counted, and these Tasks as they are now. */
export function digestOf(facts: Partial<PoolFacts>, ...tasks: readonly Stored[]) {
  return { facts: poolFactsOf(facts), pool: NURSES, ...known(tasks) };
}

/** These Tasks, as a digest looks them up. */
export function known(tasks: readonly Stored[]) {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  return { tasks: byId, pools: POOLS, rules: DEFAULT_TASK_RULES };
}
