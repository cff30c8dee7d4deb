import type { WithId } from '@medplum/core';
import {
  accessPolicySupportsInteraction,
  badRequest,
  OperationOutcomeError,
  projectAdminResourceTypes,
  resolveId,
  satisfiedAccessPolicy,
} from '@medplum/core';
import type {
  AccessPolicy,
  AccessPolicyResource,
  ProjectMembership,
  ProjectMembershipAccess,
  ProjectMembershipAccessParameter,
  Resource,
  ResourceType,
} from '@medplum/fhirtypes';
import type { Rows } from './store.ts';

/** The interactions that a rule of an AccessPolicy can name. */
export type Deed = 'create' | 'read' | 'vread' | 'history' | 'search' | 'update' | 'delete';

const BROKEN_POLICY =
  'Cannot authenticate: Invalid access policy configuration. Please contact your administrator to update your project membership.';

/**
 * What a membership's AccessPolicy leaves to do. The judging is @medplum/core's, which the server itself uses for all
 * writes; what a server does in SQL for reads is done here with the same functions.
 */
export class Access {
  readonly #policy: AccessPolicy;

  constructor(rules: readonly AccessPolicyResource[]) {
    this.#policy = { resourceType: 'AccessPolicy', resource: [...rules] };
  }

  /** Whether any rule is about doing this with resources of the type at all. */
  concerns(deed: Deed, resourceType: string): boolean {
    return accessPolicySupportsInteraction(this.#policy, deed, resourceType as ResourceType);
  }

  allows(deed: Deed, resource: Resource): boolean {
    return satisfiedAccessPolicy(resource, deed, this.#policy) !== undefined;
  }
}

/**
 * What somebody with this membership may do; `undefined` is everything. Only administrators come near memberships,
 * policies and the project itself, whatever a policy says. Throws a 400 for a policy that cannot be read.
 */
export function accessOf(
  rows: Rows,
  membership: ProjectMembership | undefined,
  admin: boolean,
): Access | undefined {
  const granted = grantsOf(membership);
  if (granted.length === 0 && admin) return undefined;

  const rules = granted.flatMap((grant) => rulesOf(rows, grant, membership));
  if (granted.length === 0) rules.push({ resourceType: '*' });
  const ofAdmins = admin ? projectAdminResourceTypes.map((resourceType) => ({ resourceType })) : [];
  return new Access([
    ...rules.filter(({ resourceType }) => !projectAdminResourceTypes.includes(resourceType)),
    ...READ_BY_ALL.filter((type) => !rules.some(({ resourceType }) => resourceType === type)).map(
      (resourceType) => ({ resourceType, readonly: true }),
    ),
    ...ofAdmins,
  ]);
}

/** Medplum lets everybody read the definitions, for old clients' sake. */
const READ_BY_ALL: readonly string[] = ['SearchParameter', 'StructureDefinition'];

function grantsOf(membership: ProjectMembership | undefined): ProjectMembershipAccess[] {
  const { accessPolicy, access = [] } = membership ?? {};
  return [...(accessPolicy ? [{ policy: accessPolicy }] : []), ...access];
}

/** The rules of one policy, with the membership's parameters filled in: `%profile`, `%profile.id` and its own. */
function rulesOf(
  rows: Rows,
  { policy, parameter = [] }: ProjectMembershipAccess,
  membership: ProjectMembership | undefined,
): AccessPolicyResource[] {
  const [type, id = ''] = policy.reference?.split('/') ?? [];
  const stored = type === 'AccessPolicy' ? rows.current('AccessPolicy', id) : undefined;
  if (!isPolicy(stored)) throw new OperationOutcomeError(badRequest(BROKEN_POLICY));

  const profile = membership ? { valueReference: membership.profile } : {};
  const values: ProjectMembershipAccessParameter[] = [...parameter, { name: 'profile', ...profile }];
  if (!values.some(({ name }) => name === 'patient')) values.push({ name: 'patient', ...profile });
  let json = JSON.stringify(stored.resource ?? []);
  for (const { name, valueString, valueReference } of values) {
    if (valueString) {
      json = json.replaceAll(`%${name}`, valueString);
    } else if (valueReference?.reference) {
      json = json.replaceAll(`%${name}.id`, resolveId(valueReference) ?? '');
      json = json.replaceAll(`%${name}`, valueReference.reference);
    }
  }
  return JSON.parse(json) as AccessPolicyResource[];
}

function isPolicy(resource: WithId<Resource> | undefined): resource is WithId<AccessPolicy> {
  return resource?.resourceType === 'AccessPolicy';
}
