import type { SectionBlock } from '@slack/types';
import type { Mention } from '../../src/index.ts';
import type { SlackMessage } from './blocks.ts';

/**
 * The message with a call to everybody in the channel at its very beginning, also in what notifications show. Only for a
 * message that is posted: a redraw calls nobody.
 * https://docs.slack.dev/messaging/formatting-message-text#special-mentions
 */
export function withMention(message: SlackMessage, mention: Mention, version: string): SlackMessage {
  const call = `<!${mention}>`;
  const block: SectionBlock = {
    type: 'section',
    block_id: `${version}-call`,
    text: { type: 'mrkdwn', text: call },
  };
  return { text: `${call} ${message.text}`, blocks: [block, ...message.blocks] };
}
