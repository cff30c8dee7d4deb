import { ControlError } from '../control-error.ts';

export const FAULT_KINDS = [
  'ratelimited',
  'ratelimited-bare',
  'error',
  'drop',
  'drop-after-commit',
  'delay',
  'truncate',
  'html',
  'error-code',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** Response urls are no method: a fault on `*` leaves them alone. */
export const RESPONSE_URL = 'response_url';

/** What should go wrong, for the next `times` calls of `method` (`*` is every method). */
export interface Fault {
  readonly method: string;
  readonly kind: FaultKind;
  readonly times: number;
  /** For `ratelimited`: the Retry-After. */
  readonly seconds: number;
  /** For `delay`: milliseconds before the call, which is done at once, is answered. */
  readonly ms: number;
  /** For `error-code`: the error that Slack answers. */
  readonly code: string;
}

/** Faults that nobody has ordered, as they come: asked at each call. */
export type Weather = (method: string) => Omit<FaultRequest, 'method'> | undefined;

export interface Faults {
  add(wanted: FaultRequest): void;
  /** From now on, or fair weather again. What was added comes first. */
  setWeather(weather: Weather | undefined): void;
  clear(): void;
  /** The fault for this call, which is then used up once. */
  take(method: string): Fault | undefined;
}

export type FaultRequest = { readonly kind: FaultKind | 'none' } & Partial<Omit<Fault, 'kind'>>;

export function createFaults(): Faults {
  let waiting: Fault[] = [];
  let weather: Weather | undefined;
  return {
    add: (wanted) => {
      if (wanted.kind === 'none') {
        waiting = [];
        return;
      }
      if (!FAULT_KINDS.includes(wanted.kind))
        throw new ControlError(
          400,
          `There is no fault ${JSON.stringify(wanted.kind)}; there are ${FAULT_KINDS.join(', ')}.`,
        );
      waiting.push(whole(wanted, wanted.kind));
    },
    setWeather: (wanted) => {
      weather = wanted;
    },
    clear: () => {
      waiting = [];
    },
    take: (method) => {
      const fault = waiting.find(
        (one) => one.method === method || (one.method === '*' && method !== RESPONSE_URL),
      );
      if (!fault) {
        const come = weather?.(method);
        return come && come.kind !== 'none' ? whole(come, come.kind) : undefined;
      }
      const rest = { ...fault, times: fault.times - 1 };
      waiting = waiting.flatMap((one) => (one !== fault ? [one] : rest.times > 0 ? [rest] : []));
      return fault;
    },
  };
}

function whole(wanted: Omit<FaultRequest, 'kind'>, kind: FaultKind): Fault {
  const { method = '*', times = 1, seconds = 1, ms = 1000, code = 'internal_error' } = wanted;
  return { method, kind, times, seconds, ms, code };
}
