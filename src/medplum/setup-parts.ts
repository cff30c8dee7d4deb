import type { WithId } from '@medplum/core';
import type { AccessPolicy, CodeSystem, Meta, Resource, Subscription, ValueSet } from '@medplum/fhirtypes';
import {
  accessPolicy,
  completionValueSet,
  escalationValueSet,
  reasonCodeSystem,
  rerouteValueSet,
  verbCodeSystem,
} from './setup-resources.ts';

/** The kinds of resources that Switchboard brings into a project. */
export type Installable = AccessPolicy | CodeSystem | Subscription | ValueSet;

/**
 * How one that is there relates to the part: it is ours, in the part's own place; it is ours, for an installation at
 * another address; somebody else's stands in the part's place; or it is about something else.
 */
export type Relation = 'ours' | 'elsewhere' | 'foreign' | 'unrelated';

/** One resource that Switchboard needs in the project. */
export interface Part<T extends Installable = Installable> {
  /** What people call it, beside its type. */
  readonly name: string;
  /** As it is made, with its mark. */
  readonly resource: T;
  /** The search that finds it, and whatever could be taken for it. */
  readonly query: string;
  /** The search under which it is made only once, however many make it at the same time. */
  readonly unless: string;
  /**
   * Where somebody else's takes the place (as a canonical address does), why it is left alone; absent where ours comes
   * beside it.
   */
  readonly leftAlone?: string;
  is(resource: Resource): resource is WithId<T>;
  relationOf(have: T): Relation;
  /** The one that is there, as it should be: what others added to it stays. */
  mend(have: T): T;
}

/** The mark of everything that Switchboard made: the code says which part it is. Nothing else is ever changed. */
export const PART_SYSTEM = 'urn:switchboard:CodeSystem:part';

/** The lists of reasons and verbs, and the AccessPolicy. Subscriptions depend on the address: see `subscriptions.ts`. */
export function catalogParts(): Part[] {
  return [...reasonParts(), policyPart()];
}

/** The lists of codes that the record will hold. */
export function reasonParts(): Part[] {
  return [
    listPart('reasons', 'reasons', reasonCodeSystem()),
    listPart('verbs', 'verbs', verbCodeSystem()),
    listPart('reroute-reasons', 'reasons for rerouting', rerouteValueSet()),
    listPart('completion-reasons', 'reasons for completing', completionValueSet()),
    listPart('escalation-reasons', 'reasons for escalating', escalationValueSet()),
  ];
}

function listPart<T extends CodeSystem | ValueSet>(code: string, name: string, definition: T): Part<T> {
  const unless = `url=${encodeURIComponent(definition.url ?? '')}`;
  const resource: T = { ...definition, meta: marked(undefined, code) };
  return {
    name,
    resource,
    query: `${unless}&_count=100`,
    unless,
    leftAlone: 'somebody else made one with this address, and it says something else',
    is: isA<T>(definition),
    relationOf: (have) => (isMarked(have, code) ? 'ours' : 'foreign'),
    mend: (have) => ({ ...have, ...resource, meta: marked(have.meta, code) }),
  };
}

/** Made where there is none. Rights are never changed behind an administrator's back, not even those that we wrote. */
function policyPart(): Part<AccessPolicy> {
  const resource: AccessPolicy = { ...accessPolicy(), meta: marked(undefined, 'access-policy') };
  // Without `exact` it would find every name that begins like this.
  const unless = `name:exact=${resource.name}`;
  return {
    name: 'for the service',
    resource,
    query: `${unless}&_count=100`,
    unless,
    leftAlone:
      'the one that is there grants something else; compare it with manifests/fhir/AccessPolicy-switchboard.json',
    is: isA<AccessPolicy>(resource),
    relationOf: () => 'foreign',
    mend: (have) => ({ ...have, ...resource, meta: have.meta ?? {} }),
  };
}

/** Tells resources of the kind apart from others. */
export function isA<T extends Installable>({ resourceType }: T) {
  return (one: Resource): one is WithId<T> => one.resourceType === resourceType && one.id !== undefined;
}

/** The `meta` with our mark, and with whatever else it was tagged. */
export function marked(meta: Meta | undefined, code: string): Meta {
  if (meta && isMarked({ meta }, code)) return meta;
  const others = (meta?.tag ?? []).filter(({ system }) => system !== PART_SYSTEM);
  return { ...meta, tag: [...others, { system: PART_SYSTEM, code }] };
}

export function isMarked({ meta }: { readonly meta?: Meta }, code: string): boolean {
  return meta?.tag?.some((tag) => tag.system === PART_SYSTEM && tag.code === code) ?? false;
}
