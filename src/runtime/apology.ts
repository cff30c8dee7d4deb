import { RecordError } from './ports/record.ts';

/**
 * What a person is told when something failed that was none of their doing. Nothing was changed by it.
 *
 * @param as `Practitioner/<id>` on whose behalf it was to be written, where it was: their own access decides then.
 */
export function apology(error: unknown, as?: string): string {
  if (!(error instanceof RecordError))
    return 'Something went wrong here; nothing was changed. Your administrator can see it in the log.';
  switch (error.kind) {
    case 'forbidden':
      if (as !== undefined) return NOT_ALLOWED_TO_YOU;
      return 'The record does not allow this; nothing was changed. Your administrator can look at the access policy.';
    case 'throttled':
      return 'The record is busy just now; nothing was changed. Try again in a minute.';
    case 'conflict':
      return 'Others are changing this Task at this very moment; nothing was changed. Try again.';
    case 'invalid':
    case 'lost':
    case 'gone':
      return 'The record refused this; nothing was changed. Your administrator can see it in the log.';
    case 'unreachable':
      return 'The record is not reachable just now; nothing was changed.';
    default:
      return error.kind satisfies never;
  }
}

const NOT_ALLOWED_TO_YOU =
  'Your own access in Medplum does not allow this change; nothing was changed. Somebody else may be allowed to make it, ' +
  'or your administrator can look at your access policy.';
