import type { MedplumClient } from '@medplum/core';
import type { Resource } from '@medplum/fhirtypes';
import { onTestFinished } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { connect } from '../../src/medplum/client.ts';
import { type Installed, install } from '../../src/medplum/setup.ts';
import { catalogParts, type Part } from '../../src/medplum/setup-parts.ts';
import { subscriptionParts } from '../../src/medplum/subscriptions.ts';

export const ENDPOINT = 'https://switchboard.example/medplum/webhook';
export const SECRET = 'a secret of many characters';

/** The kinds of resources that setup touches. */
const KINDS = ['AccessPolicy', 'CodeSystem', 'Subscription', 'ValueSet'] as const;

/** A project on the sandbox's FHIR server, and what setup does there. */
export interface Project {
  readonly sandbox: Sandbox;
  readonly client: MedplumClient;
  /** Runs setup; gives of each part what was done, and why. */
  setup(options?: { dryRun?: boolean; endpoint?: string; secret?: string }): Promise<string[]>;
  /** Everything of the kinds that setup touches, in the order of their ids. */
  all(): Promise<Resource[]>;
  /** `<type>/<id>/<version>` of all that, to be compared. */
  versions(): Promise<string[]>;
}

export async function openProject(): Promise<Project> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const client = await connect({ baseUrl: `${sandbox.url}/`, clientId: 'sandbox', clientSecret: 'sandbox' });
  const all = async () => {
    const found: Resource[] = [];
    for (const kind of KINDS)
      found.push(...(await client.searchResources(kind, '_count=1000', { cache: 'no-store' })));
    return found.sort((a, b) => (a.id ?? '').localeCompare(b.id ?? ''));
  };
  return {
    sandbox,
    client,
    setup: ({ dryRun = false, endpoint = ENDPOINT, secret = SECRET } = {}) =>
      wordsOf(install(client, partsAt(endpoint, secret), { dryRun })),
    all,
    versions: async () =>
      (await all()).map(({ resourceType, id, meta }) => `${resourceType}/${id}/${meta?.versionId}`),
  };
}

export function partsAt(endpoint: string, secret: string): Part[] {
  return [...catalogParts(), ...subscriptionParts(endpoint, secret)];
}

/** "create CodeSystem reasons", with what was remarked. */
export async function wordsOf(done: AsyncIterable<Installed>): Promise<string[]> {
  const words: string[] = [];
  for await (const one of done) {
    const part = one.kind === 'step' ? one.step.part : one.part;
    const what = one.kind === 'step' ? one.step.kind : 'failed';
    const why = one.kind === 'step' ? one.step.why : one.why;
    words.push(`${what} ${part.resource.resourceType} ${part.name}${why && `: ${why}`}`);
    if (one.kind === 'step') words.push(...one.step.remarks);
  }
  return words;
}
