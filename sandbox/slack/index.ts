import { ControlError } from '../control-error.ts';
import { sendJson } from '../http.ts';
import { createApi } from './api.ts';
import { handleControl } from './control.ts';
import { createDeliveries } from './deliver.ts';
import { appHomeOpened } from './event-payloads.ts';
import { createFaults } from './faults.ts';
import { pathOf } from './http.ts';
import { messagesOf, removeMessage } from './messages.ts';
import { actor } from './persons.ts';
import { press } from './press.ts';
import { createRates } from './rates.ts';
import { handleResponseUrl } from './response-url.ts';
import { compose, say } from './say.ts';
import { shortcut } from './shortcut.ts';
import { slash } from './slash.ts';
import { createSocketMode } from './socket-mode.ts';
import {
  APP,
  addPerson,
  channelOf,
  createState,
  directChannel,
  membersOf,
  realName,
  type State,
} from './state.ts';
import { closeByPerson, submit } from './submit.ts';
import { suggest } from './suggest.ts';
import type { OpenView, Person, SlackWorkspaceOptions } from './types.ts';
import type { ChannelChange, ListedPerson, ListedView, SlackWorkspace } from './workspace.ts';

export { ControlError } from '../control-error.ts';
export type { Fault, FaultKind, FaultRequest, Weather } from './faults.ts';
export type { Press, PressAnswer } from './press.ts';
export type { Saying } from './say.ts';
export type { Shortcut, ShortcutAnswer } from './shortcut.ts';
export type { SlashAnswer, SlashCommand } from './slash.ts';
export type { NewPerson } from './state.ts';
export type { Submission, SubmitAnswer } from './submit.ts';
export type { SuggestAnswer, Suggestion } from './suggest.ts';
export type {
  ApiCall,
  Channel,
  Reply,
  SlackEphemeral,
  SlackMessage,
  SlackView,
  SlackWorkspaceOptions,
} from './types.ts';
export type { ChannelChange, ListedPerson, ListedView, SlackWorkspace } from './workspace.ts';

/** A Slack workspace on loopback, for one application. */
export function createSlackWorkspace(options: SlackWorkspaceOptions): SlackWorkspace {
  const {
    botToken = 'xoxb-sandbox',
    appToken = 'xapp-sandbox',
    signingSecret = 'sandbox-signing-secret',
  } = options;
  const state = createState(options);
  const faults = createFaults();
  const rates = createRates(options.rateLimits ?? false, state.now);
  const tickets = new Map<string, number>();
  const socketMode = createSocketMode(state, tickets);
  const deliveries = createDeliveries(state, socketMode, signingSecret, options.appUrl);
  const api = createApi(state, faults, rates, { bot: botToken, app: appToken }, tickets);

  const workspace: SlackWorkspace = {
    handle: async (request, response) => {
      if (!request.url?.startsWith('/slack/')) return false;
      const { pathname } = pathOf(request);
      try {
        if (pathname.startsWith('/slack/api/')) await api.handle(request, response);
        else if (pathname.startsWith('/slack/response/'))
          await handleResponseUrl(state, faults, request, response);
        else if (pathname.startsWith('/slack/_control/')) await handleControl(workspace, request, response);
        else sendJson(response, 404, { error: `There is nothing at ${pathname}.` });
      } catch (error) {
        // The caller hung up before the whole request was here; there is nobody to answer.
        if (!request.complete) return true;
        console.error('The Slack sandbox failed while answering', request.method, pathname, error);
        if (!response.headersSent)
          sendJson(response, 500, { error: 'The sandbox failed; its log says why.' });
      }
      return true;
    },
    upgrade: socketMode.upgrade,
    setApp: deliveries.setApp,
    refreshSockets: socketMode.refresh,
    close: async () => socketMode.close(),

    press: async (how) => press(state, deliveries, how),
    submit: async (how) => submit(state, deliveries, how),
    closeView: async (how) => closeByPerson(state, deliveries, how),
    suggest: async (how) => suggest(state, deliveries, how),
    slash: async (how) => slash(state, deliveries, how),
    shortcut: async (how) => shortcut(state, deliveries, how),
    say: (how) => say(state, deliveries, how),
    compose: async (how) => compose(state, deliveries, how),
    previews: (unfurlId) => state.previews.get(unfurlId) ?? [],
    openHome: async (user, tab = 'home') => {
      const who = actor(state, user);
      const channel = directChannel(state, who.id);
      return deliveries.deliver(
        'events_api',
        appHomeOpened(state, who.id, channel.id, tab, state.homes.get(who.id)),
      );
    },
    redeliver: async () => deliveries.redeliver(),
    deleteMessage: (channel, ts) => {
      if (!messagesOf(state, channel).has(ts))
        throw new ControlError(404, `There is no message ${ts} in ${channel}.`);
      removeMessage(state, channel, ts);
    },

    channels: () => [...state.channels.values()],
    people: () => [...state.people.values()].map((person) => listPerson(state, person)),
    messages: (channel) => {
      const places = channel === undefined ? [...state.messages.values()] : [messagesOf(state, channel)];
      const all = places.flatMap((place) => [...place.values()]);
      return channel === undefined ? all.sort((a, b) => Number(a.ts) - Number(b.ts)) : all;
    },
    posted: () => [...state.posted],
    members: (channel) => {
      const place = state.channels.get(channel);
      return place ? membersOf(state, place).filter((id) => id !== APP.user) : [];
    },
    ephemerals: (user) =>
      [...state.ephemerals.values()].filter((one) => user === undefined || one.user === user),
    views: (user) => listViews(state.views, user),
    homes: (user) => listViews(state.homes, user),
    calls: () => [...state.calls],
    clearCalls: () => {
      state.calls.length = 0;
    },

    addPerson: (wanted) => listPerson(state, addPerson(state, wanted)),
    setChannel: (change) => setChannel(state, change),
    addFault: faults.add,
    setWeather: faults.setWeather,
    setRateLimits: rates.setOn,
  };
  return workspace;
}

function listPerson(state: State, person: Person): ListedPerson {
  const { id, pools, email, featured, obstacle, is_restricted, is_ultra_restricted, is_stranger, deleted } =
    person;
  return {
    id,
    name: realName(person),
    practitioner: state.practitionerOf(id) ?? null,
    pools,
    email: email ?? null,
    featured,
    ...(obstacle ? { obstacle } : {}),
    ...(is_restricted ? { is_restricted } : {}),
    ...(is_ultra_restricted ? { is_ultra_restricted } : {}),
    ...(is_stranger ? { is_stranger } : {}),
    ...(deleted ? { deleted } : {}),
  };
}

function listViews(views: ReadonlyMap<string, OpenView>, user: string | undefined): ListedView[] {
  return [...views.values()]
    .filter((open) => user === undefined || open.user === user)
    .map((open) => ({ ...open.view, user: open.user, ...(open.errors ? { errors: open.errors } : {}) }));
}

function setChannel(state: State, { id, name, ...change }: ChannelChange) {
  const before = state.channels.get(id) ?? channelOf(id, name ?? id.toLowerCase(), state.now());
  const channel = { ...before, ...(name === undefined ? {} : { name }), ...change };
  state.channels.set(id, channel);
  return channel;
}
