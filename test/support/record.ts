import { type PatchOperation, parseSearchRequest } from '@medplum/core';
import type { Communication, Provenance, Resource, Task } from '@medplum/fhirtypes';
import type { Inbox } from '../../sandbox/messages.ts';
import type { Sandbox } from '../../sandbox/server.ts';

/** What the record holds of a Task. */
export interface Recorded {
  readonly task: Task & { id: string };
  readonly thread: (Communication & { id: string }) | undefined;
  /** Newest first. */
  readonly provenances: readonly Provenance[];
  /** Every version of the Task, newest first. */
  readonly versions: readonly Task[];
}

/** The FHIR server under a clinic: the sandbox's own, or any Medplum server that the environment names. */
export interface ClinicRecord {
  /** Environment variables that point the application at it. */
  readonly env: Readonly<Record<string, string>>;
  /** Makes the demo's configuration fit: the codes of the pools, and where people carry their chat identifiers. */
  configure(yaml: string): string;
  /** Writes a resource as another application would; one that brings its id keeps it, where the server allows that. */
  put<T extends Resource>(resource: T): Promise<T & { id: string }>;
  patch(type: 'Task' | 'Communication', id: string, patch: readonly PatchOperation[]): Promise<void>;
  /** Resources that a FHIR search finds. */
  search<T extends Resource['resourceType']>(
    type: T,
    query: string,
  ): Promise<(Extract<Resource, { resourceType: T }> & { id: string })[]>;
  recorded(taskId: string): Promise<Recorded>;
  /** Patients and staff write. */
  readonly inbox: Pick<Inbox, 'write' | 'say' | 'answer'>;
  /** `Practitioner/<id>` of somebody of the workspace. */
  practitioner(slackId: string): string;
  /** Takes away what it made, where the server goes on living. */
  close(): Promise<void>;
}

/** The record of the sandbox. */
export function sandboxRecord(sandbox: Sandbox): ClinicRecord {
  const { repository } = sandbox.fhir;
  const search: ClinicRecord['search'] = async (type, query) => {
    const found = await repository.search(parseSearchRequest(`${type}?${query}`));
    return (found.entry ?? []).flatMap(({ resource }) =>
      resource?.resourceType === type ? [resource as never] : [],
    );
  };
  return {
    env: {},
    configure: (yaml) => yaml,
    put: (resource) =>
      resource.id === undefined
        ? repository.createResource(resource)
        : repository.createResource(resource, { assignedId: true }),
    patch: async (type, id, patch) => {
      await repository.patchResource(type, id, patch as Parameters<typeof repository.patchResource>[2]);
    },
    search,
    recorded: async (taskId) => {
      const task = await repository.readResource<Task>('Task', taskId);
      const focus = task.focus?.reference?.split('/')[1];
      const history = await repository.readHistory<Task>('Task', taskId);
      return {
        task,
        thread: focus ? await repository.readResource<Communication>('Communication', focus) : undefined,
        provenances: newestFirst(await search('Provenance', `target=Task/${taskId}&_count=1000`)),
        versions: (history.entry ?? []).flatMap(({ resource }) => (resource ? [resource] : [])),
      };
    },
    inbox: sandbox.inbox,
    practitioner: (slackId) => `Practitioner/${sandbox.practitionerOf(slackId)}`,
    close: async () => {},
  };
}

export function newestFirst(provenances: readonly Provenance[]): Provenance[] {
  return [...provenances].sort((a, b) => b.recorded.localeCompare(a.recorded));
}
