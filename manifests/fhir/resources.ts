import type { AccessPolicy, CodeSystem, ValueSet } from '@medplum/fhirtypes';
import {
  accessPolicy,
  completionValueSet,
  escalationValueSet,
  reasonCodeSystem,
  rerouteValueSet,
  verbCodeSystem,
} from '../../src/medplum/setup-resources.ts';

/** What `switchboard setup` brings into a project, by the file in which people can read it first. */
export const FHIR_MANIFESTS: Readonly<Record<string, AccessPolicy | CodeSystem | ValueSet>> = {
  'AccessPolicy-switchboard.json': accessPolicy(),
  'CodeSystem-reason.json': reasonCodeSystem(),
  'CodeSystem-verb.json': verbCodeSystem(),
  'ValueSet-reroute-reason.json': rerouteValueSet(),
  'ValueSet-completion-reason.json': completionValueSet(),
  'ValueSet-escalation-reason.json': escalationValueSet(),
};
