import { useState } from 'react';
import { useLive } from '../data/live.ts';
import { loadEphemerals, type Channel as SlackChannel } from '../data/slack.ts';
import type { SlackConversations } from '../data/sources.ts';
import { Channel } from '../workspace/channel.tsx';
import { Composer } from '../workspace/composer.tsx';
import { type Entry, timelineOf } from '../workspace/timeline.ts';
import { useWorkspace } from '../workspace/workspace-context.ts';
import { Announcer } from './announcer.tsx';
import { EmptyChannel } from './empty-channel.tsx';
import { titleOf } from './places.ts';

interface SlackConversationProps {
  readonly conversations: SlackConversations;
  readonly channel: SlackChannel;
  onWrite(): void;
}

/** The open Slack channel with the acting person's ephemerals in it, and the composer. */
export function SlackConversation({ conversations, channel, onWrite }: SlackConversationProps) {
  const { user } = useWorkspace();
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const ephemerals = useLive(
    `ephemerals ${user.id}`,
    () => loadEphemerals(user.id),
    (event) => event.kind === 'slack' && event.what === 'ephemeral' && (event.user ?? user.id) === user.id,
  );
  const kept = (ephemerals.value ?? []).filter((ephemeral) => !dismissed.has(`${user.id} ${ephemeral.ts}`));
  const entries = timelineOf(channel.id, conversations.messages.get(channel.id) ?? [], kept);
  const title = titleOf(channel);

  return (
    <div className="conversation conversation--slack" id="conversation" tabIndex={-1}>
      <Channel
        key={channel.id}
        channel={channel}
        title={title}
        entries={entries}
        loaded={conversations.loaded}
        onDismiss={(ts) => setDismissed(new Set(dismissed).add(`${user.id} ${ts}`))}
      >
        <EmptyChannel onWrite={onWrite} />
      </Channel>
      <Composer channel={channel.id} channelName={title} />
      <Announcer place={channel.id} newest={newestOf(entries.at(-1), title)} />
    </div>
  );
}

function newestOf(entry: Entry | undefined, title: string) {
  if (entry === undefined) return undefined;
  const at = Number.parseFloat(entry.ts);
  if (entry.kind === 'ephemeral') return { at, said: `Only visible to you: ${entry.ephemeral.text ?? ''}` };
  const { bot_id, text = '' } = entry.message;
  return { at, said: `${bot_id === undefined ? 'New' : 'New card'} in ${title}: ${text}` };
}
