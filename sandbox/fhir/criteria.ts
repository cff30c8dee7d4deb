import { resourceMatchesSubscriptionCriteria } from '@medplum/core';
import type { Resource, Subscription } from '@medplum/fhirtypes';
import type { Change } from './store.ts';

/** Whether a Subscription tells of a change. Criteria are stored unchecked: those that make no sense never fire. */
export async function matches(
  subscription: Subscription,
  { interaction, version, previous }: Change,
): Promise<boolean> {
  const resource = version.resource ?? previous;
  if (!resource) return false;
  try {
    return await resourceMatchesSubscriptionCriteria({
      resource,
      subscription,
      context: { interaction },
      getPreviousResource: async () => previous,
    });
  } catch {
    return false;
  }
}

/** A Subscription that only a websocket hears of: it can be read, but no search shows it. */
export function isForSocket(resource: Resource): boolean {
  return resource.resourceType === 'Subscription' && resource.channel.type === 'websocket';
}
