import type { IncomingMessage, ServerResponse } from 'node:http';
import { ControlError } from '../control-error.ts';
import { type Fields, pick, readFields } from '../control-fields.ts';
import { isDict } from '../dict.ts';
import { BodyTooLarge, parseJson, readBody, sendJson } from '../http.ts';
import { FAULT_KINDS, OPERATIONS } from './faults.ts';
import type { TeamsTenant } from './tenant.ts';

type Endpoint = (tenant: TeamsTenant, given: Fields) => unknown;

const GET: Readonly<Record<string, Endpoint>> = {
  channels: (t) => t.channels(),
  'message-actions': (t) => t.messageActions(),
  people: (t) => t.people(),
  messages: (t, { maybe }) => t.messages(maybe('conversation'), maybe('user')),
  targeted: (t, { maybe }) => t.targeted(maybe('user')),
  dialogs: (t, { maybe }) => t.dialogs(maybe('user')),
  calls: (t) => t.calls(),
};

const POST: Readonly<Record<string, Endpoint>> = {
  press: (t, given) =>
    t.press({
      ...messageRef(given),
      user: given.text('user'),
      verb: given.text('verb'),
      ...pick(given.object, 'data', 'own'),
      ...pick(given.flag, 'fallback', 'stale'),
    }),
  refresh: (t, given) => t.refresh({ ...messageRef(given), user: given.text('user') }),
  submit: (t, given) =>
    t.submit({ user: given.text('user'), ...pick(given.maybe, 'verb'), ...pick(given.object, 'data') }),
  close: (t, given) => done(() => t.closeDialog(given.text('user'))),
  'message-action': (t, given) =>
    t.messageAction({ ...messageRef(given), user: given.text('user'), ...pick(given.maybe, 'command') }),
  say: (t, given) =>
    t.say({
      user: given.text('user'),
      conversation: given.text('conversation'),
      // A picture alone is a message without a text.
      text: given.maybe('text') ?? '',
      ...pick(given.flag, 'targeted'),
    }),
  search: (t, given) =>
    t.search({
      user: given.text('user'),
      conversation: given.text('conversation'),
      dataset: given.text('dataset'),
      text: given.maybe('text') ?? '',
      ...pick(given.maybe, 'activityId'),
    }),
  install: (t, given) => t.install(pick(given.maybe, 'conversation', 'user')),
  uninstall: (t, given) => t.uninstall(pick(given.maybe, 'conversation', 'user')),
  redeliver: (t) => t.redeliver(),
  delete: (t, given) => done(() => t.deleteMessage(messageRef(given))),
  limits: (t, given) => done(() => t.setRateLimits(given.flag('on') ?? true)),
  faults: (t, given) =>
    done(() =>
      t.addFault({
        kind: oneOf('fault', [...FAULT_KINDS, 'none'], given.text('kind')),
        operation: oneOf('operation', [...OPERATIONS, '*'], given.maybe('operation') ?? '*'),
        ...pick(given.number, 'times', 'seconds', 'ms'),
        ...pick(given.maybe, 'conversation'),
      }),
    ),
};

const DELETE: Readonly<Record<string, Endpoint>> = {
  calls: (t) => done(() => t.clearCalls()),
};

const METHODS: Readonly<Record<string, Readonly<Record<string, Endpoint>>>> = { GET, POST, DELETE };

/** Answers `/teams/_control/*`: JSON in, JSON out, and a sentence when something is wrong. */
export async function handleControl(
  tenant: TeamsTenant,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const name = url.pathname.slice('/teams/_control/'.length);
  const endpoints = METHODS[request.method ?? ''] ?? {};
  const endpoint = Object.hasOwn(endpoints, name) ? endpoints[name] : undefined;
  try {
    const body = await readBody(request);
    if (!endpoint) throw new ControlError(404, `There is no ${request.method} ${name} here.`);
    const raw = body.trim() === '' ? {} : parseJson(body);
    if (!isDict(raw)) throw new ControlError(400, 'The body must be a JSON object.');
    const given = readFields({ ...Object.fromEntries(url.searchParams), ...raw });
    sendJson(response, 200, await endpoint(tenant, given));
  } catch (error) {
    if (error instanceof BodyTooLarge) sendJson(response, 400, { error: 'The body is larger than 2 MiB.' });
    else if (error instanceof ControlError) sendJson(response, error.status, { error: error.message });
    else throw error;
  }
}

const messageRef = (given: Fields) => ({
  conversation: given.text('conversation'),
  activityId: given.text('activityId'),
});

function done(act: () => void): { readonly ok: true } {
  act();
  return { ok: true };
}

function oneOf<Word extends string>(what: string, words: readonly Word[], given: string): Word {
  const known = words.find((word) => word === given);
  if (!known) throw new ControlError(400, `There is no ${what} ${given}; there are ${words.join(', ')}.`);
  return known;
}
