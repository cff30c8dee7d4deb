import type { Task } from '@medplum/fhirtypes';
import type { Button } from '../cards/card.ts';
import { buttonOf } from '../cards/verb-button.ts';
import { isActive } from '../routing/eligibility.ts';
import { standingOf } from '../routing/task.ts';
import { offered } from '../verbs/index.ts';
import type { Situation, Verb } from '../verbs/verb.ts';
import type { Asking } from './asking.ts';

/** What of the verbs stands beside a Task: its buttons, and with them what a card has in its menu. */
export type Offer = 'buttons' | 'buttons and the first of the menu' | 'everything';

/** The verbs that this person could use on the Task as it stands, as buttons. Each is decided anew when it is pressed. */
export function buttonsFor(task: Task & { id: string }, asking: Asking, offer: Offer): Button[] {
  const standing = standingOf(task, asking.rules);
  const menu = offered(standing, 'menu').filter((verb) => wouldDo(verb, task, asking));
  const more = { buttons: 0, 'buttons and the first of the menu': 1, everything: menu.length }[offer];
  const buttons = offered(standing, 'button').filter((verb) => wouldDo(verb, task, asking));
  return [...buttons, ...menu.slice(0, more)].map((verb) => buttonOf(verb, task.id));
}

/** Would the verb be accepted, if it were told what it asks for? A refusal that is about an input only asks for it. */
function wouldDo(verb: Verb, task: Task & { id: string }, asking: Asking): boolean {
  const { actor, pools, rules, now } = asking;
  if (!isActive(actor.practitioner)) return false;
  const situation: Situation = {
    task,
    thread: undefined,
    provenances: [],
    actor,
    pools,
    rules,
    now,
    // Where it came from is looked up when it counts.
    origin: task.performerType ?? [{}],
  };
  const decision = verb.decide({}, situation);
  return decision.kind === 'accepted' || decision.field !== undefined;
}
