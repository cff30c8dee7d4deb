import type { IncomingMessage, ServerResponse } from 'node:http';
import { asText, type Dict } from '../dict.ts';
import { type Args, readArgs } from './args.ts';
import { SlackError } from './errors.ts';
import type { Fault, Faults } from './faults.ts';
import { answerWith } from './faulty-answer.ts';
import { parseFields, pathOf, readBody } from './http.ts';
import type { Methods } from './methods.ts';
import { chatMethods } from './methods-chat.ts';
import { conversationMethods } from './methods-conversations.ts';
import { unfurlMethods } from './methods-unfurl.ts';
import { connectionMethods, userMethods } from './methods-users.ts';
import { viewMethods } from './methods-views.ts';
import type { Rates } from './rates.ts';
import type { State } from './state.ts';
import type { ApiCall } from './types.ts';

/** A long benchmark must not fill the memory with its own log. */
const CALLS_KEPT = 50_000;

interface Tokens {
  readonly bot: string;
  readonly app: string;
}

export interface Api {
  /** Answers `/slack/api/<method>`. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export function createApi(
  state: State,
  faults: Faults,
  rates: Rates,
  tokens: Tokens,
  tickets: Map<string, number>,
): Api {
  const forBots: Methods = {
    ...chatMethods,
    ...unfurlMethods,
    ...conversationMethods,
    ...viewMethods,
    ...userMethods,
  };
  const forApps: Methods = connectionMethods(tickets);

  function call(method: string, raw: Dict, authorization: string | undefined): Dict {
    try {
      checkToken(method, asText(raw.token) ?? authorization?.replace(/^Bearer\s+/i, ''));
      const run = forBots[method] ?? forApps[method];
      if (!run) throw new SlackError('unknown_method');
      return { ok: true, ...run(readArgs(raw), state) };
    } catch (error) {
      if (error instanceof SlackError) return refusal(error);
      throw error;
    }
  }

  function checkToken(method: string, token: string | undefined): void {
    if (!token) throw new SlackError('not_authed');
    const [wanted, other] = Object.hasOwn(forApps, method)
      ? [tokens.app, tokens.bot]
      : [tokens.bot, tokens.app];
    if (token === other) throw new SlackError('not_allowed_token_type');
    if (token !== wanted) throw new SlackError('invalid_auth');
  }

  function log(method: string, status: number, answer: Dict, args: Args, fault: Fault | undefined): void {
    const channel = asText(answer.channel) ?? args.text('channel');
    const ts = asText(answer.ts) ?? asText(answer.message_ts) ?? args.text('ts');
    const user = args.text('user') ?? args.text('user_id');
    const entry: ApiCall = {
      at: state.now(),
      method,
      status,
      ok: status === 200 && answer.ok === true,
      ...(typeof answer.error === 'string' ? { error: answer.error } : {}),
      ...(channel === undefined ? {} : { channel }),
      ...(user === undefined ? {} : { user }),
      ...(ts === undefined ? {} : { ts }),
      ...(fault ? { fault: fault.kind } : {}),
    };
    if (state.calls.push(entry) > CALLS_KEPT) state.calls.shift();
  }

  return {
    handle: async (request, response) => {
      const url = pathOf(request);
      const method = url.pathname.slice('/slack/api/'.length);
      const body = await readBody(request);
      const fields = body === undefined ? undefined : parseFields(request.headers['content-type'], body);
      const raw = { ...Object.fromEntries(url.searchParams), ...fields };
      const args = readArgs(raw);
      const fault = faults.take(method) ?? rates.take(method, args.text('channel'));
      const run = (): Dict => {
        if (body === undefined) return { ok: false, error: 'request_too_large' };
        if (!fields) return { ok: false, error: 'invalid_json' };
        return call(method, raw, request.headers.authorization);
      };

      const { status, body: answer } = await answerWith(
        fault,
        () => ({ status: 200, body: run() }),
        request,
        response,
      );
      log(method, status, answer, args, fault);
    },
  };
}

/** `ok: false`, with the details where Slack puts them. */
export function refusal(error: SlackError): Dict {
  const { code, messages } = error;
  if (messages.length === 0) return { ok: false, error: code };
  const details =
    code === 'invalid_blocks' ? { errors: messages.map((one) => one.replace(/^\[ERROR\] /, '')) } : {};
  return { ok: false, error: code, ...details, response_metadata: { messages } };
}
