import type { Task } from '@medplum/fhirtypes';
import type { Line } from '../cards/card.ts';
import { kindOf } from '../cards/privacy.ts';
import { type Member, roleCodings } from '../routing/eligibility.ts';
import { findPool, type Pool } from '../routing/pools.ts';
import { byUrgency, priorityLabel, priorityOf, waitingSince } from '../routing/priority.ts';
import { sameCoding, shortReference } from '../routing/task.ts';
import { shorten } from '../slash.ts';
import { offered } from '../verbs/index.ts';
import type { DeskParts } from './desk-parts.ts';
import type { ChatUser } from './ports/chat.ts';
import type { Choice, Row, Said } from './ports/desk.ts';

/** How many Tasks a listing shows, and how many a pool is read to find the most urgent of them. */
const ROWS = 10;
const READ_AHEAD = 1_000;
const CHOICES = 20;

/** `/tasks [pool]`: what waits in my pools (or in the named one), the most urgent first. */
export async function poolQueue(words: string, by: ChatUser, parts: DeskParts): Promise<Said> {
  const identity = await parts.people.identify(by);
  if (identity.kind === 'stranger') return say('refused', identity.sentence);
  const named = words === '' ? undefined : findPool(words, parts.pools);
  if (words !== '' && named === undefined) {
    const known = parts.pools.map((pool) => pool.id).join(', ');
    return say('refused', `There is no pool “${shorten(words)}”. The pools are ${known}.`);
  }
  const mine = named ? [named] : poolsHeldBy(identity.member, parts);
  if (mine.length === 0)
    return say('refused', 'You have no active role whose pool is served here. /tasks <pool> lists any pool.');
  const tasks = await unclaimed(mine, parts);
  const names = mine.map((pool) => `“${pool.name}”`).join(' and ');
  if (tasks.length === 0) return say('done', `Nothing waits in ${names}.`);
  const count = tasks.length === 1 ? 'One Task waits' : `${tasks.length.toLocaleString('en')} Tasks wait`;
  const more = tasks.length > ROWS ? ` These are the ${ROWS} most urgent.` : '';
  return { ...say('done', `${count} in ${names}.${more}`), rows: tasks.slice(0, ROWS).map(toRow) };
}

/** Choices for "which Task": the person's own, and what waits in their pools, by reference. */
export async function taskChoices(words: string, member: Member, parts: DeskParts): Promise<Choice[]> {
  const waiting = await unclaimed(poolsHeldBy(member, parts), parts);
  const mine = await collect(parts.store.ownedBy(member.practitioner.id));
  return [...mine, ...waiting]
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

async function unclaimed(pools: readonly Pool[], { store }: DeskParts): Promise<(Task & { id: string })[]> {
  const lists = await Promise.all(pools.map((pool) => collect(store.unclaimed(pool))));
  // A Task of two pools is listed once.
  const byId = new Map(lists.flat().map((task) => [task.id, task]));
  return [...byId.values()].sort(byUrgency);
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) {
    list.push(item);
    if (list.length === READ_AHEAD) break;
  }
  return list;
}

function poolsHeldBy(member: Member, { pools, now }: DeskParts): Pool[] {
  const held = roleCodings(member, now());
  return pools.filter((pool) => held.some((coding) => sameCoding(coding, pool.performerType)));
}

function toRow(task: Task & { id: string }): Row {
  const line: Line = [
    { bold: priorityLabel(priorityOf(task)) },
    `  ·  ${kindOf(task, 'none')}  ·  `,
    { code: shortReference(task.id) },
    '  ·  arrived ',
    { instant: waitingSince(task), as: 'ago' },
  ];
  const [verb] = offered('unclaimed', 'button');
  return {
    line,
    buttons: verb ? [{ verb: verb.name, label: verb.label, taskId: task.id, asks: false }] : [],
  };
}

function choiceLabel(task: Task & { id: string }): string {
  return `${shortReference(task.id)} · ${priorityLabel(priorityOf(task))} · ${kindOf(task, 'none')}`;
}

function say(kind: 'done' | 'refused', sentence: string): Extract<Said, { kind: 'answer' }> {
  return { kind: 'answer', answer: { kind, sentence } };
}
