import { type Kysely, sql } from 'kysely';
import { type Surface, surfaceFromKey, surfaceKey } from '../cards/surfaces.ts';
import type { Item, Line, Wish } from '../runtime/ports/line.ts';
import type { Tables } from './schema.ts';

/** So many are called at most in one line at once: where there is no pace, the others come with the next call. */
const MOST = 20;

/** The lines on their tables. Every method is one statement, so that nothing is left half done by a crash. */
export function createLine(db: Kysely<Tables>): Line {
  return {
    enter: async (wish, gates) => {
      const { rows } = await sql<{ goes: boolean; waited_ms: number }>`
        select goes, waited_ms from enter_line(
          ${wordOf(wish.item)}, ${surfaceKey(wish.surface)}, ${wish.line}, ${wish.rank}::integer,
          ${gates.map(({ key }) => key)}::text[],
          ${gates.map(({ perMs }) => perMs)}::integer[],
          ${gates.map(({ stepMs }) => stepMs)}::float8[],
          ${gates.map(({ burstMs }) => burstMs)}::float8[]
        )`.execute(db);
      const [row] = rows;
      if (row === undefined) throw new Error('lining up gave no answer');
      return { kind: row.goes ? 'go' : 'wait', waitedMs: Number(row.waited_ms) };
    },

    shut: async (wish, waitedMs, forMs) => {
      await sql`
        with shut as (
          insert into gate (key, per_ms, free_at) values (${wish.line}, 0, ${after(forMs)})
          on conflict (key, per_ms) do update set free_at = greatest(gate.free_at, excluded.free_at)
        )
        ${lineUp(wish, waitedMs)}
      `.execute(db);
    },

    leave: async (item, surfaces) => {
      if (surfaces.length === 0) return;
      await db
        .deleteFrom('waiting')
        .where('item', '=', wordOf(item))
        .where('surface', 'in', surfaces.map(surfaceKey))
        .execute();
    },

    waitsAt: async (item): Promise<Surface[]> => {
      const rows = await db
        .selectFrom('waiting')
        .select('surface')
        .where('item', '=', wordOf(item))
        .execute();
      return rows.map(({ surface }) => surfaceFromKey(surface));
    },

    notWaiting: async (taskIds) => {
      if (taskIds.length === 0) return [];
      const words = taskIds.map((id) => wordOf({ kind: 'task', id }));
      const rows = await db.selectFrom('waiting').select('item').where('item', 'in', words).execute();
      const waiting = new Set(rows.map(({ item }) => itemOf(item).id));
      return taskIds.filter((id) => !waiting.has(id));
    },

    call: async (withinMs) => {
      // A gate without steps is shut until its time, and then open for everybody.
      const { rows } = await sql<{ items: string[]; waiting: string }>`
        with line as (
          select line, count(*) filter (where called_until > now()) as called from waiting group by line
        ),
        open as (
          select line, least(${MOST}::integer, min(
            case
              when gate.key is null then ${MOST}::integer
              when gate.per_ms = 0 then case when gate.free_at <= now() then ${MOST}::integer else 0 end
              else 1 + floor((gate.burst_ms - greatest(0, extract(epoch from gate.free_at - now()) * 1000))
                / nullif(gate.step_ms, 0))
            end
          )) - min(line.called) as places
          from line left join gate on gate.key = line.line
          group by line.line
        ),
        first as (
          select one.* from open, lateral (
            select item, surface, turn_of(rank, since, now()) as turn from waiting
            where waiting.line = open.line
              and (called_until is null or called_until <= now())
              and (not_before is null or not_before <= now())
            order by turn, item
            limit greatest(0, open.places)
          ) as one
        ),
        called as (
          update waiting set called_until = ${after(withinMs)}
          from first
          where (waiting.item, waiting.surface) = (first.item, first.surface)
            and (called_until is null or called_until <= now())
          returning waiting.item, first.turn
        )
        select
          (select coalesce(array_agg(item order by turn, item), '{}') from called) as items,
          (select count(*) from waiting) as waiting
      `.execute(db);
      const [row] = rows;
      // One that waits on several surfaces is called once.
      return { items: [...new Set(row?.items)].map(itemOf), waiting: Number(row?.waiting ?? 0) };
    },

    lags: async () => {
      const { rows } = await sql<{ surface: string; waiting: string; oldest: number }>`
        select surface, count(*) as waiting, extract(epoch from now() - min(since))::float8 * 1000 as oldest
        from waiting group by surface order by surface
      `.execute(db);
      return rows.map(({ surface, waiting, oldest }) => ({
        surface,
        waiting: Number(waiting),
        oldestMs: Math.max(0, Math.round(oldest)),
      }));
    },
  };
}

function lineUp({ item, surface, line, rank }: Wish, waitedMs: number) {
  return sql`
    insert into waiting (item, surface, line, rank, since)
    values (${wordOf(item)}, ${surfaceKey(surface)}, ${line}, ${rank}::integer, ${after(-waitedMs)})
    on conflict (item, surface) do update
      set line = excluded.line, rank = excluded.rank, since = least(waiting.since, excluded.since),
        called_until = null, not_before = null
  `;
}

function after(ms: number) {
  return sql<Date>`now() + make_interval(secs => ${ms / 1000}::float8)`;
}

function wordOf({ kind, id }: Item): string {
  return `${kind}:${id}`;
}

function itemOf(word: string): Item {
  const [kind, ...id] = word.split(':');
  return { kind: kind === 'digest' ? 'digest' : 'task', id: id.join(':') };
}
