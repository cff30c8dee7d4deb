import type { MedplumClient, WithId } from '@medplum/core';
import type { Communication, Resource, Task } from '@medplum/fhirtypes';
import type { TaskRules } from '../routing/task.ts';
import { toRecordError } from './errors.ts';

export const PAGE = 200;

/** The client writes into the options that it is given, so every call gets its own. */
export function fresh() {
  return { cache: 'no-store' as const };
}

/**
 * The options of a write on somebody's behalf: their AccessPolicy applies, and `meta.onBehalfOf` names them.
 *
 * @param as `Practitioner/<id>`; the service itself where absent.
 */
export function onBehalfOf(as: string | undefined) {
  const headers: Record<string, string> = as === undefined ? {} : { 'x-medplum-on-behalf-of': as };
  return { ...fresh(), headers };
}

/** The search terms that leave out Tasks which are no work, to be put behind others. */
export function exceptIgnored({ ignoredCodes }: TaskRules): string {
  return ignoredCodes
    .map(({ system, code }) => `&code:not=${encodeURIComponent(`${system}|${code}`)}`)
    .join('');
}

/** Runs a request; what the client throws becomes a `RecordError`. */
export async function attempt<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toRecordError(error, doing);
  }
}

interface Paged {
  readonly Task: WithId<Task>;
  readonly Communication: WithId<Communication>;
}

/**
 * Pages through resources in the order of their last change. The server's own `next` links end at the ten-thousandth,
 * so each page begins where the last one ended; offsets only step over what was written in the same millisecond.
 */
export async function* pages<T extends keyof Paged>(
  client: MedplumClient,
  type: T,
  query: string,
  since: Date,
): AsyncIterable<Paged[T]> {
  let from = since.toISOString();
  let offset = 0;
  for (;;) {
    const window = `_lastUpdated=ge${from}&_sort=_lastUpdated&_count=${PAGE}&_offset=${offset}`;
    const bundle = await attempt(`searching ${type}s`, () =>
      client.search(type, [query, window].filter(Boolean).join('&'), fresh()),
    );
    const found = (bundle.entry ?? []).map((entry) => entry.resource as Resource | undefined);
    const matches = found.filter(
      (one): one is Paged[T] => one?.resourceType === type && one.id !== undefined,
    );
    yield* matches;
    const last = matches.at(-1)?.meta?.lastUpdated;
    if (matches.length < PAGE || last === undefined) return;
    offset = last === from ? offset + PAGE : matches.filter((one) => one.meta?.lastUpdated === last).length;
    from = last;
  }
}
