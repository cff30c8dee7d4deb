import type { MedplumClient, PatchOperation, WithId } from '@medplum/core';
import type { Bundle, Communication, Provenance, Task } from '@medplum/fhirtypes';
import { provenanceQuery } from '../record/provenance.ts';
import { patchEntry } from '../record/writes.ts';
import type { Pool } from '../routing/pools.ts';
import { byUrgency } from '../routing/priority.ts';
import { CLOSED, type TaskRules } from '../routing/task.ts';
import type { Observation, RecordStore, Transacted } from '../runtime/ports/record.ts';
import { isTask, resourcesOf } from './bundles.ts';
import { toRecordError } from './errors.ts';
import { attempt, exceptIgnored, fresh, onBehalfOf, PAGE, pages } from './requests.ts';
import { createThreadStore } from './threads.ts';
import { expand } from './value-sets.ts';

/** A Task with more versions than this has a past that nobody reads to its end. */
const MOST_VERSIONS = 1_000;

/** The record on a Medplum server, through one shared client. */
export function createRecordStore(client: MedplumClient, rules: TaskRules): RecordStore {
  const notIgnored = exceptIgnored(rules);

  const sentTo = ({ performerType: { system, code } }: Pool) =>
    `performer=${encodeURIComponent(`${system}|${code}`)}`;

  const waitingIn = (pool: Pool) =>
    `${sentTo(pool)}&status=${rules.claimable.join(',')}&owner:missing=true${notIgnored}`;

  return {
    observe: (taskId) =>
      attempt(`reading Task/${taskId}`, async () => {
        const query = `_id=${encodeURIComponent(taskId)}&_include=Task:focus&_revinclude=Provenance:target`;
        return toObservation(await client.search('Task', query, fresh()));
      }),

    versions: (taskId) =>
      attempt(`reading the history of Task/${taskId}`, async () => {
        const history = await client.readHistory('Task', taskId, { count: 100 }, fresh());
        return resourcesOf(history).filter(isTask);
      }),

    history: (taskId) =>
      attempt(`reading the history of Task/${taskId}`, async () => {
        const versions: WithId<Task>[] = [];
        for (let offset = 0; offset < MOST_VERSIONS; offset += PAGE) {
          const page = await client.readHistory('Task', taskId, { count: PAGE, offset }, fresh());
          versions.push(...resourcesOf(page).filter(isTask));
          if ((page.entry ?? []).length < PAGE) return { versions, truncated: false };
        }
        return { versions, truncated: true };
      }),

    patch: (type, id, patch, as) =>
      attempt(`changing ${type}/${id}`, async () => {
        await client.patchResource(type, id, [...patch] as PatchOperation[], onBehalfOf(as));
      }),

    createTask: (task, unless, as) =>
      attempt('writing a Task', async () => {
        const options = onBehalfOf(as);
        const headers = { ...options.headers, 'if-none-exist': unless };
        return client.post(client.fhirUrl('Task'), task, undefined, { ...options, headers });
      }),

    findTask: (query) =>
      attempt('looking for a Task', async () =>
        resourcesOf(await client.search('Task', query, fresh())).find(isTask),
      ),

    addProvenance: (provenance, as) =>
      attempt('writing a Provenance', async () => {
        const options = onBehalfOf(as);
        const headers = { ...options.headers, 'if-none-exist': provenanceQuery(provenance) };
        await client.post(client.fhirUrl('Provenance'), provenance, undefined, { ...options, headers });
      }),

    removeProvenance: (provenance) =>
      attempt('taking back a Provenance', async () => {
        const found = await client.search('Provenance', provenanceQuery(provenance), fresh());
        for (const one of resourcesOf(found)) {
          const isIt = one.resourceType === 'Provenance' && one.recorded === provenance.recorded;
          if (isIt && one.id) await client.deleteResource('Provenance', one.id, onBehalfOf(undefined));
        }
      }),

    transact: (bundle, as) =>
      attempt('running a transaction', async () =>
        toTransacted(bundle, await client.executeBatch(bundle, onBehalfOf(as))),
      ),

    keepsTransactions: () => attempt('finding out about transactions', () => keepsTransactions(client)),

    unclaimed: (pool) => pages(client, 'Task', waitingIn(pool), new Date(0)),

    queue: (pool, limit) =>
      attempt(`reading the queue of ${pool.id}`, async () => {
        const first = `_sort=-priority-order,authored-on&_count=${limit}&_total=accurate`;
        const bundle = await client.search('Task', `${waitingIn(pool)}&${first}`, fresh());
        const tasks = resourcesOf(bundle).filter(isTask);
        // The server sorts a missing priority last, and it means routine.
        return { tasks: tasks.sort(byUrgency), total: bundle.total ?? tasks.length };
      }),

    owned: (pool) =>
      pages(
        client,
        'Task',
        `${sentTo(pool)}&status:not=${CLOSED.join(',')}&owner:missing=false${notIgnored}`,
        new Date(0),
      ),

    ownedBy: (practitionerId) =>
      pages(
        client,
        'Task',
        `owner=Practitioner/${practitionerId}&status:not=${CLOSED.join(',')}${notIgnored}`,
        new Date(0),
      ),

    newestChange: () =>
      attempt('reading the newest Task', async () => {
        const bundle = await client.search('Task', '_sort=-_lastUpdated&_count=1', fresh());
        const stamp = bundle.entry?.[0]?.resource?.meta?.lastUpdated;
        return stamp === undefined ? undefined : new Date(stamp);
      }),

    changedSince: (since) => pages(client, 'Task', '', since),

    changedIn: (pool, since) => pages(client, 'Task', `${sentTo(pool)}${notIgnored}`, since),

    tasksByIds: async (ids) => {
      if (ids.length === 0) return [];
      return attempt('reading Tasks', async () => {
        const query = `_id=${ids.map(encodeURIComponent).join(',')}&_count=100`;
        return resourcesOf(await client.search('Task', query, fresh())).filter(isTask);
      });
    },

    ...createThreadStore(client, notIgnored),

    expand: (valueSet) => attempt('expanding a ValueSet', () => expand(client, valueSet)),
  };
}

function toObservation(bundle: Bundle): Observation | undefined {
  const resources = resourcesOf(bundle);
  const task = resources.find((one): one is WithId<Task> => one.resourceType === 'Task');
  if (task === undefined) return undefined;
  const focus = task.focus?.reference;
  return {
    task,
    thread: resources.find(
      (one): one is WithId<Communication> =>
        one.resourceType === 'Communication' && `Communication/${one.id}` === focus,
    ),
    provenances: resources
      .filter((one): one is Provenance => one.resourceType === 'Provenance')
      .sort((a, b) => b.recorded.localeCompare(a.recorded)),
  };
}

/** A server that runs a transaction as a batch answers 200 and tells about failures in the entries alone. */
function toTransacted(sent: Bundle, answered: Bundle): Transacted {
  const done = (sent.entry ?? []).map((_, i) =>
    Boolean(answered.entry?.[i]?.response?.status?.startsWith('2')),
  );
  const isWhole = answered.type === 'transaction-response' && done.every((one) => one);
  return isWhole ? { kind: 'whole' } : { kind: 'in parts', done };
}

/**
 * Asks with a transaction that must fail and can change nothing: it patches a Task that does not exist. Refused as a
 * whole means that transactions are kept; a 200 means that they are run as batches.
 */
async function keepsTransactions(client: MedplumClient): Promise<boolean> {
  const nobody = 'Task/00000000-0000-4000-8000-000000000000';
  const probe: Bundle = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [patchEntry(nobody, [{ op: 'test', path: '/status', value: 'never' }])],
  };
  try {
    await client.executeBatch(probe, fresh());
    return false;
  } catch (error) {
    const { kind } = toRecordError(error, 'probing');
    if (kind === 'gone' || kind === 'invalid' || kind === 'lost') return true;
    throw error;
  }
}
