import { describe, expect, it } from 'vitest';
import { TASK_REPLACES } from '../../src/record/successor.ts';
import { RecordError } from '../../src/runtime/ports/record.ts';
import { readStory } from '../../src/runtime/story.ts';
import { ANA, taskIn } from '../support/pure-clinic.ts';
import { provenance } from '../support/pure-past.ts';

/** A record in which each of these Tasks took the place of the one before it. */
function chainOf(ids: readonly string[], missing: readonly string[] = []) {
  const asked: string[] = [];
  const taskOf = (id: string) => {
    const before = ids[ids.indexOf(id) - 1];
    const replaces = before && [{ url: TASK_REPLACES, valueReference: { reference: `Task/${before}` } }];
    return { ...taskIn(), id, ...(replaces && { extension: replaces }) };
  };
  const link = (from: string | undefined, to: string | undefined) =>
    from && to
      ? [provenance('reroute', ANA, '2026-03-02T09:00:00.000Z', { task: from, successor: [to, 'x'] })]
      : [];
  return {
    asked,
    store: {
      observe: async (id: string) => {
        asked.push(id);
        const i = ids.indexOf(id);
        if (i < 0 || missing.includes(id)) return undefined;
        const provenances = [...link(id, ids[i + 1]), ...link(ids[i - 1], id)];
        return { task: taskOf(id), thread: undefined, provenances };
      },
      history: async (id: string) => {
        if (missing.includes(id)) throw new RecordError('gone', 'a test');
        return { versions: [taskOf(id)], truncated: false };
      },
    },
  };
}

const told = async (ids: readonly string[], from: string, missing: readonly string[] = []) => {
  const story = await readStory(from, chainOf(ids, missing).store);
  return story && { ids: story.chapters.map(({ task }) => task.id), cut: story.cut };
};

describe('a story', () => {
  it.each(['a', 'b', 'c'])('is the same from whichever of its Tasks: %s', async (from) => {
    expect(await told(['a', 'b', 'c'], from)).toEqual({ ids: ['a', 'b', 'c'], cut: false });
  });

  it('is that of one Task where it took nobody’s place', async () => {
    const { store, asked } = chainOf(['a']);

    const story = await readStory('a', store);

    expect(story?.chapters).toHaveLength(1);
    expect(asked).toEqual(['a']);
  });

  it('is none for a Task that the record does not have', async () => {
    expect(await told(['a'], 'x')).toBeUndefined();
  });

  it('ends where a Task of it is not there any more', async () => {
    expect(await told(['a', 'b', 'c', 'd'], 'c', ['a', 'd'])).toEqual({ ids: ['b', 'c'], cut: false });
  });

  it('is told of ten Tasks, and says that there are more', async () => {
    const ids = Array.from({ length: 14 }, (_, i) => `t${i}`);

    expect(await told(ids, 't13')).toEqual({ ids: ids.slice(4), cut: true });
    expect(await told(ids, 't0')).toEqual({ ids: ids.slice(0, 10), cut: true });
  });

  it('ends, where two Tasks say of each other that they took the other’s place', async () => {
    expect(await told(['a', 'b', 'a'], 'a')).toMatchObject({ cut: false });
    expect((await told(['a', 'b', 'a'], 'b'))?.ids.toSorted()).toEqual(['a', 'b']);
  });
});
