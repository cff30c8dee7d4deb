/** An answer other than 2xx, or no answer. Its message is fit to be shown. */
export class RequestError extends Error {
  override name = 'RequestError';
  readonly status: number | undefined;

  constructor(message: string, status?: number, cause?: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

/** Fetches and parses JSON; an empty body is undefined. */
export async function requestJson<T>(path: string, init: RequestInit = {}): Promise<T> {
  const what = `${init.method ?? 'GET'} ${path.split('?', 1)[0]}`;
  const response = await fetch(path, init).catch((cause: unknown) => {
    throw new RequestError('The sandbox does not answer. Is it still running?', undefined, cause);
  });
  const text = await response.text();
  const body = parsed(text);
  if (!response.ok)
    throw new RequestError(said(body) ?? `${what} answered ${response.status}`, response.status);
  return body as T;
}

export const getJson = <T>(path: string): Promise<T> => requestJson<T>(path);

export const postJson = <T>(path: string, body: unknown): Promise<T> =>
  requestJson<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** The sentence of an error, for a reader. */
export const sentenceOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A server may explain itself in a sentence: as `{error}`, or as an OperationOutcome. */
function said(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  if ('error' in body && typeof body.error === 'string') return body.error;
  if (!('issue' in body) || !Array.isArray(body.issue)) return undefined;
  const text: unknown = body.issue[0]?.details?.text;
  return typeof text === 'string' ? text : undefined;
}
