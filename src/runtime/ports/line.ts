import type { Surface } from '../../cards/surfaces.ts';

/* What waits until a platform may be spoken to again: one line for each pace, shared by all processes. */

/** What is to be made true on surfaces: the cards of a Task, or the message of a digest. */
export interface Item {
  readonly kind: 'task' | 'digest';
  readonly id: string;
}

/** Somebody wants to speak to a platform. At most one of an item waits for each surface, whatever it wants to say. */
export interface Wish {
  readonly item: Item;
  readonly surface: Surface;
  /** In which line it waits. Shutting it holds up everybody in it. */
  readonly line: string;
  /** See `rankOf`: 0 goes first. */
  readonly rank: number;
}

/** A pace that is kept by the ledger: a place is free `burstMs` before the time that follows from the steps taken. */
export interface Gate {
  readonly key: string;
  /** Tells the windows of one key apart. */
  readonly perMs: number;
  /** How far apart the places are in the long run. */
  readonly stepMs: number;
  /** How much earlier one may go after a rest. */
  readonly burstMs: number;
}

/** `go`: a place is taken, and the wish waits no more. `wait`: it stands in its line, and is called later. */
export type Turn =
  | { readonly kind: 'go'; readonly waitedMs: number }
  | { readonly kind: 'wait'; readonly waitedMs: number };

/** How far behind a surface is. */
export interface Lag {
  /** See `surfaceKey`. */
  readonly surface: string;
  readonly waiting: number;
  /** How long the one that came first has been waiting. */
  readonly oldestMs: number;
}

/** The lines and the gates before them, by the database's clock. Any number of processes may use them at once. */
export interface Line {
  /** Takes a place in every gate, where all are open and nobody in the line comes first; else lines the wish up. */
  enter(wish: Wish, gates: readonly Gate[]): Promise<Turn>;
  /** The platform wants no more in this line for so long; the wish stands in it again as if it had never left. */
  shut(wish: Wish, waitedMs: number, forMs: number): Promise<void>;
  /** Nothing is to be said there any more. */
  leave(item: Item, surfaces: readonly Surface[]): Promise<void>;
  /** Where the item waits. */
  waitsAt(item: Item): Promise<readonly Surface[]>;
  /** Of these Tasks, the ones that wait in no line. */
  notWaiting(taskIds: readonly string[]): Promise<readonly string[]>;
  /**
   * Calls those whose turn it is, the first of them first, as many as can go now. Who does not come within `withinMs` is called again; nobody is
   * called by two processes meanwhile.
   */
  call(withinMs: number): Promise<Called>;
  lags(): Promise<readonly Lag[]>;
}

export interface Called {
  readonly items: readonly Item[];
  /** How many wait, those who are called among them. */
  readonly waiting: number;
}
