import type { Message } from '../duties/thread.ts';
import { withRetries } from './patience.ts';
import type { Observation, RecordStore } from './ports/record.ts';

/** One look at a Task: everything that is drawn, written or put off in it goes by the same instant and the same talk. */
export interface Look {
  /** The application's clock when the look began. */
  readonly at: Date;
  /** What was said in the Task's thread: read when somebody asks for the first time, and once. */
  readonly talk: () => Promise<readonly Message[]>;
}

/** @param seen undefined for a Task that is not there: nobody said anything about it. */
export function lookAt(seen: Observation | undefined, store: Pick<RecordStore, 'messages'>, at: Date): Look {
  const thread = seen?.thread;
  let reading: Promise<readonly Message[]> | undefined;
  return {
    at,
    talk: () => {
      reading ??= thread === undefined ? Promise.resolve([]) : withRetries(() => store.messages(thread.id));
      return reading;
    },
  };
}
