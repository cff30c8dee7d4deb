import type { Surface } from '../../cards/surfaces.ts';
import type { DigestFacts } from '../../clock/digest-facts.ts';
import type { ChatUser, MessageRef } from './chat.ts';

/* What the ledger knows of digests: numbers, instants and ids, like everything else in it. */

/** Whose digest it is: the id of a pool, or `person:<id of the Practitioner>`. */
export type DigestOf = string;

/** A digest that was counted, for one surface. */
export interface Digest {
  readonly id: string;
  readonly of: DigestOf;
  readonly surface: Surface;
  /**
   * `due`: counted, and not sent yet. `posting`: the answer to our post was lost, or never awaited. `closed`: a newer one
   * stands below it, or it never came to stand.
   */
  readonly state: 'due' | 'posting' | 'live' | 'closed';
  readonly ref: MessageRef | undefined;
  readonly hash: string | undefined;
  readonly facts: DigestFacts;
  /** Whether a newer one of the same pool or person stands on this surface. */
  readonly isOutdated: boolean;
}

/** A digest that is to be made: at most one of each `of`, surface and local day ever is. */
export type NewDigest = Pick<Digest, 'of' | 'surface' | 'facts'>;

export interface Digests {
  /**
   * Makes it, unless there is one of that day already: whoever is first has said what it says. Gives the id of the one
   * that is there then.
   *
   * @param state `closed` for one that is not to be posted.
   */
  make(digest: NewDigest, state?: 'due' | 'closed'): Promise<string>;
  /** What there is of that local day (`YYYY-MM-DD`). */
  madeOn(of: DigestOf, day: string): Promise<readonly Pick<Digest, 'id' | 'surface' | 'state' | 'facts'>[]>;
  get(id: string): Promise<Digest | undefined>;
  /** When the newest of an earlier day was counted that has been posted anywhere. */
  lastBefore(of: DigestOf, day: string): Promise<Date | undefined>;

  /** Whether it was `due`, and is `posting` now: of several who try, one may post it. */
  begin(id: string): Promise<boolean>;
  /** When its row was made: a post in doubt is looked for from then on. */
  madeAt(id: string): Promise<Date>;
  posted(id: string, ref: MessageRef, hash: string): Promise<void>;
  /** It is about to be redrawn: what it says is not known until {@link redrawn} tells. */
  redrawing(id: string): Promise<void>;
  redrawn(id: string, hash: string, state: 'live' | 'closed'): Promise<void>;
  /** Nothing of it stands: it is `due` again. */
  drop(id: string): Promise<void>;
  /** It is given up, or somebody deleted the message. */
  close(id: string): Promise<void>;

  /** Those that list the Task and are not closed. */
  listing(taskId: string): Promise<readonly string[]>;
  /** Those of the last days that are not posted yet, or have a newer one below them, and are older than this. */
  unfinished(olderThanMs: number): Promise<readonly string[]>;
  /** The older ones that still stand where this one does. */
  outdatedBy(id: string): Promise<readonly string[]>;

  personal: PersonalDigests;
}

/** Who wants a digest of their own Tasks, and when (`HH:MM`). */
export interface PersonalDigests {
  set(user: ChatUser, practitionerId: string, at: string): Promise<void>;
  /** Whether there was one. */
  end(user: ChatUser): Promise<boolean>;
  /** At what time this person gets theirs; undefined for none. */
  timeOf(user: ChatUser): Promise<string | undefined>;
  all(): Promise<readonly PersonalDigest[]>;
}

export interface PersonalDigest {
  readonly user: ChatUser;
  readonly practitionerId: string;
  readonly at: string;
}
