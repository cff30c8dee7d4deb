import type { WithId } from '@medplum/core';
import type {
  AccessPolicy,
  AccessPolicyResource,
  ProjectMembership,
  ProjectMembershipAccessParameter,
} from '@medplum/fhirtypes';
import { existing, membershipOf } from './membership.ts';
import type { ClinicRepository } from './repository.ts';
import type { Store } from './store.ts';

/** What a test says about a member; what it does not say stays as it is, or as the server makes it. */
export interface MemberOptions {
  readonly active?: boolean;
  readonly admin?: boolean;
  /** The rules of an AccessPolicy that is made for this member; without it, everything is allowed. */
  readonly policy?: readonly AccessPolicyResource[];
  /** Values for the variables of the policy, besides `%profile` and `%profile.id`. */
  readonly parameters?: readonly ProjectMembershipAccessParameter[];
}

/** Makes somebody a member of the project, or changes the membership that they have. */
export async function setMembership(
  store: Store,
  repository: ClinicRepository,
  projectId: string,
  profile: string,
  { active, admin, policy, parameters }: MemberOptions,
): Promise<WithId<ProjectMembership>> {
  existing(store, profile);
  const changes = {
    ...(active === undefined ? undefined : { active }),
    ...(admin === undefined ? undefined : { admin }),
    ...(policy && (await grant(repository, policy, parameters))),
  };
  const former = membershipOf(store, profile);
  if (former) {
    const { accessPolicy, access, ...rest } = former;
    const kept = policy ? rest : former;
    return repository.updateResource<ProjectMembership>({ ...kept, ...changes });
  }

  return repository.createResource<ProjectMembership>({
    resourceType: 'ProjectMembership',
    project: { reference: `Project/${projectId}` },
    user: { reference: `User/${repository.generateId()}` },
    profile: { reference: profile },
    ...changes,
  });
}

/** Takes somebody's membership away, if they have one. */
export async function removeMembership(
  store: Store,
  repository: ClinicRepository,
  profile: string,
): Promise<void> {
  const former = membershipOf(store, profile);
  if (former) await repository.deleteResource('ProjectMembership', former.id);
}

/** Values for variables have their place beside the policy, in `access`; a policy without any is an `accessPolicy`. */
async function grant(
  repository: ClinicRepository,
  rules: readonly AccessPolicyResource[],
  parameters: readonly ProjectMembershipAccessParameter[] | undefined,
): Promise<Pick<ProjectMembership, 'accessPolicy' | 'access'>> {
  const { id } = await repository.createResource<AccessPolicy>({
    resourceType: 'AccessPolicy',
    name: 'For one member',
    resource: [...rules],
  });
  const policy = { reference: `AccessPolicy/${id}` };
  return parameters ? { access: [{ policy, parameter: [...parameters] }] } : { accessPolicy: policy };
}
