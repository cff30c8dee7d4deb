import type { WithId } from '@medplum/core';
import { SchedulingParametersURI, TimezoneExtensionURI, toServiceTypeCodeableConcepts } from '@medplum/core';
import type { Appointment, Bundle, Extension, HealthcareService, Schedule, Slot } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { clinic, refusalOf } from './fhir-support.ts';

const DAY = '2026-03-10';
const MORNING = { start: `${DAY}T09:00:00Z`, end: `${DAY}T12:00:00Z` };
const length = (value: number) => ({ value, unit: 'min' });

function parameters(...extension: Extension[]): Extension[] {
  return [{ url: SchedulingParametersURI, extension }];
}

/** A service of half an hour, and Schedules of people in UTC who offer it. */
async function withService(own: Partial<HealthcareService> = {}) {
  const { medplum } = await clinic({ seed: false });
  const service = await medplum.createResource<HealthcareService>({
    resourceType: 'HealthcareService',
    active: true,
    type: [{ coding: [{ system: 'urn:test', code: 'call' }] }],
    extension: parameters({ url: 'duration', valueDuration: length(30) }),
    ...own,
  });
  const offer = async (more: Partial<Schedule> = {}): Promise<WithId<Schedule>> => {
    const { id } = await medplum.createResource({
      resourceType: 'Practitioner',
      extension: [{ url: TimezoneExtensionURI, valueCode: 'Etc/UTC' }],
    });
    return medplum.createResource<Schedule>({
      resourceType: 'Schedule',
      actor: [{ reference: `Practitioner/${id}` }],
      serviceType: toServiceTypeCodeableConcepts(service),
      ...more,
    });
  };
  const take = ({ id }: WithId<Schedule>, from: string, to: string, more: Partial<Slot> = {}) =>
    medplum.createResource<Slot>({
      resourceType: 'Slot',
      schedule: { reference: `Schedule/${id}` },
      status: 'busy',
      start: `${DAY}T${from}:00Z`,
      end: `${DAY}T${to}:00Z`,
      ...more,
    });
  const find = (schedules: readonly { id: string }[], more: Record<string, string> = {}) => {
    const url = medplum.fhirUrl('Appointment', '$find');
    const query = { ...MORNING, 'service-type-reference': `HealthcareService/${service.id}`, ...more };
    url.search = new URLSearchParams(query).toString();
    for (const { id } of schedules) url.searchParams.append('schedule', `Schedule/${id}`);
    return medplum.get<Bundle<Appointment>>(url, { cache: 'no-store' });
  };
  const starts = async (...asked: Parameters<typeof find>) =>
    (await find(...asked)).entry?.map(({ resource }) => resource?.start?.slice(11, 16));
  return { medplum, service, offer, take, find, starts };
}

describe('Appointment/$find', () => {
  it('proposes Appointments with the Slots that they would take, for a Schedule that leaves all to the service', async () => {
    const { service, offer, find } = await withService();
    const schedule = await offer();

    const { entry = [] } = await find([schedule]);

    expect(entry).toHaveLength(3);
    expect(entry[0]?.resource).toMatchObject({
      resourceType: 'Appointment',
      status: 'proposed',
      start: `${DAY}T09:00:00.000Z`,
      end: `${DAY}T09:30:00.000Z`,
      participant: [{ actor: schedule.actor[0], required: 'required', status: 'needs-action' }],
      serviceType: toServiceTypeCodeableConcepts(service),
      contained: [
        { resourceType: 'Slot', status: 'busy', schedule: { reference: `Schedule/${schedule.id}` } },
      ],
    });
  });

  it('keeps to the hours of the service, or to those that the Schedule has in their place', async () => {
    const availableTime = { daysOfWeek: ['tue' as const], availableStartTime: '10:00:00' };
    const { service, offer, starts } = await withService({
      availableTime: [{ ...availableTime, availableEndTime: '11:00:00' }],
    });
    const reference = { reference: `HealthcareService/${service.id}` };
    const all = [
      { url: 'daysOfWeek', valueCode: 'tue' },
      { url: 'allDay', valueBoolean: true },
    ];
    const own = await offer({
      extension: parameters(
        { url: 'service', valueReference: reference },
        { url: 'availability', extension: [{ url: 'availableTime', extension: all }] },
      ),
    });

    expect(await starts([await offer()])).toEqual(['10:00']);
    expect(await starts([own])).toEqual(['09:00', '10:00', '11:00']);
  });

  it('proposes only what all Schedules have free', async () => {
    const { offer, take, starts } = await withService();
    const [first, second] = [await offer(), await offer()];
    await take(first, '09:00', '09:30');
    await take(second, '11:00', '11:15');

    expect(await starts([first, second])).toEqual(['10:00']);
  });

  it('is not held up by what is busy for another service', async () => {
    const { offer, take, starts } = await withService();
    const schedule = await offer();
    await take(schedule, '09:00', '10:00', { serviceType: [{ coding: [{ code: 'other' }] }] });
    await take(schedule, '10:00', '11:00', {
      serviceType: [{ coding: [{ system: 'urn:test', code: 'call' }] }],
    });

    expect(await starts([schedule])).toEqual(['09:00', '11:00']);
  });

  it('proposes the buffers as Slots that are not available', async () => {
    const before = { url: 'bufferBefore', valueDuration: length(10) };
    const { offer, find } = await withService({
      extension: parameters({ url: 'duration', valueDuration: length(30) }, before),
    });

    const { entry = [] } = await find([await offer()]);

    expect(entry[0]?.resource?.contained).toMatchObject([
      { status: 'busy', start: `${DAY}T10:00:00.000Z` },
      { status: 'busy-unavailable', start: `${DAY}T09:50:00.000Z`, end: `${DAY}T10:00:00.000Z` },
    ]);
  });

  it('refuses a service that the Schedule does not offer, and a search without one', async () => {
    const { offer, find } = await withService();
    const schedule = await offer({ serviceType: [] });
    const none = { 'service-type-reference': '' };

    expect(await refusalOf(find([schedule]))).toBe('Schedule is not schedulable for requested service type');
    expect(await refusalOf(find([schedule], none))).toContain("parameter 'service-type-reference'");
    expect(await refusalOf(find([]))).toContain("parameter 'schedule'");
    expect(await refusalOf(find([{ id: 'nothing' }]))).toBe('Loading schedule failed');
    const unknown = { 'service-type-reference': 'HealthcareService/nothing' };
    expect(await refusalOf(find([await offer()], unknown))).toBe('HealthcareService not found');
  });
});

describe('a Schedule', () => {
  it('is found by whose it is', async () => {
    const { medplum, offer } = await withService();
    const schedule = await offer();
    await offer();

    const found = await medplum.searchResources(
      'Schedule',
      `actor=${schedule.actor[0]?.reference}&_count=20`,
    );

    expect(found.map(({ id }) => id)).toEqual([schedule.id]);
  });

  it('tells its free times for a service too, as an older server did', async () => {
    const { medplum, service, offer, take } = await withService();
    const schedule = await offer();
    await take(schedule, '09:00', '10:00');
    const url = medplum.fhirUrl('Schedule', schedule.id, '$find');
    const query = { ...MORNING, 'service-type-reference': `HealthcareService/${service.id}` };

    url.search = new URLSearchParams(query).toString();
    const bundle = await medplum.get<Bundle<Slot>>(url);

    expect(bundle.entry?.map(({ resource }) => resource?.start)).toEqual([
      `${DAY}T10:00:00.000Z`,
      `${DAY}T11:00:00.000Z`,
    ]);
    expect(bundle.entry?.[0]?.resource?.serviceType).toEqual(toServiceTypeCodeableConcepts(service));
  });
});
