import { type Chapter, successorIn } from '../queries/history.ts';
import { predecessorOf } from '../record/successor.ts';
import { withRetries } from './patience.ts';
import type { RecordStore } from './ports/record.ts';

/** So many Tasks of one story are followed: nobody reads on, and a ring must end. */
const LONGEST = 10;

/** A Task with those whose place it took and those that took its own, the oldest first. */
export interface Story {
  readonly chapters: readonly Chapter[];
  /** There are more before or after them. */
  readonly cut: boolean;
}

/** Reads the whole story of a Task; undefined for one that the record does not have. */
export async function readStory(
  taskId: string,
  store: Pick<RecordStore, 'observe' | 'history'>,
): Promise<Story | undefined> {
  const asked = await chapter(taskId);
  if (asked === undefined) return undefined;
  const chapters = [asked];
  const known = (id: string) => chapters.some(({ task }) => task.id === id);

  /** Follows the story one way, as long as it leads to something new; true where more would have come. */
  async function follow(next: () => string | undefined, add: (found: Chapter) => void): Promise<boolean> {
    for (let id = next(); id !== undefined && !known(id); id = next()) {
      if (chapters.length === LONGEST) return true;
      const found = await chapter(id);
      if (found === undefined) return false;
      add(found);
    }
    return false;
  }

  const before = await follow(
    () => chapters[0] && predecessorOf(chapters[0].task),
    (found) => chapters.unshift(found),
  );
  const after = await follow(
    () => {
      const latest = chapters.at(-1);
      return latest && successorIn(latest.task.id, latest.provenances);
    },
    (found) => chapters.push(found),
  );
  return { chapters, cut: before || after };

  async function chapter(id: string): Promise<Chapter | undefined> {
    const seen = await withRetries(() => store.observe(id));
    return seen && { ...seen, ...(await withRetries(() => store.history(id))) };
  }
}
