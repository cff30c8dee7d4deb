import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { answer, BodyTooLarge, readBody } from '../runtime/http.ts';
import type { Route } from '../runtime/ports/chat.ts';
import { type Hint, hintAt, hintOf, type Marks, storeHint } from './hints.ts';

const BODY_LIMIT = 1024 * 1024;

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
  const hint = hintIn(body, request.headers['x-medplum-deleted-resource']);
  if (hint === undefined) return answer(response, 400, 'Not a FHIR resource.');
  await storeHint(hint, marks);
  return answer(response, 200, 'Thank you.');
}

function isSigned(body: Buffer, signature: string | string[] | undefined, secret: string): boolean {
  if (typeof signature !== 'string' || !/^[0-9a-f]{64}$/i.test(signature)) return false;
  const expected = createHmac('sha256', secret).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(signature, 'hex'));
}

/** The resource is named in a header when it was deleted, in the body otherwise. */
function hintIn(body: Buffer, deleted: string | string[] | undefined): Hint | undefined {
  if (typeof deleted === 'string') return hintAt(deleted);
  try {
    return hintOf(JSON.parse(body.toString('utf8')));
  } catch {
    return undefined;
  }
}
