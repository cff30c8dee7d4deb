import type { Operation, WithId } from '@medplum/core';
import {
  applyPatch,
  badRequest,
  deepClone,
  normalizeOperationOutcome,
  notFound,
  OperationOutcomeError,
  preconditionFailed,
} from '@medplum/core';
import type { Parameters, Resource } from '@medplum/fhirtypes';

/** The resource after a JSON Patch. Throws a 400 that names every operation which failed. */
export function patched(stored: WithId<Resource>, patch: Operation[] | Parameters): WithId<Resource> {
  if (!Array.isArray(patch)) throw new OperationOutcomeError(badRequest('Patch body must be an array'));
  const { id, resourceType } = stored;
  const result = deepClone(stored);
  applyOperations(result, patch);
  if (result.id !== id || result.resourceType !== resourceType) throw new OperationOutcomeError(notFound);
  return result;
}

/** Throws a 412 when another version is stored than the writer has seen. */
export function checkVersion(stored: WithId<Resource>, ifMatch: string | undefined): void {
  if (ifMatch && stored.meta?.versionId !== ifMatch) throw new OperationOutcomeError(preconditionFailed);
}

function applyOperations(resource: Resource, patch: Operation[]): void {
  let failed: string[];
  try {
    failed = applyPatch(resource, patch).flatMap((error) => (error ? [error.message] : []));
  } catch (error) {
    throw new OperationOutcomeError(normalizeOperationOutcome(error));
  }
  if (failed.length > 0) throw new OperationOutcomeError(badRequest(failed.join('\n')));
}
