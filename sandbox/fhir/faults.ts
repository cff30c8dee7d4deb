/** What can be made to go wrong, for the next matching requests or deliveries. */
export const FAULT_KINDS = [
  'conflict',
  'quota',
  'error',
  'drop',
  'drop-after-commit',
  'delay',
  'truncate',
  'lose-webhook',
  'double-webhook',
  'late-webhook',
  'lose-event',
  'double-event',
  'late-event',
  'drop-socket',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** How many times it happens; once when absent. */
  readonly times?: number | undefined;
  /** Only for requests on (or deliveries of) this type. A Bundle posted to the root is a `Bundle`. */
  readonly resourceType?: string | undefined;
  /** Only for this HTTP method. Without it `conflict` and `drop-after-commit` wait for a write. */
  readonly method?: string | undefined;
  /** How long a `delay` lasts, how late something `late` is, or after how long `quota` says to come back. */
  readonly ms?: number | undefined;
}

/** What a fault is held against. */
export interface Occasion {
  readonly resourceType: string | undefined;
  readonly method?: string;
  readonly writes?: boolean;
}

/** Faults that nobody has ordered, as they come: asked each time, and only for these kinds. */
export type Weather = (kinds: readonly FaultKind[], occasion: Occasion) => Fault | undefined;

/** The faults that are still to happen, in the order they were added; and the weather. */
export class Faults {
  #waiting: { readonly fault: Fault; left: number }[] = [];
  #weather: Weather | undefined;

  add(fault: Fault): void {
    this.#waiting.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#waiting = [];
  }

  /** From now on, or fair weather again. What was added comes first. */
  setWeather(weather: Weather | undefined): void {
    this.#weather = weather;
  }

  get pending(): readonly Fault[] {
    return this.#waiting.map(({ fault, left }) => ({ ...fault, times: left }));
  }

  /** The first waiting fault of these kinds that fits, which then has happened once more. */
  take(kinds: readonly FaultKind[], occasion: Occasion): Fault | undefined {
    const found = this.#waiting.find(({ fault }) => kinds.includes(fault.kind) && fits(fault, occasion));
    if (!found) return this.#weather?.(kinds, occasion);
    found.left -= 1;
    if (found.left <= 0) this.#waiting = this.#waiting.filter((waiting) => waiting !== found);
    return found.fault;
  }
}

const WRITES_ONLY: readonly FaultKind[] = ['conflict', 'drop-after-commit'];

function fits(fault: Fault, { resourceType, method, writes }: Occasion): boolean {
  if (fault.resourceType && fault.resourceType !== resourceType) return false;
  if (fault.method) return fault.method.toUpperCase() === method;
  return !WRITES_ONLY.includes(fault.kind) || writes === true;
}

/** A fault as it comes over HTTP; a sentence when it is none. `{kind: "none"}` is not one either: it clears. */
export function parseFault(input: unknown): Fault | string {
  if (typeof input !== 'object' || input === null) return 'A fault is a JSON object.';
  const { kind, times, resourceType, method, ms } = input as Record<string, unknown>;
  const known = FAULT_KINDS.find((name) => name === kind);
  if (!known) return `kind must be one of: none, ${FAULT_KINDS.join(', ')}.`;
  if (times !== undefined && (typeof times !== 'number' || times < 1))
    return 'times must be a number from 1.';
  if (ms !== undefined && (typeof ms !== 'number' || ms < 0)) return 'ms must be a number from 0.';
  if (resourceType !== undefined && typeof resourceType !== 'string') return 'resourceType must be a string.';
  if (method !== undefined && typeof method !== 'string') return 'method must be a string.';
  return { kind: known, times, resourceType, method, ms };
}
