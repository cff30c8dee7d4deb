import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dict } from '../dict.ts';
import { sendJson } from '../http.ts';
import type { Fault } from './faults.ts';

export interface Answer {
  /** 0 when the connection was dropped. */
  readonly status: number;
  readonly body: Dict;
}

/** Does the call and answers it, or does what a fault makes of both; gives back what happened, for the log. */
export async function answerWith(
  fault: Fault | undefined,
  run: () => Answer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Answer> {
  const send = (answer: Answer, headers: Record<string, string> = {}): Answer => {
    sendJson(response, answer.status, answer.body, headers);
    return answer;
  };
  const refuse = (status: number, error: string): Answer => ({ status, body: { ok: false, error } });

  if (!fault) return send(run());
  switch (fault.kind) {
    case 'delay': {
      const answer = run();
      await sleep(fault.ms);
      return send(answer);
    }
    case 'ratelimited':
      return send(refuse(429, 'ratelimited'), { 'retry-after': String(fault.seconds) });
    case 'ratelimited-bare':
      return send(refuse(429, 'ratelimited'));
    case 'error':
      return send(refuse(500, 'internal_error'));
    case 'error-code':
      return send(refuse(200, fault.code));
    case 'drop':
      request.socket.destroy();
      return { status: 0, body: {} };
    case 'drop-after-commit': {
      const { body } = run();
      request.socket.destroy();
      return { status: 0, body };
    }
    case 'truncate':
      return truncate(run(), request, response);
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end('<!doctype html><html><body><h1>Proxy sign-in</h1></body></html>');
      return { status: 200, body: {} };
    default:
      return fault.kind satisfies never;
  }
}

function truncate(answer: Answer, request: IncomingMessage, response: ServerResponse): Answer {
  const text = JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.write(text.slice(0, Math.floor(text.length / 2)), () => request.socket.destroy());
  return answer;
}
