import { LedgerError } from './ports/ledger.ts';
import { RecordError } from './ports/record.ts';

/**
 * What a person is told when something failed that was none of their doing. Nothing was changed by it.
 *
 * @param as `Practitioner/<id>` on whose behalf it was to be written, where it was: their own access decides then.
 */
export function apology(error: unknown, as?: string): string {
  // Only a change is begun in the ledger, and only where that is certain to be undone may somebody be told no.
  if (error instanceof LedgerError) return error.inDoubt ? LEDGER_SILENT : LEDGER_AWAY;
  if (!(error instanceof RecordError))
    return 'Something went wrong here; nothing was changed. Your administrator can see it in the log.';
  switch (error.kind) {
    case 'forbidden':
      if (as !== undefined) return NOT_ALLOWED_TO_YOU;
      return 'The record does not allow this; nothing was changed. Your administrator can look at the access policy.';
    case 'throttled':
      return 'The record is busy just now; nothing was changed. Try again in a minute.';
    case 'conflict':
      return 'Others are changing this Task at this very moment; nothing was changed. Try again.';
    case 'invalid':
    case 'lost':
    case 'gone':
      return 'The record refused this; nothing was changed. Your administrator can see it in the log.';
    case 'unreachable':
      return 'The record is not reachable just now; nothing was changed.';
    default:
      return error.kind satisfies never;
  }
}

const LEDGER_AWAY = 'Switchboard’s own database is not reachable just now; nothing was changed.';

const LEDGER_SILENT =
  'Switchboard’s own database went silent in the middle of this. Whether it was done will show on the card as soon as it answers again.';

/** Why somebody was told no, for those who count: `rule` where it was not a fault but what holds. */
export function reasonIn(sentence: string): string {
  return REASONS.find(({ says }) => sentence.includes(says))?.reason ?? 'rule';
}

const REASONS: readonly { readonly says: string; readonly reason: string }[] = [
  { says: 'record is not reachable', reason: 'record unreachable' },
  { says: 'record went silent', reason: 'in doubt' },
  { says: 'record is busy', reason: 'record throttled' },
  { says: 'record does not allow', reason: 'record forbids' },
  { says: 'record refused', reason: 'record refuses' },
  { says: 'Your own access', reason: 'own access' },
  { says: 'Others are changing', reason: 'conflict' },
  { says: 'own database is not reachable', reason: 'ledger unreachable' },
  { says: 'own database went silent', reason: 'in doubt' },
  { says: 'Something went wrong here', reason: 'defect' },
  { says: 'not linked to a Practitioner', reason: 'stranger' },
];

const NOT_ALLOWED_TO_YOU =
  'Your own access in Medplum does not allow this change; nothing was changed. Somebody else may be allowed to make it, ' +
  'or your administrator can look at your access policy.';
