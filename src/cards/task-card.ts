import type { Communication, Provenance, Task } from '@medplum/fhirtypes';
import { type Deed, deedOf } from '../record/provenance.ts';
import { type Pool, type Privacy, performerTypeName } from '../routing/pools.ts';
import { priorityLabel, priorityOf, waitingSince } from '../routing/priority.ts';
import {
  ownerName,
  referenceName,
  type Standing,
  shortReference,
  standingOf,
  type TaskRules,
} from '../routing/task.ts';
import { offered } from '../verbs/index.ts';
import type { Verb } from '../verbs/verb.ts';
import { type Button, type Card, type Fact, type Inline, type Line, PRIORITY_MARK } from './card.ts';
import { kindOf, patientFacts } from './privacy.ts';

/** All that a card is drawn from. */
export interface Drawing {
  readonly task: Task & { id: string };
  /** Newest first. */
  readonly provenances: readonly Provenance[];
  /** The newest message of the thread; only read where a surface may show it. */
  readonly message: Communication | undefined;
  readonly pools: readonly Pool[];
  readonly rules: TaskRules;
  /** Address of the Task in the record's own application, with `{id}` for its id. */
  readonly taskLink: string | undefined;
}

/** The card of a Task on a surface where it belongs: live, with the buttons that would be accepted now. */
export function taskCard(drawing: Drawing, privacy: Privacy): Card {
  const { task, rules } = drawing;
  const standing = standingOf(task, rules);
  return {
    ...frame(drawing, privacy),
    lines: [...messageLines(drawing, privacy), standingLine(standing, drawing)],
    buttons: offered(standing, 'button').map((verb) => button(verb, task)),
    menu: offered(standing, 'menu').map((verb) => button(verb, task)),
    notification: notificationText(standing, drawing),
  };
}

/** The card that stays behind where a Task no longer belongs: no buttons, and where it went and why. */
export function closingCard(drawing: Drawing, privacy: Privacy): Card {
  return {
    ...frame(drawing, privacy),
    lines: [leftLine(drawing)],
    buttons: [],
    menu: [],
    notification: `Task ${shortReference(drawing.task.id)} has left this channel.`,
  };
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
  { task, message, pools, taskLink }: Drawing,
  privacy: Privacy,
): Pick<Card, 'title' | 'facts' | 'footer'> {
  const priority = priorityOf(task);
  const { patient } = patientFacts(task, message, privacy);
  const pool = performerTypeName(task, pools);
  const facts: (Fact | undefined)[] = [
    pool === undefined ? undefined : { label: 'Pool', value: [pool] },
    { label: 'Priority', value: priority === 'routine' ? ['Routine'] : [{ bold: priorityLabel(priority) }] },
    { label: 'Arrived', value: [{ instant: waitingSince(task), as: 'ago' }] },
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
  if (taskLink === undefined) return reference;
  const link = taskLink.replaceAll('{id}', encodeURIComponent(task.id));
  return [...reference, '  ·  ', { link, text: 'Open in Medplum' }];
}

function messageLines({ task, message }: Drawing, privacy: Privacy): Line[] {
  const { message: text } = patientFacts(task, message, privacy);
  return text === undefined ? [] : [[`“${text}”`]];
}

/** One line that says how the Task stands, with who did it and why where the record tells. */
function standingLine(standing: Standing, drawing: Drawing): Line {
  const { task } = drawing;
  const last = lastDeed(drawing);
  const owner: Inline = { bold: ownerName(task) };
  switch (standing) {
    case 'unclaimed':
      if (last?.verb === 'release') return [...byLine('Released', last), ' Nobody has it now.'];
      if (last?.verb === 'reroute') return [...byLine('Sent here', last), ' Nobody has it yet.'];
      return ['Nobody has claimed this yet.'];
    case 'assigned':
      return last?.verb === 'reroute'
        ? [...byLine(['Sent to ', owner], last), ' Not accepted yet.']
        : ['Assigned to ', owner, '. Not accepted yet.'];
    case 'claimed':
      if (last?.verb === 'claim' || last?.verb === 'accept') {
        return [
          '✅ ',
          owner,
          ` ${last.verb === 'claim' ? 'claimed' : 'accepted'} this `,
          { instant: last.at, as: 'time' },
          '.',
        ];
      }
      return ['✅ ', owner, ' has this.'];
    case 'closed':
      if (task.status === 'completed') return task.owner ? ['☑️ Completed by ', owner, '.'] : ['☑️ Completed.'];
      return [`This Task is ${task.status}; nothing is left to do.`];
    case 'paused':
      return [`This Task is ${task.status} in the record and cannot be claimed now.`];
    case 'ignored':
      return ['This Task is not work for a pool.'];
    default:
      return standing satisfies never;
  }
}

/** "➡️ Rerouted to **Cardiologist** by Ben Carter: Specialty referral." */
function leftLine(drawing: Drawing): Line {
  const { task, pools, rules } = drawing;
  const standing = standingOf(task, rules);
  if (standing === 'closed' || standing === 'ignored') return standingLine(standing, drawing);
  const last = drawing.provenances
    .map(deedOf)
    .find((deed) => deed?.verb === 'reroute' || deed?.verb === 'release');
  const where = performerTypeName(task, pools) ?? (task.owner && ownerName(task));
  const went: Line = where === undefined ? ['➡️ No longer in this pool'] : ['➡️ Rerouted to ', { bold: where }];
  return last === undefined ? [...went, '.'] : byLine(went, last);
}

function byLine(what: string | Line, deed: Deed): Line {
  const who = referenceName(deed.who);
  return [
    ...(typeof what === 'string' ? [what] : what),
    ...(who === undefined ? [] : [` by ${who}`]),
    ...(deed.reason === undefined ? ['.'] : [': ', { bold: deed.reason.display }, '.']),
  ];
}

/** The newest deed of ours, where it still explains how the Task stands: the Task may have changed without us since. */
function lastDeed({ task, provenances }: Drawing): Deed | undefined {
  const deed = provenances.map(deedOf).find((one) => one !== undefined);
  if (deed === undefined) return undefined;
  const byOwner = deed.who?.reference === task.owner?.reference;
  const fits = {
    claim: byOwner,
    accept: byOwner,
    complete: byOwner,
    release: !task.owner,
    reroute: true,
  }[deed.verb];
  return fits === false ? undefined : deed;
}

function button(verb: Verb, task: { id: string }): Button {
  return {
    verb: verb.name,
    label: verb.label,
    taskId: task.id,
    asks: verb.fields.length > 0,
    ...(verb.style && { style: verb.style }),
    ...(verb.confirm && { confirm: verb.confirm }),
  };
}

/** No patient and no message, at any level: lock screens are read by anybody. */
function notificationText(standing: Standing, { task, pools }: Drawing): string {
  const short = shortReference(task.id);
  const pool = performerTypeName(task, pools);
  const priority = priorityLabel(priorityOf(task));
  if (standing === 'unclaimed') return `${priority} Task ${short} waits for “${pool ?? 'a pool'}”.`;
  if (standing === 'assigned') return `${priority} Task ${short} is assigned to ${ownerName(task)}.`;
  if (standing === 'claimed') return `${ownerName(task)} has Task ${short}.`;
  return `Task ${short} is ${task.status}.`;
}
