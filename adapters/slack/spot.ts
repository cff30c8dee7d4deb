import { z } from 'zod';
import { MARK } from './listing.ts';
import type { PressBody } from './press.ts';
import { readQuestion } from './questions.ts';
import { ROW } from './rows.ts';

/** A link may be longer than what a dialog can remember; then what it unfurled to is not drawn again. */
const LINK = 1_000;

const QUESTION = z.object({ query: z.string(), words: z.string(), page: z.number().int().min(1) });

export const SPOT = z.object({
  kind: z.enum(['card', 'row', 'typed', 'listing', 'unfurl', 'home', 'window']),
  channel: z.string().optional(),
  /** Slack's address for answers to this very interaction; good for half an hour. */
  responseUrl: z.string().optional(),
  /** What the listing answers. */
  question: QUESTION.optional(),
  /** The id of the window. */
  view: z.string().optional(),
  /** The link that was unfurled, and the message that it stands in. */
  unfurled: z.object({ link: z.string(), ts: z.string() }).optional(),
});

/**
 * Where a person pressed or typed. It decides how they are answered, and what has to be drawn again afterwards: only
 * the card of a Task changes by itself. A dialog remembers it.
 */
export type Spot = z.output<typeof SPOT>;

/** Reads where somebody pressed. */
export function spotOf(body: PressBody): Spot {
  const { container, view, channel } = body;
  const blockId = body.actions[0]?.block_id ?? '';
  const [, asked] = splitAtMark(blockId);
  const question = asked && readQuestion(asked);
  if (view?.type === 'home') return { kind: 'home' };
  if (view) return { kind: 'window', view: view.id, ...(question && { question }) };
  const reached = {
    ...(channel?.id && { channel: channel.id }),
    ...(body.response_url && { responseUrl: body.response_url }),
  };
  const link = container?.app_unfurl_url;
  if (container?.type === 'message_attachment') {
    const ts = container.message_ts;
    return {
      kind: 'unfurl',
      ...reached,
      ...(link && ts && link.length <= LINK && { unfurled: { link, ts } }),
    };
  }
  if (asked !== undefined) return { kind: 'listing', ...reached, ...(question && { question }) };
  if (container?.is_ephemeral) return { kind: 'listing', ...reached };
  return { kind: blockId.endsWith(ROW) ? 'row' : 'card', ...reached };
}

/** What makes the id new, and the question behind it; the latter is only there in a listing. */
function splitAtMark(blockId: string): [string, string | undefined] {
  const at = blockId.indexOf(MARK);
  return at < 0 ? [blockId, undefined] : [blockId.slice(0, at), blockId.slice(at + MARK.length)];
}
