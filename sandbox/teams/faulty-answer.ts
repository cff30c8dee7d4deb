import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendJson } from '../http.ts';
import {
  activityNotFound,
  badArgument,
  blockedByUser,
  ConnectorError,
  conversationNotFound,
  disabledByAdmin,
  notInRoster,
  tooManyRequests,
} from './errors.ts';
import type { Fault, FaultKind, Operation } from './faults.ts';

export interface Answer {
  /** 0 when the connection was dropped. */
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Does the call and answers it, or does what a fault makes of both; gives back what happened, for the log. */
export async function answerWith(
  fault: Fault | undefined,
  operation: Operation,
  run: () => Answer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Answer> {
  const send = (answer: Answer): Answer => {
    sendJson(response, answer.status, answer.body, answer.headers);
    return answer;
  };
  if (!fault) return send(run());
  switch (fault.kind) {
    case 'delay':
      await sleep(fault.ms);
      return send(run());
    case 'drop':
      request.socket.destroy();
      return { status: 0, body: undefined };
    case 'drop-after-commit': {
      const { body } = run();
      request.socket.destroy();
      return { status: 0, body };
    }
    default:
      return send(refusal(errorOf(fault.kind, fault.seconds, operation)));
  }
}

export function refusal({ status, code, message, retryAfter }: ConnectorError): Answer {
  const body = { error: { code, message } };
  return retryAfter === undefined
    ? { status, body }
    : { status, body, headers: { 'retry-after': String(retryAfter) } };
}

type Refusing = Exclude<FaultKind, 'delay' | 'drop' | 'drop-after-commit'>;

function errorOf(kind: Refusing, seconds: number, operation: Operation): ConnectorError {
  switch (kind) {
    case '429':
      return tooManyRequests(seconds);
    case '429-bare':
      return tooManyRequests();
    case '412':
      return new ConnectorError(412, 'PreconditionFailed', 'Precondition failed, please retry.');
    case '500':
      return new ConnectorError(500, 'ServiceError', 'Unknown.');
    case '502':
    case '503':
    case '504':
      return new ConnectorError(Number(kind), 'ServiceError', 'Service dependency issue.');
    case 'roster':
      return notInRoster();
    case 'blocked':
      return blockedByUser();
    case 'disabled':
      return disabledByAdmin();
    case 'bad-argument':
      return badArgument('Bad Request.');
    case 'not-found':
      return operation === 'update' || operation === 'delete' ? activityNotFound() : conversationNotFound();
    default:
      return kind satisfies never;
  }
}
