import type { CodeableConcept, Task } from '@medplum/fhirtypes';

const SNOMED = 'http://snomed.info/sct';

export const NURSE: CodeableConcept = {
  coding: [{ system: SNOMED, code: '224535009', display: 'Registered nurse' }],
};
export const CARDIOLOGIST: CodeableConcept = {
  coding: [{ system: SNOMED, code: '17561000', display: 'Cardiologist' }],
};

/** A Task that waits for a nurse, with no more than it must have. */
export const bareTask: Task = {
  resourceType: 'Task',
  status: 'requested',
  intent: 'order',
  performerType: [NURSE],
};
