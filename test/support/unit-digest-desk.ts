import type { Task } from '@medplum/fhirtypes';
import { slotAfter } from '../../src/clock/daily.ts';
import { type Daily, NO_CLOCK, type PoolClock } from '../../src/clock/pool-clock.ts';
import type { Outcome } from '../../src/ledger/jobs.ts';
import type { Member } from '../../src/routing/eligibility.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import { createDailyDigests } from '../../src/runtime/digest/digests.ts';
import type { RecordStore } from '../../src/runtime/ports/record.ts';
import { createSending } from '../../src/runtime/sending/sending.ts';
import { createSurfaceStates } from '../../src/runtime/surface-states.ts';
import { ANA, NURSES, taskIn } from './pure-clinic.ts';
import { FakeChat } from './unit-chat.ts';
import { MemoryLedger, rememberedJobs } from './unit-ledger.ts';
import { FakeRecord } from './unit-record.ts';
import { capturedLog } from './unit-slack.ts';

type Stored = Task & { id: string };

const EIGHT: Daily = { cron: '0 8 * * 1-5', zone: 'America/New_York', holidays: ['2026-12-25'] };

export const CHANNEL = 'C-registered-nurse';
export const HOUR = 3_600_000;

/** Digests with a record, a ledger and a chat platform in memory, and a clock that the test moves. */
export class DigestDesk {
  /** A Sunday. */
  now = new Date('2026-03-01T12:00:00.000Z');
  waiting: Stored[] = [taskIn()];
  changed: Stored[] = [];
  /** How often a pool was counted. */
  counts = 0;
  people = new Map<string, Member>([['ana', ANA]]);
  readonly chat = new FakeChat();
  readonly ledger = new MemoryLedger(() => this.now.getTime());
  readonly jobs = rememberedJobs();

  /** One process; what it remembers is its own. */
  process(rule: Partial<NonNullable<PoolClock['digest']>> = {}) {
    const digest = { at: EIGHT, graceMs: 2 * HOUR, empty: 'skip', ...rule } as const;
    const { log } = capturedLog();
    const digests = createDailyDigests({
      store: this.#store(),
      ledger: this.ledger,
      jobs: this.jobs,
      people: { member: async (id) => this.people.get(id) },
      platforms: [this.chat],
      surfaces: createSurfaceStates(() => this.now.getTime(), log),
      sending: createSending({ line: this.ledger.line, platforms: [this.chat], jobs: this.jobs, log }),
      pools: [{ ...NURSES, clock: { ...NO_CLOCK, digest } }],
      rules: {
        ...DEFAULT_TASK_RULES,
        clock: { ...NO_CLOCK, hours: { ...NO_CLOCK.hours, zone: EIGHT.zone } },
      },
      now: () => this.now,
      log,
    });
    return { ...digests, tick: () => this.#tick(digests) };
  }

  /** Moves the clock to the next slot, or so long (ms) behind it. */
  toNextSlot(late = 0): void {
    const slot = slotAfter(this.now, EIGHT);
    if (slot === undefined) throw new Error('There are no working days any more.');
    this.now = new Date(slot.at.getTime() + late);
  }

  later(ms: number): void {
    this.now = new Date(this.now.getTime() + ms);
  }

  /** The digests that stand in the channel, by their titles and the verbs of their rows. */
  standing(id = CHANNEL): { title: string; verbs: string[] }[] {
    return this.chat.at(id).map((card) => ({
      title: card.title,
      verbs: (card.rows ?? []).flatMap(({ buttons }) => buttons.map(({ verb }) => verb)),
    }));
  }

  states(): string[] {
    return [...this.ledger.digests.rows.values()].map(({ state }) => state);
  }

  /** What the clock does, and the jobs that come of it. */
  async #tick(digests: ReturnType<typeof createDailyDigests>): Promise<Outcome[]> {
    await digests.due(this.now);
    const outcomes: Outcome[] = [];
    for (let id = this.jobs.digests.shift(); id !== undefined; id = this.jobs.digests.shift())
      outcomes.push(await digests.reconcile(id));
    return outcomes;
  }

  #store(): RecordStore {
    const all = () => [...this.waiting, ...this.changed];
    return Object.assign(new FakeRecord(taskIn()), {
      unclaimed: () => {
        this.counts++;
        return each(this.waiting);
      },
      changedIn: () => each(this.changed),
      ownedBy: (id: string) => each(all().filter((task) => task.owner?.reference === `Practitioner/${id}`)),
      tasksByIds: async (ids: readonly string[]) => all().filter(({ id }) => ids.includes(id)),
    });
  }
}

async function* each<T>(some: readonly T[]): AsyncGenerator<T> {
  yield* some;
}
