import { getStatus, OperationOutcomeError } from '@medplum/core';
import { RecordError, type RecordErrorKind } from '../runtime/ports/record.ts';

/**
 * Maps what MedplumClient throws to the few kinds that the core knows. The error carries no HTTP status; the outcome's
 * id gives it away, except that a lost `test` and a malformed patch are both a 400: only the text tells them apart.
 */
export function toRecordError(error: unknown, doing: string): RecordError {
  if (error instanceof RecordError) return error;
  if (!(error instanceof OperationOutcomeError))
    return new RecordError('unreachable', doing, { cause: error });
  const retryAfterMs = waitOf(error);
  return new RecordError(kindOf(error), doing, {
    cause: withoutContent(error),
    ...(retryAfterMs && { retryAfterMs }),
  });
}

function kindOf(error: OperationOutcomeError): RecordErrorKind {
  const status = getStatus(error.outcome);
  const text = error.outcome.issue.map((issue) => issue.details?.text ?? '').join('\n');
  if (status === 412 || text.includes('Test failed')) return 'lost';
  if (status === 409) return 'conflict';
  if (status === 429) return 'throttled';
  if (status === 401 || status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'gone';
  if (status >= 500) return 'unreachable';
  return 'invalid';
}

/** Medplum answers 429 with the milliseconds to wait inside `diagnostics`, and with no Retry-After. */
function waitOf(error: OperationOutcomeError): number | undefined {
  const diagnostics = error.outcome.issue[0]?.diagnostics ?? '';
  const wait = /"_?msBeforeNext":\s*(\d+)/.exec(diagnostics)?.[1];
  return wait === undefined ? undefined : Number(wait);
}

/** A failed `test` quotes the values that it compared, and those may be a patient's: only the kind is kept. */
function withoutContent(error: OperationOutcomeError): Error {
  const codes = error.outcome.issue.map(
    (issue) => `${issue.code}${issue.expression ? ` at ${issue.expression}` : ''}`,
  );
  return new Error(`OperationOutcome ${error.outcome.id ?? 'without id'}: ${codes.join(', ')}`);
}
