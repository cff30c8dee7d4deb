import type { CodeSystem } from '@medplum/fhirtypes';
import { REASONS, SWITCHBOARD_REASON } from '../../src/routing/reasons.ts';

/** Our own reasons as a FHIR CodeSystem. The specification's `specialty-referral` lives in Medplum's. */
export function reasonCodeSystem(): CodeSystem {
  return {
    resourceType: 'CodeSystem',
    id: 'switchboard-reason',
    url: SWITCHBOARD_REASON,
    name: 'SwitchboardReason',
    title: 'Why a patient-message Task changes hands',
    status: 'active',
    content: 'complete',
    caseSensitive: true,
    concept: REASONS.filter((reason) => reason.system === SWITCHBOARD_REASON).map(({ code, display }) => ({
      code,
      display,
    })),
  };
}
