import { ChatError, type ChatErrorKind } from '../../src/index.ts';

/** The connector answered with an error: its status, its code, and how long it wants us to wait. */
export class ConnectorError extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterMs: number | undefined;

  constructor(status: number, code: string, retryAfterMs: number | undefined) {
    super(`the connector answered ${status} ${code}`);
    this.name = 'ConnectorError';
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Microsoft's login gave no token: nothing was asked of Teams. */
export class LoginError extends Error {
  /** True where our credentials were refused; otherwise the login did not answer. */
  readonly refused: boolean;
  readonly expired: boolean;

  constructor(cause: unknown) {
    super(`the login gave no token: ${codeIn(cause)}`);
    this.name = 'LoginError';
    const text = textOf(cause);
    this.refused = REFUSED.test(text);
    this.expired = EXPIRED.test(text);
  }
}

/**
 * OAuth's words for credentials that are not taken, and Microsoft's for a secret that has expired.
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const REFUSED = /\b(invalid_client|unauthorized_client|invalid_request|AADSTS\d+|40[013])\b/;
const EXPIRED = /\bAADSTS(7000222|7000224|700027)\b/;

function textOf(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  const code = 'errorCode' in cause ? String(cause.errorCode) : '';
  return `${code} ${cause.message}`;
}

/** The code alone: the text of Microsoft's errors names the application, the tenant and the time. */
function codeIn(cause: unknown): string {
  const text = textOf(cause);
  const [code = 'no answer'] =
    /\bAADSTS\d+/.exec(text) ?? /\b(invalid_client|unauthorized_client|[45]\d\d)\b/.exec(text) ?? [];
  return code;
}

/** How long to wait where Teams says "not so fast" and does not say how long. */
const UNTOLD_WAIT_MS = 2_000;

/**
 * Maps what the connector answers to the few kinds that the core knows.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
 *
 * @param isPost a post is not safe to repeat: where nobody knows whether it stands, it is `in-doubt`.
 */
export function toChatError(error: unknown, doing: string, isPost: boolean): ChatError {
  if (error instanceof ChatError) return error;
  if (error instanceof LoginError) {
    if (!error.refused) return new ChatError('unreachable', doing, { cause: error });
    return new ChatError('forbidden', doing, { cause: error, token: error.expired ? 'expired' : 'invalid' });
  }
  if (!(error instanceof ConnectorError)) {
    return new ChatError(isPost ? 'in-doubt' : 'unreachable', doing, { cause: error });
  }
  const kind = kindOf(error, isPost);
  if (error.status === 401) return new ChatError(kind, doing, { cause: error, token: 'rejected' });
  if (kind !== 'rate-limited') return new ChatError(kind, doing, { cause: error });
  // So that those who were turned away together do not come back together.
  const retryAfterMs = error.retryAfterMs ?? UNTOLD_WAIT_MS * (1 + Math.random());
  return new ChatError(kind, doing, { cause: error, retryAfterMs });
}

function kindOf({ status }: ConnectorError, isPost: boolean): ChatErrorKind {
  // 412 is Teams' word for "somebody else is sending there at this moment": nothing was done.
  if (status === 429 || status === 412) return 'rate-limited';
  if (status === 401 || status === 403) return 'forbidden';
  if (status === 404) return 'gone';
  if (status >= 500) return isPost ? 'in-doubt' : 'unreachable';
  return 'invalid';
}
