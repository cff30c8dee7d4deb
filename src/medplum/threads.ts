import type { MedplumClient } from '@medplum/core';
import { heardAt } from '../record/answer.ts';

import type { RecordStore } from '../runtime/ports/record.ts';
import { isCommunication, isTask, resourcesOf } from './bundles.ts';
import { attempt, fresh, pages } from './requests.ts';

type ThreadStore = Pick<
  RecordStore,
  'messages' | 'threadView' | 'thread' | 'newestMessageChange' | 'messagesChangedSince'
>;

/** So many messages of a thread are looked at: what was said before them was answered, or is beyond help. */
const MESSAGES = 50;
/** A thread has one open Task, and a handful of closed ones. */
const TASKS = 100;
/** A message is written once, and marked as received and read. */
const VERSIONS = 100;

/** https://www.medplum.com/docs/communications: a message is a Communication that is part of its thread's header. */
const IS_MESSAGE = 'part-of:missing=false';

/** @param notIgnored the search terms that leave out Tasks which are no work. */
export function createThreadStore(client: MedplumClient, notIgnored: string): ThreadStore {
  const messages = (threadId: string) =>
    attempt(`reading the messages of Communication/${threadId}`, async () => {
      const query = `part-of=Communication/${threadId}&_sort=-_lastUpdated&_count=${MESSAGES}`;
      const found = resourcesOf(await client.search('Communication', query, fresh()));
      return found.filter(isCommunication).sort((a, b) => heardAt(a).localeCompare(heardAt(b)));
    });

  const tasksOf = (threadId: string) =>
    attempt(`reading the Tasks of Communication/${threadId}`, async () => {
      const query = `focus=Communication/${threadId}${notIgnored}&_sort=-_lastUpdated&_count=${TASKS}`;
      return resourcesOf(await client.search('Task', query, fresh())).filter(isTask);
    });

  /** By search: a read by id can show what was rolled back. */
  const header = (id: string) =>
    attempt(`reading Communication/${id}`, async () => {
      const query = `_id=${encodeURIComponent(id)}`;
      return resourcesOf(await client.search('Communication', query, fresh())).find(isCommunication);
    });

  return {
    messages,

    thread: (id) =>
      attempt(`reading Communication/${id}`, () => client.readResource('Communication', id, fresh())),

    threadView: async (threadId) => {
      const [found, said, tasks] = await Promise.all([
        header(threadId),
        messages(threadId),
        tasksOf(threadId),
      ]);
      return found && { header: found, messages: said, tasks };
    },

    newestMessageChange: () =>
      attempt('reading the newest message', async () => {
        const query = `${IS_MESSAGE}&_sort=-_lastUpdated&_count=1`;
        const [newest] = resourcesOf(await client.search('Communication', query, fresh()));
        const stamp = newest?.meta?.lastUpdated;
        return stamp === undefined ? undefined : new Date(stamp);
      }),

    messagesChangedSince: (since) => pages(client, 'Communication', IS_MESSAGE, since),
  };
}

/**
 * When a message came into the record (UTC, ISO 8601), by its first version: `sent` may lie long before, where a gateway
 * was down, and `meta.lastUpdated` moves whenever somebody marks the message as read.
 */
export function arrivalOf(client: MedplumClient, messageId: string): Promise<string | undefined> {
  return attempt(`reading the history of Communication/${messageId}`, async () => {
    const history = await client.readHistory('Communication', messageId, { count: VERSIONS }, fresh());
    return resourcesOf(history).at(-1)?.meta?.lastUpdated;
  });
}
