import type { Provenance, Task } from '@medplum/fhirtypes';

/** The extension by which a Task says which other one it took the place of. */
const REPLACES = 'http://hl7.org/fhir/StructureDefinition/task-replaces';

/** Ids of the Tasks before and after this one, where a reroute made a new Task and not only a new owner. */
export interface Replacement {
  readonly replaces: string | undefined;
  readonly replacedBy: string | undefined;
}

export function replacementOf(
  task: Task,
  siblings: readonly Task[],
  provenance: readonly Provenance[],
): Replacement {
  const replaces = replacedIdOf(task);
  const successor = siblings.find((one) => replacedIdOf(one) === task.id)?.id;
  return { replaces, replacedBy: successor ?? (task.status === 'cancelled' ? namedWith(task) : undefined) };

  /** The other target of a Provenance about this Task, which is not the one before. */
  function namedWith({ id }: Task): string | undefined {
    return provenance
      .flatMap(({ target }) => target.map(({ reference }) => taskIdOf(reference)))
      .find((other) => other !== undefined && other !== id && other !== replaces);
  }
}

function replacedIdOf({ extension = [] }: Task): string | undefined {
  return taskIdOf(extension.find(({ url }) => url === REPLACES)?.valueReference?.reference);
}

/** "Task/1" or "Task/1/_history/2" -> "1" */
const taskIdOf = (reference: string | undefined): string | undefined =>
  /^Task\/([\w.-]+)/.exec(reference ?? '')?.[1];
