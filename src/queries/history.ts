import type { Provenance, Task } from '@medplum/fhirtypes';
import { DOT } from '../cards/row.ts';
import { deedOf, versionLeftOf } from '../record/provenance.ts';
import { predecessorOf } from '../record/successor.ts';
import { duration, since } from '../routing/duration.ts';
import { type Moment, momentsOf, type Past, type Told } from '../routing/history.ts';
import { waitingSince } from '../routing/priority.ts';
import { ownerName, shortReference, standingOf } from '../routing/task.ts';
import { ignoredSentence, named } from '../verbs/holder.ts';
import type { Asking } from './asking.ts';
import { justSay } from './asking.ts';
import { pageFromEnd, sectionsOf, type TitledRow } from './paging.ts';
import type { Listing, Query } from './query.ts';
import { poolOf, type Setting, spell, tell } from './telling.ts';

/** A Task’s past as a timeline. */
export const history = {
  name: 'history',
  label: 'History',
  description: 'Who had a Task, when, for how long, and why it moved',
  takes: 'task',
  offer: () => 'menu' as const,
} as const satisfies Query;

/** One Task of a story: a reroute that keeps the old Task in sight makes another, and the story goes on there. */
export interface Chapter {
  readonly task: Task & { id: string };
  /** Newest first. */
  readonly versions: readonly Task[];
  readonly truncated: boolean;
  readonly provenances: readonly Provenance[];
}

/**
 * The whole story of a message, oldest first; the page that is shown first is the last one.
 *
 * @param chapters the Task that was asked about, with those before it and after it, the oldest first; @param cut
 *   whether there are more before or after them.
 */
export function listHistory(chapters: readonly Chapter[], cut: boolean, asking: Asking): Listing {
  const latest = chapters.at(-1);
  if (latest === undefined) return justSay('There is no such Task in the record any more.');
  if (standingOf(latest.task, asking.rules) === 'ignored') return justSay(ignoredSentence(latest.task));
  const told = chapters.map((chapter, i) => {
    const setting = settingOf(chapters, i, asking);
    return { chapter, setting, moments: momentsOf(pastOf(chapter), asking.rules, asking.now) };
  });
  const rows = told.flatMap(({ chapter, setting, moments }) => {
    const title = chapters.length > 1 ? `Task ${shortReference(chapter.task.id)}` : undefined;
    return moments.map(
      (moment): TitledRow => ({ title, row: { line: lineOf(moment, setting), buttons: [] } }),
    );
  });
  const { items, turn } = pageFromEnd(rows, asking.question);
  const moments = told.flatMap((one) => one.moments);
  return {
    sentence: [headline(latest.task, moments, chapters.length - 1, asking), ...missing(chapters, cut)].join(
      ' ',
    ),
    sections: sectionsOf(items),
    ...(turn && { turn }),
  };
}

function lineOf(moment: Moment, setting: Setting) {
  return [
    { instant: moment.at, as: 'time' } as const,
    DOT,
    ...tell(moment, setting),
    ...[spell(moment, setting.rules)].filter(Boolean),
  ];
}

function pastOf({ task, versions, truncated, provenances }: Chapter): Past {
  const told = provenances.map((provenance) => ({ told: toldIn(provenance), to: deedOf(provenance)?.to }));
  // What made this Task was done to the one before it.
  const isBirth = (to: string | undefined) => to !== undefined && to !== '' && to !== task.id;
  return {
    taskId: task.id,
    versions,
    truncated,
    told: told.filter(({ to }) => !isBirth(to)).map((one) => one.told),
    begun: told.find(({ to }) => isBirth(to))?.told,
    replaces: predecessorOf(task),
  };
}

/** What a Provenance says; one that is not ours says who and why all the same. */
function toldIn(provenance: Provenance): Told {
  const coding = provenance.reason?.[0]?.coding?.[0];
  const deed = deedOf(provenance);
  return {
    verb: deed?.verb,
    who: provenance.agent[0]?.who,
    at: provenance.recorded,
    // Its text can say anything; what is coded cannot.
    reason: coding?.display ?? coding?.code,
    step: deed?.step?.kind,
    left: versionLeftOf(provenance),
  };
}

/** The Task that took this one's place, as the Provenance of its reroute tells. */
export function successorIn(taskId: string, provenances: readonly Provenance[]): string | undefined {
  return provenances.map(deedOf).find((deed) => deed?.to === taskId && deed.successor)?.successor?.id;
}

function settingOf(chapters: readonly Chapter[], i: number, { pools, rules }: Asking): Setting {
  const chapter = chapters[i];
  const successor = chapter && successorIn(chapter.task.id, chapter.provenances);
  const predecessor = chapter && predecessorOf(chapter.task);
  const next = chapters.find(({ task }) => task.id === successor);
  return {
    pools,
    rules,
    ...(successor && { successor: { id: successor, begun: next?.versions.at(-1) ?? next?.task } }),
    ...(predecessor && {
      predecessor: { id: predecessor, told: chapters.some(({ task }) => task.id === predecessor) },
    }),
  };
}

/** How it stands, since when, and how far it has come: "Ana Silva has had Task a1b2c3 for 2 h 10 min. …" */
function headline(
  task: Task & { id: string },
  moments: readonly Moment[],
  replaced: number,
  asking: Asking,
): string {
  const current = moments.findLast(({ lasted }) => lasted !== undefined)?.lasted;
  const long = current?.ongoing ? ` for ${duration(current.ms)}` : '';
  const moved = replaced + moments.filter(isMove).length;
  const often = moved === 0 ? '' : ` and has moved ${times(moved)}`;
  return `${stands(task, long, asking)} It arrived ${since(waitingSince(task), asking.now)} ago${often}.`;
}

/** From one person or pool to another; to be claimed is no move. */
function isMove({ changes, before }: Moment): boolean {
  return changes.pool || (changes.owner && before?.owner !== undefined);
}

function stands(task: Task & { id: string }, long: string, { rules, pools }: Asking): string {
  const standing = standingOf(task, rules);
  switch (standing) {
    case 'claimed':
      return `${ownerName(task)} has had ${named(task)}${long}.`;
    case 'assigned':
      return `${named(task)} has been assigned to ${ownerName(task)}${long}, and is not accepted yet.`;
    case 'unclaimed':
      return `${named(task)} has waited in ${poolOf(task, pools)}${long}.`;
    default:
      return `${named(task)} is ${task.status}.`;
  }
}

function times(n: number): string {
  if (n === 1) return 'once';
  return n === 2 ? 'twice' : `${n.toLocaleString('en')} times`;
}

function missing(chapters: readonly Chapter[], cut: boolean): string[] {
  const longest = chapters.find(({ truncated }) => truncated);
  return [
    ...(longest
      ? [`Only its newest ${longest.versions.length.toLocaleString('en')} changes are told here.`]
      : []),
    ...(cut ? ['The story is longer than what is told here: it went through more Tasks.'] : []),
  ];
}
