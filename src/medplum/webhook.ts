import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { answer, BodyTooLarge, readBody } from '../runtime/http.ts';
import type { Route } from '../runtime/ports/chat.ts';

const BODY_LIMIT = 1024 * 1024;

/**
 * `POST /medplum/webhook`: a rest-hook Subscription tells about a Task. The signature (hex HMAC-SHA256 over the raw
 * body) is checked before anything is parsed. There is no timestamp in it, so an old delivery can be sent again by
 * whoever saw one: the body is therefore only a hint whose id is looked up anew.
 *
 * Answers 2xx only when the hint is stored, because the server forgets what was answered with 2xx.
 */
export function webhookRoute(secret: string, mark: (taskId: string) => Promise<void>, log: Logger): Route {
  return {
    method: 'POST',
    path: '/medplum/webhook',
    handle: (request, response) => {
      receive(request, response, secret, mark).catch((error: unknown) => {
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
  mark: (taskId: string) => Promise<void>,
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
  if (hint.type === 'Task') await mark(hint.id);
  return answer(response, 200, 'Thank you.');
}

function isSigned(body: Buffer, signature: string | string[] | undefined, secret: string): boolean {
  if (typeof signature !== 'string' || !/^[0-9a-f]{64}$/i.test(signature)) return false;
  const expected = createHmac('sha256', secret).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(signature, 'hex'));
}

/** Which resource it is about: named in a header when it was deleted, in the body otherwise. */
function hintOf(
  body: Buffer,
  deleted: string | string[] | undefined,
): { type: string; id: string } | undefined {
  if (typeof deleted === 'string') {
    const [type, id] = deleted.split('/');
    return type && id && isId(id) ? { type, id } : undefined;
  }
  try {
    const resource: unknown = JSON.parse(body.toString('utf8'));
    if (typeof resource !== 'object' || resource === null) return undefined;
    const { resourceType, id } = resource as { resourceType?: unknown; id?: unknown };
    if (typeof resourceType !== 'string' || typeof id !== 'string' || !isId(id)) return undefined;
    return { type: resourceType, id };
  } catch {
    return undefined;
  }
}

/** http://hl7.org/fhir/R4/datatypes.html#id */
function isId(text: string): boolean {
  return /^[A-Za-z0-9.-]{1,64}$/.test(text);
}
