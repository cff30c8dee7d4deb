import { webApi } from '@slack/bolt';
import { ChatError, type ChatErrorKind, type TokenTrouble } from '../../src/index.ts';

/** Slack's own codes for "this message is not there any more". */
const GONE = new Set(['message_not_found', 'cant_update_message']);

/** Codes that say that our token is the trouble: https://docs.slack.dev/authentication/tokens */
const TOKEN: ReadonlyMap<string, TokenTrouble> = new Map([
  ['token_expired', 'expired'],
  ['token_revoked', 'revoked'],
  ['account_inactive', 'revoked'],
  ['invalid_auth', 'invalid'],
  ['not_authed', 'invalid'],
]);

/** Codes that say who we are, what we may do or where we are not is the trouble: it can be mended, the message stands. */
const FORBIDDEN = new Set([
  'not_authed',
  'invalid_auth',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'no_permission',
  'missing_scope',
  'not_in_channel',
  'channel_not_found',
  'is_archived',
  'restricted_action',
  'ekm_access_denied',
  'org_login_required',
  'user_not_found',
]);

/** Answers after which part of the work may have been done. */
const UNSURE = new Set(['internal_error', 'fatal_error', 'request_timeout', 'service_unavailable']);

/**
 * Maps what the Web API client throws to the few kinds that the core knows.
 *
 * @param doing what we were doing, without any content.
 * @param isPost a post is not safe to repeat: where nobody knows whether it stands, it is `in-doubt`.
 */
export function toChatError(error: unknown, doing: string, isPost: boolean): ChatError {
  if (error instanceof ChatError) return error;
  if (error instanceof webApi.WebAPIRateLimitedError) {
    return new ChatError('rate-limited', doing, { retryAfterMs: error.retryAfter * 1000 });
  }
  const code = codeOf(error);
  const token = TOKEN.get(code);
  const cause = withoutContent(code, error);
  return new ChatError(kindOf(code, error, isPost), doing, { cause, ...(token && { token }) });
}

/** Slack's own code for what went wrong; empty where there is none. */
export function codeOf(error: unknown): string {
  return error instanceof webApi.WebAPIPlatformError ? String(error.data.error) : '';
}

function kindOf(code: string, error: unknown, isPost: boolean): ChatErrorKind {
  if (code === 'ratelimited' || isBareRateLimit(error)) return 'rate-limited';
  if (FORBIDDEN.has(code)) return 'forbidden';
  if (GONE.has(code)) return 'gone';
  if (/^[a-z_]+$/.test(code) && !UNSURE.has(code)) return 'invalid';
  return isPost ? 'in-doubt' : 'unreachable';
}

/** A 429 without Retry-After comes as a plain error, with no class or code of its own. */
function isBareRateLimit(error: unknown): boolean {
  return (
    error instanceof Error &&
    !(error instanceof webApi.SlackError) &&
    error.message.startsWith('Retry header did not contain')
  );
}

/** A proxy's page, or half an answer with the text of a message in it, arrives as a "code" or a body: neither is kept. */
function withoutContent(code: string, error: unknown): unknown {
  if (/^[a-z_]+$/.test(code)) return new Error(`Slack answered ${code}`);
  if (error instanceof webApi.WebAPIPlatformError)
    return new Error('Slack answered with something unreadable');
  if (error instanceof webApi.WebAPIHTTPError) return new Error(`Slack answered ${error.statusCode}`);
  return error;
}
