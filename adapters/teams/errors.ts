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
  if (!(error instanceof ConnectorError)) {
    return new ChatError(isPost ? 'in-doubt' : 'unreachable', doing, { cause: error });
  }
  const kind = kindOf(error, isPost);
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
