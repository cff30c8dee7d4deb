import type { CSSProperties } from 'react';
import { Message, type Block as RendererBlock } from 'slack-blocks-to-jsx';
import type { Block } from '../data/blocks.ts';
import { useNow } from '../data/now.ts';
import { fullTime, slackDate } from '../data/time.ts';
import { useWorkspace } from './workspace-context.ts';

const FULL_WIDTH: CSSProperties = { maxWidth: 'none' };

/**
 * Blocks that only show something, drawn by the Block Kit renderer with our own styles. Whatever can be pressed or
 * filled in is drawn by `interactive.tsx` and `input-block.tsx`, since the renderer gives it no behaviour.
 */
export function Display({ blocks }: { readonly blocks: readonly Block[] }) {
  const { people, channels } = useWorkspace();
  return (
    <Message
      unstyled
      withoutWrapper
      style={FULL_WIDTH}
      // The renderer checks the shape of blocks no more than Slack's wire does.
      blocks={blocks as unknown as RendererBlock[]}
      logo=""
      name=""
      data={{ users: [...people], channels: [...channels] }}
      hooks={{
        date: ({ timestamp, format, fallback }) => (
          <SlackDate timestamp={timestamp} format={format} fallback={fallback} />
        ),
        link: ({ href, children }) => <SafeLink href={href}>{children}</SafeLink>,
      }}
    />
  );
}

/** Plain or mrkdwn text where Block Kit has text outside of a block: hints, confirmations, ephemerals. */
export function DisplayText({ text }: { readonly text: string }) {
  return <Display blocks={[{ type: 'section', text: { type: 'mrkdwn', text } }]} />;
}

interface SlackDateProps {
  readonly timestamp: string;
  readonly format: string;
  readonly fallback: string;
}

function SlackDate({ timestamp, format, fallback }: SlackDateProps) {
  const now = useNow();
  const date = new Date(Number(timestamp) * 1000);
  if (Number.isNaN(date.getTime())) return fallback;
  return (
    <time dateTime={date.toISOString()} title={fullTime(date)}>
      {slackDate(format, date, now) ?? fallback}
    </time>
  );
}

function SafeLink({ href, children }: { readonly href: string; readonly children: React.ReactNode }) {
  if (!/^(https?|mailto|tel):/i.test(href)) return <span>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}
