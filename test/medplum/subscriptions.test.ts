import type { Subscription } from '@medplum/fhirtypes';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSandbox } from '../../sandbox/server.ts';
import { connect } from '../../src/medplum/client.ts';
import { ensureSubscription, SUBSCRIPTION_SECRET } from '../../src/medplum/subscriptions.ts';

const ENDPOINT = 'https://switchboard.example/medplum/webhook';
const SECRET = 'a secret of many characters';

const THEIRS: Subscription = {
  resourceType: 'Subscription',
  status: 'off',
  reason: 'somebody else’s',
  criteria: 'Task',
  channel: { type: 'rest-hook', endpoint: ENDPOINT },
};

async function clinic() {
  const sandbox = await startSandbox({ seed: false });
  onTestFinished(() => sandbox.close());
  const client = await connect({ baseUrl: `${sandbox.url}/`, clientId: 'sandbox', clientSecret: 'sandbox' });
  const all = async () => [
    ...(await client.searchResources('Subscription', '_count=100', { cache: 'no-store' })),
  ];
  return { client, all, ensure: (endpoint = ENDPOINT) => ensureSubscription(client, endpoint, SECRET) };
}

describe('the Subscription', () => {
  it('is made once, for every Task, and signed', async () => {
    const { all, ensure } = await clinic();

    await ensure();

    expect(await all()).toMatchObject([
      {
        status: 'active',
        criteria: 'Task',
        channel: { type: 'rest-hook', endpoint: ENDPOINT, payload: 'application/fhir+json' },
        extension: [{ url: SUBSCRIPTION_SECRET, valueString: SECRET }],
      },
    ]);
  });

  it('is left as it is by the next start', async () => {
    const { all, ensure } = await clinic();
    await ensure();
    const [before] = await all();

    await ensure();

    expect((await all()).map((one) => one.meta?.versionId)).toEqual([before?.meta?.versionId]);
  });

  it.each<[string, Partial<Subscription>]>([
    ['was switched off', { status: 'off' }],
    ['failed', { status: 'error' }],
    ['has a narrower criterion', { criteria: 'Task?status=requested' }],
    ['has another secret', { extension: [{ url: SUBSCRIPTION_SECRET, valueString: 'old' }] }],
  ])('is repaired where it %s', async (_what, harm) => {
    const { client, all, ensure } = await clinic();
    await ensure();
    const [ours] = await all();
    if (ours) await client.updateResource({ ...ours, ...harm });

    await ensure();

    expect(await all()).toMatchObject([
      { id: ours?.id, status: 'active', criteria: 'Task', extension: [{ valueString: SECRET }] },
    ]);
  });

  it('is kept alone: a second equal one of ours goes', async () => {
    const { client, all, ensure } = await clinic();
    await ensure();
    const [ours] = await all();
    const { id, meta, ...copy } = ours ?? THEIRS;
    await client.createResource(copy);

    await ensure();

    expect(await all()).toHaveLength(1);
  });

  it('of somebody else, or of ours at another address, is never touched', async () => {
    const { client, all, ensure } = await clinic();
    const theirs = await client.createResource(THEIRS);
    await ensure('https://other.example/medplum/webhook');

    await ensure();

    const found = await all();
    expect(found.map((one) => one.channel.endpoint).sort()).toEqual([
      'https://other.example/medplum/webhook',
      ENDPOINT,
      ENDPOINT,
    ]);
    expect(found.find((one) => one.id === theirs.id)?.meta?.versionId).toBe(theirs.meta?.versionId);
  });
});
