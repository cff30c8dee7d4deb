import type { MedplumClient } from '@medplum/core';
import type { Subscription } from '@medplum/fhirtypes';

export const SUBSCRIPTION_SECRET = 'https://www.medplum.com/fhir/StructureDefinition/subscription-secret';

/** Marks the Subscription as ours, so that we never touch one that we did not make. */
const REASON = 'Switchboard: keeps the cards of patient-message Tasks true';

/**
 * Makes sure that exactly one Subscription of ours tells this address about every Task. Adopts and repairs what is
 * there; a second equal one would deliver everything twice. The criterion is every Task: a server says nothing when a
 * Task leaves a narrower one, and a claim made elsewhere is just that.
 *
 * @param endpoint where the server delivers to; `secret` signs each delivery.
 */
export async function ensureSubscription(
  client: MedplumClient,
  endpoint: string,
  secret: string,
): Promise<void> {
  const wanted: Subscription = {
    resourceType: 'Subscription',
    status: 'active',
    reason: REASON,
    criteria: 'Task',
    channel: { type: 'rest-hook', endpoint, payload: 'application/fhir+json' },
    extension: [{ url: SUBSCRIPTION_SECRET, valueString: secret }],
  };
  const all = await client.searchResources('Subscription', '_count=1000', { cache: 'no-store' });
  const ours = all.filter((one) => one.reason === REASON && one.channel.endpoint === endpoint);
  const [first, ...others] = ours;
  for (const extra of others) await client.deleteResource('Subscription', extra.id);
  if (first === undefined) await client.createResource(wanted);
  else if (!isAsWanted(first, wanted)) await client.updateResource({ ...first, ...wanted, id: first.id });
}

function isAsWanted(have: Subscription, wanted: Subscription): boolean {
  const secretOf = (one: Subscription) =>
    one.extension?.find(({ url }) => url === SUBSCRIPTION_SECRET)?.valueString;
  return (
    have.status === wanted.status && have.criteria === wanted.criteria && secretOf(have) === secretOf(wanted)
  );
}
