import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { threadIdsOf } from '../duties/thread.ts';
import { PRIORITIES, type Priority } from '../routing/priority.ts';
import { answer, BodyTooLarge, readBody } from '../runtime/http.ts';
import type { Route } from '../runtime/ports/chat.ts';

const BODY_LIMIT = 1024 * 1024;

/** Where hints go. Each resolves when the hint is stored. */
export interface Marks {
  /** @param urgency the Task's, where the delivery says it. */
  task(taskId: string, urgency?: Priority): Promise<void>;
  thread(threadId: string): Promise<void>;
}

/**
 * `POST /medplum/webhook`: a rest-hook Subscription tells about a Task, or about a message, whose threads are then looked
 * at. The header of a thread moves nothing by itself; of a message that was deleted nobody says where it was.
 *
 * The signature (hex HMAC-SHA256 over the raw body) is checked before anything is parsed. There is no timestamp in it,
 * so an old delivery can be sent again by whoever saw one: the body is therefore only a hint whose ids are looked up anew.
 *
 * Answers 2xx only when the hint is stored, because the server forgets what was answered with 2xx.
 */
export function webhookRoute(secret: string, marks: Marks, log: Logger): Route {
  return {
    method: 'POST',
    path: '/medplum/webhook',
    handle: (request, response) => {
      receive(request, response, secret, marks).catch((error: unknown) => {
        log.error({ err: error }, 'a delivery from Medplum could not be stored');
        answer(response, 500, 'Not stored. Deliver it again.');
      });
    },
  };
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  secret: string,
  marks: Marks,
): Promise<void> {
  let body: Buffer;
  try {
    body = await readBody(request, BODY_LIMIT);
  } catch (error) {
    if (error instanceof BodyTooLarge) return answer(response, 413, 'At most 1 MiB.');
    throw error;
  }
  if (!isSigned(body, request.headers['x-signature'], secret))
    return answer(response, 401, 'The signature is wrong.');
  const hint = hintOf(body, request.headers['x-medplum-deleted-resource']);
  if (hint === undefined) return answer(response, 400, 'Not a FHIR resource.');
  if (hint.type === 'Task') await marks.task(hint.id, hint.urgency);
  for (const threadId of hint.threads) await marks.thread(threadId);
  return answer(response, 200, 'Thank you.');
}

function isSigned(body: Buffer, signature: string | string[] | undefined, secret: string): boolean {
  if (typeof signature !== 'string' || !/^[0-9a-f]{64}$/i.test(signature)) return false;
  const expected = createHmac('sha256', secret).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(signature, 'hex'));
}

/** Which resource a delivery is about, and the threads that it is part of, where it is a message. */
interface Hint {
  readonly type: string;
  readonly id: string;
  readonly threads: readonly string[];
  readonly urgency?: Priority | undefined;
}

/** The resource is named in a header when it was deleted, in the body otherwise. */
function hintOf(body: Buffer, deleted: string | string[] | undefined): Hint | undefined {
  if (typeof deleted === 'string') {
    const [type, id] = deleted.split('/');
    return type && id && isId(id) ? { type, id, threads: [] } : undefined;
  }
  try {
    const resource: unknown = JSON.parse(body.toString('utf8'));
    if (typeof resource !== 'object' || resource === null) return undefined;
    const { resourceType: type, id, partOf, priority } = resource as Readonly<Record<string, unknown>>;
    if (typeof type !== 'string' || typeof id !== 'string' || !isId(id)) return undefined;
    const urgency = PRIORITIES.find((one) => one === priority);
    return { type, id, urgency, threads: type === 'Communication' ? threadIdsOf(referencesIn(partOf)) : [] };
  } catch {
    return undefined;
  }
}

function referencesIn(list: unknown): unknown[] {
  if (!Array.isArray(list)) return [];
  return list.map((one: unknown) =>
    typeof one === 'object' && one !== null && 'reference' in one ? one.reference : undefined,
  );
}

/** http://hl7.org/fhir/R4/datatypes.html#id */
function isId(text: string): boolean {
  return /^[A-Za-z0-9.-]{1,64}$/.test(text);
}
