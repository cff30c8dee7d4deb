import type { IncomingMessage, ServerResponse } from 'node:http';
import { asText, type Dict, isDict, parseJson } from '../dict.ts';
import { refusal } from './api.ts';
import { SlackError } from './errors.ts';
import { type Faults, RESPONSE_URL } from './faults.ts';
import { type Answer, answerWith } from './faulty-answer.ts';
import { pathOf, readBody } from './http.ts';
import {
  botMessage,
  checkedContent,
  messagesOf,
  putEphemeral,
  putMessage,
  removeEphemeral,
  removeMessage,
} from './messages.ts';
import { APP, type ResponseUrl, type State } from './state.ts';

const USES = 5;
const LIFE_MS = 30 * 60 * 1000;

/** Answers `/slack/response/<id>`: five times within thirty minutes. https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
export async function handleResponseUrl(
  state: State,
  faults: Faults,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const id = pathOf(request).pathname.slice('/slack/response/'.length);
  const body = await readBody(request);
  await answerWith(faults.take(RESPONSE_URL), () => use(state, id, body ?? ''), request, response);
}

function use(state: State, id: string, body: string): Answer {
  const refuse = (status: number, error: string): Answer => ({ status, body: { ok: false, error } });
  const target = state.responseUrls.get(id);
  if (!target) return refuse(404, 'invalid_url');
  if (state.now() - target.issued > LIFE_MS) return refuse(404, 'expired_url');
  if (target.used >= USES) return refuse(404, 'used_url');
  const said = parseJson(body);
  if (!isDict(said)) return refuse(400, 'invalid_payload');
  try {
    respond(state, target, said);
    target.used += 1;
    return { status: 200, body: { ok: true } };
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    return { status: error.code === 'message_not_found' ? 404 : 400, body: refusal(error) };
  }
}

function respond(state: State, target: ResponseUrl, said: Dict): void {
  const { channel, user, source } = target;
  if (said.delete_original === true) {
    remove(state, target);
    return;
  }
  const content = checkedContent(asText(said.text), said.blocks);
  if (said.replace_original === true && source) {
    if (source.kind === 'ephemeral') {
      replaceEphemeral(state, source.ts, content);
      return;
    }
    const before = messagesOf(state, channel).get(source.ts);
    if (!before) throw new SlackError('message_not_found');
    const { blocks: _, ...kept } = before;
    putMessage(state, { ...kept, ...content, edited: { user: APP.bot, ts: state.nextTs() } });
    return;
  }
  if (said.response_type === 'in_channel') putMessage(state, botMessage(state, channel, content));
  else putEphemeral(state, { channel, user, ...content });
}

function replaceEphemeral(state: State, ts: string, content: ReturnType<typeof checkedContent>): void {
  const before = state.ephemerals.get(ts);
  if (!before) throw new SlackError('message_not_found');
  const { channel, user } = before;
  putEphemeral(state, { channel, user, ...content }, ts);
}

function remove(state: State, { channel, source }: ResponseUrl): void {
  if (source?.kind === 'ephemeral' && state.ephemerals.has(source.ts)) removeEphemeral(state, source.ts);
  else if (source?.kind === 'message' && messagesOf(state, channel).has(source.ts))
    removeMessage(state, channel, source.ts);
  else throw new SlackError('message_not_found');
}
