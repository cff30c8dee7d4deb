import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  badRequest,
  conflict,
  contentTooLarge,
  getStatus,
  isOk,
  normalizeOperationOutcome,
  OperationOutcomeError,
  unauthorized,
} from '@medplum/core';
import type { FhirRequest, HttpMethod } from '@medplum/fhir-router';
import type { OperationOutcome, Resource } from '@medplum/fhirtypes';
import { BodyTooLarge, parseJson, readBody } from '../http.ts';
import { isAuthorized } from './auth.ts';
import { hideServerFields } from './content.ts';
import type { FhirCore } from './core.ts';
import type { Fault, Occasion } from './faults.ts';
import { identify } from './membership.ts';

const ROOT = '/fhir/R4';
const MEDIA_TYPE = 'application/fhir+json; charset=utf-8';
const LONGEST_LOG = 20_000;

interface Answer {
  readonly outcome: OperationOutcome;
  readonly resource?: Resource | undefined;
  /** For the `RateLimit` header of a made-up 429, in milliseconds. */
  readonly waitMs?: number;
}

/** Serves everything under /fhir/R4. */
export async function serveFhir(
  core: FhirCore,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url ?? '/';
  const method = request.method ?? 'GET';
  const occasion = occasionOf(method, path);
  const { faults } = core;
  let units = 0;
  const charge = (more: number) => {
    units += more;
    core.quota.charge(more);
  };
  const log = (status: number) => {
    if (core.requests.length >= LONGEST_LOG) core.requests.splice(0, LONGEST_LOG / 2);
    core.requests.push({ method, path, status, units });
  };

  const delay = faults.take(['delay'], occasion);
  if (delay) await new Promise((resolve) => setTimeout(resolve, delay.ms ?? 1000));

  const fault = faults.take(
    ['drop', 'conflict', 'quota', 'error', 'drop-after-commit', 'truncate'],
    occasion,
  );
  if (fault?.kind === 'drop') {
    log(0);
    request.socket.destroy();
    return;
  }
  const answer = (fault && madeUp(fault, core)) ?? (await answerTo(core, request, charge));
  const status = getStatus(answer.outcome);
  log(status);
  if (fault?.kind === 'drop-after-commit') request.socket.destroy();
  else send(core, request, response, answer, fault?.kind === 'truncate');
}

/** The answer that a fault gives in place of the real one. */
function madeUp(fault: Fault, { quota }: FhirCore): Answer | undefined {
  switch (fault.kind) {
    case 'conflict':
      return { outcome: conflict('could not serialize access due to concurrent update', '40001') };
    case 'quota': {
      const waitMs = fault.ms ?? 1000;
      return { outcome: quota.outcome(waitMs), waitMs };
    }
    case 'error':
      return { outcome: internalError() };
    default:
      return undefined;
  }
}

async function answerTo(
  core: FhirCore,
  request: IncomingMessage,
  charge: (units: number) => void,
): Promise<Answer> {
  try {
    if (!isAuthorized(request.headers)) return { outcome: unauthorized };
    const body = await parseBody(request);
    const who = identify(core, request.headers['x-medplum-on-behalf-of']);
    const repository = core.repositoryFor({ ...who, charge });
    const [outcome, resource] = await core.router.handleRequest(
      toFhirRequest(core, request, body),
      repository,
    );
    return { outcome, resource };
  } catch (error) {
    if (error instanceof BodyTooLarge) return { outcome: contentTooLarge('Request body is too large') };
    if (error instanceof OperationOutcomeError) return { outcome: normalizeOperationOutcome(error) };
    console.error('The sandbox FHIR server failed', error);
    return { outcome: internalError() };
  }
}

async function parseBody(request: IncomingMessage): Promise<unknown> {
  const text = await readBody(request);
  if (text === '') return undefined;
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    return formFields(text);
  const body = parseJson(text);
  if (typeof body !== 'object' || body === null) {
    throw new OperationOutcomeError(badRequest('Content could not be parsed'));
  }
  return body;
}

function formFields(text: string): Record<string, string[]> {
  const form = new URLSearchParams(text);
  return Object.fromEntries([...new Set(form.keys())].map((key) => [key, form.getAll(key)]));
}

function toFhirRequest(core: FhirCore, request: IncomingMessage, body: unknown): FhirRequest {
  const method = (request.method ?? 'GET') as HttpMethod;
  const url = (request.url ?? '').slice(ROOT.length);
  const needsBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
  const isSearch = url.split('?')[0]?.endsWith('/_search');
  if (needsBody && !isSearch && body === undefined) throw new OperationOutcomeError(badRequest('Empty body'));
  return {
    method,
    url,
    pathname: '',
    params: {},
    query: {},
    body: body ?? {},
    headers: request.headers,
    config: { transactions: core.settings.transactions },
  };
}

function occasionOf(method: string, path: string): Occasion {
  const [type = '', ...rest] = (path.slice(ROOT.length).split('?')[0] ?? '').split('/').filter(Boolean);
  // The operations that are served here only read.
  const asks = rest.some((segment) => segment === '_search' || segment.startsWith('$'));
  const writes = method !== 'GET' && method !== 'HEAD' && !asks;
  return { resourceType: type || 'Bundle', method, writes };
}

function internalError(): OperationOutcome {
  return {
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'exception', details: { text: 'Internal server error' } }],
  };
}

function send(
  core: FhirCore,
  request: IncomingMessage,
  response: ServerResponse,
  { outcome, resource, waitMs }: Answer,
  truncated: boolean,
): void {
  const status = getStatus(outcome);
  const body = isOk(outcome) && resource ? resource : outcome;
  const { meta, id, resourceType } = body;
  if (request.headers['x-medplum'] !== 'extended') hideServerFields(body);
  const text = Buffer.from(JSON.stringify(body));

  response.setHeader('content-type', MEDIA_TYPE);
  response.setHeader('content-length', text.length);
  response.setHeader('ratelimit', waitMs === undefined ? core.quota.header() : core.quota.header(waitMs, 0));
  if (body !== outcome && meta?.versionId) {
    response.setHeader('etag', `W/"${meta.versionId}"`);
    if (meta.lastUpdated) response.setHeader('last-modified', new Date(meta.lastUpdated).toUTCString());
    if (status === 201) {
      const address = `${core.baseUrl()}fhir/R4/${resourceType}/${id}/_history/${meta.versionId}`;
      response.setHeader('location', address);
    }
  }
  response.writeHead(status);
  if (truncated) response.write(text.subarray(0, text.length / 2), () => request.socket.destroy());
  else response.end(text);
}
