import type { IncomingMessage } from 'node:http';
import { type Dict, isDict, parseJson } from '../dict.ts';

export const BODY_LIMIT = 2 * 1024 * 1024;

/** The whole body as text, or `undefined` when it is larger than 2 MiB. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    // Reads on to the end, so that the sender gets the answer instead of a reset.
    if (size <= BODY_LIMIT) chunks.push(bytes);
  }
  return size > BODY_LIMIT ? undefined : Buffer.concat(chunks).toString('utf8');
}

/** A form or a JSON object by the content type, or `undefined` when the body is neither. */
export function parseFields(contentType: string | undefined, body: string): Dict | undefined {
  if (!contentType?.includes('json')) return Object.fromEntries(new URLSearchParams(body));
  if (body === '') return {};
  const parsed = parseJson(body);
  return isDict(parsed) ? parsed : undefined;
}

export const pathOf = (request: IncomingMessage): URL => new URL(request.url ?? '/', 'http://127.0.0.1');
