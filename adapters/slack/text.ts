import type { Inline, Line } from '../../src/index.ts';

/**
 * Text for a Slack `mrkdwn` field that must be read as it is. `&`, `<` and `>` carry Slack's own markup: an unescaped
 * `<!channel>` in a name would call everybody. The signs of bold, italic, strike and code are given their look-alikes,
 * because Slack has no escape for them.
 * https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
export function escapeText(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[*_~`]/g, (sign) => LOOK_ALIKES[sign] ?? sign);
}

const LOOK_ALIKES: Record<string, string> = { '*': '∗', _: '＿', '~': '∼', '`': 'ˋ' };

/**
 * A line as Slack's `mrkdwn`, at most `limit` characters long. Cut part by part, so that neither a tag nor an escape
 * is ever cut in two.
 */
export function toMrkdwn(line: Line, limit = 3000): string {
  let text = '';
  for (const part of line) {
    const next = inline(part);
    if (text.length + next.length <= limit) {
      text += next;
      continue;
    }
    const room = limit - text.length;
    return `${text}${cutEscaped(wordsOf(part), room)}`;
  }
  return text;
}

function inline(part: Inline): string {
  if (typeof part === 'string') return escapeText(part);
  if ('bold' in part) return `*${escapeText(part.bold)}*`;
  if ('code' in part) return `\`${escapeText(part.code)}\``;
  if ('strike' in part) return strike(part.strike);
  if ('link' in part)
    return `<${encodeURI(decodeSafe(part.link)).replaceAll('|', '%7C')}|${escapeText(part.text)}>`;
  return dateTag(part.instant, part.as);
}

/** A strike must begin and end with a word, and stay on its line. */
function strike(text: string): string {
  const words = escapeText(text.trim().replace(/\s+/g, ' '));
  return words && `~${words}~`;
}

/** Slack draws the instant in each reader's own time zone, and counts `{ago}` by itself. */
function dateTag(instant: string, as: 'ago' | 'time'): string {
  const seconds = Math.floor(Date.parse(instant) / 1000);
  if (Number.isNaN(seconds)) return escapeText(instant);
  const fallback = `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `<!date^${seconds}^${as === 'ago' ? '{ago}' : '{date_short_pretty} at {time}'}|${fallback}>`;
}

function wordsOf(part: Inline): string {
  if (typeof part === 'string') return part;
  if ('bold' in part) return part.bold;
  if ('code' in part) return part.code;
  if ('strike' in part) return part.strike;
  return 'text' in part ? part.text : '';
}

/** Escaping makes text longer, so it is cut sign by sign. */
function cutEscaped(text: string, room: number): string {
  const whole = escapeText(text);
  if (whole.length <= room) return whole;
  if (room < 1) return '';
  let kept = '';
  for (const sign of text) {
    const next = escapeText(sign);
    if (kept.length + next.length > room - 1) break;
    kept += next;
  }
  return `${kept}…`;
}

function decodeSafe(link: string): string {
  try {
    return decodeURI(link);
  } catch {
    return link;
  }
}

/** What was typed behind a slash command: Slack writes mentions as `<@U123|name>` and escapes three signs. */
export function readTyped(text: string): string {
  return unescapeSigns(text.replace(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, 'user:$1'));
}

/**
 * What somebody wrote, as its readers saw it: mentions and links by their names.
 * https://docs.slack.dev/messaging/formatting-message-text#retrieving-messages
 */
export function readMessage(text: string): string {
  return unescapeSigns(text.replace(/<([^<>]*)>/g, (_, inner: string) => nameOf(inner)));
}

function nameOf(inner: string): string {
  const [, target = '', name = ''] = /^([^|]*)\|?(.*)$/s.exec(inner) ?? [];
  const [sign = ''] = target;
  if (sign === '@' || sign === '#') return `${sign}${name.replace(/^[@#]/, '') || target.slice(1)}`;
  if (sign === '!') return name || `@${target.slice(1)}`;
  const address = target.replace(/^(mailto|tel):/, '');
  return name === '' || name === address ? address : `${name} (${address})`;
}

function unescapeSigns(text: string): string {
  return text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}
