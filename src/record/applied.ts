import { deepEquals, type PatchOperation } from '@medplum/core';
import type { Task } from '@medplum/fhirtypes';

/**
 * Was this patch applied, although nobody heard the answer? True when one of the Task's versions is what the patch
 * makes of the version before it, and was not written on somebody else's behalf: two people may wish for the same.
 *
 * @param versions newest first, as a history gives them; @param as `Practitioner/<id>` on whose behalf it was sent.
 */
export function wasApplied(
  patch: readonly PatchOperation[],
  versions: readonly Task[],
  as?: string,
): boolean {
  return versions.some((version, i) => {
    const before = versions[i + 1];
    if (before === undefined || isOfAnother(version, as)) return false;
    return allows(patch, before) && !shows(patch, before) && shows(patch, version);
  });
}

/** Where a version does not say on whose behalf it was written, it may be anybody's. */
function isOfAnother({ meta }: Task, as: string | undefined): boolean {
  return meta?.onBehalfOf !== undefined && meta.onBehalfOf.reference !== as;
}

/** Every `test` of the patch holds. */
function allows(patch: readonly PatchOperation[], task: Task): boolean {
  return patch.every((operation) => {
    if (operation.op !== 'test') return true;
    const found = valueAt(task, operation.path);
    return operation.value === undefined ? found === undefined : equal(found, operation.value);
  });
}

/** Everything that the patch writes is there. */
function shows(patch: readonly PatchOperation[], task: Task): boolean {
  return patch.every((operation) => {
    if (operation.op === 'test') return true;
    if (operation.op === 'remove') return valueAt(task, operation.path) === undefined;
    if (!('value' in operation)) return false;
    if (!operation.path.endsWith('/-')) return equal(valueAt(task, operation.path), operation.value);
    const list = valueAt(task, operation.path.slice(0, -2));
    return Array.isArray(list) && list.some((one) => equal(one, operation.value));
  });
}

function valueAt(task: Task, path: string): unknown {
  return path
    .split('/')
    .slice(1)
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], task);
}

function equal(a: unknown, b: unknown): boolean {
  return deepEquals(a, b);
}
