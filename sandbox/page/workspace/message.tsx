import type { Block } from '../data/blocks.ts';
import { dateOf, type SlackMessage, taskOf } from '../data/slack.ts';
import { useCardLinks } from '../stage/card-links.ts';
import { Glow } from '../stage/glow.tsx';
import { AppMark, Avatar } from '../stage/marks.tsx';
import { MessageHead } from '../stage/message-head.tsx';
import { Twin } from '../stage/twin.tsx';
import { Blocks } from './blocks.tsx';
import { Typed } from './typed.tsx';
import { useLead } from './use-lead.ts';
import { useWorkspace } from './workspace-context.ts';

interface MessageProps {
  readonly message: SlackMessage;
  readonly channelName: string;
  readonly fresh: boolean;
}

/** A message of the app or of a person: who, when, whether edited, and its blocks. A card can show its Task's record. */
export function Message({ message, channelName, fresh }: MessageProps) {
  const { people } = useWorkspace();
  const { selected, show } = useCardLinks();
  const lead = useLead();
  const { channel, ts, edited, attachments = [] } = message;
  const task = taskOf(message);
  const person = people.find(({ id }) => message.bot_id === undefined && id === message.user);
  return (
    <article
      className={`message${fresh ? ' message--fresh' : ''}`}
      data-testid={person === undefined ? 'message' : 'said'}
      data-ts={ts}
      data-entry={ts}
      data-task={task}
      aria-current={task !== undefined && task === selected ? 'true' : undefined}
    >
      <Glow at={edited?.ts} />
      {person === undefined ? <AppMark /> : <Avatar name={person.name} />}
      <div className="message__main">
        <MessageHead
          name={person?.name ?? 'Switchboard'}
          isApp={person === undefined}
          posted={dateOf(ts)}
          edited={edited === undefined ? undefined : dateOf(edited.ts)}
          task={task}
        />
        {person === undefined ? (
          <Blocks
            blocks={blocksOf(message)}
            place={{ channel, ts }}
            onPress={(value) => (task === undefined ? lead(value) : show(task, 'pressed'))}
          />
        ) : (
          <Typed text={message.text ?? ''} />
        )}
        {attachments.map((attachment) => (
          <div key={attachment.id ?? attachment.text} className="attachment" data-testid="attachment">
            <Blocks blocks={blocksOf(attachment)} place={{ channel, ts }} onPress={lead} />
          </div>
        ))}
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
