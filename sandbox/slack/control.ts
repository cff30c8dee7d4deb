import type { IncomingMessage, ServerResponse } from 'node:http';
import { ControlError } from '../control-error.ts';
import { type Fields, pick, readFields } from '../control-fields.ts';
import { type Dict, isDict, parseJson } from '../dict.ts';
import { sendJson } from '../http.ts';
import type { Tab } from './event-payloads.ts';
import { FAULT_KINDS, type FaultKind } from './faults.ts';
import { pathOf, readBody } from './http.ts';
import type { SlackWorkspace } from './workspace.ts';

type Endpoint = (workspace: SlackWorkspace, given: Given) => unknown;

/** The fields of a call, and the call as it came. */
interface Given extends Fields {
  readonly raw: Dict;
}

const GET: Readonly<Record<string, Endpoint>> = {
  channels: (w) => w.channels(),
  people: (w) => w.people(),
  messages: (w, given) => w.messages(given.maybe('channel')),
  ephemerals: (w, given) => w.ephemerals(given.maybe('user')),
  views: (w, given) => w.views(given.maybe('user')),
  homes: (w, given) => w.homes(given.maybe('user')),
  previews: (w, given) => w.previews(given.text('unfurl_id')),
  calls: (w) => w.calls(),
};

const POST: Readonly<Record<string, Endpoint>> = {
  press: (w, given) =>
    w.press({
      user: given.text('user'),
      action_id: given.text('action_id'),
      value: given.raw.value,
      stale: given.raw.stale === true,
      ...(isDict(given.raw.values) ? { values: given.raw.values } : {}),
      ...pick(given.maybe, 'channel', 'ts', 'view_id', 'block_id'),
      ...(given.raw.type === 'overflow' ? { type: 'overflow' } : {}),
    }),
  submit: (w, given) =>
    w.submit({
      user: given.text('user'),
      view_id: given.text('view_id'),
      values: objectOf(given.raw.values),
    }),
  close: (w, given) => w.closeView({ user: given.text('user'), view_id: given.text('view_id') }),
  suggest: (w, given) =>
    w.suggest({
      user: given.text('user'),
      action_id: given.text('action_id'),
      text: given.maybe('text') ?? '',
      ...pick(given.maybe, 'view_id', 'channel', 'ts'),
    }),
  slash: (w, given) =>
    w.slash({
      user: given.text('user'),
      channel: given.text('channel'),
      command: given.text('command'),
      text: given.maybe('text') ?? '',
    }),
  shortcut: (w, given) =>
    w.shortcut({
      user: given.text('user'),
      channel: given.text('channel'),
      ts: given.text('ts'),
      callback_id: given.text('callback_id'),
    }),
  say: (w, given) =>
    w.say({
      user: given.text('user'),
      channel: given.text('channel'),
      text: given.text('text'),
      ...pick(given.maybe, 'thread_ts'),
    }),
  compose: (w, given) => w.compose({ user: given.text('user'), text: given.text('text') }),
  home: (w, given) => w.openHome(given.text('user'), tabOf(given)),
  'open-home': (w, given) => w.openHome(given.text('user'), tabOf(given)),
  redeliver: (w) => w.redeliver(),
  disconnect: (w) => {
    w.refreshSockets();
    return { ok: true };
  },
  delete: (w, given) => {
    w.deleteMessage(given.text('channel'), given.text('ts'));
    return { ok: true };
  },
  faults: (w, given) => {
    const kind = faultKind(given.text('kind'));
    w.addFault({
      kind,
      ...pick(given.maybe, 'method', 'code'),
      ...pick(given.number, 'times', 'seconds', 'ms'),
    });
    return { ok: true };
  },
  limits: (w, given) => {
    w.setRateLimits(given.raw.on !== false);
    return { ok: true };
  },
  people: (w, given) =>
    w.addPerson({
      name: given.text('name'),
      ...pick(given.maybe, 'id', 'email'),
      ...(Array.isArray(given.raw.pools) ? { pools: given.raw.pools.map(String) } : {}),
      ...flags(given.raw, 'is_restricted', 'is_ultra_restricted', 'is_stranger', 'deleted'),
    }),
  channels: (w, given) =>
    w.setChannel({
      id: given.text('id'),
      ...pick(given.maybe, 'name'),
      ...flags(given.raw, 'is_archived', 'is_member'),
    }),
};

const DELETE: Readonly<Record<string, Endpoint>> = {
  calls: (w) => {
    w.clearCalls();
    return { ok: true };
  },
};

const METHODS: Readonly<Record<string, Readonly<Record<string, Endpoint>>>> = { GET, POST, DELETE };

/** Answers `/slack/_control/*`: JSON in, JSON out, and a sentence when something is wrong. */
export async function handleControl(
  workspace: SlackWorkspace,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = pathOf(request);
  const name = url.pathname.slice('/slack/_control/'.length);
  const endpoints = METHODS[request.method ?? ''] ?? {};
  const endpoint = Object.hasOwn(endpoints, name) ? endpoints[name] : undefined;
  const body = await readBody(request);
  try {
    if (!endpoint) throw new ControlError(404, `There is no ${request.method} ${name} here.`);
    if (body === undefined) throw new ControlError(400, 'The body is larger than 2 MiB.');
    const raw = body.trim() === '' ? {} : parseJson(body);
    if (!isDict(raw)) throw new ControlError(400, 'The body must be a JSON object.');
    const all = { ...Object.fromEntries(url.searchParams), ...raw };
    const answer = await endpoint(workspace, { ...readFields(all), raw: all });
    sendJson(response, 200, answer);
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    sendJson(response, error.status, { error: error.message });
  }
}

function flags<N extends string>(raw: Dict, ...names: readonly N[]): Partial<Record<N, boolean>> {
  const found: Partial<Record<N, boolean>> = {};
  for (const name of names) {
    const value = raw[name];
    if (typeof value === 'boolean') found[name] = value;
  }
  return found;
}

function objectOf(value: unknown): Dict {
  if (value === undefined) return {};
  if (!isDict(value)) throw new ControlError(400, 'values must be an object.');
  return value;
}

function tabOf(given: Given): Tab {
  const tab = given.maybe('tab') ?? 'home';
  if (tab !== 'home' && tab !== 'messages') throw new ControlError(400, 'tab is home or messages.');
  return tab;
}

function faultKind(kind: string): FaultKind | 'none' {
  const known = [...FAULT_KINDS, 'none' as const].find((one) => one === kind);
  if (!known)
    throw new ControlError(400, `There is no fault ${kind}; there are ${FAULT_KINDS.join(', ')} and none.`);
  return known;
}
