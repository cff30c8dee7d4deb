import type { IncomingMessage, ServerResponse } from 'node:http';

/** The largest body that is read, in bytes. */
export const BODY_LIMIT = 2 * 1024 * 1024;

/** The body was larger than BODY_LIMIT. */
export class BodyTooLarge extends Error {}

/** The whole body as text. Throws BodyTooLarge. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    // Reads on to the end, so that the sender gets the answer instead of a reset.
    if (size <= BODY_LIMIT) chunks.push(bytes);
  }
  if (size > BODY_LIMIT) throw new BodyTooLarge(`A body of ${size} bytes`);
  return Buffer.concat(chunks).toString('utf8');
}

/** Parsed JSON, or `undefined` when it is none. An empty body is `undefined` too. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Answers with JSON. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}
