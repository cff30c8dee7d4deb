import type { TeamsMessage } from '../data/teams.ts';

/** A post and the replies below it, oldest first. */
export interface Thread {
  readonly root: string;
  readonly messages: readonly TeamsMessage[];
}

/** What one person sees in one conversation: everybody's messages and those for this person alone, by thread. */
export function threadsOf(
  conversation: string,
  messages: readonly TeamsMessage[],
  targeted: readonly TeamsMessage[],
): readonly Thread[] {
  const mine = targeted.filter((message) => message.conversation === conversation);
  const all = [...messages, ...mine].sort((a, b) => Number(a.activityId) - Number(b.activityId));
  return [...Map.groupBy(all, ({ root }) => root)]
    .map(([root, inThread]): Thread => ({ root, messages: inThread }))
    .sort((a, b) => Number(a.root) - Number(b.root));
}

/** The message that came last, wherever it stands. */
export const newestIn = (threads: readonly Thread[]): TeamsMessage | undefined =>
  threads
    .map(({ messages }) => messages.at(-1))
    .filter((message) => message !== undefined)
    .sort((a, b) => Number(a.activityId) - Number(b.activityId))
    .at(-1);
