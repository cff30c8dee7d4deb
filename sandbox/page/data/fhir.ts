import type { Bundle, Communication, Provenance, Resource, Task } from '@medplum/fhirtypes';
import { RequestError, requestJson } from './http.ts';

/** A conversation: its header, and what was said, oldest first. */
export interface Conversation {
  readonly thread: Communication | undefined;
  readonly messages: readonly Communication[];
}

/** A Task with everything that tells its story, newest first. */
export interface RecordOfTask extends Conversation {
  readonly task: Task;
  readonly versions: readonly Task[];
  readonly provenance: readonly Provenance[];
  /** The other Tasks of the same thread. */
  readonly siblings: readonly Task[];
}

/** How many Tasks are listed, newest first. */
export const RECENT = 30;

/** More than a story has; without it the server gives twenty. */
const ALL = '_count=200';

export async function loadRecentTasks(): Promise<Task[]> {
  return resourcesOf(await read<Bundle<Task>>(`Task?_sort=-_lastUpdated&_count=${RECENT}`));
}

export async function loadRecord(taskId: string): Promise<RecordOfTask> {
  const id = encodeURIComponent(taskId);
  const [task, history, provenance] = await Promise.all([
    read<Task>(`Task/${id}`),
    read<Bundle<Task>>(`Task/${id}/_history`),
    read<Bundle<Provenance>>(`Provenance?target=${encodeURIComponent(`Task/${taskId}`)}&${ALL}`),
  ]);
  const header = task.focus?.reference?.startsWith('Communication/') ? task.focus.reference : undefined;
  const [conversation, ofThread] = await Promise.all([
    loadConversation(header),
    header === undefined
      ? undefined
      : read<Bundle<Task>>(`Task?focus=${encodeURIComponent(header)}&_sort=_lastUpdated&${ALL}`),
  ]);
  return {
    ...conversation,
    task,
    versions: resourcesOf(history),
    provenance: resourcesOf(provenance).toSorted((a, b) =>
      (b.recorded ?? '').localeCompare(a.recorded ?? ''),
    ),
    siblings: resourcesOf(ofThread).filter((one) => one.id !== taskId),
  };
}

/** @param header for example `Communication/1`. */
export async function loadConversation(header: string | undefined): Promise<Conversation> {
  if (header === undefined) return { thread: undefined, messages: [] };
  const [thread, messages] = await Promise.all([
    read<Communication>(header),
    read<Bundle<Communication>>(`Communication?part-of=${encodeURIComponent(header)}&${ALL}`),
  ]);
  const said = resourcesOf(messages).toSorted((a, b) => (a.sent ?? '').localeCompare(b.sent ?? ''));
  return { thread, messages: said };
}

function resourcesOf<T extends Resource>(bundle: Bundle<T> | undefined): T[] {
  return (bundle?.entry ?? []).flatMap((entry) => (entry.resource === undefined ? [] : [entry.resource]));
}

let token: Promise<string> | undefined;

async function read<T>(path: string): Promise<T> {
  try {
    return await readWith<T>(await signedIn(), path);
  } catch (error) {
    if (!(error instanceof RequestError) || error.status !== 401) throw error;
    // The sandbox was started again, or the token has run out.
    token = undefined;
    return readWith<T>(await signedIn(), path);
  }
}

const readWith = <T>(bearer: string, path: string): Promise<T> =>
  requestJson<T>(`/fhir/R4/${path}`, {
    headers: { authorization: `Bearer ${bearer}`, accept: 'application/fhir+json' },
  });

function signedIn(): Promise<string> {
  token ??= requestJson<{ access_token: string }>('/oauth2/token', {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'sandbox',
      client_secret: 'sandbox',
    }),
  }).then(
    (answer) => answer.access_token,
    (error: unknown) => {
      token = undefined;
      throw error;
    },
  );
  return token;
}
