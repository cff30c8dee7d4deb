import type { Task } from '@medplum/fhirtypes';
import type { Inline, Line } from '../cards/card.ts';
import { snoozeOf } from '../record/snooze.ts';
import { duration } from '../routing/duration.ts';
import type { Changes, Moment } from '../routing/history.ts';
import { type Pool, performerTypeName } from '../routing/pools.ts';
import { priorityLabel, priorityOf } from '../routing/priority.ts';
import { ownerName, shortReference, standingOf, type TaskRules } from '../routing/task.ts';
import { whoIs } from '../routing/who.ts';
import { findVerb } from '../verbs/index.ts';

/*
 * What happened to a Task, in plain words. A note is only said to be there: its text can name the patient.
 */

/** What the words depend on beside the moment itself. */
export interface Setting {
  readonly pools: readonly Pool[];
  readonly rules: TaskRules;
  /** The Task that took this one's place, as it began. */
  readonly successor?: { readonly id: string; readonly begun: Task | undefined } | undefined;
  /** The Task whose place this one took; `told` where its own story is told too. */
  readonly predecessor?: { readonly id: string; readonly told: boolean } | undefined;
}

/** "**Ana Silva** rerouted it to “Cardiologist”: **Specialty referral**, with a note." */
export function tell(moment: Moment, setting: Setting): Line {
  const { told, before, after } = moment;
  if (before === undefined && after !== undefined) return beginning(moment, after, setting);
  if (told?.verb === undefined) return elsewhere(moment, setting);
  const who: Inline = { bold: whoIs(moment.by, 'first') ?? 'Somebody' };
  const did = deed(told.verb, moment, setting);
  return [
    who,
    ` ${did[0]}`,
    ...did.slice(1),
    ...because(moment),
    ...besides(moment, told.verb),
    ...goesOn(moment, setting),
  ];
}

/** How long whoever got it then had it: " Had it for 2 h 10 min." */
export function spell({ after, lasted }: Moment, rules: TaskRules): string {
  if (after === undefined || lasted === undefined) return '';
  const long = duration(lasted.ms);
  switch (standingOf(after, rules)) {
    case 'claimed':
      return lasted.ongoing ? ` Has had it for ${long}.` : ` Had it for ${long}.`;
    case 'assigned':
      return lasted.ongoing ? ` Not accepted yet, after ${long}.` : ` Assigned for ${long}.`;
    case 'unclaimed':
      return lasted.ongoing ? ` It has waited for ${long}.` : ` It waited for ${long}.`;
    default:
      return '';
  }
}

/** Where a Task that nobody has waits, for a plain sentence: "“Cardiologist”". */
export function poolOf(task: Task, pools: readonly Pool[]): string {
  const pool = performerTypeName(task, pools);
  return pool === undefined ? 'no pool' : `“${pool}”`;
}

/** Who has a Task, or where it waits. */
function whereIs(task: Task, pools: readonly Pool[]): Inline {
  return { bold: task.owner ? ownerName(task) : (performerTypeName(task, pools) ?? 'no pool') };
}

function beginning({ told }: Moment, task: Task, setting: Setting): Line {
  const { predecessor, pools } = setting;
  const priority = priorityLabel(priorityOf(task));
  const where: Line = [task.owner ? ', assigned to ' : ' in ', whereIs(task, pools)];
  if (predecessor === undefined) return ['Arrived', ...where, `, ${priority}.`];
  const line: Line = ['Replaces Task ', { code: shortReference(predecessor.id) }];
  if (predecessor.told || told === undefined) return [...line, ...where, `, ${priority}.`];
  const why: Line = told.reason === undefined ? [] : [': ', { bold: told.reason }];
  return [
    ...line,
    `, rerouted by ${whoIs(told.who) ?? 'somebody'}`,
    ...why,
    '. It began',
    ...where,
    `, ${priority}.`,
  ];
}

/** What was done, after who did it; the first part is text. */
function deed(verb: string, { told, after, changes }: Moment, setting: Setting): [string, ...Inline[]] {
  const { pools, successor } = setting;
  const goal = successor?.begun ?? after;
  const to = goal === undefined ? [] : [' to ', whereIs(goal, pools)];
  switch (verb) {
    case 'reroute':
    case 'release':
      return [`${findVerb(verb)?.past} it`, ...to];
    case 'note':
      return ['added a note'];
    case 'raise':
      return after
        ? ['raised the priority to ', { bold: priorityLabel(priorityOf(after)) }]
        : ['raised the priority'];
    case 'cover':
      return after?.owner ? ['gave it', ...to] : ['gave it back', ...to];
    case 'escalate':
      return told?.step === 'reroute' ? ['escalated it', ...to] : [escalated(told?.step)];
    case 'snooze':
      return [`${findVerb(verb)?.past} it`, ...(after ? snoozedUntil(after) : [])];
    case 'complete':
      if (after === undefined) return ['completed it'];
      return [
        changes.answer
          ? 'completed it with the answer in the thread'
          : 'completed it without an answer in the thread',
      ];
    default:
      return [`${findVerb(verb)?.past ?? `changed (${verb})`} it`];
  }
}

/** What a step of a ladder did beside, for those whom it called. */
function escalated(step: string | undefined): string {
  if (step === 'mention') return 'escalated it and called the channel';
  return step === 'lead' ? 'escalated it and told whoever leads the pool' : 'escalated it';
}

function snoozedUntil(task: Task): Line {
  const snooze = snoozeOf(task);
  if (snooze === undefined) return [];
  if (snooze.end === undefined) return [' until the patient writes'];
  return [' until ', { instant: snooze.end.toISOString(), as: 'time' }];
}

function because({ told, changes }: Moment): Line {
  const note = changes.notes > 0 && told?.verb !== 'note' ? ', with a note.' : '.';
  return told?.reason === undefined ? [note] : [': ', { bold: told.reason }, note];
}

function besides({ after, changes }: Moment, verb: string): Line {
  if (after === undefined || !changes.priority || verb === 'raise') return [];
  return [` The priority is ${priorityLabel(priorityOf(after))} now.`];
}

function goesOn({ after, told }: Moment, { successor, rules }: Setting): Line {
  const ended = after === undefined || standingOf(after, rules) === 'closed';
  if (successor === undefined || !ended || told?.verb !== 'reroute') return [];
  return [' It goes on as Task ', { code: shortReference(successor.id) }, '.'];
}

/** A change by another application, or one whose Provenance says no more than who and why. */
function elsewhere({ told, by, after, changes, times }: Moment, setting: Setting): Line {
  const name = by?.display || by?.reference?.startsWith('Patient/') ? whoIs(by) : undefined;
  const reason: Line = told?.reason === undefined ? [] : [' Reason: ', { bold: told.reason }, '.'];
  if (after === undefined)
    return [{ bold: whoIs(by, 'first') ?? 'Somebody' }, ' wrote down why it moved.', ...reason];
  const began: Line =
    name === undefined ? ['Changed in Medplum'] : ['Changed in Medplum by ', { bold: name }];
  const news = statements(after, changes, setting);
  if (news.length > 0)
    return [...began, ': ', ...news.flatMap((one, i) => (i === 0 ? one : [', ', ...one])), '.', ...reason];
  const often: Line = times > 1 ? [`Changed ${times.toLocaleString('en')} times in Medplum`] : began;
  return [...often, '; nothing about who has it.', ...reason];
}

function statements(after: Task, changes: Changes, setting: Setting): Line[] {
  const { notes, answer, priority } = changes;
  return [
    ...(changes.owner || changes.pool || changes.standing ? [stands(after, setting)] : []),
    ...(priority ? [[`the priority is ${priorityLabel(priorityOf(after))}`]] : []),
    ...(answer ? [['an answer was added']] : []),
    ...(notes > 0
      ? [[notes === 1 ? 'a note was added' : `${notes.toLocaleString('en')} notes were added`]]
      : []),
  ];
}

/** How it stands, in the middle of a sentence. */
function stands(task: Task, { pools, rules }: Setting): Line {
  const standing = standingOf(task, rules);
  switch (standing) {
    case 'unclaimed':
      return ['it waits in ', whereIs(task, pools)];
    case 'assigned':
      return ['it is assigned to ', { bold: ownerName(task) }];
    case 'claimed':
      return [{ bold: ownerName(task) }, ' has it'];
    case 'closed':
    case 'paused':
      return [`it is ${task.status}`];
    case 'ignored':
      return ['it is no patient message that waits for an answer'];
    default:
      return standing satisfies never;
  }
}
