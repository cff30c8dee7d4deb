import { SchedulingParametersURI, TimezoneExtensionURI } from '@medplum/core';
import type { Appointment, Bundle, Extension, Schedule, Slot } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { as, clinic, outcomeOf, refusalOf } from './fhir-support.ts';

const HOUR = { value: 1, unit: 'h' };
const QUARTER = { value: 15, unit: 'min' };

function parameters(...extension: Extension[]): Extension {
  return { url: SchedulingParametersURI, extension };
}

/** Weekly hours, as the documentation has them. */
function hours(days: readonly string[], from: string, to: string): Extension {
  const time = [
    ...days.map((day) => ({ url: 'daysOfWeek', valueCode: day })),
    { url: 'availableStartTime', valueTime: from },
    { url: 'availableEndTime', valueTime: to },
  ];
  return { url: 'availability', extension: [{ url: 'availableTime', extension: time }] };
}

const hourly = { url: 'duration', valueDuration: HOUR };
/** 2026-03-10 is a Tuesday; New York's clocks are at UTC-4 since the 8th. */
const MORNING = ['2026-03-10T09:00:00-04:00', '2026-03-10T12:00:00-04:00'] as const;

/** A Practitioner in New York with a Schedule, and ways to ask for what is free. */
async function withSchedule(extension: readonly Extension[], more: Partial<Schedule> = {}) {
  const { medplum, sandbox } = await clinic({ seed: false });
  const practitioner = await medplum.createResource({
    resourceType: 'Practitioner',
    extension: [{ url: TimezoneExtensionURI, valueCode: 'America/New_York' }],
  });
  const actor = [{ reference: `Practitioner/${practitioner.id}` }];
  const schedule = await medplum.createResource<Schedule>({
    resourceType: 'Schedule',
    actor,
    extension: [...extension],
    ...more,
  });
  const slot = (status: Slot['status'], from: string, to: string, rest: Partial<Slot> = {}) =>
    medplum.createResource<Slot>({
      resourceType: 'Slot',
      schedule: { reference: `Schedule/${schedule.id}` },
      status,
      start: `2026-03-10T${from}:00-04:00`,
      end: `2026-03-10T${to}:00-04:00`,
      ...rest,
    });
  const find = (
    [start, end]: readonly [string, string] = MORNING,
    rest: Record<string, string> = {},
  ): Promise<Bundle<Slot>> => {
    const url = medplum.fhirUrl('Schedule', schedule.id, '$find');
    url.search = new URLSearchParams({ start, end, ...rest }).toString();
    return medplum.get(url, { cache: 'no-store' });
  };
  /** When the free Slots begin, as hours and minutes of UTC. */
  const starts = async (...asked: Parameters<typeof find>) =>
    (await find(...asked)).entry?.map(({ resource }) => resource?.start?.slice(11, 16));
  return { medplum, sandbox, practitioner, schedule, slot, find, starts };
}

describe('Schedule/$find', () => {
  it('answers free Slots that are stored nowhere', async () => {
    const { medplum, schedule, find } = await withSchedule([parameters(hourly)]);

    const bundle = await find();

    expect(bundle).toMatchObject({ resourceType: 'Bundle', type: 'searchset' });
    expect(bundle.entry?.map(({ resource }) => resource)).toEqual(
      [13, 14, 15].map((hour) => ({
        resourceType: 'Slot',
        schedule: { reference: `Schedule/${schedule.id}` },
        status: 'free',
        start: `2026-03-10T${hour}:00:00.000Z`,
        end: `2026-03-10T${hour + 1}:00:00.000Z`,
      })),
    );
    expect(await medplum.searchResources('Slot')).toHaveLength(0);
  });

  it('keeps to the weekly hours, in the time zone of the person', async () => {
    const week = parameters(hourly, hours(['mon', 'tue'], '10:00:00', '12:00:00'));
    const { starts } = await withSchedule([week]);

    expect(await starts(['2026-03-09T00:00:00Z', '2026-03-12T00:00:00Z'])).toEqual([
      '14:00',
      '15:00',
      '14:00',
      '15:00',
    ]);
    // Before the clocks changed, the same hours were an hour later in UTC.
    expect(await starts(['2026-03-03T00:00:00Z', '2026-03-04T00:00:00Z'])).toEqual(['15:00', '16:00']);
  });

  it('takes hours that end before they begin into the next day', async () => {
    const night = parameters(hourly, hours(['mon'], '23:00:00', '01:00:00'));
    const { starts } = await withSchedule([night]);

    expect(await starts(['2026-03-10T04:00:00Z', '2026-03-11T04:00:00Z'])).toEqual(['04:00']);
    expect(await starts(['2026-03-09T04:00:00Z', '2026-03-10T04:00:00Z'])).toEqual(['03:00']);
  });

  it.each(['busy', 'busy-tentative', 'busy-unavailable'] as const)(
    'leaves out what a %s Slot takes, but not what it touches',
    async (status) => {
      const { starts, slot } = await withSchedule([parameters(hourly)]);
      await slot(status, '10:00', '11:00');

      expect(await starts()).toEqual(['13:00', '15:00']);
    },
  );

  it('adds what a free Slot offers outside of the hours', async () => {
    const { starts, slot } = await withSchedule([parameters(hourly, hours(['fri'], '09:00:00', '10:00:00'))]);
    await slot('free', '10:00', '11:00');

    expect(await starts()).toEqual(['14:00']);
  });

  it('counts an Appointment by its Slot alone', async () => {
    const { medplum, practitioner, starts } = await withSchedule([parameters(hourly)]);
    const appointment: Appointment = {
      resourceType: 'Appointment',
      status: 'booked',
      start: MORNING[0],
      end: MORNING[1],
      participant: [{ actor: { reference: `Practitioner/${practitioner.id}` }, status: 'accepted' }],
    };
    await medplum.createResource(appointment);

    expect(await starts()).toHaveLength(3);
  });

  it('keeps to the grid, and to the time that is needed before and after', async () => {
    const { starts, slot } = await withSchedule([
      parameters(
        hourly,
        { url: 'alignmentInterval', valueDuration: QUARTER },
        { url: 'alignmentOffset', valueDuration: { value: 5, unit: 'min' } },
        { url: 'bufferBefore', valueDuration: { value: 10, unit: 'min' } },
        { url: 'bufferAfter', valueDuration: QUARTER },
      ),
    ]);
    await slot('busy', '11:00', '12:00');

    expect(await starts()).toEqual(['13:20', '13:35']);
  });

  it('goes by service type, and by what is for all services where none fits', async () => {
    const coding = [{ system: 'urn:test', code: 'long' }];
    const { starts, find } = await withSchedule([
      parameters(
        { url: 'serviceType', valueCodeableConcept: { coding } },
        { url: 'duration', valueDuration: { value: 2, unit: 'h' } },
      ),
      parameters(hourly),
    ]);

    expect(await starts(MORNING, { 'service-type': 'urn:test|long' })).toEqual(['13:00', '14:00']);
    const [first] = (await find(MORNING, { 'service-type': 'urn:test|long' })).entry ?? [];
    expect(first?.resource?.serviceType).toEqual([{ coding }]);
    expect(await starts(MORNING, { 'service-type': 'urn:test|other' })).toHaveLength(3);
    expect(await starts()).toHaveLength(3);
  });

  it('has nothing free for a Schedule without parameters', async () => {
    const { starts } = await withSchedule([]);

    expect(await starts()).toEqual([]);
  });

  it('gives twenty, or as many as asked', async () => {
    const { starts } = await withSchedule([parameters(hourly)]);
    const week = ['2026-03-09T00:00:00Z', '2026-03-16T00:00:00Z'] as const;

    expect(await starts(week)).toHaveLength(20);
    expect(await starts(week, { _count: '1000' })).toHaveLength(7 * 24);
    expect(await starts(week, { _count: '1' })).toHaveLength(1);
  });

  it('refuses what makes no search', async () => {
    const { find } = await withSchedule([parameters(hourly)]);
    const [start, end] = MORNING;

    expect(await refusalOf(find([end, start]))).toBe('Invalid search time range');
    expect(await refusalOf(find(['soon', end]))).toBe('Invalid search time range');
    expect(await refusalOf(find(['2026-01-01T00:00:00Z', end]))).toBe('Search range cannot exceed 31 days');
    expect(await refusalOf(find(['', end]))).toContain("required input parameter 'start'");
    expect(await refusalOf(find(MORNING, { _count: '0' }))).toBe('Invalid _count, minimum required is 1');
  });

  it('refuses a Schedule that it cannot work with', async () => {
    const both = [{ reference: 'Practitioner/a' }, { reference: 'Practitioner/b' }];
    const { find } = await withSchedule([parameters(hourly)], { actor: both });
    const { medplum, practitioner, find: findZoneless } = await withSchedule([parameters(hourly)]);
    await medplum.updateResource({ resourceType: 'Practitioner', id: practitioner.id });
    const unlimited = await withSchedule([parameters({ url: 'bufferAfter', valueDuration: QUARTER })]);

    expect(await refusalOf(find())).toBe('$find only supported on schedules with exactly one actor');
    expect(await refusalOf(findZoneless())).toBe('No timezone specified');
    expect(await refusalOf(unlimited.find())).toContain("'duration' is missing");
    const [start, end] = MORNING.map(encodeURIComponent);
    const nothing = medplum.get(`fhir/R4/Schedule/nothing/$find?start=${start}&end=${end}`);
    expect((await outcomeOf(nothing)).id).toBe('not-found');
  });

  it('is not there on a server that has taken it away', async () => {
    const { sandbox, find } = await withSchedule([parameters(hourly)]);

    await sandbox.fhir.change({ scheduleFind: false });

    expect((await outcomeOf(find())).id).toBe('not-found');
  });

  it('is a 404 for who may not see the Schedule', async () => {
    const { medplum, sandbox, practitioner, schedule } = await withSchedule([parameters(hourly)]);
    const somebody = `Practitioner/${practitioner.id}`;
    await sandbox.fhir.setMembership(somebody, {
      policy: [{ resourceType: 'Schedule', criteria: 'Schedule?actor=Practitioner/other' }],
    });
    const [start, end] = MORNING;
    const url = medplum.fhirUrl('Schedule', schedule.id, '$find');
    url.search = new URLSearchParams({ start, end }).toString();

    expect((await outcomeOf(medplum.get(url, as(somebody)))).id).toBe('not-found');
  });
});
