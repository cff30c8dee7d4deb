import type { Logger } from 'pino';
import type { LedgerWatch } from '../ledger/index.ts';
import type { RecordCall, RecordWatch } from '../medplum/calls.ts';
import { createDependency, type Dependency } from './dependencies.ts';
import { type GuardedPlatform, guardPlatform } from './guarded-platform.ts';
import { countCall, measurePlatform } from './metrics/measured.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { ChatPlatform } from './ports/chat.ts';

/** Everything that we depend on, with those who tell how it answers. */
export interface Watching {
  readonly record: Dependency;
  readonly recordWatch: RecordWatch;
  readonly ledger: Dependency;
  readonly ledgerWatch: LedgerWatch;
  /** The platforms behind their guards. */
  guard(platforms: readonly ChatPlatform[]): readonly GuardedPlatform[];
}

/** By real time, whatever the clinic's clock says: an outage lasts as long as it lasts. */
export function createWatching(metrics: Metrics, log: Logger): Watching {
  const now = Date.now;
  const record = createDependency('record', now, log);
  const ledger = createDependency('ledger', now, log);
  return {
    record,
    recordWatch: {
      // A server that is away answers nobody, and costs nothing to ask; one that refuses us may count.
      takeTurn: () => (record.report().state === 'refused' ? record.takeTurn() : 0),
      called: (call) => {
        countCall(metrics, call);
        tell(record, call);
      },
    },
    ledger,
    ledgerWatch: { worked: ledger.worked, failed: (state) => ledger.failed({ state }) },
    guard: (all) =>
      all.map((platform) => {
        const dependency = createDependency(platform.name, now, log);
        return guardPlatform(measurePlatform(platform, metrics), dependency, now);
      }),
  };
}

function tell(record: Dependency, { outcome, forMs }: RecordCall): void {
  switch (outcome) {
    case 'answered':
      record.worked();
      break;
    case 'unauthorized':
      // The login that follows says more.
      break;
    case 'throttled':
      record.failed({ state: 'throttled', ...(forMs && { forMs }) });
      break;
    case 'refused':
      record.failed({ state: 'refused', why: 'credentials' });
      break;
    case 'unreachable':
      record.failed({ state: 'unreachable' });
      break;
    default:
      outcome satisfies never;
  }
}
