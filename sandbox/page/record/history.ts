import type { Provenance, Task } from '@medplum/fhirtypes';

/** A moment in the life of a Task: a version, the Provenance that tells of it, or one of them without the other. */
export interface Moment {
  readonly key: string;
  /** UTC instant. */
  readonly at: string | undefined;
  readonly version: VersionOfTask | undefined;
  readonly provenance: Provenance | undefined;
}

export interface VersionOfTask {
  readonly task: Task;
  /** The one that it replaced; undefined for the first. */
  readonly before: Task | undefined;
  /** Counts from 1. */
  readonly number: number;
}

/** A Provenance that names no version of this Task is about the version written at about the same time. */
const SAME_TIME_MS = 10_000;

/** Versions and Provenances, both newest first, as one story, newest first. */
export function historyOf(versions: readonly Task[], provenance: readonly Provenance[]): readonly Moment[] {
  const told = new Map<Task, Provenance>();
  const tell = (version: Task | undefined, entry: Provenance): boolean => {
    if (version === undefined || told.has(version)) return false;
    told.set(version, entry);
    return true;
  };
  const unnamed = provenance.filter((entry) => !tell(madeBy(entry, versions), entry));
  const alone = unnamed.filter(
    (entry) => leftBy(entry, versions) !== undefined || !tell(nearestTo(entry, versions, told), entry),
  );

  const moments = versions.map(
    (task, i): Moment => ({
      key: `version ${task.meta?.versionId ?? i}`,
      at: task.meta?.lastUpdated,
      version: { task, before: versions[i + 1], number: versions.length - i },
      provenance: told.get(task),
    }),
  );
  const others = alone.map(
    (entry, i): Moment => ({
      key: `provenance ${entry.id ?? i}`,
      at: entry.recorded,
      version: undefined,
      provenance: entry,
    }),
  );
  return [...others, ...moments].toSorted((a, b) => timeOf(b.at) - timeOf(a.at));
}

/** The version that a Provenance says was left: an entity such as `Task/1/_history/2`. */
function leftBy({ entity = [] }: Provenance, versions: readonly Task[]): number | undefined {
  const left = versions.findIndex((task) =>
    entity.some(({ what }) => what.reference === `Task/${task.id}/_history/${task.meta?.versionId}`),
  );
  return left < 0 ? undefined : left;
}

/** The version after the one that was left; undefined while it has not been read yet. */
function madeBy(entry: Provenance, versions: readonly Task[]): Task | undefined {
  const left = leftBy(entry, versions);
  return left === undefined ? undefined : versions[left - 1];
}

function nearestTo(
  { recorded }: Provenance,
  versions: readonly Task[],
  told: ReadonlyMap<Task, Provenance>,
): Task | undefined {
  const distance = (task: Task) => Math.abs(timeOf(task.meta?.lastUpdated) - timeOf(recorded));
  return versions
    .filter((task) => !told.has(task) && distance(task) <= SAME_TIME_MS)
    .toSorted((a, b) => distance(a) - distance(b))[0];
}

const timeOf = (instant: string | undefined): number => (instant === undefined ? 0 : Date.parse(instant));
