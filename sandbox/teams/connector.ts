import type { IncomingMessage, ServerResponse } from 'node:http';
import { asDict, asText, isDict } from '../dict.ts';
import { BodyTooLarge, parseJson, readBody } from '../http.ts';
import { ConnectorError, messageTooBig, unauthorized } from './errors.ts';
import type { Faults, Operation } from './faults.ts';
import { type Answer, answerWith, refusal } from './faulty-answer.ts';
import { giveToken } from './login.ts';
import { type Match, match } from './routes.ts';
import { activityRoutes } from './routes-activities.ts';
import { conversationRoutes } from './routes-conversations.ts';
import { type State, splitId } from './state.ts';
import type { ConnectorCall } from './types.ts';

/** A long benchmark must not fill the memory with its own log. */
const CALLS_KEPT = 50_000;

const ROUTES = [...activityRoutes, ...conversationRoutes];

export interface Connector {
  /** Answers `/teams/connector/v3/*`. */
  handle(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Answers `/teams/login/<tenant>/oauth2/v2.0/token`. */
  handleToken(tenant: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** What the application calls, with its faults and its log. */
export function createConnector(state: State, faults: Faults): Connector {
  async function answer(
    about: About,
    run: () => Answer,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { operation, conversation } = about;
    const fault = faults.take(operation, conversation);
    const { status, body } = await answerWith(fault, operation, run, request, response);
    const error = errorIn(body);
    const activityId = about.activityId ?? writtenId(operation, body);
    const call: ConnectorCall = {
      at: state.now(),
      operation,
      method: request.method ?? '',
      path: request.url ?? '',
      status,
      ...(error === undefined ? {} : { error }),
      ...(conversation === undefined ? {} : { conversation }),
      ...(activityId === undefined ? {} : { activityId }),
      ...(fault ? { fault: fault.kind } : {}),
    };
    if (state.calls.push(call) > CALLS_KEPT) state.calls.shift();
  }

  return {
    handle: async (url, request, response) => {
      const body = await readLimited(request);
      // Whoever joins the service url and the path by hand may double the slash.
      const path = url.pathname.replace(/^\/teams\/connector\/+v3\//, '');
      const found = match(ROUTES, request.method ?? '', path);
      const run = () => guarded(() => call(state, found, url, request, body));
      await answer(aboutCall(found, body), run, request, response);
    },
    handleToken: async (tenant, request, response) => {
      const form = new URLSearchParams(await readLimited(request));
      await answer({ operation: 'token' }, () => giveToken(state, tenant, form), request, response);
    },
  };
}

/** What a call is about, for the log and for faults. */
interface About {
  readonly operation: Operation;
  readonly conversation?: string;
  readonly activityId?: string;
}

function aboutCall(found: Match | undefined, body: string | undefined): About {
  if (!found) return { operation: 'teams' };
  const { operation } = found.route;
  const [name, second] = found.names;
  const channel = asText(asDict(asDict(asDict(parseJson(body ?? '')).channelData).channel).id);
  const conversation = name === undefined ? channel : splitId(name).base;
  const named = operation === 'update' || operation === 'delete' ? second : undefined;
  return {
    operation,
    ...(conversation === undefined ? {} : { conversation }),
    ...(named === undefined ? {} : { activityId: named }),
  };
}

/** The id of the message that a call wrote. */
function writtenId(operation: Operation, body: unknown): string | undefined {
  if (operation === 'create') return asText(asDict(body).activityId);
  return operation === 'post' ? asText(asDict(body).id) : undefined;
}

function call(
  state: State,
  found: Match | undefined,
  url: URL,
  request: IncomingMessage,
  body: string | undefined,
): Answer {
  checkToken(state, request.headers.authorization);
  if (!found) throw new ConnectorError(404, 'NotFound', `There is nothing at ${url.pathname}.`);
  return found.route.run({
    state,
    names: found.names,
    query: url.searchParams,
    json: () => {
      if (body === undefined) throw messageTooBig();
      const json = parseJson(body);
      if (!isDict(json)) throw new ConnectorError(400, 'BadSyntax', 'The body is not a JSON object.');
      return json;
    },
  });
}

function checkToken(state: State, authorization: string | undefined): void {
  const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
  const until = token === undefined ? undefined : state.tokens.get(token);
  if (until === undefined || until < state.now()) throw unauthorized();
}

function guarded(run: () => Answer): Answer {
  try {
    return run();
  } catch (error) {
    if (error instanceof ConnectorError) return refusal(error);
    throw error;
  }
}

function errorIn(body: unknown): string | undefined {
  const { error } = asDict(body);
  return asText(error) ?? asText(asDict(error).code);
}

async function readLimited(request: IncomingMessage): Promise<string | undefined> {
  try {
    return await readBody(request);
  } catch (error) {
    if (error instanceof BodyTooLarge) return undefined;
    throw error;
  }
}
