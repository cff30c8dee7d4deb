import { useEffect, useState } from 'react';
import type { Conversations } from '../data/conversations.ts';

/**
 * How many messages came to each place while it was not open, by its id; places without any are left out. What was
 * there at the start counts as seen.
 */
export function useUnread<Place, Message>(
  { messages, loaded }: Conversations<Place, Message>,
  current: string | undefined,
  timeOf: (message: Message) => number,
): ReadonlyMap<string, number> {
  const [seen, setSeen] = useState<ReadonlyMap<string, number>>();

  useEffect(() => {
    if (!loaded) return;
    const newest = (place: string) => Math.max(0, ...(messages.get(place) ?? []).map(timeOf));
    setSeen((before) => {
      if (before === undefined) return new Map([...messages.keys()].map((id) => [id, newest(id)]));
      if (current === undefined || before.get(current) === newest(current)) return before;
      return new Map(before).set(current, newest(current));
    });
  }, [messages, loaded, current, timeOf]);

  const unread = new Map<string, number>();
  if (seen === undefined) return unread;
  for (const [id, list] of messages) {
    const fresh = list.filter((message) => timeOf(message) > (seen.get(id) ?? 0)).length;
    if (id !== current && fresh > 0) unread.set(id, fresh);
  }
  return unread;
}
