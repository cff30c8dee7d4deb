/** chat.unfurl of the Web API. https://docs.slack.dev/reference/methods/chat.unfurl */
import { asDicts, asText, type Dict, isDict } from '../dict.ts';
import type { Args } from './args.ts';
import { asMessages, checkBlocks } from './block-kit.ts';
import { SlackError } from './errors.ts';
import { isRegistered } from './links.ts';
import { messagesOf, putMessage } from './messages.ts';
import type { Methods } from './methods.ts';
import { normaliseBlocks } from './normalise.ts';
import { APP, type State, type Unfurl } from './state.ts';

const SOURCES = ['composer', 'conversations_history'];

export const unfurlMethods: Methods = {
  'chat.unfurl': (args, state) => {
    const { unfurl, source } = targetOf(args, state);
    const given = args.json('unfurls', 'invalid_unfurls_format');
    if (given === undefined) throw new SlackError('missing_unfurls');
    if (!isDict(given)) throw new SlackError('invalid_unfurls_format');
    if ('draft' in unfurl) {
      const attachments = Object.entries(given).map(([url, content], i) =>
        attachmentOf(state, url, content, unfurl.draft, i + 1),
      );
      state.previews.set(source, attachments);
      return {};
    }
    attach(state, unfurl, given);
    return {};
  },
};

/** What is unfurled: a message by its place, or by the id that the event gave it; a draft by its id alone. */
function targetOf(args: Args, state: State): { unfurl: Unfurl; source: string } {
  const id = args.text('unfurl_id');
  const source = args.text('source');
  if (id !== undefined || source !== undefined) {
    if (id === undefined) throw new SlackError('missing_unfurl_id');
    if (source === undefined) throw new SlackError('missing_source');
    if (!SOURCES.includes(source)) throw new SlackError('invalid_source');
    const unfurl = state.unfurls.get(id);
    if (!unfurl || 'draft' in unfurl !== (source === 'composer')) throw new SlackError('invalid_unfurl_id');
    return { unfurl, source: id };
  }
  const channel = args.text('channel');
  const ts = args.text('ts');
  if (!channel) throw new SlackError('missing_channel');
  if (!ts) throw new SlackError('missing_ts');
  if (!state.channels.has(channel)) throw new SlackError('cannot_find_channel');
  return { unfurl: { channel, ts }, source: '' };
}

/** The first time attachments are added to the message; after that the same ones are changed. */
function attach(state: State, { channel, ts }: { channel: string; ts: string }, given: Dict): void {
  const message = messagesOf(state, channel).get(ts);
  if (!message) throw new SlackError('cannot_find_message');
  const urls = [...message.text.matchAll(/<([^>|]+)>/g)].map(([, url = '']) => decoded(url));
  const before = message.attachments ?? [];
  let next = before.length;
  const fresh = Object.entries(given).map(([url, content]) => {
    const known = before.find((one) => one.app_unfurl_url === url);
    return attachmentOf(state, url, content, urls, Number(known?.id ?? ++next));
  });
  const kept = before.filter((one) => !fresh.some(({ id }) => id === one.id));
  const attachments = [...kept, ...fresh].sort((a, b) => Number(a.id) - Number(b.id));
  putMessage(state, { ...message, attachments });
}

function attachmentOf(
  state: State,
  url: string,
  content: unknown,
  urls: readonly string[],
  id: number,
): Dict {
  if (!urls.includes(url)) throw new SlackError('cannot_unfurl_message');
  if (!isRegistered(state.unfurlDomains(), url)) throw new SlackError('cannot_unfurl_url');
  if (!isDict(content) || !Array.isArray(content.blocks)) throw new SlackError('cannot_parse_attachment');
  const problems = checkBlocks(content.blocks, 'message');
  if (problems.length > 0) throw new SlackError('cannot_parse_attachment', asMessages(problems));
  return {
    id,
    fallback: asText(content.fallback) ?? '[no preview available]',
    from_url: url,
    app_unfurl_url: url,
    is_app_unfurl: true,
    app_id: APP.id,
    bot_id: APP.bot,
    blocks: normaliseBlocks(asDicts(content.blocks)),
  };
}

const decoded = (text: string): string =>
  text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
