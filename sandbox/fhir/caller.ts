import type { Reference } from '@medplum/fhirtypes';
import type { Access } from './access.ts';
import type { Lock, Store } from './store.ts';

/** On whose account a repository works: what is written down as author, what it may do, and who pays for it. */
export interface Caller {
  /** For example `ClientApplication/<id>`. */
  readonly author: string;
  /** The person that a request is made for. */
  readonly onBehalfOf?: Reference | undefined;
  /** What an AccessPolicy leaves to do; everything when absent. */
  readonly access?: Access | undefined;
  /** Takes interaction units; throws a 429 when there are none left. */
  charge(units: number): void;
  /** The instant that is written as `meta.lastUpdated`. */
  now(): string;
}

/** What all repositories of one server share. */
export interface Shared {
  readonly store: Store;
  readonly lock: Lock;
  readonly project: string;
  readonly baseUrl: () => string;
  /** Servers before 5.1.29 ignore If-Match on PATCH. */
  readonly ifMatchOnPatch: () => boolean;
}
