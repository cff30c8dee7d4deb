import type { webApi } from '@slack/bolt';
import type { LinkSharedEvent, LinkUnfurls } from '@slack/types';
import type { Desk, Log } from '../../src/index.ts';
import { toBlocks } from './blocks.ts';
import { toChatError } from './errors.ts';
import { assertMessage } from './limits.ts';

/** Each link is read from the record; a message with more of them is a list, not a conversation about a Task. */
const LINKS = 5;

/** What an unfurled link is called where Slack shows no blocks. Nothing of the record. */
const FALLBACK = 'A Task in Switchboard';

/** Shows links to Tasks as cards. Never throws: a link without its card is still a link. */
export function createUnfurls(client: webApi.WebClient, desk: Desk, log: Log) {
  async function cardsFor(links: readonly string[], channel: string): Promise<LinkUnfurls> {
    // While somebody still writes, the channel is none that we know: that has the strictest privacy.
    const surface = { platform: 'slack', kind: 'channel', id: channel } as const;
    const cards = await Promise.all(
      links.map(async (link): Promise<LinkUnfurls> => {
        const card = await desk.unfurl(link, surface);
        if (card === undefined) return {};
        const message = toBlocks(card, crypto.randomUUID());
        assertMessage(message);
        return { [link]: { blocks: message.blocks, fallback: FALLBACK } };
      }),
    );
    return Object.assign({}, ...cards);
  }

  async function show(target: Target, channel: string, links: readonly string[]): Promise<void> {
    try {
      const unfurls = await cardsFor(links, channel);
      if (Object.keys(unfurls).length > 0) await client.chat.unfurl({ ...target, unfurls });
    } catch (error) {
      log.warn({ err: toChatError(error, 'unfurling a link', false) }, 'a link stays a link');
    }
  }

  return {
    /** Somebody posted links, or is about to. */
    shared: (event: LinkSharedEvent): Promise<void> => {
      const { channel, message_ts, unfurl_id, source } = event;
      const links = [...new Set(event.links.map(({ url }) => url))].slice(0, LINKS);
      const isNamed =
        unfurl_id !== undefined && (source === 'composer' || source === 'conversations_history');
      return show(isNamed ? { unfurl_id, source } : { channel, ts: message_ts }, channel, links);
    },
    /** Draws one link of a message again: nothing else keeps it true. */
    again: (channel: string, ts: string, link: string): Promise<void> =>
      show({ channel, ts }, channel, [link]),
  };
}

export type Unfurls = ReturnType<typeof createUnfurls>;

type Target =
  | { readonly channel: string; readonly ts: string }
  | { readonly unfurl_id: string; readonly source: 'composer' | 'conversations_history' };
