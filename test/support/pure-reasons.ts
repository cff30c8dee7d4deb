import { findReason, REASONS, type Reason } from '../../src/routing/reasons.ts';

export const wrongPool = reason('wrong-pool');
export const specialtyReferral = reason('specialty-referral');
export const endOfShift = reason('end-of-shift');
export const other = reason('other');

function reason(code: string): Reason {
  const found = findReason(code, REASONS);
  if (found === undefined) throw new Error(`There is no reason ${code}`);
  return found;
}
