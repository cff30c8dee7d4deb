import type { MedplumClient } from '@medplum/core';
import type { Extension, Subscription } from '@medplum/fhirtypes';
import { install } from './setup.ts';
import { isA, marked, PART_SYSTEM, type Part } from './setup-parts.ts';

export const SUBSCRIPTION_SECRET = 'https://www.medplum.com/fhir/StructureDefinition/subscription-secret';

/**
 * What is listened to. The criteria are wide: a server says nothing when a resource leaves a narrower one, and a claim made
 * elsewhere is just that.
 */
export const CRITERIA = { tasks: 'Task', messages: 'Communication?part-of:missing=false' } as const;

/** Marks the Subscription as ours in words. Those of earlier versions carry nothing else. */
const REASON = 'Switchboard: keeps the cards of patient-message Tasks true';

/** Where the server delivers to. */
export function webhookAddress(publicUrl: string): string {
  return `${publicUrl}/medplum/webhook`;
}

/**
 * Exactly one Subscription of ours for every Task, and one for every message of a thread; a second equal one would
 * deliver everything twice.
 *
 * @param endpoint where the server delivers to; `secret` signs each delivery.
 */
export function subscriptionParts(endpoint: string, secret: string): Part<Subscription>[] {
  return [
    subscriptionPart('task-events', CRITERIA.tasks, endpoint, secret),
    subscriptionPart('message-events', CRITERIA.messages, endpoint, secret),
  ];
}

/**
 * Makes sure of the Subscriptions: adopts and repairs what is there. Throws where one could not be made.
 */
export async function ensureSubscriptions(
  client: MedplumClient,
  endpoint: string,
  secret: string,
): Promise<void> {
  const failures: string[] = [];
  for await (const installed of install(client, subscriptionParts(endpoint, secret))) {
    if (installed.kind === 'failed') failures.push(`${installed.part.name}: ${installed.why}`);
  }
  if (failures.length > 0) throw new Error(failures.join('; '));
}

function subscriptionPart(
  code: string,
  criteria: string,
  endpoint: string,
  secret: string,
): Part<Subscription> {
  const resource: Subscription = {
    resourceType: 'Subscription',
    meta: marked(undefined, code),
    status: 'active',
    reason: REASON,
    criteria,
    channel: { type: 'rest-hook', endpoint, payload: 'application/fhir+json' },
    extension: [signedWith(secret)],
  };
  return {
    name: `for ${criteria}`,
    resource,
    query: '_count=1000',
    unless: `url=${encodeURIComponent(endpoint)}&_tag=${encodeURIComponent(`${PART_SYSTEM}|${code}`)}`,
    is: isA<Subscription>(resource),
    relationOf: (have) => {
      const isHere = have.channel.endpoint === endpoint;
      if (codeOf(have) === code) return isHere ? 'ours' : 'elsewhere';
      return isHere && codeOf(have) === undefined && codeFor(have) === code ? 'foreign' : 'unrelated';
    },
    mend: (have) => ({
      ...have,
      ...resource,
      meta: marked(have.meta, code),
      channel: { ...have.channel, ...resource.channel },
      extension: [
        ...(have.extension ?? []).filter(({ url }) => url !== SUBSCRIPTION_SECRET),
        signedWith(secret),
      ],
    }),
  };
}

/** Which part one of ours is; undefined for somebody else's. */
function codeOf(have: Subscription): string | undefined {
  const mark = have.meta?.tag?.find(({ system }) => system === PART_SYSTEM)?.code;
  return mark ?? (have.reason === REASON ? codeFor(have) : undefined);
}

function codeFor({ criteria }: Subscription): string {
  return criteria.startsWith('Communication') ? 'message-events' : 'task-events';
}

function signedWith(secret: string): Extension {
  return { url: SUBSCRIPTION_SECRET, valueString: secret };
}
