import type { Communication, Provenance, Task } from '@medplum/fhirtypes';
import type { Inline, Line } from '../cards/card.ts';
import { askButton, DOT, linkTo, taskLine } from '../cards/row.ts';
import { followUpsOf } from '../duties/follow-up.ts';
import { fromPatient } from '../duties/thread.ts';
import { heardAt } from '../record/answer.ts';
import { type Deed, deedOf } from '../record/provenance.ts';
import { isSnoozed, snoozeOf } from '../record/snooze.ts';
import { since } from '../routing/duration.ts';
import { ownerName, type Standing, shortReference, standingOf } from '../routing/task.ts';
import { whoIs } from '../routing/who.ts';
import { ignoredSentence, isReplaced, named, owns } from '../verbs/holder.ts';
import { findVerb } from '../verbs/index.ts';
import { keep } from '../verbs/keep.ts';
import { type Asking, justSay } from './asking.ts';
import { buttonsFor } from './buttons.ts';
import { count } from './counting.ts';
import { history } from './history.ts';
import type { Listing, Query, Row } from './query.ts';
import { poolOf } from './telling.ts';

/** How one Task stands. */
export const status = {
  name: 'status',
  label: 'Status',
  description: 'How a Task stands now',
  takes: 'task',
} as const satisfies Query;

/** What a Task's standing is told from. */
export interface Stand {
  readonly task: Task & { id: string };
  /** Newest first. */
  readonly provenances: readonly Provenance[];
  /** The newest messages of its thread. */
  readonly messages: readonly (Communication & { id: string })[];
}

export function listStatus(stand: Stand, asking: Asking): Listing {
  const { task } = stand;
  if (standingOf(task, asking.rules) === 'ignored') return justSay(ignoredSentence(task));
  const deed = stand.provenances.map(deedOf).find((one) => one !== undefined);
  const rows: Row[] = [
    {
      line: [...taskLine(task, { pools: asking.pools }), ...linked(task, asking)],
      buttons: [...buttonsFor(task, asking, 'everything'), askButton(history, history.label, task.id)],
    },
    ...(deed === undefined ? [] : [{ line: deedLine(deed), buttons: [] }]),
    ...followUpRows(stand, asking),
    ...snoozeRows(stand, asking),
    ...successorRows(stand),
  ];
  return { sentence: standingSentence(stand, asking), sections: [{ rows }] };
}

/** "Ana Silva has had Task a1b2c3 for 2 h 10 min." */
function standingSentence({ task, provenances }: Stand, asking: Asking): string {
  const standing = standingOf(task, asking.rules);
  const isMine = owns(asking.actor, task);
  const long = howLong(standing, task, provenances, asking.now);
  switch (standing) {
    case 'unclaimed':
      return `${named(task)} waits in ${poolOf(task, asking.pools)}; nobody has it.`;
    case 'assigned': {
      const yet = long === undefined ? 'yet' : `in ${long}`;
      return isMine
        ? `${named(task)} is assigned to you; you have not accepted it ${yet}.`
        : `${named(task)} is assigned to ${ownerName(task)}, who has not accepted it ${yet}.`;
    }
    case 'claimed': {
      const who = isMine ? 'You have' : `${ownerName(task)} has`;
      return long === undefined ? `${who} ${named(task)}.` : `${who} had ${named(task)} for ${long}.`;
    }
    case 'closed':
      return closed(task);
    case 'paused':
      return `${named(task)} is ${task.status} in the record and cannot be claimed now.`;
    case 'ignored':
      return ignoredSentence(task);
    default:
      return standing satisfies never;
  }
}

function closed(task: Task & { id: string }): string {
  if (isReplaced(task)) return `${named(task)} was rerouted, and another Task has taken its place.`;
  const by = task.status === 'completed' && task.owner ? ` by ${ownerName(task)}` : '';
  return `${named(task)} is ${task.status}${by}.`;
}

/** How long its owner has had it, where the newest Provenance of ours that fits how it stands tells. */
function howLong(
  standing: Standing,
  task: Task,
  provenances: readonly Provenance[],
  now: Date,
): string | undefined {
  const got = provenances.map(deedOf).find((deed) => deed && CHANGES_HANDS.includes(deed.verb));
  const took = got && TAKES.includes(got.verb) && got.who?.reference === task.owner?.reference;
  const fits = standing === 'claimed' ? took : got && GIVES.includes(got.verb);
  return got && fits ? since(got.at, now) : undefined;
}

/** Verbs after which whoever did it has the Task; after which somebody else has it who has yet to accept. */
const TAKES: readonly string[] = ['claim', 'accept'];
const GIVES: readonly string[] = ['reroute', 'cover'];
const CHANGES_HANDS: readonly string[] = [...TAKES, ...GIVES, 'release'];

/** "Rerouted by Ben Carter: **Wrong pool**  ·  12 min ago". */
function deedLine({ verb, who, at, reason }: Deed): Line {
  if (verb === keep.name)
    return [`${whoIs(who, 'first') ?? 'Somebody'} is still on it`, DOT, { instant: at, as: 'ago' }];
  const past = findVerb(verb)?.past ?? SYSTEM_PAST[verb] ?? verb;
  return [
    `${past.charAt(0).toUpperCase()}${past.slice(1)} by ${whoIs(who) ?? 'somebody'}`,
    ...(reason === undefined ? [] : [': ', { bold: reason.display }]),
    DOT,
    { instant: at, as: 'ago' },
  ];
}

/** What Switchboard does by itself, in the past tense. */
const SYSTEM_PAST: Readonly<Record<string, string>> = {
  raise: 'made more urgent',
  cover: 'handed on',
};

/** What the patient has said since: "2 new messages of the patient, the last one 4 min ago". */
function followUpRows({ task, messages }: Stand, { rules, now }: Asking): Row[] {
  const open = standingOf(task, rules) !== 'closed';
  const newer = open ? followUpsOf(task, messages) : [];
  const last = newer.at(-1)?.sent ?? newer.at(-1)?.meta?.lastUpdated;
  if (last === undefined) return [];
  const said = `${count(newer.length, 'new message')} of the patient, the last one ${since(last, now)} ago.`;
  return [{ line: [said], buttons: [] }];
}

/** Why no reminders come: "No reminders until 14:30, as asked 12 min ago." */
function snoozeRows({ task, messages }: Stand, { rules, now }: Asking): Row[] {
  const snooze = snoozeOf(task);
  const newest = fromPatient(messages).at(-1);
  const isQuiet = isSnoozed(task, now, newest && new Date(heardAt(newest)));
  if (snooze === undefined || !isQuiet || standingOf(task, rules) !== 'claimed') return [];
  const until: Inline =
    snooze.end === undefined ? 'the patient writes' : { instant: snooze.end.toISOString(), as: 'time' };
  const asked: Inline = { instant: snooze.start.toISOString(), as: 'ago' };
  return [{ line: ['No reminders until ', until, ', as asked ', asked, '.'], buttons: [] }];
}

function successorRows({ task, provenances }: Stand): Row[] {
  const deed = provenances.map(deedOf).find((one) => one?.to === task.id && one.successor);
  const next = deed?.successor;
  if (next === undefined) return [];
  const where: Line = next.where === undefined ? [] : [', for ', { bold: next.where }];
  return [
    {
      line: ['It goes on as Task ', { code: shortReference(next.id) }, ...where, '.'],
      buttons: [askButton(status, 'How it stands', next.id)],
    },
  ];
}

function linked({ id }: { readonly id: string }, { taskLink }: Asking): Line {
  const link = linkTo(id, taskLink);
  return link === undefined ? [] : [DOT, link];
}
