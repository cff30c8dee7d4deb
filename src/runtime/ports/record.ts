import type { PatchOperation } from '@medplum/core';
import type {
  Bundle,
  Communication,
  Practitioner,
  PractitionerRole,
  Provenance,
  Task,
} from '@medplum/fhirtypes';
import type { Pool } from '../../routing/pools.ts';

/* What the core needs of the FHIR server. */

/** A Task with all that stands beside it, read in one request. */
export interface Observation {
  readonly task: Task & { id: string };
  readonly thread: (Communication & { id: string }) | undefined;
  /** Newest first. */
  readonly provenances: readonly Provenance[];
}

/** What went wrong at the FHIR server, in the kinds that the core treats differently. */
export type RecordErrorKind =
  | 'lost'
  | 'conflict'
  | 'throttled'
  | 'forbidden'
  | 'gone'
  | 'invalid'
  | 'unreachable';

/** An error of the FHIR server. `unreachable` means that nobody knows whether a write was done. */
export class RecordError extends Error {
  readonly kind: RecordErrorKind;
  readonly retryAfterMs: number | undefined;

  constructor(kind: RecordErrorKind, doing: string, more: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(`${kind} while ${doing}`, { cause: more.cause });
    this.name = 'RecordError';
    this.kind = kind;
    this.retryAfterMs = more.retryAfterMs;
  }
}

/** The FHIR record. Every method may throw {@link RecordError}. */
export interface RecordStore {
  /** The Task as it is now, confirmed by a search: a read by id can show what was rolled back. */
  observe(taskId: string): Promise<Observation | undefined>;
  /** The newest message of a thread. */
  newestMessage(threadId: string): Promise<Communication | undefined>;
  /** The Task's versions, newest first; the newest hundred. */
  versions(taskId: string): Promise<readonly Task[]>;
  patch(type: 'Task' | 'Communication', id: string, patch: readonly PatchOperation[]): Promise<void>;
  thread(id: string): Promise<(Communication & { id: string }) | undefined>;
  /** Writes the Provenance unless it is there already. */
  addProvenance(provenance: Provenance): Promise<void>;
  /** Runs a transaction. Only to be called where {@link keepsTransactions} said yes. */
  transact(bundle: Bundle): Promise<void>;
  /** Finds out, without changing anything, whether the server keeps transactions or runs them as batches. */
  keepsTransactions(): Promise<boolean>;
  /** Unclaimed Tasks of a pool, page by page. */
  unclaimed(pool: Pool): AsyncIterable<Task & { id: string }>;
  /** Open Tasks of a person, page by page. */
  ownedBy(practitionerId: string): AsyncIterable<Task & { id: string }>;
  /** When a Task was written last, by the server's clock; undefined where there is none. */
  newestChange(): Promise<Date | undefined>;
  /** Tasks written since the instant, oldest first, page by page. */
  changedSince(since: Date): AsyncIterable<Task & { id: string }>;
}

/** Finds people in the record. */
export interface PeopleStore {
  byIdentifier(system: string, value: string): Promise<readonly Found[]>;
  byEmail(email: string): Promise<readonly Found[]>;
  byId(practitionerId: string): Promise<Found | undefined>;
  byName(words: string): Promise<readonly Found[]>;
}

export interface Found {
  readonly practitioner: Practitioner & { id: string };
  readonly roles: readonly PractitionerRole[];
}
