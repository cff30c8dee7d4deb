import type { Provenance, Task } from '@medplum/fhirtypes';
import { awayIn, COVER } from '../duties/coverage.ts';
import { isMove } from '../duties/ladder.ts';
import { type Deed, deedOf } from '../record/provenance.ts';
import { type Pool, performerTypeName } from '../routing/pools.ts';
import {
  ownerName,
  referenceName,
  type Standing,
  shortReference,
  standingOf,
  type TaskRules,
} from '../routing/task.ts';
import { escalate } from '../verbs/escalate.ts';
import { isReplaced } from '../verbs/holder.ts';
import type { Inline, Line } from './card.ts';

/** What the line is read from. */
export interface Told {
  readonly task: Task & { id: string };
  /** Newest first. */
  readonly provenances: readonly Provenance[];
  readonly pools: readonly Pool[];
  readonly rules: TaskRules;
}

/** One line that says how the Task stands, with who did it and why where the record tells. */
export function standingLine(told: Told): Line {
  const { task, rules } = told;
  const standing = standingOf(task, rules);
  const escalation = escalationOf(told);
  if (escalation === undefined) return usualLine(told, standing);
  if (standing === 'unclaimed') return [...escalated(escalation), ' Nobody has it yet.'];
  if (standing === 'assigned' || standing === 'claimed')
    return [...usualLine(told, standing), ' ', ...escalated(escalation)];
  return usualLine(told, standing);
}

function usualLine(told: Told, standing: Standing): Line {
  const { task } = told;
  const last = lastDeed(told);
  const owner: Inline = { bold: ownerName(task) };
  switch (standing) {
    case 'unclaimed':
      if (last?.verb === 'release') return [...byLine('Released', last), ' Nobody has it now.'];
      if (last?.verb === 'reroute') return [...byLine('Sent here', last), ' Nobody has it yet.'];
      if (last?.verb === COVER) return [`${absence(task, last)}. Nobody has it now.`];
      return ['Nobody has claimed this yet.'];
    case 'assigned':
      if (last?.verb === 'reroute') return [...byLine(['Sent to ', owner], last), ' Not accepted yet.'];
      if (last?.verb === COVER) return ['Given to ', owner, `: ${absence(task, last)}. Not accepted yet.`];
      return ['Assigned to ', owner, '. Not accepted yet.'];
    case 'claimed':
      if (last?.verb === 'claim' || last?.verb === 'accept') {
        const did = last.verb === 'claim' ? 'claimed' : 'accepted';
        return ['✅ ', owner, ` ${did} this `, { instant: last.at, as: 'time' }, '.'];
      }
      return ['✅ ', owner, ' has this.'];
    case 'closed':
      return closedLine(task, last);
    case 'paused':
      return [`This Task is ${task.status} in the record and cannot be claimed now.`];
    case 'ignored':
      return ['This Task is not work for a pool.'];
    default:
      return standing satisfies never;
  }
}

/** The newest escalation of a Task that is still escalated: whoever takes it ends that. */
function escalationOf({ task, provenances }: Told): Deed | undefined {
  if (task.businessStatus?.text !== 'escalated') return undefined;
  return provenances.map(deedOf).find((deed) => deed?.verb === escalate.name && deed.to === task.id);
}

/** "⬆️ Escalated by Ana Silva: **Symptoms are getting worse**." */
function escalated(deed: Deed): Line {
  return byLine(isMove(deed) ? '⬆️ Sent here' : '⬆️ Escalated', deed);
}

function closedLine(task: Task, last: Deed | undefined): Line {
  if (isReplaced(task) && last?.successor) {
    const { id, where = 'another Task' } = last.successor;
    const went = byLine(['➡️ Rerouted to ', { bold: where }], last);
    return [...went, ' See Task ', { code: shortReference(id) }, '.'];
  }
  if (task.status !== 'completed') return [`This Task is ${task.status}; nothing is left to do.`];
  const reason = last?.verb === 'complete' ? last.reason : undefined;
  return ['☑️ Completed', ...(task.owner ? [' by ', { bold: ownerName(task) }] : []), ...because(reason)];
}

/** "➡️ Rerouted to **Cardiologist** by Ben Carter: Specialty referral." Said where the Task was, and is no more. */
export function leftLine(told: Told): Line {
  const { task, provenances, pools, rules } = told;
  const standing: Standing = standingOf(task, rules);
  if (standing === 'closed' || standing === 'ignored') return standingLine(told);
  const last = provenances
    .map(deedOf)
    .find((deed) => deed && (MOVES.includes(deed.verb) || isMove(deed)) && deed.to === task.id);
  const where = performerTypeName(task, pools) ?? (task.owner && ownerName(task));
  const went: Line = where === undefined ? ['➡️ No longer in this pool'] : ['➡️ Rerouted to ', { bold: where }];
  if (last === undefined) return [...went, '.'];
  return last.verb === COVER ? [...went, `: ${absence(task, last)}.`] : byLine(went, last);
}

/** After which a Task may be somewhere else. */
const MOVES: readonly string[] = ['reroute', 'release', COVER];

/** "Ana Silva is away until 2026-12-27": why Switchboard took it from whoever had it. */
function absence(task: Task, deed: Deed): string {
  return awayIn(task, deed.at) ?? 'Whoever had this is away';
}

function byLine(what: string | Line, deed: Deed): Line {
  const who = referenceName(deed.who);
  return [
    ...(typeof what === 'string' ? [what] : what),
    ...(who === undefined ? [] : [` by ${who}`]),
    ...because(deed.reason),
  ];
}

function because(reason: Deed['reason']): Line {
  return reason === undefined ? ['.'] : [': ', { bold: reason.display }, '.'];
}

/**
 * The newest deed of ours that says how the Task came to stand so (a note does not), where it still explains it: the
 * Task may have changed without us since.
 */
function lastDeed({ task, provenances }: Told): Deed | undefined {
  for (const deed of provenances.map(deedOf)) {
    const fits = deed && explains(deed, task);
    if (fits !== undefined) return fits ? deed : undefined;
  }
  return undefined;
}

/** Undefined for a deed that leaves the standing as it is. */
function explains(deed: Deed, task: Task & { id: string }): boolean | undefined {
  switch (deed.verb) {
    case 'claim':
    case 'accept':
      return deed.who?.reference === task.owner?.reference;
    case 'complete':
      return task.status === 'completed';
    case 'release':
      return !task.owner;
    case COVER:
      return true;
    case 'reroute':
      // Where a new Task took its place it was cancelled by that, and nothing else.
      return deed.successor === undefined || deed.successor.id === task.id || isReplaced(task);
    default:
      return undefined;
  }
}
