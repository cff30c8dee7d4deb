import type { Reference, Task } from '@medplum/fhirtypes';
import { waitingSince } from './priority.ts';
import { performerCodings, standingOf, type TaskRules } from './task.ts';

/*
 * A Task's past, put together from its versions (what changed, when) and from its Provenances (who did it, and why).
 * Facts only; `queries/history.ts` has the words.
 */

/** What a Provenance tells, as far as a history needs it. */
export interface Told {
  /** Our own word for what was done; undefined where somebody else wrote the Provenance. */
  readonly verb: string | undefined;
  readonly who: Reference | undefined;
  /** UTC instant, ISO 8601. */
  readonly at: string;
  /** What the reason is called. */
  readonly reason: string | undefined;
  /** What a step of an escalation ladder did, where it was one, e.g. `mention`. */
  readonly step?: string | undefined;
  /** The version that was left, e.g. `Task/1/_history/2`. */
  readonly left: string | undefined;
}

/** All that is known of one Task's past. */
export interface Past {
  readonly taskId: string;
  /** Newest first. */
  readonly versions: readonly Task[];
  /** There were more versions before these. */
  readonly truncated: boolean;
  /** Of what was done to this Task; in any order. */
  readonly told: readonly Told[];
  /** Of what made it, where it took another Task’s place. */
  readonly begun?: Told | undefined;
  /** The id of the Task whose place it took. */
  readonly replaces?: string | undefined;
}

/** What became different between two versions, as far as it says anything to those who route. */
export interface Changes {
  readonly owner: boolean;
  readonly pool: boolean;
  readonly standing: boolean;
  readonly priority: boolean;
  /** How many notes came. */
  readonly notes: number;
  /** An answer came into `Task.output`. */
  readonly answer: boolean;
}

/** Something that happened to a Task. */
export interface Moment {
  /** UTC instant, ISO 8601. */
  readonly at: string;
  /** What the Provenance says; undefined for a change that has none. */
  readonly told: Told | undefined;
  /** Who did it: who the Provenance or, without one, the version names. */
  readonly by: Reference | undefined;
  /** The version before; undefined for the first, and where the record has none of that time any more. */
  readonly before: Task | undefined;
  readonly after: Task | undefined;
  readonly changes: Changes;
  /** So many changes that say nothing about the routing are told as one. */
  readonly times: number;
  /** How long whoever got it then had it, or how long it lay there; undefined where it stayed with who had it. */
  readonly lasted: { readonly ms: number; readonly ongoing: boolean } | undefined;
}

/** What happened to a Task, the oldest first. */
export function momentsOf(past: Past, rules: TaskRules, now: Date): readonly Moment[] {
  const versions = inOrder(past.versions);
  const told = match(past, versions, rules);
  const kept = versions.flatMap((after, i): Happened[] => {
    const before = versions[i - 1];
    // The first that is left of a longer history is not how it began.
    if (before === undefined && past.truncated) return [];
    const one = before === undefined ? past.begun : told.at.get(i);
    return [
      {
        at: before === undefined ? begunAt(after, past) : writtenAt(after),
        told: one,
        by: one?.who ?? after.meta?.onBehalfOf ?? after.meta?.author,
        before,
        after,
        changes: changesBetween(before, after, rules),
        times: 1,
      },
    ];
  });
  const alone = told.alone.map(
    (one): Happened => ({
      at: one.at,
      told: one,
      by: one.who,
      before: undefined,
      after: undefined,
      changes: NOTHING,
      times: 1,
    }),
  );
  const all = [...quietOnes(kept), ...alone].sort((a, b) => a.at.localeCompare(b.at));
  return withSpells(all, rules, now);
}

type Happened = Omit<Moment, 'lasted'>;

const NOTHING: Changes = {
  owner: false,
  pool: false,
  standing: false,
  priority: false,
  notes: 0,
  answer: false,
};

/** True when somebody who looks at the routing would see a difference. */
export function isSeen(changes: Changes): boolean {
  const { owner, pool, standing, priority, notes, answer } = changes;
  return owner || pool || standing || priority || answer || notes > 0;
}

/** Oldest first. The order of a history is not to be relied on after writes that came together; the stamps are. */
function inOrder(versions: readonly Task[]): readonly Task[] {
  return versions.toReversed().sort((a, b) => writtenAt(a).localeCompare(writtenAt(b)));
}

function writtenAt({ meta }: Task): string {
  return meta?.lastUpdated ?? '';
}

/** The patient may have been waiting before the Task was written; one that replaces another begins when it is written. */
function begunAt(task: Task, { replaces }: Past): string {
  const since = waitingSince(task);
  const written = writtenAt(task) || since;
  return replaces !== undefined || since > written ? written : since;
}

function changesBetween(before: Task | undefined, after: Task, rules: TaskRules): Changes {
  if (before === undefined) return NOTHING;
  return {
    owner: before.owner?.reference !== after.owner?.reference,
    pool: poolKey(before) !== poolKey(after),
    standing: standingKey(before, rules) !== standingKey(after, rules),
    priority: before.priority !== after.priority,
    notes: Math.max(0, (after.note?.length ?? 0) - (before.note?.length ?? 0)),
    answer: (after.output?.length ?? 0) > (before.output?.length ?? 0),
  };
}

function poolKey(task: Task): string {
  return performerCodings(task)
    .map(({ system, code }) => `${system}|${code}`)
    .sort()
    .join();
}

/** Statuses in which nothing is left to do differ; those in which it can be claimed do not. */
function standingKey(task: Task, rules: TaskRules): string {
  const standing = standingOf(task, rules);
  return standing === 'closed' || standing === 'paused' ? `${standing} ${task.status}` : standing;
}

// ------------------------------------------------------------------------------- which Provenance tells which change

/** A Provenance by somebody else says when, but not what it is about: it belongs to the change of that minute. */
const SAME_MS = 60_000;

function match(past: Past, versions: readonly Task[], rules: TaskRules) {
  const at = new Map<number, Told>();
  const alone: Told[] = [];
  const free = (i: number) => i < versions.length && !at.has(i);
  for (const told of past.told.toSorted((a, b) => a.at.localeCompare(b.at))) {
    const i = told.left === undefined ? atThatTime(told) : afterLeaving(told);
    if (i === undefined) alone.push(told);
    else at.set(i, told);
  }
  return { at, alone };

  /**
   * What was left is known. Usually it is the very next version; but a claim survives a note that comes between, so
   * that what fits counts.
   */
  function afterLeaving(told: Told): number | undefined {
    const left = versions.findIndex(
      ({ meta }) => `Task/${past.taskId}/_history/${meta?.versionId}` === told.left,
    );
    if (left < 0) return undefined;
    const later = versions.map((_, i) => i).filter((i) => i > left && free(i));
    const fitting = later.find((i) => {
      const [before, after] = [versions[i - 1], versions[i]];
      return before && after && fits(told, changesBetween(before, after, rules), after);
    });
    return fitting ?? (free(left + 1) ? left + 1 : undefined);
  }

  function atThatTime({ at: instant }: Told): number | undefined {
    const near = versions
      .map((version, i) => ({ i, far: Math.abs(Date.parse(writtenAt(version)) - Date.parse(instant)) }))
      .filter(({ i, far }) => i > 0 && far <= SAME_MS && free(i))
      .sort((a, b) => a.far - b.far);
    return near[0]?.i;
  }
}

/** Does the change look like what was done? What we do not know may look like anything that can be seen. */
function fits({ verb, who }: Told, changes: Changes, after: Task): boolean {
  switch (verb) {
    case 'claim':
      return changes.owner && after.owner?.reference === who?.reference;
    case 'accept':
      return changes.standing && !changes.owner;
    case 'release':
      return changes.owner && after.owner === undefined;
    case 'complete':
      return changes.standing && after.status === 'completed';
    case 'raise':
      return changes.priority;
    case 'escalate':
      return after.businessStatus?.text === 'escalated';
    case 'snooze':
    case 'keep':
      return !isSeen(changes);
    default:
      return isSeen(changes);
  }
}

// ------------------------------------------------------------------------------------------ what belongs together

/** Changes that say nothing to those who route are told as one, as long as nothing else happens between them. */
function quietOnes(all: readonly Happened[]): Happened[] {
  const kept: Happened[] = [];
  for (const one of all) {
    const last = kept.at(-1);
    if (last && isQuiet(one) && isQuiet(last)) kept[kept.length - 1] = { ...one, times: last.times + 1 };
    else kept.push(one);
  }
  return kept;
}

function isQuiet({ told, before, changes }: Happened): boolean {
  return told === undefined && before !== undefined && !isSeen(changes);
}

/** Who has it, or where it lies. A moment that changes this begins a spell, which lasts until the next one. */
function withSpells(all: readonly Happened[], rules: TaskRules, now: Date): Moment[] {
  const holders = all.map(({ after }) => after && holderOf(after, rules));
  const begins = holders.map(
    (holder, i) =>
      holder !== undefined && holder !== holders.slice(0, i).findLast((one) => one !== undefined),
  );
  return all.map((one, i): Moment => {
    const isOpen = one.after !== undefined && standingOf(one.after, rules) !== 'closed';
    if (!begins[i] || !isOpen) return { ...one, lasted: undefined };
    const next = all.find((_, j) => j > i && begins[j]);
    const until = next === undefined ? now.getTime() : Date.parse(next.at);
    const ms = Math.max(0, until - Date.parse(one.at));
    return { ...one, lasted: { ms, ongoing: next === undefined } };
  });
}

function holderOf(task: Task, rules: TaskRules): string {
  const standing = standingOf(task, rules);
  if (standing === 'closed') return standing;
  return task.owner ? `${standing} ${task.owner.reference}` : `${standing} ${poolKey(task)}`;
}
