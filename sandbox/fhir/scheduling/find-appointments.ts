import type { WithId } from '@medplum/core';
import { allOk, createReference, toServiceTypeCodeableConcepts } from '@medplum/core';
import type { FhirRepository, FhirResponse } from '@medplum/fhir-router';
import type { Appointment, CodeableConcept, Schedule, Slot } from '@medplum/fhirtypes';
import type { Input } from '../operation-input.ts';
import { textOf } from '../operation-input.ts';
import { countOf, rangeOf, refusal, searchset, serviceOf, slotsOf, zoneOf } from './find.ts';
import { freeIntervals, timesIn } from './free-times.ts';
import type { Interval } from './intervals.ts';
import type { SchedulingParameters } from './parameters.ts';
import { parametersFor } from './parameters.ts';

const MINUTE_MS = 60 * 1000;
const ALIKE = ['duration', 'alignmentInterval', 'alignmentOffset', 'alignmentTimezone'] as const;

/**
 * `Appointment/$find`: the proposed Appointments for which all of one or more Schedules are free, as documented in
 * https://www.medplum.com/docs/scheduling/appointment-find. Not played: recurring series, appointments to be ignored, and
 * overbooking.
 */
export async function findAppointments(input: Input, repository: FhirRepository): Promise<FhirResponse> {
  const range = rangeOf(input);
  const count = countOf(input);
  const wanted = input('schedule').map(String);
  const reference = textOf(input, 'service-type-reference');
  for (const [name, given] of [
    ['service-type-reference', reference],
    ['schedule', wanted[0]],
  ]) {
    if (!given) throw refusal(`Expected at least 1 value(s) for required input parameter '${name}'`);
  }

  const calendars: Calendar[] = [];
  let types: readonly CodeableConcept[] = [];
  for (const name of wanted) {
    const schedule = await repository
      .readReference<Schedule>({ reference: name })
      .catch(() => Promise.reject(refusal('Loading schedule failed')));
    const service = await serviceOf(reference ?? '', schedule, repository);
    types = toServiceTypeCodeableConcepts(service);
    const parameters = parametersFor(schedule, service);
    const zone = parameters.timezone ?? (await zoneOf(schedule, repository));
    const slots = await slotsOf(schedule, range, repository);
    calendars.push({ schedule, parameters, free: freeIntervals(parameters, zone, range, slots, types) });
  }
  const appointments = timesForAll(calendars).map((time) => toAppointment(calendars, time, types));
  return [allOk, searchset(appointments.slice(0, count))];
}

interface Calendar {
  readonly schedule: WithId<Schedule>;
  readonly parameters: SchedulingParameters;
  readonly free: readonly Interval[];
}

function timesForAll(calendars: readonly Calendar[]): Interval[] {
  const [first, ...others] = calendars;
  if (!first) return [];
  for (const { parameters } of others) {
    const different = ALIKE.find((name) => parameters[name] !== first.parameters[name]);
    if (different) throw refusal(`Scheduling parameters attribute '${different}' does not match`);
  }
  // The buffers may differ: a time is good when it is so for each.
  return others.reduce(
    (times, { parameters, free }) => {
      const possible = timesIn(free, parameters);
      return times.filter(({ start }) => possible.some((time) => time.start === start));
    },
    timesIn(first.free, first.parameters),
  );
}

function toAppointment(
  calendars: readonly Calendar[],
  { start, end }: Interval,
  types: readonly CodeableConcept[],
): Appointment {
  return {
    resourceType: 'Appointment',
    status: 'proposed',
    start: at(start),
    end: at(end),
    serviceType: [...types],
    participant: calendars.flatMap(({ schedule }) =>
      schedule.actor.map((actor) => ({ actor, required: 'required', status: 'needs-action' })),
    ),
    contained: calendars.flatMap((calendar) => slotsFor(calendar, { start, end })),
  };
}

/** What would be stored with the booking: the time itself, and the buffers around it. */
function slotsFor({ schedule, parameters }: Calendar, { start, end }: Interval): Slot[] {
  const before = start - parameters.bufferBefore * MINUTE_MS;
  const after = end + parameters.bufferAfter * MINUTE_MS;
  const slot = (status: 'busy' | 'busy-unavailable', from: number, to: number): Slot => ({
    resourceType: 'Slot',
    schedule: createReference(schedule),
    status,
    start: at(from),
    end: at(to),
  });
  return [
    slot('busy', start, end),
    ...(before < start ? [slot('busy-unavailable', before, start)] : []),
    ...(end < after ? [slot('busy-unavailable', end, after)] : []),
  ];
}

function at(instant: number): string {
  return new Date(instant).toISOString();
}
