import { ControlError } from '../control-error.ts';

export const OPERATIONS = ['create', 'post', 'update', 'delete', 'members', 'teams', 'token'] as const;

/** What the application asks of Teams. `token` is the one of the token endpoint. */
export type Operation = (typeof OPERATIONS)[number];

export const FAULT_KINDS = [
  '429',
  '429-bare',
  '412',
  '500',
  '502',
  '503',
  '504',
  'drop',
  'drop-after-commit',
  'roster',
  'blocked',
  'disabled',
  'not-found',
  'bad-argument',
  'delay',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** What should go wrong, for the next `times` calls of `operation`. */
export interface Fault {
  /** `*` is every operation of the connector: a token is asked for so rarely that nobody could tell when. */
  readonly operation: Operation | '*';
  readonly kind: FaultKind;
  readonly times: number;
  /** For `429`: the Retry-After. */
  readonly seconds: number;
  /** For `delay`: milliseconds before the call is done. */
  readonly ms: number;
  /** Only calls about this conversation; every one when absent. */
  readonly conversation?: string;
}

export type FaultRequest = { readonly kind: FaultKind | 'none' } & Partial<Omit<Fault, 'kind'>>;

/** Faults that nobody has ordered, as they come: asked at each call. */
export type Weather = (
  operation: Operation,
  conversation: string | undefined,
) => Omit<FaultRequest, 'operation' | 'conversation'> | undefined;

export interface Faults {
  /** `none` forgets all that are waiting. */
  add(wanted: FaultRequest): void;
  /** From now on, or fair weather again. What was added comes first. */
  setWeather(weather: Weather | undefined): void;
  /** The fault for this call, which is then used up once. */
  take(operation: Operation, conversation: string | undefined): Fault | undefined;
}

export function createFaults(): Faults {
  let waiting: Fault[] = [];
  let weather: Weather | undefined;
  return {
    add: ({ operation = '*', kind, times = 1, seconds = 1, ms = 1000, conversation }) => {
      if (kind === 'none') {
        waiting = [];
        return;
      }
      if (!FAULT_KINDS.includes(kind))
        throw new ControlError(
          400,
          `There is no fault ${kind}; there are ${FAULT_KINDS.join(', ')} and none.`,
        );
      if (operation !== '*' && !OPERATIONS.includes(operation))
        throw new ControlError(
          400,
          `There is no operation ${operation}; there are ${OPERATIONS.join(', ')} and *.`,
        );
      waiting.push({ operation, kind, times, seconds, ms, ...(conversation ? { conversation } : {}) });
    },
    setWeather: (wanted) => {
      weather = wanted;
    },
    take: (operation, conversation) => {
      const fault = waiting.find(
        (one) =>
          (one.operation === operation || (one.operation === '*' && operation !== 'token')) &&
          (one.conversation === undefined || one.conversation === conversation),
      );
      if (!fault) {
        const come = weather?.(operation, conversation);
        if (!come || come.kind === 'none') return undefined;
        return { operation, kind: come.kind, times: 1, seconds: come.seconds ?? 1, ms: come.ms ?? 1000 };
      }
      const rest = { ...fault, times: fault.times - 1 };
      waiting = waiting.flatMap((one) => (one !== fault ? [one] : rest.times > 0 ? [rest] : []));
      return fault;
    },
  };
}
