import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WithId } from '@medplum/core';
import {
  badRequest,
  conflict,
  forbidden,
  getStatus,
  normalizeOperationOutcome,
  OperationOutcomeError,
  unauthorized,
} from '@medplum/core';
import type {
  OperationOutcome,
  Patient,
  Practitioner,
  ProjectMembership,
  RelatedPerson,
  Resource,
  User,
} from '@medplum/fhirtypes';
import { parseJson, readBody, sendJson } from '../http.ts';
import { isAuthorized } from './auth.ts';
import type { FhirCore } from './core.ts';
import { existing, isAdmin } from './membership.ts';

const PROFILES = ['Patient', 'Practitioner', 'RelatedPerson'] as const;

interface Invitation {
  readonly resourceType: (typeof PROFILES)[number];
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string | undefined;
  readonly externalId: string | undefined;
  readonly upsert: boolean;
  readonly membership: Partial<ProjectMembership>;
}

/** `POST admin/projects/<id>/invite`: makes somebody a member, as the server itself. Answers the membership. */
export async function serveInvite(
  core: FhirCore,
  projectId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    if (!isAuthorized(request.headers)) throw new OperationOutcomeError(unauthorized);
    // That another project's id is refused is our reading.
    if (!isAdmin(core) || projectId !== core.projectId) throw new OperationOutcomeError(forbidden);
    const invitation = parseInvitation(parseJson(await readBody(request)));
    sendJson(response, 200, await invite(core, invitation));
  } catch (error) {
    if (!(error instanceof OperationOutcomeError)) throw error;
    const outcome = normalizeOperationOutcome(error);
    sendJson(response, getStatus(outcome), outcome);
  }
}

async function invite(core: FhirCore, invitation: Invitation): Promise<WithId<ProjectMembership>> {
  const { store, projectId } = core;
  const repository = core.repositoryFor({ author: 'system' });
  const project = { reference: `Project/${projectId}` };
  const { resourceType, firstName, lastName, email, externalId } = invitation;

  const user =
    withEmail<User>(store.all('User'), email) ??
    (await repository.createResource<User>({
      resourceType: 'User',
      firstName,
      lastName,
      project,
      ...(email ? { email } : { externalId: externalId ?? '' }),
    }));
  const named = invitation.membership.profile?.reference;
  const profile = named
    ? existing(store, named)
    : (withEmail<Practitioner>(store.all(resourceType), email) ??
      (await repository.createResource(toProfile(invitation))));
  if (profile.resourceType !== resourceType)
    throw new OperationOutcomeError(badRequest('Profile resourceType does not match request'));

  const wanted = {
    ...invitation.membership,
    ...(externalId ? { externalId } : undefined),
    resourceType: 'ProjectMembership' as const,
    project,
    user: { reference: `User/${user.id}` },
    profile: { reference: `${profile.resourceType}/${profile.id}` },
  };
  const former = [...store.all('ProjectMembership')]
    .map((resource) => resource as WithId<ProjectMembership>)
    .find((one) => one.user.reference === wanted.user.reference);
  if (!former) return repository.createResource<ProjectMembership>(wanted);
  if (!invitation.upsert)
    throw new OperationOutcomeError(conflict('User is already a member of this project'));
  if (former.profile.reference !== wanted.profile.reference)
    throw new OperationOutcomeError(
      conflict('User is already a member of this project with a different profile'),
    );
  return repository.updateResource<ProjectMembership>({ ...former, ...wanted });
}

function toProfile({ resourceType, firstName, lastName, email }: Invitation) {
  const person = {
    resourceType,
    name: [{ given: [firstName], family: lastName }],
    ...(email ? { telecom: [{ system: 'email' as const, use: 'work' as const, value: email }] } : undefined),
  };
  return person as Patient | Practitioner | RelatedPerson;
}

/** An equal e-mail, in any case, is the same person. */
function withEmail<T extends Resource>(
  resources: Iterable<WithId<Resource>>,
  email: string | undefined,
): WithId<T> | undefined {
  if (!email) return undefined;
  for (const resource of resources) {
    const addresses = 'email' in resource ? [resource.email] : telecomOf(resource);
    if (addresses.some((address) => address?.toLowerCase() === email)) return resource as WithId<T>;
  }
  return undefined;
}

function telecomOf(resource: Resource): (string | undefined)[] {
  const { telecom = [] } = resource as Practitioner;
  return telecom.filter(({ system }) => system === 'email').map(({ value }) => value);
}

function parseInvitation(input: unknown): Invitation {
  const { resourceType, firstName, lastName, email, externalId, upsert, membership } = fieldsOf(input);
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  const type = PROFILES.find((name) => name === resourceType);
  const [first, last, address, foreign] = [firstName, lastName, email, externalId].map(text);
  if (!type) throw invalid('resourceType', 'Resource type is required');
  if (!first) throw invalid('firstName', 'First name is required');
  if (!last) throw invalid('lastName', 'Last name is required');
  if (!address?.includes('@') && !foreign) throw invalid('email', 'Either email or externalId is required');
  return {
    resourceType: type,
    firstName: first,
    lastName: last,
    email: address?.toLowerCase(),
    externalId: foreign,
    upsert: upsert === true,
    membership: fieldsOf(membership),
  };
}

function fieldsOf(input: unknown): Readonly<Record<string, unknown>> {
  return typeof input === 'object' && input !== null ? { ...input } : {};
}

function invalid(expression: string, text: string): OperationOutcomeError {
  const outcome: OperationOutcome = badRequest(text, expression);
  return new OperationOutcomeError(outcome);
}
