import type { AccessPolicyResource, CodeSystem, Resource } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { expand } from '../../src/medplum/value-sets.ts';
import {
  COMPLETION_REASONS,
  ESCALATION_REASONS,
  REASONS,
  reasonCoding,
  SWITCHBOARD_REASON,
} from '../../src/routing/reasons.ts';
import { ENDPOINT, openProject, partsAt, SECRET } from '../support/setup-clinic.ts';

const PARTS = [
  'CodeSystem reasons',
  'CodeSystem verbs',
  'ValueSet reasons for rerouting',
  'ValueSet reasons for completing',
  'ValueSet reasons for escalating',
  'AccessPolicy for the service',
  'Subscription for Task',
  'Subscription for Communication?part-of:missing=false',
];

const all = (word: string, why = '') => PARTS.map((part) => `${word} ${part}${why}`);

describe('Setup', () => {
  it('brings in what is not there, each with our mark', async () => {
    const project = await openProject();
    const before = (await project.all()).map(({ id }) => id);

    const done = await project.setup();

    expect(done).toEqual(all('create', ': not there yet'));
    const made = (await project.all()).filter(({ id }) => !before.includes(id));
    expect(made).toHaveLength(PARTS.length);
    for (const { meta } of made)
      expect(meta?.tag).toMatchObject([{ system: expect.stringMatching(/part$/) }]);
  });

  it('says what it would do, and does nothing, when it only rehearses', async () => {
    const project = await openProject();
    const before = await project.versions();
    project.sandbox.fhir.resetRequests();

    const would = await project.setup({ dryRun: true });

    expect(would).toEqual(all('create', ': not there yet'));
    expect(await project.versions()).toEqual(before);
    expect(new Set(project.sandbox.fhir.requests.map(({ method }) => method))).toEqual(new Set(['GET']));
  });

  it('rehearses on what is there, too, without touching it', async () => {
    const project = await openProject();
    await project.setup();
    const before = await project.versions();

    const would = await project.setup({ dryRun: true, secret: 'another secret of many' });

    expect(would.filter((one) => !one.startsWith('unchanged'))).toEqual([
      'update Subscription for Task: differs: secret',
      'update Subscription for Communication?part-of:missing=false: differs: secret',
    ]);
    expect(await project.versions()).toEqual(before);
  });

  it('has no effect when it is run again', async () => {
    const project = await openProject();
    await project.setup();
    const before = await project.versions();

    const done = await project.setup();

    expect(done).toEqual(all('unchanged'));
    expect(await project.versions()).toEqual(before);
  });

  it('goes on where it stopped half-way', async () => {
    const project = await openProject();
    const { faults } = project.sandbox.fhir;
    faults.add({ kind: 'error', resourceType: 'ValueSet', times: 100 });

    await expect(project.setup()).rejects.toThrow('unreachable while');
    faults.clear();
    const done = await project.setup();

    expect(done.slice(0, 3)).toEqual([
      'unchanged CodeSystem reasons',
      'unchanged CodeSystem verbs',
      'create ValueSet reasons for rerouting: not there yet',
    ]);
    expect(await project.setup()).toEqual(all('unchanged'));
  });

  it('makes nothing twice where an answer was lost', async () => {
    const project = await openProject();
    project.sandbox.fhir.faults.add({ kind: 'drop-after-commit', resourceType: 'CodeSystem', times: 2 });

    await project.setup();

    const found = await project.client.searchResources('CodeSystem', `url=${SWITCHBOARD_REASON}`);
    expect(found).toHaveLength(1);
    expect(await project.setup()).toEqual(all('unchanged'));
  });

  it('makes nothing twice where several are run at once', async () => {
    const project = await openProject();
    const before = (await project.all()).length;

    await Promise.all([1, 2, 3, 4].map(() => project.setup()));

    expect((await project.all()).length - before).toBe(PARTS.length);
  });

  it('mends what it made once, and keeps what others added to it', async () => {
    const project = await openProject();
    await project.setup();
    const ours = await reasonsOf(project);
    await project.client.updateResource<CodeSystem>({
      ...ours,
      purpose: 'for the clinic',
      concept: [{ code: 'wrong-pool', display: 'Wrong pool' }],
      meta: { ...ours.meta, tag: [...(ours.meta?.tag ?? []), { system: 'urn:clinic', code: 'kept' }] },
    });

    const done = await project.setup();

    expect(done[0]).toBe('update CodeSystem reasons: differs: concept');
    const mended = await reasonsOf(project);
    expect(mended).toMatchObject({ id: ours.id, purpose: 'for the clinic', concept: ours.concept });
    expect(mended.meta?.tag).toContainEqual({ system: 'urn:clinic', code: 'kept' });
    expect(await project.setup()).toEqual(all('unchanged'));
  });

  it('settles with somebody who mends the same at the same moment', async () => {
    const project = await openProject();
    await project.setup();
    await project.client.updateResource<CodeSystem>({ ...(await reasonsOf(project)), title: 'Reasons' });

    const done = await Promise.all([1, 2, 3].map(() => project.setup()));

    expect(done.flat().filter((one) => one.startsWith('failed'))).toEqual([]);
    expect(await project.setup()).toEqual(all('unchanged'));
  });

  it('leaves alone what somebody else made under the same address, and says so', async () => {
    const project = await openProject();
    const theirs = await project.client.createResource<CodeSystem>({
      resourceType: 'CodeSystem',
      url: SWITCHBOARD_REASON,
      status: 'draft',
      content: 'complete',
      concept: [{ code: 'because' }],
    });

    const done = await project.setup();

    expect(done[0]).toBe(
      'left alone CodeSystem reasons: somebody else made one with this address, and it says something else ' +
        `(CodeSystem/${theirs.id})`,
    );
    expect((await reasonsOf(project)).meta?.versionId).toBe(theirs.meta?.versionId);
  });

  it('takes what somebody loaded by hand from the manifests for what it is', async () => {
    const project = await openProject();
    for (const { resource } of partsAt(ENDPOINT, SECRET)) {
      if (resource.resourceType !== 'Subscription') await project.client.createResource(without(resource));
    }
    const before = await project.versions();

    const done = await project.setup({ dryRun: true });

    expect(done.slice(0, 6)).toEqual(all('unchanged').slice(0, 6));
    expect(await project.versions()).toEqual(before);
  });

  it('mentions Subscriptions beside ours, and touches neither', async () => {
    const project = await openProject();
    const theirs = await project.client.createResource({
      resourceType: 'Subscription',
      status: 'active',
      reason: 'a report',
      criteria: 'Task?status=completed',
      channel: { type: 'rest-hook', endpoint: ENDPOINT },
    });
    await project.setup({ endpoint: 'https://staging.example/medplum/webhook' });
    const before = await project.versions();

    const done = await project.setup();

    expect(done.slice(6, 9)).toEqual([
      'create Subscription for Task: not there yet',
      expect.stringMatching(/^Subscription\/\S+ of Switchboard is for another address$/),
      `Subscription/${theirs.id} is there as well and was not made by Switchboard`,
    ]);
    expect(await project.versions()).toEqual(expect.arrayContaining(before));
  });

  it('never changes rights: an AccessPolicy that an administrator narrowed stays narrow', async () => {
    const project = await openProject();
    await project.setup();
    const [ours] = await project.client.searchResources('AccessPolicy', 'name=Switchboard');
    const resource: AccessPolicyResource[] = [{ resourceType: 'Task', interaction: ['search'] }];
    await project.client.updateResource({ ...ours, resource, resourceType: 'AccessPolicy' });

    const done = await project.setup();

    expect(done[5]).toMatch(/^left alone AccessPolicy for the service: .*grants something else; compare it/);
    const [after] = await project.client.searchResources('AccessPolicy', 'name=Switchboard');
    expect(after?.resource).toEqual(resource);
  });

  it('says which right is missing, and does all the rest', async () => {
    const project = await openProject();
    const { fhir } = project.sandbox;
    await fhir.change({ clientAdmin: false });
    await fhir.setMembership(`ClientApplication/${fhir.clientId}`, {
      policy: [
        { resourceType: 'CodeSystem', interaction: ['search', 'read'] },
        { resourceType: 'Subscription' },
      ],
    });

    const done = await project.setup();

    expect(done).toEqual([
      ...['CodeSystem reasons', 'CodeSystem verbs'].map(
        (part) => `failed ${part}: ${lacking('create', 'CodeSystem')}`,
      ),
      ...['reasons for rerouting', 'reasons for completing', 'reasons for escalating'].map(
        (name) => `failed ValueSet ${name}: ${lacking('search', 'ValueSet')}`,
      ),
      `failed AccessPolicy for the service: ${lacking('search', 'AccessPolicy')}`,
      'create Subscription for Task: not there yet',
      'create Subscription for Communication?part-of:missing=false: not there yet',
    ]);
  });

  it('brings in lists that the server can expand, also where it has no CodeSystem of Medplum’s reasons', async () => {
    const { client, setup } = await openProject();
    await setup();

    expect(await expand(client, 'urn:switchboard:ValueSet:reroute-reason')).toEqual(
      REASONS.map(reasonCoding),
    );
    expect(await expand(client, 'urn:switchboard:ValueSet:completion-reason')).toEqual(
      COMPLETION_REASONS.map(reasonCoding),
    );
    expect(await expand(client, 'urn:switchboard:ValueSet:escalation-reason')).toEqual(
      ESCALATION_REASONS.map(reasonCoding),
    );
  });
});

function lacking(right: string, type: string): string {
  return (
    `this client lacks a right: “${right}” of ${type}. Grant it in the client’s AccessPolicy, or run setup once with the ` +
    'client of an administrator'
  );
}

async function reasonsOf({ client }: Awaited<ReturnType<typeof openProject>>): Promise<CodeSystem> {
  const [found] = await client.searchResources('CodeSystem', `url=${SWITCHBOARD_REASON}`, {
    cache: 'no-store',
  });
  if (!found) throw new Error('There is no CodeSystem of reasons.');
  return { ...found };
}

function without(resource: Resource): Resource {
  const { meta, ...rest } = resource;
  return rest as Resource;
}
