import { MedplumClient } from '@medplum/core';
import type { ProjectMembership } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { as, clinic, openTask, outcomeOf, refusalOf } from './fhir-support.ts';

describe('logging in', () => {
  it('gives a Medplum client a token, a profile and a project', async () => {
    const { medplum, sandbox } = await clinic();

    expect(medplum.getProfile()?.resourceType).toBe('ClientApplication');
    expect(medplum.getProject()?.id).toBe(sandbox.fhir.projectId);
  });

  it('works with Basic auth as well', async () => {
    const { sandbox } = await clinic();
    const medplum = new MedplumClient({ baseUrl: `${sandbox.url}/`, authCredentialsMethod: 'header' });

    await medplum.startClientLogin('sandbox', 'sandbox');

    expect(await medplum.searchResources('Patient')).toHaveLength(5);
  });

  it('refuses a wrong secret, and every request without a valid token', async () => {
    const { sandbox, raw } = await clinic();

    const login = (body: string) => raw('/oauth2/token', { method: 'POST', body: new URLSearchParams(body) });
    const bearer = (authorization: string) => raw('/fhir/R4/Task', { headers: { authorization } });

    const wrong = 'grant_type=client_credentials&client_id=sandbox&client_secret=nonsense';
    expect((await login(wrong)).status).toBe(401);
    expect((await login('grant_type=password')).status).toBe(400);
    expect((await fetch(`${sandbox.url}/fhir/R4/Task`)).status).toBe(401);
    expect((await bearer('Bearer a.b.c')).status).toBe(401);
    expect((await bearer('Bearer nonsense')).status).toBe(401);
  });
});

describe('asking who one is', () => {
  it('tells the project and the client, whether it is an administrator, and no features', async () => {
    const { raw, sandbox } = await clinic({ transactions: true });
    const { projectId, clientId } = sandbox.fhir;

    const ask = async () => (await raw('/auth/me')).json() as Promise<Record<string, unknown>>;
    const told = await ask();
    await sandbox.fhir.change({ clientAdmin: false });

    expect(told).toMatchObject({
      project: { resourceType: 'Project', id: projectId, name: 'Riverside Clinic' },
      profile: { resourceType: 'ClientApplication', id: clientId },
      membership: { profile: { reference: `ClientApplication/${clientId}` }, admin: true },
    });
    expect(told.project).not.toHaveProperty('features');
    expect(await ask()).toMatchObject({ membership: { admin: false } });
  });
});

describe('memberships of the project', () => {
  it('are found by profile', async () => {
    const { medplum, sandbox } = await clinic();
    const of = (slackId: string) =>
      medplum.searchResources(
        'ProjectMembership',
        `profile=Practitioner/${sandbox.practitionerOf(slackId)}&_count=20`,
      );

    const [membership, ...others] = await of('U0ANA');

    expect(others).toHaveLength(0);
    expect(membership?.profile.reference).toBe(`Practitioner/${sandbox.practitionerOf('U0ANA')}`);
    expect(await of('U0BEN')).toHaveLength(0);
  });

  it('are shown to no client that is not an administrator, nor are users, policies and the project', async () => {
    const { medplum, sandbox } = await clinic();
    await sandbox.fhir.change({ clientAdmin: false });

    for (const type of ['ProjectMembership', 'User', 'AccessPolicy', 'Project'] as const)
      expect((await outcomeOf(medplum.search(type))).id).toBe('forbidden');
    const project = medplum.readResource('Project', sandbox.fhir.projectId);
    expect((await outcomeOf(project)).id).toBe('forbidden');
    expect(await medplum.searchResources('Practitioner')).not.toHaveLength(0);
  });
});

describe('inviting somebody', () => {
  async function invitable() {
    const { medplum, sandbox, raw } = await clinic();
    const profile = { reference: `Practitioner/${sandbox.practitionerOf('U0BEN')}` };
    const { projectId } = sandbox.fhir;
    const invitation = {
      resourceType: 'Practitioner',
      firstName: 'Ben',
      lastName: 'Carter',
      externalId: 'U0BEN',
      scope: 'project',
      sendEmail: false,
      membership: { profile },
    } as const;
    const invite = (more: object = {}) =>
      medplum.invite(projectId, { ...invitation, ...more }) as Promise<ProjectMembership>;
    return { medplum, sandbox, raw, profile: profile.reference, invite, invitation };
  }

  it('makes a Practitioner a member, without an e-mail, so that things can be done on their behalf', async () => {
    const { medplum, sandbox, profile, invite } = await invitable();
    expect((await outcomeOf(medplum.createResource(openTask, as(profile)))).id).toBe('forbidden');

    const membership = await invite();

    expect(membership).toMatchObject({
      resourceType: 'ProjectMembership',
      project: { reference: `Project/${sandbox.fhir.projectId}` },
      profile: { reference: profile },
      externalId: 'U0BEN',
    });
    const task = await medplum.createResource(openTask, as(profile));
    expect(task.meta?.onBehalfOf?.reference).toBe(profile);
    expect(await medplum.searchResources('ProjectMembership', `profile=${profile}`)).toHaveLength(1);
  });

  it('takes an AccessPolicy along', async () => {
    const { medplum, profile, invite } = await invitable();
    const policy = await medplum.createResource({
      resourceType: 'AccessPolicy',
      resource: [{ resourceType: 'Task', readonly: true }],
    });

    const accessPolicy = { reference: `AccessPolicy/${policy.id}` };
    await invite({ membership: { profile: { reference: profile }, accessPolicy } });

    expect((await outcomeOf(medplum.createResource(openTask, as(profile)))).id).toBe('forbidden');
    expect(await medplum.searchResources('Task', '', as(profile))).not.toHaveLength(0);
  });

  it('finds the Practitioner by an equal e-mail, in any case, and makes one where there is none', async () => {
    const { sandbox, medplum, invite } = await invitable();

    const found = await invite({
      membership: {},
      externalId: undefined,
      email: 'BEN.carter@riverside.example',
    });
    const made = await invite({ membership: {}, externalId: undefined, email: 'new@riverside.example' });

    expect(found.profile.reference).toBe(`Practitioner/${sandbox.practitionerOf('U0BEN')}`);
    const person = await medplum.readReference(made.profile);
    expect(person).toMatchObject({ name: [{ given: ['Ben'], family: 'Carter' }] });
  });

  it('refuses who is a member already, unless told to change the membership', async () => {
    const { sandbox, invite } = await invitable();
    const ana = { reference: `Practitioner/${sandbox.practitionerOf('U0ANA')}` };
    const again = { externalId: undefined, email: 'ana.silva@riverside.example' };

    expect(await refusalOf(invite({ ...again, membership: { profile: ana } }))).toBe(
      'User is already a member of this project',
    );
    const changed = await invite({ ...again, membership: { profile: ana, active: false }, upsert: true });

    expect(changed).toMatchObject({ profile: ana, active: false });
  });

  it('says what is missing, and is for administrators alone', async () => {
    const { raw, medplum, sandbox, invite, invitation } = await invitable();
    const path = `/admin/projects/${sandbox.fhir.projectId}/invite`;

    expect(await refusalOf(invite({ firstName: '' }))).toBe('First name is required');
    expect(await refusalOf(invite({ externalId: '' }))).toBe('Either email or externalId is required');
    const wrongType = { membership: { profile: { reference: `Patient/${await aPatient(medplum)}` } } };
    expect(await refusalOf(invite(wrongType))).toBe('Profile resourceType does not match request');
    const nobody = { membership: { profile: { reference: 'Practitioner/nobody' } } };
    expect((await outcomeOf(invite(nobody))).id).toBe('not-found');
    const post = (headers: HeadersInit) =>
      fetch(`${sandbox.url}${path}`, { method: 'POST', headers, body: JSON.stringify(invitation) });
    expect((await post({})).status).toBe(401);
    await sandbox.fhir.change({ clientAdmin: false });
    expect((await raw(path, { method: 'POST', body: JSON.stringify(invitation) })).status).toBe(403);
  });

  async function aPatient(medplum: MedplumClient): Promise<string> {
    return (await medplum.searchOne('Patient'))?.id ?? '';
  }
});
