/** How the metadata of our messages is marked; the payload holds ids only, because any app in the channel reads it. */
export const EVENT_TYPE = 'switchboard_card';

/** The Task of a card of ours; undefined for any other message. */
export function taskOfCard({ metadata }: { readonly metadata?: unknown }): string | undefined {
  if (!isObject(metadata) || metadata.event_type !== EVENT_TYPE || !isObject(metadata.event_payload))
    return undefined;
  const { task } = metadata.event_payload;
  return typeof task === 'string' ? task : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
