import { useState } from 'react';
import { clinicNow } from '../data/now.ts';
import type { Channel as SlackChannel } from '../data/slack.ts';
import { useCardLinks } from '../stage/card-links.ts';
import { PlatformName } from '../stage/marks.tsx';
import { useScroll } from '../stage/use-scroll.ts';
import { Ephemeral } from './ephemeral.tsx';
import { Message } from './message.tsx';
import type { Entry } from './timeline.ts';
import { useWorkspace } from './workspace-context.ts';

interface ChannelProps {
  readonly channel: SlackChannel;
  readonly title: string;
  readonly entries: readonly Entry[];
  readonly loaded: boolean;
  onDismiss(ts: string): void;
  readonly children: React.ReactNode;
}

/** A channel as the acting person sees it; whatever is new at its end is scrolled to. */
export function Channel({ channel, title, entries, loaded, onDismiss, children }: ChannelProps) {
  const { clinic } = useWorkspace();
  const { revealed } = useCardLinks();
  const pool = clinic.pools.find((candidate) => candidate.channel.id === channel.id);
  const [opened] = useState(() => clinicNow() / 1000);
  const box = useScroll(entries.at(-1)?.ts, revealed);

  return (
    <section className="channel" aria-label={`${title}, Slack`}>
      <header className="channel__head">
        <PlatformName platform="slack" />
        <h2>
          <span className="glyph">{channel.user === undefined ? '#' : '@'}</span> {title}
        </h2>
        <p>
          {pool === undefined
            ? 'Between you and the app'
            : `Where messages for the pool “${pool.name}” arrive`}
        </p>
      </header>
      <div className="channel__messages" ref={box}>
        {entries.map((entry) =>
          entry.kind === 'message' ? (
            <Message
              key={entry.ts}
              message={entry.message}
              channelName={channel.name}
              fresh={Number.parseFloat(entry.ts) > opened}
            />
          ) : (
            <Ephemeral
              key={`e${entry.ts}`}
              ephemeral={entry.ephemeral}
              onDismiss={() => onDismiss(entry.ts)}
            />
          ),
        )}
        {loaded && entries.length === 0 ? children : null}
      </div>
    </section>
  );
}
