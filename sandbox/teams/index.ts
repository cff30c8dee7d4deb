import { ControlError } from '../control-error.ts';
import { sendJson } from '../http.ts';
import { createConnector } from './connector.ts';
import { handleControl } from './control.ts';
import { createDeliveries } from './deliver.ts';
import { closeDialog, submitDialog } from './dialogs.ts';
import { createFaults } from './faults.ts';
import { install, uninstall } from './install.ts';
import { openIdDocument, tokenTenant } from './login.ts';
import { chooseMessageAction } from './message-action.ts';
import { deleteMessage, isThere, listMessages, listTargeted, messagesIn } from './messages.ts';
import { messageActivity } from './payloads.ts';
import { displayName, personalId } from './people.ts';
import { press, refresh } from './press.ts';
import { say } from './say.ts';
import { search } from './search.ts';
import { MESSAGE_ACTIONS } from './settings.ts';
import { actor, placeOf } from './sight.ts';
import { createState, membersOf, type State, splitId, TEAM } from './state.ts';
import type { ListedChannel, ListedPerson, MessageRef, TeamsTenant } from './tenant.ts';
import type { TeamsPerson, TeamsTenantOptions } from './types.ts';

export { ControlError } from '../control-error.ts';
export { checkCard } from './card-check.ts';
export type { DialogReply, DialogSubmission } from './dialogs.ts';
export type { TeamsEvent } from './events.ts';
export type { Fault, FaultKind, FaultRequest, Operation, Weather } from './faults.ts';
export type { Installation, InstallationAnswer } from './install.ts';
export type { MessageActionChoice } from './message-action.ts';
export { aadObjectIdOf, OTHER_TENANT_ID } from './people.ts';
export type { Press, PressAnswer } from './press.ts';
export type { SayAnswer, Saying } from './say.ts';
export type { Search, SearchAnswer } from './search.ts';
export { addressesOf, botSettings, MESSAGE_ACTIONS, SANDBOX_APP } from './settings.ts';
export type { Choice, DialogAnswer, Shown } from './shown.ts';
export { BOT_NAME, type Dialog, TEAM, teamsChannelId } from './state.ts';
export type { ListedChannel, ListedPerson, MessageRef, TeamsTenant } from './tenant.ts';
export { TOKEN_VARIATIONS, type TokenVariation } from './tokens.ts';
export type { ConnectorCall, Reply, TeamsMessage, TeamsTenantOptions } from './types.ts';

/** A Microsoft Teams tenant on loopback, for one application. */
export function createTeamsTenant(options: TeamsTenantOptions): TeamsTenant {
  const state = createState(options);
  const faults = createFaults();
  const deliveries = createDeliveries(state, options.appUrl);
  const connector = createConnector(state, faults);

  const tenant: TeamsTenant = {
    handle: async (request, response) => {
      if (!request.url?.startsWith('/teams/')) return false;
      const url = new URL(request.url, 'http://127.0.0.1');
      const { pathname } = url;
      const document = openIdDocument(state, pathname);
      const asked = tokenTenant(pathname);
      try {
        if (document !== undefined) sendJson(response, 200, document);
        else if (asked !== undefined) await connector.handleToken(asked, request, response);
        else if (pathname.startsWith('/teams/connector/')) await connector.handle(url, request, response);
        else if (pathname.startsWith('/teams/_control/')) await handleControl(tenant, url, request, response);
        else sendJson(response, 404, { error: `There is nothing at ${pathname}.` });
      } catch (error) {
        // The caller hung up before the whole request was here; there is nobody to answer.
        if (!request.complete) return true;
        console.error('The Teams sandbox failed while answering', request.method, pathname, error);
        if (!response.headersSent)
          sendJson(response, 500, { error: 'The sandbox failed; its log says why.' });
      }
      return true;
    },
    setApp: deliveries.setApp,
    setRateLimits: state.rates.setOn,
    // There is nothing that outlives a request.
    close: async () => {},

    press: async (how) => press(state, deliveries, how),
    refresh: async (how) => refresh(state, deliveries, how),
    submit: async (how) => submitDialog(state, deliveries, how),
    closeDialog: (user) => closeDialog(state, user),
    messageAction: async (how) => chooseMessageAction(state, deliveries, how),
    say: async (how) => say(state, deliveries, how),
    search: async (how) => search(state, deliveries, how),
    install: async (where = {}) => install(state, deliveries, where),
    uninstall: async (where = {}) => uninstall(state, deliveries, where),
    redeliver: async () => deliveries.redeliver(),
    deleteMessage: (ref) => deleteByPerson(state, ref),

    draft: (user, text) => {
      const person = actor(state, user);
      return messageActivity(state, person, placeOf(state, person, 'personal'), state.nextId(), { text });
    },
    mint: deliveries.mint,
    deliver: async (activity, authorization) => deliveries.deliver(activity, authorization),

    channels: () => listChannels(state),
    messageActions: () => MESSAGE_ACTIONS,
    people: () => [...state.people.values()].map((person) => listPerson(state, person)),
    messages: (conversation, user) => listMessages(state, conversation && splitId(conversation).base, user),
    posted: () => [...state.posted.values()],
    members: (conversation) => {
      const place = state.conversations.get(splitId(conversation).base);
      return place ? membersOf(state, place).map(({ id }) => id) : [];
    },
    targeted: (user) => listTargeted(state, user),
    dialogs: (user) => [...state.dialogs.values()].filter((one) => user === undefined || one.user === user),
    calls: () => [...state.calls],
    clearCalls: () => {
      state.calls.length = 0;
    },

    addFault: faults.add,
    setWeather: faults.setWeather,
  };
  return tenant;
}

function deleteByPerson(state: State, { conversation, activityId }: MessageRef): void {
  const { base } = splitId(conversation);
  const found = messagesIn(state, base).get(activityId);
  if (!found || !isThere(state, found))
    throw new ControlError(404, `There is no message ${activityId} in ${base}.`);
  deleteMessage(state, found);
}

function listChannels(state: State): ListedChannel[] {
  const installed = !state.left.has(TEAM.id);
  return [...state.conversations.values()].flatMap((one) =>
    one.kind === 'channel' ? [{ id: one.id, name: one.name, team: TEAM.id, installed }] : [],
  );
}

function listPerson(state: State, person: TeamsPerson): ListedPerson {
  const {
    id,
    teamsId,
    aadObjectId,
    email,
    userPrincipalName,
    tenantId,
    userRole,
    pools,
    featured,
    obstacle,
  } = person;
  return {
    id,
    name: displayName(person),
    teamsId,
    aadObjectId,
    email,
    userPrincipalName,
    tenantId,
    userRole,
    personal: personalId(person),
    practitioner: state.practitionerOf(id) ?? null,
    pools,
    featured,
    ...(obstacle ? { obstacle } : {}),
  };
}
