import type { SchedulingParameterUrl, WithId } from '@medplum/core';
import {
  badRequest,
  getHealthcareServiceSchedulingParameters,
  getScheduleSchedulingParameters,
  isDayOfWeek,
  OperationOutcomeError,
  SchedulingParametersURI,
  schedulingDurationToMinutes,
} from '@medplum/core';
import type { CodeableConcept, Extension, HealthcareService, Schedule } from '@medplum/fhirtypes';

/** A weekly window: `allDay`, or from one time of day to another, the next day's where that is not later. */
export interface Window {
  readonly days: readonly string[];
  readonly from: string;
  readonly to: string;
}

/** What the extension SchedulingParameters says, with its defaults; lengths in minutes. */
export interface SchedulingParameters {
  readonly duration: number;
  readonly bufferBefore: number;
  readonly bufferAfter: number;
  readonly alignmentInterval: number;
  readonly alignmentOffset: number;
  readonly alignmentTimezone: string;
  /** The actor's when absent. */
  readonly timezone: string | undefined;
  /** Always available when absent. */
  readonly windows: readonly Window[] | undefined;
}

type Reader = (url: SchedulingParameterUrl) => readonly Extension[];

/** What holds for a service: each field is the Schedule's for it, the Schedule's for all services, or the service's. */
export function parametersFor(schedule: Schedule, service: WithId<HealthcareService>): SchedulingParameters {
  const general = (schedule.extension ?? []).filter(isGeneral);
  const read: Reader = (url) => {
    const levels = [
      getScheduleSchedulingParameters(schedule, service, url),
      general.flatMap((extension) => fields(extension, url)),
      url === 'availability' ? [] : getHealthcareServiceSchedulingParameters(service, url),
    ];
    return levels.find((found) => found.length > 0) ?? [];
  };
  const parameters = toParameters(read);
  return parameters.windows ? parameters : { ...parameters, windows: windowsOfService(service) };
}

/**
 * The Schedule's own parameters for service types, given as `system|code`, each with the type that was found; those for
 * all services where there are none, or none were asked for.
 */
export function parametersByType(
  schedule: Schedule,
  wanted: readonly string[],
): { readonly parameters: SchedulingParameters; readonly type: CodeableConcept | undefined }[] {
  const extensions = (schedule.extension ?? []).filter(({ url }) => url === SchedulingParametersURI);
  const found = extensions.flatMap((extension) => {
    const type = typesOf(extension).find(({ coding }) =>
      coding?.some(({ system, code }) => wanted.includes(`${system ?? ''}|${code}`)),
    );
    return type ? [{ parameters: ofExtension(extension), type }] : [];
  });
  if (found.length > 0) return found;
  return extensions
    .filter(isGeneral)
    .map((extension) => ({ parameters: ofExtension(extension), type: undefined }));
}

function ofExtension(extension: Extension): SchedulingParameters {
  return toParameters((url) => fields(extension, url));
}

function toParameters(read: Reader): SchedulingParameters {
  const minutes = (url: SchedulingParameterUrl) => schedulingDurationToMinutes(read(url)[0]?.valueDuration);
  const duration = minutes('duration');
  if (!duration) {
    throw new OperationOutcomeError(
      badRequest("Required scheduling parameter attribute 'duration' is missing"),
    );
  }
  const availability = read('availability');
  return {
    duration,
    bufferBefore: minutes('bufferBefore') ?? 0,
    bufferAfter: minutes('bufferAfter') ?? 0,
    alignmentInterval: minutes('alignmentInterval') || 60,
    alignmentOffset: minutes('alignmentOffset') ?? 0,
    alignmentTimezone: read('alignmentTimezone')[0]?.valueCode ?? 'Etc/UTC',
    timezone: read('timezone')[0]?.valueCode,
    windows:
      availability.length > 0
        ? availability.flatMap((one) => fields(one, 'availableTime')).map(toWindow)
        : undefined,
  };
}

function toWindow(availableTime: Extension): Window {
  const [allDay] = fields(availableTime, 'allDay');
  const from = fields(availableTime, 'availableStartTime')[0]?.valueTime;
  const to = fields(availableTime, 'availableEndTime')[0]?.valueTime;
  const days = fields(availableTime, 'daysOfWeek').map(({ valueCode }) => valueCode);
  return windowOf(days, allDay?.valueBoolean, from, to);
}

function windowsOfService({ availableTime }: HealthcareService): Window[] | undefined {
  return availableTime?.map(({ daysOfWeek, allDay, availableStartTime, availableEndTime }) =>
    windowOf(daysOfWeek ?? [], allDay, availableStartTime, availableEndTime),
  );
}

function windowOf(
  days: readonly (string | undefined)[],
  allDay: boolean | undefined,
  from: string | undefined,
  to: string | undefined,
): Window {
  const midnight = '00:00:00';
  const known = days.filter(isDayOfWeek);
  if (allDay) return { days: known, from: midnight, to: midnight };
  return { days: known, from: from ?? midnight, to: to ?? midnight };
}

/** Without a service or a type that it is for, it is for all. */
function isGeneral(extension: Extension): boolean {
  if (extension.url !== SchedulingParametersURI) return false;
  return fields(extension, 'service').length === 0 && fields(extension, 'serviceType').length === 0;
}

function typesOf(extension: Extension): CodeableConcept[] {
  return fields(extension, 'serviceType').flatMap(({ valueCodeableConcept, valueCoding }) =>
    valueCodeableConcept ? [valueCodeableConcept] : valueCoding ? [{ coding: [valueCoding] }] : [],
  );
}

function fields({ extension }: Extension, url: string): Extension[] {
  return (extension ?? []).filter((one) => one.url === url);
}
