import type { Message } from '../duties/thread.ts';
import { withRetries } from './patience.ts';
import type { Observation, RecordStore } from './ports/record.ts';

/** What was said in a Task's thread: read when somebody asks for the first time, and once. */
export type Talk = () => Promise<readonly Message[]>;

/** Of a Task that is not there. */
export const NOBODY_SAID_ANYTHING: Talk = async () => [];

export function talkOf({ thread }: Observation, store: Pick<RecordStore, 'messages'>): Talk {
  let reading: Promise<readonly Message[]> | undefined;
  return () => {
    reading ??= thread === undefined ? Promise.resolve([]) : withRetries(() => store.messages(thread.id));
    return reading;
  };
}
