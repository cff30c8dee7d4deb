import type { Logger } from 'pino';
import type { RecipientRule } from '../record/recipients.ts';
import type { Pool } from '../routing/pools.ts';
import type { Reasons } from '../routing/reasons.ts';
import type { TaskRules } from '../routing/task.ts';
import type { Commit } from './commit.ts';
import type { AuthorOf } from './on-behalf-of.ts';
import type { People } from './people.ts';
import type { Fuse } from './ports/fuse.ts';
import type { Jobs, Ledger } from './ports/ledger.ts';
import type { RecordStore } from './ports/record.ts';

/** What the desk works with. */
export interface DeskParts {
  readonly store: RecordStore;
  readonly people: People;
  readonly ledger: Ledger;
  readonly jobs: Jobs;
  readonly commit: Commit;
  readonly pools: readonly Pool[];
  readonly rules: TaskRules;
  readonly recipients: RecipientRule;
  /** The reasons that the project uses now; its own may change while we run. */
  readonly reasons: () => Reasons;
  /** Who answers for what a person changes, and on whose behalf it is written. */
  readonly authorOf: AuthorOf;
  readonly taskLink: string | undefined;
  readonly now: () => Date;
  readonly log: Logger;
  readonly fuse?: Fuse;
}
