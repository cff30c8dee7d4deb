import { PRIORITIES, type Priority } from '../routing/priority.ts';

/** The highest of these priorities; routine where nothing is said, or nothing that FHIR knows. */
export function mostUrgent(codes: readonly (string | undefined)[]): Priority {
  return PRIORITIES.findLast((priority) => codes.includes(priority)) ?? 'routine';
}
