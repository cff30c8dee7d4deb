import { parseSearchRequest } from '@medplum/core';
import type { Communication, Provenance, Resource, Task } from '@medplum/fhirtypes';
import type { Sandbox } from '../../sandbox/server.ts';

/** A Task with its whole past. */
export interface Past {
  readonly task: Stored<Task>;
  /** Oldest first; the last is the Task as it is now. */
  readonly versions: readonly Stored<Task>[];
  /** Those whose first target it is; oldest first. */
  readonly provenances: readonly Stored<Provenance>[];
}

export type Stored<T extends Resource> = T & { id: string };

/** All that the record holds of Tasks, read past its HTTP front, so that no fault is in the way. */
export interface Whole {
  readonly pasts: readonly Past[];
  readonly headers: ReadonlyMap<string, Stored<Communication>>;
}

const PAGE = 1_000;

export async function readRecord({ fhir }: Sandbox): Promise<Whole> {
  const { repository } = fhir;

  async function all<T extends Resource>(type: T['resourceType'], query = ''): Promise<Stored<T>[]> {
    const found: Stored<T>[] = [];
    for (;;) {
      const page = await repository.search<T>(
        parseSearchRequest(`${type}?_count=${PAGE}&_offset=${found.length}&_sort=_lastUpdated${query}`),
      );
      const resources = (page.entry ?? []).flatMap(({ resource }) => (resource?.id ? [resource] : []));
      found.push(...resources.map((one) => ({ ...one, id: one.id ?? '' })));
      if (resources.length < PAGE) return found;
    }
  }

  const provenances = Map.groupBy(await all<Provenance>('Provenance'), ({ target }) => target[0]?.reference);
  const pasts: Past[] = [];
  for (const task of await all<Task>('Task')) {
    const history = await repository.readHistory<Task>('Task', task.id);
    const versions = (history.entry ?? []).flatMap(({ resource }) =>
      resource?.resourceType === 'Task' ? [{ ...resource, id: task.id }] : [],
    );
    const about = provenances.get(`Task/${task.id}`) ?? [];
    pasts.push({ task, versions: versions.toReversed(), provenances: about });
  }
  const headers = await all<Communication>('Communication', '&part-of:missing=true');
  return { pasts, headers: new Map(headers.map((header) => [header.id, header])) };
}
