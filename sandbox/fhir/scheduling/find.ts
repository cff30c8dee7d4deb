import type { WithId } from '@medplum/core';
import {
  allOk,
  badRequest,
  createReference,
  getExtensionValue,
  OperationOutcomeError,
  Operator,
  serviceTypeOffersService,
  TimezoneExtensionURI,
  toServiceTypeCodeableConcepts,
} from '@medplum/core';
import type { FhirRepository, FhirResponse } from '@medplum/fhir-router';
import type {
  Bundle,
  CodeableConcept,
  HealthcareService,
  Resource,
  Schedule,
  Slot,
} from '@medplum/fhirtypes';
import type { Input } from '../operation-input.ts';
import { textOf } from '../operation-input.ts';
import { freeIntervals, timesIn } from './free-times.ts';
import type { Interval } from './intervals.ts';
import type { SchedulingParameters } from './parameters.ts';
import { parametersByType, parametersFor } from './parameters.ts';

const LONGEST_MS = 31 * 24 * 60 * 60 * 1000;
const PAGE = 20;
const LARGEST_PAGE = 1000;

/**
 * `Schedule/<id>/$find`: free Slots, which are computed and stored nowhere.
 *
 * Documented (https://www.medplum.com/docs/scheduling/schedule-find, an alpha that is gone from newer servers): start and
 * end, at most 31 days apart; `service-type` as `system|code`, several with commas, or `service-type-reference`; `_count`,
 * 20 unless said; one actor, who has a timezone; that Appointments count through their Slots alone. The documentation
 * shows the Bundle inside of Parameters: the server's code answers the Bundle. Our reading: a Schedule that says nothing
 * about the service has no free Slots; one that is not active has them all the same.
 */
export async function findSlots(id: string, input: Input, repository: FhirRepository): Promise<FhirResponse> {
  const range = rangeOf(input);
  const count = countOf(input);
  const schedule = await repository.readResource<Schedule>('Schedule', id);
  const slots = await slotsOf(schedule, range, repository);
  const zone = await zoneOf(schedule, repository);

  const choices = await choicesOf(schedule, input, repository);
  const found = choices.flatMap(({ parameters, types }) => {
    const free = freeIntervals(parameters, parameters.timezone ?? zone, range, slots, types);
    return timesIn(free, parameters).map((time) => toSlot(schedule, time, types));
  });
  return [allOk, searchset(found.slice(0, count))];
}

/** The start and the end of the search. Throws a 400 when they make no range. */
export function rangeOf(input: Input): Interval {
  const [start, end] = ['start', 'end'].map((name) => {
    const text = textOf(input, name);
    if (!text) throw refusal(`Expected at least 1 value(s) for required input parameter '${name}'`);
    return Date.parse(text);
  });
  if (start === undefined || end === undefined || !(start < end)) throw refusal('Invalid search time range');
  if (end - start > LONGEST_MS) throw refusal('Search range cannot exceed 31 days');
  return { start, end };
}

export function countOf(input: Input): number {
  const count = Number(textOf(input, '_count') ?? PAGE);
  if (!(count >= 1)) throw refusal('Invalid _count, minimum required is 1');
  if (count > LARGEST_PAGE) throw refusal(`Invalid _count, maximum allowed is ${LARGEST_PAGE}`);
  return count;
}

/** The Slots of a Schedule that touch the range. */
export async function slotsOf(
  schedule: WithId<Schedule>,
  { start, end }: Interval,
  repository: FhirRepository,
): Promise<Slot[]> {
  const at = (instant: number) => new Date(instant).toISOString();
  const slots = await repository.searchResources<Slot>({
    resourceType: 'Slot',
    count: LARGEST_PAGE,
    filters: [
      { code: 'schedule', operator: Operator.EQUALS, value: `Schedule/${schedule.id}` },
      { code: 'start', operator: Operator.LESS_THAN, value: at(end) },
      { code: 'end', operator: Operator.GREATER_THAN, value: at(start) },
    ],
  });
  if (slots.length === LARGEST_PAGE)
    throw refusal('Too many slots found in range; try searching with smaller bounds');
  return slots;
}

/** The time zone of a Schedule's one actor. */
export async function zoneOf({ actor }: Schedule, repository: FhirRepository): Promise<string> {
  const [first, ...others] = actor ?? [];
  if (!first || others.length > 0) throw refusal('$find only supported on schedules with exactly one actor');
  const person = await repository.readReference<Resource>(first);
  const zone = getExtensionValue(person, TimezoneExtensionURI);
  if (typeof zone !== 'string')
    throw refusal('No timezone specified', `Schedule.actor[0].extension(${TimezoneExtensionURI})`);
  return zone;
}

/** The service that is asked for. Throws a 400 when there is none, or the Schedule does not offer it. */
export async function serviceOf(
  reference: string,
  schedule: Schedule,
  repository: FhirRepository,
): Promise<WithId<HealthcareService>> {
  const service = await repository.readReference<HealthcareService>({ reference }).catch(() => undefined);
  if (!service) throw refusal('HealthcareService not found');
  if (!serviceTypeOffersService(schedule.serviceType, service))
    throw refusal('Schedule is not schedulable for requested service type');
  return service;
}

export function refusal(text: string, expression?: string): OperationOutcomeError {
  return new OperationOutcomeError(badRequest(text, expression));
}

/** Virtual resources have no id and no address. */
export function searchset<T extends Resource>(resources: readonly T[]): Bundle<T> {
  return { resourceType: 'Bundle', type: 'searchset', entry: resources.map((resource) => ({ resource })) };
}

async function choicesOf(
  schedule: WithId<Schedule>,
  input: Input,
  repository: FhirRepository,
): Promise<{ readonly parameters: SchedulingParameters; readonly types: readonly CodeableConcept[] }[]> {
  const reference = textOf(input, 'service-type-reference');
  if (reference) {
    const service = await serviceOf(reference, schedule, repository);
    return [{ parameters: parametersFor(schedule, service), types: toServiceTypeCodeableConcepts(service) }];
  }
  const wanted = input('service-type').flatMap((value) => String(value).split(','));
  return parametersByType(schedule, wanted).map(({ parameters, type }) => ({
    parameters,
    types: type ? [type] : [],
  }));
}

function toSlot(
  schedule: WithId<Schedule>,
  { start, end }: Interval,
  types: readonly CodeableConcept[],
): Slot {
  return {
    resourceType: 'Slot',
    schedule: createReference(schedule),
    status: 'free',
    start: new Date(start).toISOString(),
    end: new Date(end).toISOString(),
    ...(types.length > 0 ? { serviceType: [...types] } : undefined),
  };
}
