import { isActive } from '../routing/eligibility.ts';
import type { Standing } from '../routing/task.ts';
import { accept } from './accept.ts';
import { claim } from './claim.ts';
import { complete } from './complete.ts';
import { escalate } from './escalate.ts';
import { keep } from './keep.ts';
import { note } from './note.ts';
import { release } from './release.ts';
import { reroute } from './reroute.ts';
import { snooze } from './snooze.ts';
import {
  type Decision,
  type Inputs,
  MISSING,
  NOTE_LIMIT,
  type Refused,
  refuse,
  type Situation,
  type Verb,
} from './verb.ts';

/** Every verb, in the order in which a card shows its buttons. Adding one is a file and a line here. */
export const VERBS: readonly Verb[] = [
  claim,
  accept,
  complete,
  reroute,
  release,
  escalate,
  snooze,
  keep,
  note,
];

/** The verb of that name, in any case; undefined for a word that is none. */
export function findVerb(name: string): Verb | undefined {
  return VERBS.find((verb) => verb.name === name.trim().toLowerCase());
}

/** What a card offers while the Task stands like this. */
export function offered(standing: Standing, place: 'button' | 'menu'): Verb[] {
  return VERBS.filter((verb) => verb.offer(standing) === place);
}

/** Decides, after what holds for every verb has been checked: an active person, and inputs that fit. */
export function decide(verb: Verb, inputs: Inputs, situation: Situation): Decision {
  const { practitioner } = situation.actor;
  if (!isActive(practitioner)) {
    return refuse(
      'Your Practitioner record is not active, so you cannot act on Tasks. Ask your administrator.',
    );
  }
  return checkInputs(verb, inputs) ?? verb.decide(inputs, situation);
}

/** Inputs whose target has been given, but may not have been looked up yet. */
export type GivenInputs = Omit<Inputs, 'target'> & { readonly target?: unknown };

/** What is wrong with the inputs by themselves, before anything is read: the first fault, or undefined. */
export function checkInputs(verb: Verb, inputs: GivenInputs): Refused | undefined {
  for (const field of verb.fields) {
    if (field.required && inputs[field.name] === undefined) return refuse(MISSING[field.name], field.name);
  }
  const { reason, note } = inputs;
  if (note !== undefined && note.length > NOTE_LIMIT) {
    const length = note.length.toLocaleString('en');
    return refuse(
      `The note has ${length} characters; at most ${NOTE_LIMIT.toLocaleString('en')} fit. Nothing was changed.`,
      'note',
    );
  }
  if (reason?.needsNote && !note) return refuse(`“${reason.display}” needs a note that says why.`, 'note');
  return undefined;
}
