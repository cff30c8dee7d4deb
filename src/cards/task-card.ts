import type { Communication, Task } from '@medplum/fhirtypes';
import { asked } from '../queries/index.ts';
import { type Privacy, performerTypeName } from '../routing/pools.ts';
import { priorityLabel, priorityOf, waitingSince } from '../routing/priority.ts';
import { ownerName, type Standing, shortReference, standingOf } from '../routing/task.ts';
import { isReplaced } from '../verbs/holder.ts';
import { offered } from '../verbs/index.ts';
import { type Button, type Card, type Fact, type Line, PRIORITY_MARK } from './card.ts';
import { kindOf, patientFacts } from './privacy.ts';
import { askButton, DOT, linkTo } from './row.ts';
import { leftLine, standingLine, type Told } from './standing-line.ts';
import type { Surface } from './surfaces.ts';
import { buttonOf } from './verb-button.ts';

/** All that a card is drawn from. */
export interface Drawing extends Told {
  /** The newest message of the thread; only read where a surface may show it. */
  readonly message: Communication | undefined;
  /** Address of the Task in the record's own application, with `{id}` for its id. */
  readonly taskLink: string | undefined;
  /** What is due on it, as it stands now. */
  readonly due?: Fact | undefined;
}

/** The card of a Task on a surface where it belongs: live, with the buttons that would be accepted now. */
export function taskCard(drawing: Drawing, privacy: Privacy): Card {
  const { task, rules } = drawing;
  const standing = standingOf(task, rules);
  return {
    ...frame(drawing, privacy),
    lines: [...messageLines(drawing, privacy), standingLine(drawing)],
    buttons: offered(standing, 'button').map((verb) => buttonOf(verb, task.id)),
    menu: isReplaced(task) ? [] : menuOf(standing, task),
    notification: notificationText(standing, drawing),
  };
}

/**
 * The card that stays behind where a Task no longer belongs: no buttons, and where it went and why. In somebody's direct
 * messages a Task may be done with where it is: then it says how it stands.
 */
export function closingCard(drawing: Drawing, privacy: Privacy, where: Surface['kind'] = 'channel'): Card {
  return {
    ...frame(drawing, privacy),
    lines: [where === 'person' ? standingLine(drawing) : leftLine(drawing)],
    buttons: [],
    menu: [],
    notification: `Task ${shortReference(drawing.task.id)} has left this channel.`,
  };
}

/** What stays of a card that was posted anew below. */
export function supersededCard(card: Card): Card {
  const { mention: _, ...quiet } = card;
  return { ...quiet, lines: [['⬇️ This card stands again further down.']], buttons: [], menu: [] };
}

/** The card of a Task that the record does not have any more. */
export function goneCard(taskId: string): Card {
  return {
    title: 'Patient message',
    facts: [],
    lines: [['This Task is no longer in the record.']],
    footer: ['Task ', { code: shortReference(taskId) }],
    buttons: [],
    menu: [],
    notification: `Task ${shortReference(taskId)} is no longer in the record.`,
  };
}

function frame(
  { task, message, pools, taskLink, due }: Drawing,
  privacy: Privacy,
): Pick<Card, 'title' | 'facts' | 'footer'> {
  const priority = priorityOf(task);
  const { patient } = patientFacts(task, message, privacy);
  const pool = performerTypeName(task, pools);
  const facts: (Fact | undefined)[] = [
    pool === undefined ? undefined : { label: 'Pool', value: [pool] },
    { label: 'Priority', value: priority === 'routine' ? ['Routine'] : [{ bold: priorityLabel(priority) }] },
    { label: 'Arrived', value: [{ instant: waitingSince(task), as: 'ago' }] },
    due,
    patient === undefined ? undefined : { label: 'Patient', value: [patient] },
  ];
  return {
    title: `${PRIORITY_MARK[priority]}${kindOf(task, privacy)}`,
    facts: facts.filter((fact) => fact !== undefined),
    footer: footerOf(task, taskLink),
  };
}

function footerOf(task: Task & { id: string }, taskLink: string | undefined): Line {
  const reference: Line = ['Task ', { code: shortReference(task.id) }];
  const link = linkTo(task.id, taskLink);
  return link === undefined ? reference : [...reference, DOT, link];
}

function messageLines({ task, message }: Drawing, privacy: Privacy): Line[] {
  const { message: text } = patientFacts(task, message, privacy);
  return text === undefined ? [] : [[`“${text}”`]];
}

function menuOf(standing: Standing, task: { id: string }): Button[] {
  return [
    ...offered(standing, 'menu').map((verb) => buttonOf(verb, task.id)),
    ...asked(standing).map((query) => askButton(query, query.label, task.id)),
  ];
}

/** No patient and no message, at any level: lock screens are read by anybody. */
function notificationText(standing: Standing, { task, pools }: Drawing): string {
  const short = shortReference(task.id);
  const pool = performerTypeName(task, pools);
  const priority = priorityLabel(priorityOf(task));
  if (standing === 'unclaimed') return `${priority} Task ${short} waits for “${pool ?? 'a pool'}”.`;
  if (standing === 'assigned') return `${priority} Task ${short} is assigned to ${ownerName(task)}.`;
  if (standing === 'claimed') return `${ownerName(task)} has Task ${short}.`;
  if (isReplaced(task)) return `Task ${short} was rerouted.`;
  return `Task ${short} is ${task.status}.`;
}
