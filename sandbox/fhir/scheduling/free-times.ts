import type { CodeableConcept, Slot } from '@medplum/fhirtypes';
import type { Interval } from './intervals.ts';
import { common, merged, without } from './intervals.ts';
import type { SchedulingParameters } from './parameters.ts';
import { localDays } from './zone.ts';

const MINUTE_MS = 60 * 1000;
const BUSY: readonly string[] = ['busy', 'busy-tentative', 'busy-unavailable'];

/** When a Schedule is free in a range: its windows, more with its free Slots, less with its busy ones. */
export function freeIntervals(
  { windows }: SchedulingParameters,
  zone: string,
  range: Interval,
  slots: readonly Slot[],
  services: readonly CodeableConcept[],
): Interval[] {
  const weekly = windows
    ? localDays(range.start, range.end, zone).flatMap(({ weekday, at }) =>
        windows
          .filter(({ days }) => days.includes(weekday))
          .map(({ from, to }) => ({ start: at(from), end: at(to, to <= from ? 1 : 0) })),
      )
    : [range];
  const free = slots.filter((slot) => slot.status === 'free' && isFor(slot, services));
  // Asked about no service in particular, all that is busy is in the way: our reading.
  const busy = slots.filter(
    (slot) => BUSY.includes(slot.status ?? '') && (services.length === 0 || isFor(slot, services)),
  );
  return without(common(merged([...weekly, ...free.map(toInterval)]), [range]), busy.map(toInterval));
}

/**
 * The times in these intervals at which something can begin, with the buffers around it, on a grid that is counted from
 * each local midnight.
 */
export function timesIn(free: readonly Interval[], parameters: SchedulingParameters): Interval[] {
  const { duration, bufferBefore, bufferAfter, alignmentTimezone } = parameters;
  const interval = parameters.alignmentInterval * MINUTE_MS;
  const offset = (parameters.alignmentOffset * MINUTE_MS) % interval;
  const times: Interval[] = [];
  for (const { start: open, end: closed } of free) {
    for (const day of localDays(open, closed, alignmentTimezone)) {
      const midnight = day.at('00:00:00', 1);
      for (let start = day.at('00:00:00') + offset; start < midnight; start += interval) {
        const end = start + duration * MINUTE_MS;
        const fits = start - bufferBefore * MINUTE_MS >= open && end + bufferAfter * MINUTE_MS <= closed;
        if (fits) times.push({ start, end });
      }
    }
  }
  return times;
}

/** A Slot without a service type is for all services. */
function isFor({ serviceType = [] }: Slot, services: readonly CodeableConcept[]): boolean {
  if (serviceType.length === 0) return true;
  const codes = new Set(services.flatMap(codesOf));
  return serviceType.flatMap(codesOf).some((code) => codes.has(code));
}

function codesOf({ coding }: CodeableConcept): string[] {
  return (coding ?? []).map(({ system, code }) => `${system ?? ''}|${code ?? ''}`);
}

function toInterval({ start, end }: Slot): Interval {
  return { start: Date.parse(start ?? ''), end: Date.parse(end ?? '') };
}
