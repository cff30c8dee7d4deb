import type { PatchOperation } from '@medplum/core';
import type {
  Bundle,
  Coding,
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

/** A thread of messages with everything that stands beside it. */
export interface ThreadView {
  readonly header: Communication & { id: string };
  /** The newest messages, oldest of them first; at most fifty. */
  readonly messages: readonly (Communication & { id: string })[];
  /** Every Task whose focus is the thread, except those that are no work. */
  readonly tasks: readonly (Task & { id: string })[];
}

/** What is known of a Task's past. */
export interface History {
  /** Newest first. */
  readonly versions: readonly Task[];
  /** There were more versions than are given here. */
  readonly truncated: boolean;
}

/**
 * What became of a transaction. `whole`: all of it was done. `in parts`: the server keeps no transactions and has run
 * each entry by itself; `done` says of each, in their order, whether it was.
 */
export type Transacted =
  | { readonly kind: 'whole' }
  | { readonly kind: 'in parts'; readonly done: readonly boolean[] };

/** The FHIR record. Every method may throw {@link RecordError}. */
export interface RecordStore {
  /** The Task as it is now, confirmed by a search: a read by id can show what was rolled back. */
  observe(taskId: string): Promise<Observation | undefined>;
  /** The newest messages of a thread, oldest of them first; at most fifty. */
  messages(threadId: string): Promise<readonly (Communication & { id: string })[]>;
  /** The thread with its messages and Tasks; undefined where there is none. */
  threadView(threadId: string): Promise<ThreadView | undefined>;
  /** The Task's versions, newest first; the newest hundred. */
  versions(taskId: string): Promise<readonly Task[]>;
  /** The Task's versions, page by page, up to a thousand. */
  history(taskId: string): Promise<History>;
  /** @param as `Practitioner/<id>` on whose behalf it is written; the service's own name where absent. */
  patch(
    type: 'Task' | 'Communication',
    id: string,
    patch: readonly PatchOperation[],
    as?: string,
  ): Promise<void>;
  thread(id: string): Promise<(Communication & { id: string }) | undefined>;
  /** Writes a Task unless the search `unless` finds one; gives the one that is there then. */
  createTask(task: Task, unless: string, as?: string): Promise<Task & { id: string }>;
  /** The Task that a search finds, where it finds one. */
  findTask(query: string): Promise<(Task & { id: string }) | undefined>;
  /** Writes the Provenance unless it is there already. */
  addProvenance(provenance: Provenance, as?: string): Promise<void>;
  /** Takes the Provenance of a change that never was out of the record, where it is there. */
  removeProvenance(provenance: Provenance): Promise<void>;
  /** Runs a transaction. Only to be called where {@link keepsTransactions} said yes; it may have been switched off since. */
  transact(bundle: Bundle, as?: string): Promise<Transacted>;
  /** Finds out, without changing anything, whether the server keeps transactions or runs them as batches. */
  keepsTransactions(): Promise<boolean>;
  /** Unclaimed Tasks of a pool, page by page. */
  unclaimed(pool: Pool): AsyncIterable<Task & { id: string }>;
  /** Unclaimed Tasks of a pool, the most urgent first, at most `limit` (1000 at most), and how many there are in all. */
  queue(pool: Pool, limit: number): Promise<Queue>;
  /** Open Tasks of a pool that somebody has or was assigned, page by page. */
  owned(pool: Pool): AsyncIterable<Task & { id: string }>;
  /** Open Tasks of a person, page by page. */
  ownedBy(practitionerId: string): AsyncIterable<Task & { id: string }>;
  /** When a Task was written last, by the server's clock; undefined where there is none. */
  newestChange(): Promise<Date | undefined>;
  /** Tasks written since the instant, oldest first, page by page. */
  changedSince(since: Date): AsyncIterable<Task & { id: string }>;
  /** Tasks of a pool, whatever became of them, that were written since the instant, oldest first, page by page. */
  changedIn(pool: Pool, since: Date): AsyncIterable<Task & { id: string }>;
  /** Those of these Tasks that are in the record, in one request; a hundred at most. */
  tasksByIds(ids: readonly string[]): Promise<readonly (Task & { id: string })[]>;
  /** When a message of a thread was written last, by the server's clock. */
  newestMessageChange(): Promise<Date | undefined>;
  /** Messages of threads written since the instant, oldest first, page by page. */
  messagesChangedSince(since: Date): AsyncIterable<Communication & { id: string }>;
  /** The codes of a ValueSet, as the server expands it. */
  expand(valueSet: string): Promise<readonly Coding[]>;
}

export interface Queue {
  readonly tasks: readonly (Task & { id: string })[];
  readonly total: number;
}

/** Finds people in the record. */
export interface PeopleStore {
  byIdentifier(system: string, value: string): Promise<readonly Found[]>;
  byEmail(email: string): Promise<readonly Found[]>;
  byId(practitionerId: string): Promise<Found | undefined>;
  byName(words: string): Promise<readonly Found[]>;
  /** Everybody who has a role of this code, active or not, at this time or at another. */
  byRole(role: Coding): Promise<readonly Found[]>;
  /** Whether writes can be made on this person's behalf. */
  membership(practitionerId: string): Promise<Membership>;
  /** Whether the person's Schedule has a free slot in this time; undefined for somebody without a Schedule. */
  hasFreeSlot(practitionerId: string, from: Date, to: Date): Promise<boolean | undefined>;
}

/**
 * `active`: they have a membership of the project. `inactive`: it was switched off, which the server itself does not
 * look at. `none`: they have none. `unknown`: we may not look.
 */
export type Membership = 'active' | 'inactive' | 'none' | 'unknown';

export interface Found {
  readonly practitioner: Practitioner & { id: string };
  readonly roles: readonly PractitionerRole[];
}
