import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MedplumClient } from '@medplum/core';
import type { OperationOutcomeIssue } from '@medplum/fhirtypes';
import { onTestFinished } from 'vitest';
import { connect } from '../../src/medplum/client.ts';
import { RecordError } from '../../src/runtime/ports/record.ts';

/** How the server answers one FHIR request. */
export interface Reply {
  readonly status?: number;
  readonly type?: string;
  readonly body?: string | object;
  /** `reset`: no answer at all. `cut`: the connection goes in the middle of the body. `stall`: the body never ends. */
  readonly fault?: 'reset' | 'cut' | 'stall';
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface FakeServer {
  readonly url: string;
  readonly client: MedplumClient;
  /** Every FHIR request, oldest first. */
  readonly asked: Asked[];
}

/** A FHIR server on this machine that lets everybody in and answers as it is told; and a client that is logged in. */
export async function fakeServer(answer: (asked: Asked) => Reply): Promise<FakeServer> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/oauth2/token') return send(response, { body: token() });
    if (url.pathname === '/auth/me') return send(response, { body: { profile: ME } });
    const { method = '', headers } = request;
    const one = {
      method,
      path: url.pathname.replace('/fhir/R4', ''),
      query: url.searchParams,
      headers,
      body,
    };
    asked.push(one);
    send(response, answer(one));
  });
  const url = await listening(server);
  const client = await connect({ baseUrl: url, clientId: 'c', clientSecret: 's' });
  return { url, client, asked };
}

/** Starts a server for one test; gives its address with a trailing slash. */
export async function listening(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const ME = { resourceType: 'ClientApplication', id: 'c' };

function token(): object {
  const claims = { login_id: 'l', client_id: 'c', exp: Math.floor(Date.now() / 1000) + 3600 };
  const access_token = `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
  return {
    access_token,
    token_type: 'Bearer',
    expires_in: 3600,
    project: { reference: 'Project/p' },
    profile: { reference: 'ClientApplication/c' },
  };
}

function send(response: ServerResponse, { status = 200, type, body = '', fault }: Reply): void {
  if (fault === 'reset') return void response.destroy();
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': type ?? 'application/fhir+json; charset=utf-8',
    ...(fault === 'cut' && { 'content-length': String(text.length + 100) }),
  });
  if (fault === 'cut') response.write(text, () => response.destroy());
  else if (fault === 'stall') response.write(text);
  else response.end(text);
}

/** An OperationOutcome as Medplum words it. */
export function outcome(
  id: string | undefined,
  text: string,
  issue: Partial<OperationOutcomeIssue> = {},
): object {
  return {
    resourceType: 'OperationOutcome',
    ...(id && { id }),
    issue: [{ severity: 'error', code: 'invalid', details: { text }, ...issue }],
  };
}

/** The error that the work ends with; fails where it ends well, or with another kind of error. */
export async function recordErrorOf(work: Promise<unknown>): Promise<RecordError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof RecordError) return error;
    throw error;
  }
  throw new Error('nothing went wrong');
}

/** Everything that a paged list gives. */
export async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
