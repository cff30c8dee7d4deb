import type { Subscription } from '@medplum/fhirtypes';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSandbox } from '../../sandbox/server.ts';
import { connect } from '../../src/medplum/client.ts';
import { plan } from '../../src/medplum/setup.ts';
import {
  ensureSubscriptions,
  SUBSCRIPTION_SECRET,
  subscriptionParts,
} from '../../src/medplum/subscriptions.ts';

const ENDPOINT = 'https://switchboard.example/medplum/webhook';
const SECRET = 'a secret of many characters';

const THEIRS: Subscription = {
  resourceType: 'Subscription',
  status: 'off',
  reason: 'somebody else’s',
  criteria: 'Task',
  channel: { type: 'rest-hook', endpoint: ENDPOINT },
};

/** As versions before the present one made it: known by its reason alone. */
const OF_AN_EARLIER_VERSION: Subscription = {
  ...THEIRS,
  status: 'active',
  reason: 'Switchboard: keeps the cards of patient-message Tasks true',
  extension: [{ url: SUBSCRIPTION_SECRET, valueString: SECRET }],
};

const KINDS = ['Task', 'Communication?part-of:missing=false'] as const;

async function clinic() {
  const sandbox = await startSandbox({ seed: false });
  onTestFinished(() => sandbox.close());
  const client = await connect({ baseUrl: `${sandbox.url}/`, clientId: 'sandbox', clientSecret: 'sandbox' });
  const all = async () =>
    [...(await client.searchResources('Subscription', '_count=100', { cache: 'no-store' }))].sort((a, b) =>
      b.criteria.localeCompare(a.criteria),
    );
  const of = async (criteria: string) => {
    const found = (await all()).find((one) => one.criteria === criteria);
    if (!found) throw new Error(`There is no Subscription for ${criteria}.`);
    return found;
  };
  const ensure = (endpoint = ENDPOINT, secret = SECRET) => ensureSubscriptions(client, endpoint, secret);
  return { client, all, of, ensure, faults: sandbox.fhir.faults };
}

describe('the Subscriptions', () => {
  it('are made once, for every Task and for every message of a thread, and signed', async () => {
    const { all, ensure } = await clinic();

    await ensure();

    expect(await all()).toMatchObject(
      KINDS.map((criteria) => ({
        status: 'active',
        criteria,
        channel: { type: 'rest-hook', endpoint: ENDPOINT, payload: 'application/fhir+json' },
        extension: [{ url: SUBSCRIPTION_SECRET, valueString: SECRET }],
      })),
    );
  });

  it('are left as they are by the next start', async () => {
    const { all, ensure } = await clinic();
    await ensure();
    const before = await all();

    await ensure();

    expect((await all()).map(({ meta }) => meta?.versionId)).toEqual(
      before.map(({ meta }) => meta?.versionId),
    );
  });

  it.each<[string, Partial<Subscription>]>([
    ['was switched off', { status: 'off' }],
    ['failed', { status: 'error' }],
    ['has a narrower criterion', { criteria: 'Task?status=requested' }],
    ['has another secret', { extension: [{ url: SUBSCRIPTION_SECRET, valueString: 'old' }] }],
    ['has no secret', { extension: [] }],
    ['says nothing of what it sends', { channel: { type: 'rest-hook', endpoint: ENDPOINT } }],
  ])('are repaired where one %s', async (_what, harm) => {
    const { client, all, of, ensure } = await clinic();
    await ensure();
    const ours = await of('Task');
    await client.updateResource({ ...ours, ...harm });

    await ensure();

    expect(await all()).toHaveLength(KINDS.length);
    expect(await of('Task')).toMatchObject({
      id: ours.id,
      status: 'active',
      channel: ours.channel,
      extension: [{ valueString: SECRET }],
    });
  });

  it('follow a new secret, and keep what an administrator added', async () => {
    const { client, all, of, ensure } = await clinic();
    await ensure();
    const attempts = {
      url: 'https://medplum.com/fhir/StructureDefinition/subscription-max-attempts',
      valueInteger: 9,
    };
    const ours = await of('Task');
    await client.updateResource({ ...ours, extension: [attempts, ...(ours.extension ?? [])] });

    await ensure(ENDPOINT, 'a new secret of many characters');

    const secrets = (await all()).map(
      ({ extension }) => extension?.find(({ url }) => url === SUBSCRIPTION_SECRET)?.valueString,
    );
    expect(secrets).toEqual(KINDS.map(() => 'a new secret of many characters'));
    expect((await of('Task')).extension).toContainEqual(attempts);
  });

  it.each(KINDS)('are kept alone: a second equal one of ours for %s goes', async (criteria) => {
    const { client, all, of, ensure } = await clinic();
    await ensure();
    const { id, meta, ...copy } = await of(criteria);
    await client.createResource(copy);

    await ensure();

    expect((await all()).map((one) => one.criteria)).toEqual([...KINDS]);
  });

  it('take over the one that an earlier version made', async () => {
    const { client, all, of, ensure } = await clinic();
    const theirs = await client.createResource(OF_AN_EARLIER_VERSION);

    await ensure();

    expect(await all()).toHaveLength(KINDS.length);
    expect((await of('Task')).id).toBe(theirs.id);
  });

  it('are the same ones for many who start at once, and after many repair at once', async () => {
    const { client, all, of, ensure } = await clinic();

    await Promise.all([1, 2, 3, 4].map(() => ensure()));
    const { id, meta, ...copy } = await of('Task');
    await client.createResource(copy);
    await Promise.all([1, 2, 3, 4].map(() => ensure()));

    expect((await all()).map((one) => one.criteria)).toEqual([...KINDS]);
  });

  it('that are too many leave the same one, whoever looks and whenever: two at once must not delete both', async () => {
    const { client, of, ensure } = await clinic();
    await ensure();
    const { id, meta, ...copy } = await of('Task');
    for (let i = 0; i < 3; i++) await client.createResource(copy);
    const [part] = subscriptionParts(ENDPOINT, SECRET);
    if (part === undefined) throw new Error('There is no part.');
    const first = await plan(client, part);

    await client.updateResource({ ...(first.have ?? THEIRS), end: '2099-01-01T00:00:00.000Z' });

    expect((await plan(client, part)).have?.id).toBe(first.have?.id);
    expect(first.surplus).toHaveLength(3);
  });

  it('of somebody else, or of ours at another address, are never touched', async () => {
    const { client, all, ensure } = await clinic();
    const theirs = await client.createResource(THEIRS);
    await ensure('https://other.example/medplum/webhook');
    const before = (await all()).map(({ id, meta }) => `${id}/${meta?.versionId}`);

    await ensure();

    const after = (await all()).map(({ id, meta }) => `${id}/${meta?.versionId}`);
    expect(after).toEqual(expect.arrayContaining(before));
    expect(after).toHaveLength(before.length + KINDS.length);
    expect(after).toContain(`${theirs.id}/${theirs.meta?.versionId}`);
  });

  it('that could not be made are complained about without the secret', async () => {
    const { ensure, faults } = await clinic();
    faults.add({ kind: 'quota', resourceType: 'Subscription', times: 100, ms: 60_000 });

    const error = await ensure().catch((thrown: unknown) => thrown);

    expect(String(error)).toContain('for Task: the server’s quota is used up');
    expect(String(error)).not.toContain(SECRET);
  });
});
