import type { Journal } from '../runtime/ports/ledger.ts';

/** A change that is half written and cannot be finished. */
export interface StuckChange {
  readonly id: string;
  readonly taskId: string;
  /** Since it was begun, in milliseconds. */
  readonly ageMs: number;
  /** The kind of error that the last try met. */
  readonly failure: string;
}

/** The journal's dead letters. */
export interface StuckChanges {
  stuck(): Promise<readonly StuckChange[]>;
  /** Lets one be tried again. False where there is none of this id. */
  retry(id: string): Promise<boolean>;
}

/** Those of a journal that knows of any; a journal that tries for ever has none. */
export function stuckChangesOf(journal: Journal | (Journal & StuckChanges)): StuckChanges {
  if ('stuck' in journal) return journal;
  return { stuck: async () => [], retry: async () => false };
}
