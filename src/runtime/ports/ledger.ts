import type { Posted } from '../../cards/diff.ts';
import type { Surface } from '../../cards/surfaces.ts';
import type { Writes } from '../../record/writes.ts';
import type { Priority } from '../../routing/priority.ts';
import type { ChatUser, Memory, MessageRef } from './chat.ts';
import type { Digests } from './digests.ts';
import type { Line } from './line.ts';

/* What the core needs of its own small database. */

/** The ledger's database is away, or does not let us in. */
export class LedgerError extends Error {
  readonly state: 'unreachable' | 'refused';
  /** Something was to be written, and nobody knows whether it was. */
  readonly inDoubt: boolean;

  constructor(
    state: LedgerError['state'],
    { cause, inDoubt = false }: { cause?: unknown; inDoubt?: boolean } = {},
  ) {
    super(`the ledger is ${state}`, { cause });
    this.name = 'LedgerError';
    this.state = state;
    this.inDoubt = inDoubt;
  }
}

/** Our own small database: ids and hashes, and while a change is under way its patch. Never patient data. */
export interface Ledger {
  /** The newest card on each surface where the Task has one. */
  cardsOf(taskId: string): Promise<readonly Posted[]>;
  /** When a card's row was made: a post in doubt is looked for from then on. */
  madeAt(cardId: string): Promise<Date>;
  /** Makes a row before the platform is called, so that a post is never forgotten. */
  beginPost(taskId: string, surface: Surface, occasion?: string): Promise<Posted>;
  posted(cardId: string, ref: MessageRef, hash: string): Promise<void>;
  /** It is about to be redrawn: what it says is not known until {@link redrawn} tells. */
  redrawing(cardId: string): Promise<void>;
  redrawn(cardId: string, hash: string, state: 'live' | 'closed'): Promise<void>;
  /** The message is not there any more, or never was. */
  dropCard(cardId: string): Promise<void>;
  /** Tasks with a card on which something could still be pressed, or whose post is in doubt. */
  tasksWithOpenCards(): Promise<readonly string[]>;
  /**
   * What these cards say is not known any more: those drawn the longest ago, and so long ago by the ledger's clock, at
   * most `limit`.
   */
  doubtCards(olderThanMs: number, limit: number): Promise<void>;

  /** Remembers which version of a Task the cards were last made to say, and who owned it then (a reference). */
  seen(taskId: string, versionId: string, owner: string | undefined): Promise<void>;
  lastSeen(
    taskId: string,
  ): Promise<{ readonly versionId: string; readonly owner: string | undefined } | undefined>;
  /** Of these Tasks, the ones whose version has not been seen. */
  unseen(tasks: readonly Version[]): Promise<readonly string[]>;
  /** Ids of known Tasks that begin with these characters, at most `limit`. */
  taskIdsByPrefix(prefix: string, limit: number): Promise<readonly string[]>;

  cursor(name: string): Promise<Date | undefined>;
  moveCursor(name: string, to: Date): Promise<void>;

  /** Remembers who is who, so that a person can be written to. */
  link(user: ChatUser, practitionerId: string): Promise<void>;
  chatUsersOf(practitionerId: string): Promise<readonly ChatUser[]>;

  /** Of these messages, the ones whose version has not been seen; they count as seen once {@link sawMessages} says so. */
  unseenMessages(messages: readonly Version[]): Promise<readonly string[]>;
  sawMessages(messages: readonly Version[]): Promise<void>;

  /** Takes the first of these Tasks that nobody is just taking, for `forMs`; undefined where all are being taken. */
  reserve(taskIds: readonly string[], forMs: number): Promise<string | undefined>;
  unreserve(taskId: string): Promise<void>;

  /** Somebody looks at their Home. */
  homeOpened(user: ChatUser, practitionerId: string): Promise<void>;
  /** Who has looked at their Home within the last `withinMs`, as whom. */
  homesOpen(withinMs: number): Promise<readonly OpenHome[]>;

  /** The Task must be looked at again at this instant of the application's clock; undefined: by itself it need not. */
  wakeAt(taskId: string, at: Date | undefined): Promise<void>;
  /** Tasks whose time has come, the longest ago first, at most `limit`. */
  wakesDue(now: Date, limit: number): Promise<readonly string[]>;
  /** They were marked: what was due at `now` is done with; a later time that was set meanwhile stays. */
  wokeUp(taskIds: readonly string[], now: Date): Promise<void>;

  /** What an adapter remembers. */
  memoryOf(platform: string): Memory;

  journal: Journal;
  digests: Digests;
  line: Line;
}

/** A version of a resource, by its ids. */
export interface Version {
  readonly id: string;
  readonly versionId: string;
}

export interface OpenHome {
  readonly user: ChatUser;
  readonly practitionerId: string;
}

/** Changes that are under way, for a server without transactions: what one process begins, any process finishes. */
export interface Journal {
  /** @param ranAsBatch a server that keeps no transactions was sent one: whatever was in it may be there. */
  begin(writes: Writes, ranAsBatch?: boolean): Promise<string>;
  /** Whether a change of this Task is under way: a card drawn now would show half of it. */
  isOpen(taskId: string): Promise<boolean>;
  /**
   * Whether anything of a change of this Task is still to be written, since when ever: what was done to it may stand
   * there without its Provenance. Dead letters are left out: nobody knows when they are.
   */
  owes(taskId: string): Promise<boolean>;
  /** Done, or given up: nothing of it is kept. */
  end(id: string): Promise<void>;
  /**
   * Takes over what has been under way for longer than `olderThanMs`, and twice as long for each try that failed;
   * nobody else gets the same ones meanwhile.
   */
  abandoned(olderThanMs: number): Promise<readonly LeftBehind[]>;
  /**
   * A try to finish it failed, in a way that another try may not help.
   *
   * @param owed what is left to be written.
   * @param failure the kind of error.
   * @returns how often that has happened by now.
   */
  failed(id: string, owed: Writes, failure: string): Promise<number>;
  /** Nobody tries it any more, until somebody says so: it is a dead letter. */
  park(id: string): Promise<void>;
  /** The dead letters, oldest first. */
  stuck(): Promise<readonly Stuck[]>;
  /** Lets a dead letter be tried again, from now on. False where there is none of this id. */
  retry(id: string): Promise<boolean>;
}

/** A change that somebody has begun and not finished. */
export interface LeftBehind {
  readonly id: string;
  readonly writes: Writes;
  readonly ranAsBatch?: true;
}

/** A change that is half written and cannot be finished. */
export interface Stuck {
  readonly id: string;
  readonly taskId: string;
  /** Since it was begun, in milliseconds. */
  readonly ageMs: number;
  /** The kind of error that the last try met. */
  readonly failure: string;
}

/** The job queue, as far as the core uses it. */
export interface Jobs {
  /**
   * "Look at this Task": coalesced, one waiting and one running for each Task. Durable once it resolves.
   *
   * @param urgency as far as it is known: the more urgent are looked at first, and before them whoever's turn it is to be
   *   shown.
   */
  mark(taskId: string, urgency?: Priority | 'its turn'): Promise<void>;
  /** "Look at this thread": the same, for a thread header and its messages. */
  markThread(threadId: string): Promise<void>;
  /**
   * "Draw this person's Home again": at once for somebody who opens it, soon for a change, because a burst of changes is
   * drawn once.
   */
  markHome(user: ChatUser, when: 'at once' | 'soon'): Promise<void>;
  /** "Make this digest say what is true": the same, for a digest by its id in the ledger. */
  markDigest(digestId: string): Promise<void>;
}
