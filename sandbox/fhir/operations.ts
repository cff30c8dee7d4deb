import { notFound } from '@medplum/core';
import type { FhirRouter } from '@medplum/fhir-router';
import { expand } from './expand.ts';
import { inputOf } from './operation-input.ts';
import { findSlots } from './scheduling/find.ts';
import { findAppointments } from './scheduling/find-appointments.ts';
import type { FhirSettings } from './settings.ts';

/** The operations beside reading and writing, which batches can ask for too. */
export function addOperations(
  router: FhirRouter,
  settings: Readonly<FhirSettings>,
  instant: () => string,
): void {
  for (const method of ['GET', 'POST'] as const) {
    router.add(method, 'ValueSet/$expand', (request, repository) =>
      expand(inputOf(request), repository, settings, instant()),
    );
    router.add(method, 'Schedule/:id/$find', async (request, repository) => {
      if (!settings.scheduleFind) return [notFound];
      return findSlots(request.params.id ?? '', inputOf(request), repository);
    });
  }
  router.add('GET', 'Appointment/$find', (request, repository) =>
    findAppointments(inputOf(request), repository),
  );
}
