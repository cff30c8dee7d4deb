import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import type { Align } from '../../src/runtime/align.ts';
import { createReconcile, type ReconcileParts } from '../../src/runtime/reconcile.ts';
import { createSending } from '../../src/runtime/sending/sending.ts';
import { createSurfaceStates } from '../../src/runtime/surface-states.ts';
import { POOLS, TASK_ID, taskIn } from './pure-clinic.ts';
import { FakeChat } from './unit-chat.ts';
import { MemoryLedger, rememberedJobs } from './unit-ledger.ts';
import { FakeRecord } from './unit-record.ts';
import { capturedLog } from './unit-slack.ts';

/** A record, a ledger and a chat platform in memory, and what makes their cards true. */
export class Desktop {
  now = 1_000_000;
  record = new FakeRecord(taskIn());
  readonly chat = new FakeChat();
  readonly ledger = new MemoryLedger(() => this.now);
  readonly jobs = rememberedJobs();
  readonly sending = createSending({
    line: this.ledger.line,
    platforms: [this.chat],
    jobs: this.jobs,
    log: capturedLog().log,
  });
  /** Which last owners the alignment was told of, and whether it says that thread and owner agree. */
  readonly aligned: (string | undefined)[] = [];
  agrees = true;

  /** One process, which reconciles the Task; its memory of pauses is its own. */
  process(more: Partial<ReconcileParts> = {}) {
    const align: Align = async (_seen, last) => {
      this.aligned.push(last);
      return this.agrees;
    };
    const reconcile = createReconcile({
      store: this.record,
      ledger: this.ledger,
      people: this.ledger,
      platforms: [this.chat],
      pools: POOLS,
      rules: DEFAULT_TASK_RULES,
      align,
      homes: { touched: async () => {} },
      digests: { touched: async () => {} },
      orphans: { reports: async () => [] },
      taskLink: undefined,
      tellOwners: true,
      timekeeper: { settle: async (seen) => seen, wakeFor: async () => {} },
      now: () => new Date(this.now),
      surfaces: createSurfaceStates(() => this.now, capturedLog().log),
      sending: this.sending,
      log: capturedLog().log,
      ...more,
    });
    return () => reconcile(TASK_ID);
  }

  /** The buttons of each card on a channel, oldest card first. */
  buttons(channel: string): string[][] {
    return this.chat.at(channel).map((card) => card.buttons.map((button) => button.verb));
  }

  /** The ledger's rows, oldest first. */
  states(): string[] {
    return [...this.ledger.cards.values()].map((row) => row.state);
  }
}

export const NURSES_CHANNEL = 'C-registered-nurse';
export const CARDIO_CHANNEL = 'C-cardiology';
