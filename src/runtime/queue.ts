import type { Task } from '@medplum/fhirtypes';
import { kindOf } from '../cards/privacy.ts';
import type { Waiting } from '../queries/tasks.ts';
import { type Member, roleCodings } from '../routing/eligibility.ts';
import { type Pool, poolsOf } from '../routing/pools.ts';
import { byUrgency, priorityLabel, priorityOf, waitingSince } from '../routing/priority.ts';
import { sameCoding, shortReference } from '../routing/task.ts';
import type { DeskParts } from './desk-parts.ts';
import { withRetries } from './patience.ts';
import type { Choice } from './ports/desk.ts';
import type { Queue, RecordStore } from './ports/record.ts';

/** How much of a pool is read to find what is most urgent; nobody turns so many pages. */
const READ_AHEAD = 1_000;
const CHOICES = 20;

/** What waits in these pools, the most urgent first; a Task of two pools is listed and counted once. */
export async function waitingIn(
  pools: readonly Pool[],
  { store }: Pick<DeskParts, 'store'>,
): Promise<Waiting> {
  const queues = await queuesOf(pools, store);
  const tasks = mergedByUrgency(queues);
  const counted = queues.reduce((sum, queue) => sum + queue.total, 0);
  const twice = tasks.reduce((sum, task) => sum + Math.max(0, poolsOf(task, pools).length - 1), 0);
  // What is twice among those that were not read to their end is only found by reading them.
  const unread = queues.filter((queue) => queue.total > queue.tasks.length).length;
  const total = unread > 1 ? await countEach(pools, store) : counted - twice;
  return { pools, tasks, total };
}

/** The most urgent of what waits in these pools, without counting it. */
export async function mostUrgentIn(
  pools: readonly Pool[],
  { store }: Pick<DeskParts, 'store'>,
): Promise<readonly (Task & { id: string })[]> {
  return mergedByUrgency(await queuesOf(pools, store));
}

function queuesOf(pools: readonly Pool[], store: RecordStore): Promise<Queue[]> {
  return Promise.all(pools.map((pool) => withRetries(() => store.queue(pool, READ_AHEAD))));
}

function mergedByUrgency(queues: readonly Queue[]): (Task & { id: string })[] {
  const byId = new Map(queues.flatMap(({ tasks }) => tasks).map((task) => [task.id, task]));
  return [...byId.values()].sort(byUrgency);
}

async function countEach(pools: readonly Pool[], store: RecordStore): Promise<number> {
  const ids = new Set<string>();
  for (const pool of pools) for await (const task of store.unclaimed(pool)) ids.add(task.id);
  return ids.size;
}

/** How many Tasks wait in a pool, and since when (UTC instant) the longest of them. */
export async function longestWait(
  pool: Pool,
  { store }: Pick<DeskParts, 'store'>,
): Promise<{ readonly waiting: number; readonly oldest: string | undefined }> {
  const { tasks, total } = await withRetries(() => store.queue(pool, READ_AHEAD));
  let oldest = tasks.map(waitingSince).sort()[0];
  // The most urgent of so many were read; the one that waits longest may be another.
  if (total > tasks.length) {
    for await (const task of store.unclaimed(pool)) {
      const since = waitingSince(task);
      if (oldest === undefined || since < oldest) oldest = since;
    }
  }
  return { waiting: total, oldest };
}

/** What a person has to do: accepted or only assigned, the most urgent first. */
export async function ownedBy(
  member: Member,
  { store }: Pick<DeskParts, 'store'>,
): Promise<(Task & { id: string })[]> {
  const tasks: (Task & { id: string })[] = [];
  for await (const task of store.ownedBy(member.practitioner.id)) {
    tasks.push(task);
    if (tasks.length === READ_AHEAD) break;
  }
  return tasks.sort(byUrgency);
}

/** The pools whose Tasks the person may claim now. */
export function poolsHeldBy(member: Member, { pools, now }: Pick<DeskParts, 'pools' | 'now'>): Pool[] {
  const held = roleCodings(member, now());
  return pools.filter((pool) => held.some((coding) => sameCoding(coding, pool.performerType)));
}

/** Choices for "which Task": the person's own, and what waits in their pools, by reference. */
export async function taskChoices(words: string, member: Member, parts: DeskParts): Promise<Choice[]> {
  const waiting = await waitingIn(poolsHeldBy(member, parts), parts);
  const mine = await ownedBy(member, parts);
  return [...mine, ...waiting.tasks]
    .map(
      (task): Choice => ({
        value: task.id,
        label: choiceLabel(task),
        group: task.owner ? 'Yours' : 'Waiting',
      }),
    )
    .filter((choice) => choice.label.toLowerCase().includes(words.trim().toLowerCase()))
    .slice(0, CHOICES);
}

function choiceLabel(task: Task & { id: string }): string {
  return `${shortReference(task.id)} · ${priorityLabel(priorityOf(task))} · ${kindOf(task, 'none')}`;
}
