import type { WithId } from '@medplum/core';
import type { Bundle, Communication, Resource, Task } from '@medplum/fhirtypes';

/** The resources of an answer; an entry may have none (a deleted version). */
export function resourcesOf({ entry = [] }: Bundle): Resource[] {
  return entry.map(({ resource }) => resource).filter((one) => one !== undefined);
}

export function isTask(resource: Resource): resource is WithId<Task> {
  return resource.resourceType === 'Task' && resource.id !== undefined;
}

export function isCommunication(resource: Resource): resource is WithId<Communication> {
  return resource.resourceType === 'Communication' && resource.id !== undefined;
}
