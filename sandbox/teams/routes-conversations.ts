/** New conversations, rosters and the team. https://learn.microsoft.com/microsoftteams/platform/bots/how-to/get-teams-context */
import { asDict, asDicts, asText, type Dict } from '../dict.ts';
import { badArgument, ConnectorError, conversationNotFound } from './errors.ts';
import type { Answer } from './faulty-answer.ts';
import { conversationFor } from './lookup.ts';
import { displayName } from './people.ts';
import { type Call, nameAt, type Route } from './routes.ts';
import { postActivity } from './routes-activities.ts';
import { membersOf, personalChat, personBy, type State, TEAM } from './state.ts';
import type { TeamsPerson } from './types.ts';

const [LEAST_PAGE, MOST_PAGE] = [50, 500];

export const conversationRoutes: readonly Route[] = [
  { method: 'POST', path: 'conversations', operation: 'create', run: create },
  {
    method: 'GET',
    path: 'conversations/*/members',
    operation: 'members',
    run: (call) => ({ status: 200, body: roster(call).map(accountOf) }),
  },
  { method: 'GET', path: 'conversations/*/members/*', operation: 'members', run: member },
  { method: 'GET', path: 'conversations/*/pagedmembers', operation: 'members', run: page },
  { method: 'GET', path: 'teams/*', operation: 'teams', run: team },
  { method: 'GET', path: 'teams/*/conversations', operation: 'teams', run: channels },
];

function create(call: Call): Answer {
  const { state } = call;
  const wanted = call.json();
  const channel = asText(asDict(asDict(wanted.channelData).channel).id);
  const { conversation } = channel === undefined ? chatWith(state, wanted) : conversationFor(state, channel);
  state.rates.count('send', conversation.id);
  const activity = wanted.activity === undefined ? undefined : asDict(wanted.activity);
  if (conversation.kind === 'channel' && !activity)
    throw badArgument('A conversation in a channel begins with an activity.');
  const activityId = activity && postActivity(state, { conversation }, activity);
  return {
    status: 201,
    body: {
      id: conversation.kind === 'channel' ? `${conversation.id};messageid=${activityId}` : conversation.id,
      ...(activityId === undefined ? {} : { activityId }),
      serviceUrl: state.serviceUrl(),
    },
  };
}

/** The chat with the one member who is asked for. */
function chatWith(state: State, wanted: Dict) {
  const [one, ...others] = asDicts(wanted.members);
  if (!one || others.length > 0 || wanted.isGroup === true)
    throw badArgument('A bot creates conversations with one member, or in a channel.');
  const tenant = wanted.tenantId ?? asDict(asDict(wanted.channelData).tenant).id;
  if (tenant !== state.tenantId) throw badArgument('The tenant id is missing or not this one.');
  const person = personBy(state, asText(one.id) ?? '');
  if (!person) throw badArgument('Bad format of the member id.');
  if (person.tenantId !== state.tenantId)
    throw new ConnectorError(403, 'ForbiddenOperationException', 'The bot is not installed for this user.');
  return conversationFor(state, personalChat(state, person).id);
}

function roster(call: Call): TeamsPerson[] {
  const { conversation } = conversationFor(call.state, nameAt(call, 0));
  call.state.rates.count('members', conversation.id);
  return membersOf(call.state, conversation);
}

function member(call: Call): Answer {
  const wanted = nameAt(call, 1);
  const found = roster(call).find(({ teamsId, aadObjectId }) => [teamsId, aadObjectId].includes(wanted));
  if (!found)
    throw new ConnectorError(404, 'MemberNotFoundInConversation', 'Member not found in conversation.');
  return { status: 200, body: accountOf(found) };
}

function page(call: Call): Answer {
  const all = roster(call);
  const size = Math.min(MOST_PAGE, Math.max(LEAST_PAGE, Number(call.query.get('pageSize')) || MOST_PAGE));
  const from = Number(call.query.get('continuationToken') ?? 0);
  if (!Number.isInteger(from) || from < 0) throw badArgument('The continuation token is not one of ours.');
  const to = from + size;
  return {
    status: 200,
    body: {
      members: all.slice(from, to).map(accountOf),
      ...(to < all.length ? { continuationToken: String(to) } : {}),
    },
  };
}

function team(call: Call): Answer {
  const general = generalOf(call);
  const all = channelsOf(call.state);
  return {
    status: 200,
    body: { ...TEAM, channelCount: all.length, memberCount: membersOf(call.state, general).length },
  };
}

function channels(call: Call): Answer {
  generalOf(call);
  // Teams leaves the name of the General channel out, so that clients translate it.
  const conversations = channelsOf(call.state).map(({ id, name }) =>
    id === TEAM.id ? { id } : { id, name },
  );
  return { status: 200, body: { conversations } };
}

function generalOf(call: Call) {
  if (nameAt(call, 0) !== TEAM.id) throw conversationNotFound();
  return conversationFor(call.state, TEAM.id).conversation;
}

const channelsOf = (state: State) =>
  [...state.conversations.values()].filter((one) => one.kind === 'channel');

/** A person as rosters give them. */
function accountOf(person: TeamsPerson) {
  const { teamsId, aadObjectId, given, family, email, userPrincipalName, tenantId, userRole } = person;
  return {
    id: teamsId,
    name: displayName(person),
    objectId: aadObjectId,
    aadObjectId,
    givenName: given,
    surname: family,
    email,
    userPrincipalName,
    tenantId,
    userRole,
  };
}
