import type { Row } from '../cards/card.ts';
import type { Standing } from '../routing/task.ts';

export type { Row } from '../cards/card.ts';

/** Something that people can ask. It changes nothing. One file each; the list is in `index.ts`. */
export interface Query {
  /** The word that people type, and the action id of a button that asks it. */
  readonly name: string;
  /** On a button. */
  readonly label: string;
  /** What it answers, for help texts and the manifests. */
  readonly description: string;
  /** What stands behind the word: nothing, a pool if one likes, or a Task. */
  readonly takes: 'nothing' | 'pool' | 'task';
  /** Where the card of a Task offers it while the Task stands like this. */
  offer?(standing: Standing): 'menu' | undefined;
}

/** A query as it was asked; `page` counts from 1. */
export interface Question {
  readonly query: string;
  readonly words: string;
  readonly page: number;
}

/** What a query answers, described without any platform's words; seen by the one who asked. */
export interface Listing {
  readonly sentence: string;
  readonly sections: readonly Section[];
  /** The same question again, for the rows that did not fit. */
  readonly turn?: Turn;
}

/** Rows under a heading; a listing of one kind of thing has one section without a title. */
export interface Section {
  readonly title?: string;
  readonly rows: readonly Row[];
}

/** A button that shows other rows in the place of these. */
export interface Turn {
  readonly label: string;
  readonly question: Question;
}
