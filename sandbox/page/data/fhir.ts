import type { Bundle, Communication, Provenance, Resource, Task } from '@medplum/fhirtypes';
import { RequestError, requestJson } from './http.ts';

/** A Task with everything that tells its story, newest first. */
export interface RecordOfTask {
  readonly task: Task;
  readonly versions: readonly Task[];
  readonly provenance: readonly Provenance[];
  readonly thread: Communication | undefined;
  readonly messages: readonly Communication[];
}

/** How many Tasks are listed, newest first. */
export const RECENT = 30;

export async function loadRecentTasks(): Promise<Task[]> {
  return resourcesOf(await read<Bundle<Task>>(`Task?_sort=-_lastUpdated&_count=${RECENT}`));
}

export async function loadRecord(taskId: string): Promise<RecordOfTask> {
  const id = encodeURIComponent(taskId);
  const [task, history, provenance] = await Promise.all([
    read<Task>(`Task/${id}`),
    read<Bundle<Task>>(`Task/${id}/_history`),
    read<Bundle<Provenance>>(`Provenance?target=${encodeURIComponent(`Task/${taskId}`)}`),
  ]);
  const header = task.focus?.reference?.startsWith('Communication/') ? task.focus.reference : undefined;
  const [thread, messages] = await Promise.all([
    header === undefined ? undefined : read<Communication>(header),
    header === undefined
      ? undefined
      : read<Bundle<Communication>>(`Communication?part-of=${encodeURIComponent(header)}`),
  ]);
  return {
    task,
    versions: resourcesOf(history),
    provenance: resourcesOf(provenance).toSorted((a, b) =>
      (b.recorded ?? '').localeCompare(a.recorded ?? ''),
    ),
    thread,
    messages: resourcesOf(messages).toSorted((a, b) => (a.sent ?? '').localeCompare(b.sent ?? '')),
  };
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
