import { surfaceKey } from '../../src/cards/surfaces.ts';
import type { Digest, Digests, PersonalDigest } from '../../src/runtime/ports/digests.ts';

type Row = Omit<Digest, 'isOutdated'>;

/** The digests of a ledger in memory. */
export function memoryDigests(): Digests & { readonly rows: Map<string, Row> } {
  const rows = new Map<string, Row>();
  const people = new Map<string, PersonalDigest>();
  const set = async (id: string, more: Partial<Row>): Promise<void> => {
    const row = rows.get(id);
    if (row === undefined) throw new Error(`no digest ${id}`);
    rows.set(id, { ...row, ...more });
  };
  const same = (a: Row, b: Row) => a.of === b.of && surfaceKey(a.surface) === surfaceKey(b.surface);
  const isOutdated = (row: Row) =>
    [...rows.values()].some(
      (other) => same(other, row) && other.facts.day > row.facts.day && other.ref !== undefined,
    );
  return {
    rows,
    make: async ({ of, surface, facts }, state = 'due') => {
      const id = `${of} ${surfaceKey(surface)} ${facts.day}`;
      if (!rows.has(id)) rows.set(id, { id, of, surface, facts, state, ref: undefined, hash: undefined });
      return id;
    },
    madeOn: async (of, day) => [...rows.values()].filter((row) => row.of === of && row.facts.day === day),
    get: async (id) => {
      const row = rows.get(id);
      return row && { ...row, isOutdated: isOutdated(row) };
    },
    lastBefore: async (of, day) => {
      const days = [...rows.values()].filter(
        (row) => row.of === of && row.facts.day < day && row.ref !== undefined,
      );
      const last = days.toSorted((a, b) => a.facts.day.localeCompare(b.facts.day)).at(-1);
      return last && new Date(last.facts.at);
    },
    begin: async (id) => {
      if (rows.get(id)?.state !== 'due') return false;
      await set(id, { state: 'posting' });
      return true;
    },
    madeAt: async () => new Date(0),
    posted: (id, ref, hash) => set(id, { state: 'live', ref, hash }),
    redrawing: (id) => set(id, { hash: undefined }),
    redrawn: (id, hash, state) => set(id, { state, hash }),
    drop: (id) => set(id, { state: 'due', ref: undefined, hash: undefined }),
    close: (id) => set(id, { state: 'closed' }),
    listing: async (taskId) =>
      [...rows.values()]
        .filter((row) => row.state !== 'closed' && row.facts.rows.some(({ id }) => id === taskId))
        .map(({ id }) => id),
    unfinished: async () =>
      [...rows.values()]
        .filter(
          (row) =>
            row.state === 'due' || row.state === 'posting' || (row.state === 'live' && isOutdated(row)),
        )
        .map(({ id }) => id),
    outdatedBy: async (id) => {
      const newer = rows.get(id);
      return [...rows.values()]
        .filter(
          (row) => newer && same(row, newer) && row.facts.day < newer.facts.day && row.state !== 'closed',
        )
        .map((row) => row.id);
    },
    personal: {
      set: async (user, practitionerId, at) => {
        people.set(JSON.stringify(user), { user, practitionerId, at });
      },
      end: async (user) => people.delete(JSON.stringify(user)),
      timeOf: async (user) => people.get(JSON.stringify(user))?.at,
      all: async () => [...people.values()],
    },
  };
}
