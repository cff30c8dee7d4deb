import { createHmac } from 'node:crypto';
import { ControlError } from '../control-error.ts';
import { asDict, type Dict, parseJson } from '../dict.ts';
import { type EnvelopeType, envelope, type SocketMode } from './socket-mode.ts';
import type { State } from './state.ts';
import type { Reply } from './types.ts';

/** Slack waits this long for an application. https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response */
const PATIENCE_MS = 3000;

export interface Deliveries {
  deliver(type: EnvelopeType, payload: Dict): Promise<Reply>;
  /** The last delivery once more, byte for byte, marked as a retry. */
  redeliver(): Promise<Reply>;
  setApp(url: string | undefined): void;
}

export function createDeliveries(
  state: State,
  socketMode: SocketMode,
  signingSecret: string,
  firstUrl: string | undefined,
): Deliveries {
  let appUrl = firstUrl;
  let again: ((retry: number) => Promise<Reply>) | undefined;
  let retries = 0;

  function overHttp(type: EnvelopeType, payload: Dict): (retry: number) => Promise<Reply> {
    const body = encode(type, payload);
    const contentType = type === 'events_api' ? 'application/json' : 'application/x-www-form-urlencoded';
    const timestamp = Math.floor(state.now() / 1000);
    const headers = { 'content-type': contentType, ...signature(signingSecret, timestamp, body) };
    return (retry) =>
      post(
        appUrl,
        body,
        retry
          ? { ...headers, 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': 'http_timeout' }
          : headers,
      );
  }

  function overSocket(type: EnvelopeType, payload: Dict): () => Promise<Reply> {
    const { id, text } = envelope(type, payload);
    return async () => {
      if (!socketMode.connected()) return { status: 0, body: '', error: 'dispatch_failed' };
      const ack = await socketMode.send(text, id, PATIENCE_MS);
      if (ack === undefined) return { status: 0, body: '', error: 'operation_timeout' };
      return { status: 200, body: Object.keys(asDict(ack)).length > 0 ? ack : '' };
    };
  }

  return {
    deliver: (type, payload) => {
      again = socketMode.connected() ? overSocket(type, payload) : overHttp(type, payload);
      retries = 0;
      return again(0);
    },
    redeliver: async () => {
      if (!again) throw new ControlError(404, 'Nothing was delivered yet.');
      retries += 1;
      return again(retries);
    },
    setApp: (url) => {
      appUrl = url;
    },
  };
}

function encode(type: EnvelopeType, payload: Dict): string {
  if (type === 'events_api') return JSON.stringify(payload);
  if (type === 'interactive') return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  return new URLSearchParams(
    Object.entries(payload).map(([name, value]) => [name, String(value)]),
  ).toString();
}

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
function signature(secret: string, timestamp: number, body: string): Record<string, string> {
  const digest = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': String(timestamp), 'x-slack-signature': `v0=${digest}` };
}

async function post(
  appUrl: string | undefined,
  body: string,
  headers: Record<string, string>,
): Promise<Reply> {
  if (!appUrl) return { status: 0, body: '', error: 'dispatch_failed' };
  try {
    const response = await fetch(`${appUrl.replace(/\/$/, '')}/slack/events`, {
      method: 'POST',
      headers: {
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        accept: 'application/json,*/*',
        ...headers,
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.text();
    const reply = { status: response.status, body: parseJson(text) ?? text };
    return response.ok ? reply : { ...reply, error: 'dispatch_failed' };
  } catch (cause) {
    const timedOut = asDict(cause).name === 'TimeoutError';
    return { status: 0, body: '', error: timedOut ? 'operation_timeout' : 'dispatch_failed' };
  }
}
