import type { MedplumClient, PatchOperation, WithId } from '@medplum/core';
import type { Bundle, Communication, Provenance, Resource, Task } from '@medplum/fhirtypes';
import { provenanceQuery } from '../record/provenance.ts';
import { patchEntry } from '../record/writes.ts';
import type { TaskRules } from '../routing/task.ts';
import { type Observation, RecordError, type RecordStore } from '../runtime/ports/record.ts';
import { toRecordError } from './errors.ts';

const PAGE = 200;

/** The record on a Medplum server, through one shared client. */
export function createRecordStore(client: MedplumClient, rules: TaskRules): RecordStore {
  const notIgnored = rules.ignoredCodes
    .map(({ system, code }) => `&code:not=${encodeURIComponent(`${system}|${code}`)}`)
    .join('');

  return {
    observe: (taskId) =>
      attempt(`reading Task/${taskId}`, async () => {
        const query = `_id=${encodeURIComponent(taskId)}&_include=Task:focus&_revinclude=Provenance:target`;
        return toObservation(await client.search('Task', query, fresh()));
      }),

    newestMessage: (threadId) =>
      attempt(`reading the messages of Communication/${threadId}`, async () => {
        const query = `part-of=Communication/${threadId}&_sort=-_lastUpdated&_count=1`;
        return (await client.search('Communication', query, fresh())).entry?.[0]?.resource as
          | Communication
          | undefined;
      }),

    versions: (taskId) =>
      attempt(`reading the history of Task/${taskId}`, async () => {
        const history = await client.readHistory('Task', taskId, { count: 100 }, fresh());
        return (history.entry ?? []).map((entry) => entry.resource).filter(isTask);
      }),

    patch: (type, id, patch) =>
      attempt(`changing ${type}/${id}`, async () => {
        await client.patchResource(type, id, [...patch] as PatchOperation[], fresh());
      }),

    thread: (id) =>
      attempt(`reading Communication/${id}`, () => client.readResource('Communication', id, fresh())),

    addProvenance: (provenance) =>
      attempt('writing a Provenance', async () => {
        const headers = { 'if-none-exist': provenanceQuery(provenance) };
        await client.post(client.fhirUrl('Provenance'), provenance, undefined, { ...fresh(), headers });
      }),

    transact: (bundle) =>
      attempt('running a transaction', async () => {
        checkEntries(bundle, await client.executeBatch(bundle, fresh()));
      }),

    keepsTransactions: () => attempt('finding out about transactions', () => keepsTransactions(client)),

    unclaimed: (pool) => {
      const { system, code } = pool.performerType;
      const query =
        `performer=${encodeURIComponent(`${system}|${code}`)}&status=${rules.claimable.join(',')}` +
        `&owner:missing=true${notIgnored}`;
      return pages(client, query, new Date(0));
    },

    ownedBy: (practitionerId) =>
      pages(
        client,
        `owner=Practitioner/${practitionerId}&status:not=completed,cancelled${notIgnored}`,
        new Date(0),
      ),

    newestChange: () =>
      attempt('reading the newest Task', async () => {
        const bundle = await client.search('Task', '_sort=-_lastUpdated&_count=1', fresh());
        const stamp = bundle.entry?.[0]?.resource?.meta?.lastUpdated;
        return stamp === undefined ? undefined : new Date(stamp);
      }),

    changedSince: (since) => pages(client, '', since),
  };
}

/** The client writes into the options that it is given, so every call gets its own. */
function fresh() {
  return { cache: 'no-store' as const };
}

async function attempt<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toRecordError(error, doing);
  }
}

function toObservation(bundle: Bundle): Observation | undefined {
  const resources = (bundle.entry ?? []).map((entry) => entry.resource);
  const task = resources.find((one): one is WithId<Task> => one?.resourceType === 'Task');
  if (task === undefined) return undefined;
  const focus = task.focus?.reference;
  return {
    task,
    thread: resources.find(
      (one): one is WithId<Communication> =>
        one?.resourceType === 'Communication' && `Communication/${one.id}` === focus,
    ),
    provenances: resources
      .filter((one): one is Provenance => one?.resourceType === 'Provenance')
      .sort((a, b) => b.recorded.localeCompare(a.recorded)),
  };
}

/**
 * Pages through Tasks in the order of their last change. The server's own `next` links end at the ten-thousandth, so
 * each page begins where the last one ended; offsets only step over Tasks that were written in the same millisecond.
 */
async function* pages(client: MedplumClient, query: string, since: Date): AsyncIterable<WithId<Task>> {
  let from = since.toISOString();
  let offset = 0;
  for (;;) {
    const window = `_lastUpdated=ge${from}&_sort=_lastUpdated&_count=${PAGE}&_offset=${offset}`;
    const bundle = await attempt('searching Tasks', () =>
      client.search('Task', [query, window].filter(Boolean).join('&'), fresh()),
    );
    const tasks = (bundle.entry ?? []).map((entry) => entry.resource).filter(isTask);
    yield* tasks;
    const last = tasks.at(-1)?.meta?.lastUpdated;
    if (tasks.length < PAGE || last === undefined) return;
    offset = last === from ? offset + PAGE : tasks.filter((task) => task.meta?.lastUpdated === last).length;
    from = last;
  }
}

function isTask(resource: Resource | undefined): resource is WithId<Task> {
  return resource?.resourceType === 'Task' && resource.id !== undefined;
}

/** A server that runs a transaction as a batch answers 200 and tells about failures in the entries alone. */
function checkEntries(sent: Bundle, answered: Bundle): void {
  const statuses = (sent.entry ?? []).map((_, i) => answered.entry?.[i]?.response?.status ?? 'nothing');
  const bad = statuses.find((status) => !status.startsWith('2'));
  if (bad !== undefined) throw new RecordError('invalid', `running a transaction: an entry answered ${bad}`);
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
