import type { Logger } from 'pino';
import type { Pool } from '../../routing/pools.ts';
import type { TaskRules } from '../../routing/task.ts';
import type { People } from '../people.ts';
import type { ChatPlatform } from '../ports/chat.ts';
import type { Fuse } from '../ports/fuse.ts';
import type { Jobs, Ledger } from '../ports/ledger.ts';
import type { RecordStore } from '../ports/record.ts';
import type { Sending } from '../sending/sending.ts';
import type { SurfaceStates } from '../surface-states.ts';

/** What the digests are made of. */
export interface DigestParts {
  readonly store: RecordStore;
  readonly ledger: Pick<Ledger, 'digests' | 'reserve' | 'unreserve'>;
  readonly jobs: Pick<Jobs, 'markDigest'>;
  readonly people: Pick<People, 'member'>;
  readonly platforms: readonly ChatPlatform[];
  readonly surfaces: SurfaceStates;
  readonly sending: Sending;
  readonly pools: readonly Pool[];
  readonly rules: TaskRules;
  readonly now: () => Date;
  readonly log: Logger;
  readonly fuse?: Fuse;
}
