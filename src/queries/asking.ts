import { isActive, type Member } from '../routing/eligibility.ts';
import type { Pool } from '../routing/pools.ts';
import type { TaskRules } from '../routing/task.ts';
import type { Listing, Question } from './query.ts';

/** Who asks what, when, and what the clinic's configuration says. Every query gets it beside its own material. */
export interface Asking {
  readonly question: Question;
  readonly actor: Member;
  readonly pools: readonly Pool[];
  readonly rules: TaskRules;
  /** Address of a Task in the record's own application, with `{id}` for its id. */
  readonly taskLink: string | undefined;
  readonly now: Date;
}

/** A listing that is nothing but its sentence. */
export function justSay(sentence: string): Listing {
  return { sentence, sections: [] };
}

/** Why somebody who has left is shown nothing; undefined for everybody else. */
export function goneSentence({ practitioner }: Member): string | undefined {
  if (isActive(practitioner)) return undefined;
  return 'Your Practitioner record is not active, so no Tasks are shown to you. Ask your administrator.';
}

/** Said where somebody asks about their pools and holds none. */
export const NO_POOLS = 'You have no active role whose pool is served here.';
