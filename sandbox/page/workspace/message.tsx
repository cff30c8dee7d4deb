import type { Block } from '../data/blocks.ts';
import { dateOf, type SlackMessage, taskOf } from '../data/slack.ts';
import { useCardLinks } from '../stage/card-links.ts';
import { Glow } from '../stage/glow.tsx';
import { AppMark } from '../stage/marks.tsx';
import { MessageHead } from '../stage/message-head.tsx';
import { Twin } from '../stage/twin.tsx';
import { Blocks } from './blocks.tsx';

interface MessageProps {
  readonly message: SlackMessage;
  readonly channelName: string;
  readonly fresh: boolean;
}

/** A message of the app: who, when, whether edited, and its blocks. A card can show the record of its Task. */
export function Message({ message, channelName, fresh }: MessageProps) {
  const { selected, show } = useCardLinks();
  const task = taskOf(message);
  return (
    <article
      className={`message${fresh ? ' message--fresh' : ''}`}
      data-testid="message"
      data-ts={message.ts}
      data-entry={message.ts}
      data-task={task}
      aria-current={task !== undefined && task === selected ? 'true' : undefined}
    >
      <Glow at={message.edited?.ts} />
      <AppMark />
      <div className="message__main">
        <MessageHead
          name="Switchboard"
          isApp
          posted={dateOf(message.ts)}
          edited={message.edited === undefined ? undefined : dateOf(message.edited.ts)}
          task={task}
        />
        <Blocks
          blocks={blocksOf(message)}
          place={{ channel: message.channel, ts: message.ts }}
          onPress={() => task !== undefined && show(task, 'pressed')}
        />
        {task === undefined ? null : <Twin platform="slack" task={task} channel={channelName} />}
      </div>
    </article>
  );
}

/** A message without blocks is its text. */
export function blocksOf({ blocks, text }: Pick<SlackMessage, 'blocks' | 'text'>): readonly Block[] {
  if (blocks !== undefined && blocks.length > 0) return blocks;
  return text === undefined || text === '' ? [] : [{ type: 'section', text: { type: 'mrkdwn', text } }];
}
