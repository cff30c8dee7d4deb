import type { AccessPolicy, CodeSystem, CodeSystemConcept, ValueSet } from '@medplum/fhirtypes';
import { COVER } from '../duties/coverage.ts';
import { RAISE } from '../duties/follow-up.ts';
import { VERB_SYSTEM } from '../record/provenance.ts';
import {
  COMPLETION_REASONS,
  ESCALATION_REASONS,
  NOT_ANSWERED_IN_TIME,
  NOT_CLAIMED_IN_TIME,
  REASONS,
  type Reason,
  type ReasonKind,
  SWITCHBOARD_REASON,
} from '../routing/reasons.ts';
import { VERBS } from '../verbs/index.ts';

/*
 * What Switchboard brings into a project, as FHIR: written into `manifests/fhir` for people who want to read it first,
 * and loaded by `switchboard setup`. All of it follows from the code's own lists.
 */

/** The canonical addresses of the ValueSets that Switchboard brings; a project may name others in its configuration. */
export const REASON_SETS: Readonly<Record<ReasonKind, string>> = {
  reroute: 'urn:switchboard:ValueSet:reroute-reason',
  completion: 'urn:switchboard:ValueSet:completion-reason',
  escalation: 'urn:switchboard:ValueSet:escalation-reason',
};

const PUBLISHED = { status: 'active', publisher: 'Switchboard' } as const;

/** Our own reasons. The specification's `specialty-referral` lives in Medplum's CodeSystem, which is not ours to make. */
export function reasonCodeSystem(): CodeSystem {
  const lists = [...REASONS, ...COMPLETION_REASONS, ...ESCALATION_REASONS];
  const own = [...lists, NOT_CLAIMED_IN_TIME, NOT_ANSWERED_IN_TIME].filter(
    ({ system }) => system === SWITCHBOARD_REASON,
  );
  // “Duplicate” and “Other” stand in several lists.
  const byCode = new Map(own.map(({ code, display }) => [code, { code, display }]));
  return codeSystem({
    url: SWITCHBOARD_REASON,
    name: 'SwitchboardReason',
    title: 'Why a patient-message Task changes hands, cannot wait, or is closed without an answer',
    concept: [...byCode.values()],
  });
}

/** What people do to a Task, and what Switchboard does by itself: the codes that stand in `Provenance.activity`. */
export function verbCodeSystem(): CodeSystem {
  const verbs = VERBS.map(({ name, label, description }) => ({
    code: name,
    display: label,
    definition: description,
  }));
  return codeSystem({
    url: VERB_SYSTEM,
    name: 'SwitchboardVerb',
    title: 'What was done to a patient-message Task',
    concept: [...verbs, ...DUTIES],
  });
}

const DUTIES: readonly CodeSystemConcept[] = [
  {
    code: COVER,
    display: 'Cover',
    definition: 'Give the Task of somebody who is away to whoever covers for them, or back to its pool',
  },
  {
    code: RAISE,
    display: 'Raise',
    definition: 'Make a Task more urgent, because the patient has written again',
  },
];

/** The reasons for rerouting a Task: ours, and the specification's. */
export function rerouteValueSet(): ValueSet {
  return valueSet({
    url: REASON_SETS.reroute,
    name: 'SwitchboardRerouteReason',
    title: 'Why a patient-message Task changes hands',
    reasons: REASONS,
  });
}

/** The reasons for completing a Task that nobody answered in the thread. */
export function completionValueSet(): ValueSet {
  return valueSet({
    url: REASON_SETS.completion,
    name: 'SwitchboardCompletionReason',
    title: 'Why a patient-message Task is closed without an answer in the thread',
    reasons: COMPLETION_REASONS,
  });
}

/** The reasons for escalating a Task by hand. */
export function escalationValueSet(): ValueSet {
  return valueSet({
    url: REASON_SETS.escalation,
    name: 'SwitchboardEscalationReason',
    title: 'Why a patient-message Task cannot wait',
    reasons: ESCALATION_REASONS,
  });
}

/** All that the service touches. Memberships, which acting on somebody's behalf needs, come with being an administrator. */
export function accessPolicy(): AccessPolicy {
  return {
    resourceType: 'AccessPolicy',
    name: 'Switchboard',
    resource: [
      {
        resourceType: 'Task',
        interaction: ['read', 'vread', 'search', 'history', 'create', 'update'],
      },
      {
        resourceType: 'Communication',
        interaction: ['read', 'search', 'history', 'update'],
        readonlyFields: ['payload', 'sender', 'subject'],
      },
      { resourceType: 'Provenance', interaction: ['read', 'search', 'create'] },
      { resourceType: 'Practitioner', interaction: ['read', 'search'] },
      { resourceType: 'PractitionerRole', interaction: ['read', 'search'] },
      { resourceType: 'Schedule', interaction: ['read', 'search'] },
      { resourceType: 'Slot', interaction: ['read', 'search'] },
      { resourceType: 'HealthcareService', interaction: ['read', 'search'] },
      { resourceType: 'CodeSystem', interaction: ['read', 'search'] },
      { resourceType: 'ValueSet', interaction: ['read', 'search'] },
      { resourceType: 'Subscription', interaction: ['read', 'search', 'create', 'update', 'delete'] },
    ],
  };
}

function codeSystem({
  concept,
  ...named
}: Required<Pick<CodeSystem, 'url' | 'name' | 'title'>> & { concept: CodeSystemConcept[] }): CodeSystem {
  return {
    resourceType: 'CodeSystem',
    ...named,
    ...PUBLISHED,
    caseSensitive: true,
    content: 'complete',
    count: concept.length,
    concept,
  };
}

/** The day on which the lists took their present form; FHIR wants an expansion to say when it was made. */
const EXPANDED = '2026-11-23T00:00:00.000Z';

/**
 * The list stands in it twice: as its definition, and expanded. A server that expands a ValueSet leaves out, or refuses,
 * codes of a CodeSystem that it does not have, and Medplum's reroute reasons are a convention of its documentation, not
 * a CodeSystem that every project has. An expansion that is complete is given back as it is.
 */
function valueSet({
  reasons,
  ...named
}: Required<Pick<ValueSet, 'url' | 'name' | 'title'>> & { reasons: readonly Reason[] }): ValueSet {
  const bySystem = Map.groupBy(reasons, ({ system }) => system);
  return {
    resourceType: 'ValueSet',
    ...named,
    ...PUBLISHED,
    compose: {
      include: [...bySystem].map(([system, same]) => ({
        system,
        concept: same.map(({ code, display }) => ({ code, display })),
      })),
    },
    expansion: {
      timestamp: EXPANDED,
      total: reasons.length,
      contains: reasons.map(({ system, code, display }) => ({ system, code, display })),
    },
  };
}
