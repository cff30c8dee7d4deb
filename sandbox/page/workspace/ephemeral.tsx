import { dateOf, type Ephemeral as EphemeralMessage } from '../data/slack.ts';
import { AppMark } from '../stage/marks.tsx';
import { MessageHead } from '../stage/message-head.tsx';
import { PrivateMark } from '../stage/private-mark.tsx';
import { Blocks } from './blocks.tsx';
import { blocksOf } from './message.tsx';
import { useLead } from './use-lead.ts';

interface EphemeralProps {
  readonly ephemeral: EphemeralMessage;
  onDismiss(): void;
}

/** What the app tells one person in a channel, until that person dismisses it. */
export function Ephemeral({ ephemeral, onDismiss }: EphemeralProps) {
  const lead = useLead();
  const { channel, ts } = ephemeral;
  return (
    <article className="message message--ephemeral" data-testid="ephemeral" data-ts={ts} data-entry={ts}>
      <AppMark />
      <div className="message__main">
        <PrivateMark onDismiss={onDismiss} />
        <MessageHead name="Switchboard" isApp posted={dateOf(ts)} />
        <Blocks blocks={blocksOf(ephemeral)} place={{ channel, ts }} onPress={lead} />
      </div>
    </article>
  );
}
