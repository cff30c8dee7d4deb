import type { FhirRouter } from '@medplum/fhir-router';
import type { Caller } from './caller.ts';
import type { Faults } from './faults.ts';
import type { Quota } from './quota.ts';
import type { ClinicRepository } from './repository.ts';
import type { FhirSettings } from './settings.ts';
import type { Store } from './store.ts';

/** The parts that the request handlers share. */
export interface FhirCore {
  readonly store: Store;
  readonly router: FhirRouter;
  readonly quota: Quota;
  readonly faults: Faults;
  readonly settings: Readonly<FhirSettings>;
  readonly projectId: string;
  readonly clientId: string;
  /** `ClientApplication/<id>` of the sandbox client. */
  readonly client: string;
  readonly baseUrl: () => string;
  /** Every request on /fhir/R4, oldest first. */
  readonly requests: LoggedRequest[];
  repositoryFor(caller: Partial<Caller>): ClinicRepository;
}

/** One request as tests see it afterwards. */
export interface LoggedRequest {
  readonly method: string;
  /** With the query, for example `/fhir/R4/Task?status=requested`. */
  readonly path: string;
  /** 0 when the socket was closed before anything was done. */
  readonly status: number;
  readonly units: number;
}
