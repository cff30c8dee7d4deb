import { describe, expect, it } from 'vitest';
import { createRecordStore } from '../../src/medplum/store.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import type { RecordStore } from '../../src/runtime/ports/record.ts';
import { type Asked, fakeServer, listOf } from '../support/unit-fhir.ts';

/** Tasks on the server, by the second in which they were written. */
let written: { id: string; at: string }[] = [];

const instant = (second: number) => new Date(Date.UTC(2026, 10, 23) + second * 1000).toISOString();

/** Answers as Medplum does: at most a thousand, in the order asked for, refusing offsets above ten thousand. */
function search({ query }: Asked) {
  const from = query.get('_lastUpdated')?.replace('ge', '') ?? '';
  const offset = Number(query.get('_offset'));
  const count = Math.min(Number(query.get('_count') ?? 20), 1000);
  if (offset > 10_000 || query.get('_sort') !== '_lastUpdated') return { status: 400, body: {} };
  const found = written
    .filter((task) => task.at >= from)
    .sort((a, b) => a.at.localeCompare(b.at))
    .slice(offset, offset + count);
  const entry = found.map(({ id, at }) => ({
    resource: { resourceType: 'Task', id, status: 'requested', intent: 'order', meta: { lastUpdated: at } },
  }));
  return { body: { resourceType: 'Bundle', type: 'searchset', ...(entry.length > 0 && { entry }) } };
}

async function read(store: RecordStore, since = new Date(0)): Promise<string[]> {
  const tasks = await listOf(store.changedSince(since));
  return tasks.map((task) => task.id);
}

describe('paging through Tasks', () => {
  it.each<[string, number[]]>([
    ['none', []],
    ['one page less one', Array.from({ length: 199 }, (_, i) => i)],
    ['exactly one page', Array.from({ length: 200 }, (_, i) => i)],
    ['one page and one', Array.from({ length: 201 }, (_, i) => i)],
    ['several pages', Array.from({ length: 650 }, (_, i) => i)],
    ['exactly one page of one instant', Array.from({ length: 200 }, () => 5)],
    ['several pages of one instant', Array.from({ length: 450 }, () => 5)],
    ['a heap in the middle', Array.from({ length: 700 }, (_, i) => (i < 100 || i > 600 ? i : 100))],
    [
      'a heap across the end of a page',
      Array.from({ length: 450 }, (_, i) => (i < 190 || i > 210 ? i : 190)),
    ],
    ['pairs', Array.from({ length: 450 }, (_, i) => Math.floor(i / 2))],
  ])('gives each of them once: %s', async (_what, seconds) => {
    const { client, asked } = await fakeServer(search);
    written = seconds.map((second, i) => ({ id: `t${i}`, at: instant(second) }));

    const ids = await read(createRecordStore(client, DEFAULT_TASK_RULES));

    expect(ids.length).toBe(seconds.length);
    expect(new Set(ids).size).toBe(seconds.length);
    expect(asked.length).toBeLessThanOrEqual(Math.ceil(seconds.length / 100) + 1);
  });

  it('begins where it is told to', async () => {
    const { client } = await fakeServer(search);
    written = [1, 2, 3].map((second) => ({ id: `t${second}`, at: instant(second) }));

    expect(await read(createRecordStore(client, DEFAULT_TASK_RULES), new Date(instant(2)))).toEqual([
      't2',
      't3',
    ]);
  });

  it('ends where a server gives Tasks without a time', async () => {
    const tasks = Array.from({ length: 200 }, (_, i) => ({
      resource: { resourceType: 'Task', id: `t${i}` },
    }));
    const { client, asked } = await fakeServer(() => ({
      body: { resourceType: 'Bundle', type: 'searchset', entry: tasks },
    }));

    expect(await read(createRecordStore(client, DEFAULT_TASK_RULES))).toHaveLength(200);
    expect(asked).toHaveLength(1);
  });

  it('reads no further than anybody asks', async () => {
    const { client, asked } = await fakeServer(search);
    written = Array.from({ length: 450 }, (_, i) => ({ id: `t${i}`, at: instant(i) }));

    for await (const task of createRecordStore(client, DEFAULT_TASK_RULES).changedSince(new Date(0))) {
      if (task.id === 't3') break;
    }

    expect(asked).toHaveLength(1);
  });
});
