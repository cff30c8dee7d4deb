import { type Kysely, sql } from 'kysely';

/** What paces us, and what waits for it. */
export interface SendingTables {
  /** When the next place is free if nobody may hurry; `per_ms` 0: nobody goes before `free_at`, whatever the pace. */
  gate: {
    key: string;
    per_ms: number;
    step_ms: number;
    burst_ms: number;
    free_at: Date;
  };
  /** Who waits to say something on a surface. */
  waiting: {
    /** `task:<id>`, `digest:<id>`. */
    item: string;
    /** See `surfaceKey`. */
    surface: string;
    /** The key of the gate that it waits for. */
    line: string;
    rank: number;
    since: Date;
    /** It was told that it is its turn, and has so long to come. */
    called_until: Date | null;
    /** A gate that it needs is shut until then. */
    not_before: Date | null;
  };
}

/**
 * Two functions, so that a look at the line and at the gates and the taking of a place are one statement: between two,
 * somebody else might go.
 */
export async function sending(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table gate (
      key text not null,
      per_ms integer not null,
      step_ms float8 not null default 0,
      burst_ms float8 not null default 0,
      free_at timestamptz not null,
      primary key (key, per_ms)
    )`.execute(db);
  await sql`
    create table waiting (
      item text not null,
      surface text not null,
      line text not null,
      rank integer not null,
      since timestamptz not null,
      called_until timestamptz,
      not_before timestamptz,
      primary key (item, surface)
    )`.execute(db);
  await sql`create index waiting_line on waiting (line, since)`.execute(db);
  await sql`create index waiting_surface on waiting (surface, since)`.execute(db);

  // See `byTurn`.
  await sql`
    create function turn_of(rank integer, since timestamptz, at timestamptz) returns float8[]
    language sql immutable as $$
      select array[
        case when at - since > interval '10 minutes' then 0 else rank end,
        rank,
        extract(epoch from since)::float8
      ]
    $$`.execute(db);

  // Milliseconds until there is a place in all of these gates; 0: it is taken.
  await sql`
    create function take_place(
      in_line text, keys text[], pers integer[], steps float8[], bursts float8[]
    ) returns float8
    language plpgsql as $$
    declare
      instant timestamptz;
      wait float8;
    begin
      -- This locks the rows, also where it changes nothing: everybody in the same order, and one after the other.
      insert into gate (key, per_ms, step_ms, burst_ms, free_at)
        select one.key, one.per, one.step, one.burst, to_timestamp(0)
        from unnest(keys, pers, steps, bursts) as one (key, per, step, burst)
        order by one.key, one.per
        on conflict (key, per_ms) do update set step_ms = excluded.step_ms, burst_ms = excluded.burst_ms
          where (gate.step_ms, gate.burst_ms) is distinct from (excluded.step_ms, excluded.burst_ms);
      instant := clock_timestamp();
      select greatest(0, ceil(max(extract(epoch from gate.free_at - instant) * 1000 - gate.burst_ms))) into wait
        from gate
        where (gate.key = in_line and gate.per_ms = 0)
          or (gate.key, gate.per_ms) in (select * from unnest(keys, pers));
      if wait > 0 then
        return wait;
      end if;
      update gate set free_at = greatest(free_at, instant) + step_ms * interval '1 millisecond'
        where (key, per_ms) in (select * from unnest(keys, pers));
      return 0;
    end
    $$`.execute(db);

  await sql`
    create function enter_line(
      an_item text, a_surface text, in_line text, a_rank integer,
      keys text[], pers integer[], steps float8[], bursts float8[],
      out goes boolean, out waited_ms float8
    )
    language plpgsql as $$
    declare
      instant timestamptz := clock_timestamp();
      mine waiting;
      came timestamptz;
      wait float8;
    begin
      select * into mine from waiting where item = an_item and surface = a_surface;
      came := coalesce(mine.since, instant);
      waited_ms := extract(epoch from instant - came) * 1000;
      -- Whoever was called goes also where somebody else came first meanwhile: there was a place for it.
      if mine.called_until > instant or not exists (
        select from waiting as other
          where other.line = in_line
            and (other.item, other.surface) <> (an_item, a_surface)
            and (other.not_before is null or other.not_before <= instant)
            and turn_of(other.rank, other.since, instant) < turn_of(a_rank, came, instant)
      ) then
        wait := take_place(in_line, keys, pers, steps, bursts);
      end if;
      goes := coalesce(wait, 1) <= 0;
      if goes and mine.item is not null then
        delete from waiting where item = an_item and surface = a_surface;
      elsif not goes then
        insert into waiting (item, surface, line, rank, since, not_before)
          values (an_item, a_surface, in_line, a_rank, came, instant + wait * interval '1 millisecond')
          on conflict (item, surface) do update
            set line = in_line, rank = a_rank, called_until = null, not_before = excluded.not_before;
      end if;
    end
    $$`.execute(db);
}
