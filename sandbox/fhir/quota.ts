import { OperationOutcomeError, tooManyRequests } from '@medplum/core';

/** Interaction units, as Medplum charges them. */
export const COST = { read: 1, history: 10, search: 20, write: 100 } as const;

const OFF = 50_000_000;

/** Counts interaction units per window of time, and refuses what goes beyond the limit. */
export class Quota {
  /** Units per window; `undefined` is no limit in practice. */
  limit: number | undefined;
  readonly windowMs: number;
  /** All units ever charged. */
  total = 0;
  #used = 0;
  #windowEnds = 0;

  constructor(limit: number | undefined, windowMs = 60_000) {
    this.limit = limit;
    this.windowMs = windowMs;
  }

  /** Units charged in the running window. */
  get used(): number {
    this.#roll();
    return this.#used;
  }

  charge(units: number): void {
    this.#roll();
    this.#used += units;
    this.total += units;
    if (this.#used > this.#limit) throw new OperationOutcomeError(this.outcome());
  }

  /** A 429 as Medplum words it: how long to wait stands in the diagnostics. */
  outcome(msBeforeNext = this.#msLeft()): OperationOutcomeError['outcome'] {
    const diagnostics = JSON.stringify({
      _remainingPoints: Math.max(0, this.#limit - this.#used),
      _msBeforeNext: msBeforeNext,
      _consumedPoints: this.#used,
      _isFirstInDuration: false,
      limit: this.#limit,
    });
    return { ...tooManyRequests, issue: tooManyRequests.issue.map((issue) => ({ ...issue, diagnostics })) };
  }

  /** The `RateLimit` header of every answer. */
  header(msLeft = this.#msLeft(), left = Math.max(0, this.#limit - this.used)): string {
    const seconds = Math.ceil(msLeft / 1000);
    return `"requests";r=59999;t=${seconds}, "fhirInteractions";r=${left};t=${seconds}`;
  }

  /** Starts a new window. */
  reset(): void {
    this.#windowEnds = 0;
  }

  get #limit(): number {
    return this.limit ?? OFF;
  }

  #msLeft(): number {
    this.#roll();
    return this.#windowEnds - Date.now();
  }

  #roll(): void {
    if (Date.now() < this.#windowEnds) return;
    this.#used = 0;
    this.#windowEnds = Date.now() + this.windowMs;
  }
}
