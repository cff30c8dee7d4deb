import type { Project } from '@medplum/fhirtypes';

/** What servers differ in. May be changed while the server runs. */
export interface FhirSettings {
  /** The project feature `transaction-bundles`; without it a transaction silently runs as a batch. */
  transactions: boolean;
  /** The project feature `websocket-subscriptions`; without it nobody gets a token to bind a websocket with. */
  websockets: boolean;
  /** Servers from 5.1.29 heed If-Match on PATCH. */
  ifMatchOnPatch: boolean;
  /** Whether the client's own membership is an administrator's: without it, nothing is done on somebody's behalf. */
  clientAdmin: boolean;
  /**
   * Whether there is `Schedule/<id>/$find`. Medplum brought it after 5.0.10 and took it away again in the summer of 2026
   * (its pull request 9523); `Appointment/$find`, since 5.1.11, is what stayed.
   */
  scheduleFind: boolean;
  /** How `ValueSet/$expand` answers a url that it does not know. Medplum's own sources say 400. */
  unknownValueSet: 400 | 404;
}

/** The settings that were not said are those of a project as it is made, with an administrator as client. */
export function settingsFrom(options: Partial<FhirSettings>): FhirSettings {
  return {
    transactions: options.transactions ?? false,
    websockets: options.websockets ?? false,
    ifMatchOnPatch: options.ifMatchOnPatch ?? false,
    clientAdmin: options.clientAdmin ?? true,
    scheduleFind: options.scheduleFind ?? true,
    unknownValueSet: options.unknownValueSet ?? 404,
  };
}

/** What `Project.features` shows of the settings. */
export function featuresOf({
  transactions,
  websockets,
}: Readonly<FhirSettings>): NonNullable<Project['features']> {
  return [
    ...(transactions ? (['transaction-bundles'] as const) : []),
    ...(websockets ? (['websocket-subscriptions'] as const) : []),
  ];
}
