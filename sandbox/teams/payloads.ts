/** The activities that Teams sends. https://learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability */
import { randomUUID } from 'node:crypto';
import type { Dict } from '../dict.ts';
import { displayName } from './people.ts';
import { BOT_NAME, type State, TEAM } from './state.ts';
import type { Conversation, TeamsPerson } from './types.ts';

/** Where an activity happens: the conversation, and the thread in it. */
export interface Place {
  readonly conversation: Conversation;
  readonly root?: string;
}

/** Teams' names for the invokes that are played. */
export type InvokeName =
  | 'adaptiveCard/action'
  | 'application/search'
  | 'task/fetch'
  | 'task/submit'
  | 'composeExtension/fetchTask'
  | 'composeExtension/submitAction';

/** A message that a person wrote, or that an Action.Submit makes. */
export function messageActivity(
  state: State,
  person: TeamsPerson,
  place: Place,
  id: string,
  fields: Dict,
): Dict {
  return { ...activity(state, person, place), type: 'message', id, ...fields };
}

export function invokeActivity(
  state: State,
  person: TeamsPerson,
  place: Place,
  name: InvokeName,
  value: Dict,
  replyToId: string | undefined,
): Dict {
  const base = activity(state, person, place);
  return {
    ...base,
    type: 'invoke',
    name,
    id: `f:${randomUUID()}`,
    value,
    ...(replyToId === undefined ? {} : { replyToId }),
    channelData: {
      ...base.channelData,
      source: { name: name.startsWith('composeExtension/') ? 'compose' : 'message' },
    },
  };
}

/** The app comes to a team or a person, or goes. */
export function installationActivity(
  state: State,
  person: TeamsPerson,
  place: Place,
  action: 'add' | 'remove',
): Dict {
  const base = activity(state, person, place);
  return {
    ...base,
    type: 'installationUpdate',
    action,
    id: `f:${randomUUID()}`,
    channelData: { ...base.channelData, ...wholeTeam(place), settings: { selectedChannel: { id: TEAM.id } } },
  };
}

/** The bot is among the members from now on, or no longer. */
export function membersActivity(
  state: State,
  person: TeamsPerson,
  place: Place,
  change: 'membersAdded' | 'membersRemoved',
): Dict {
  const base = activity(state, person, place);
  const eventType = change === 'membersAdded' ? 'teamMemberAdded' : 'teamMemberRemoved';
  const isTeam = place.conversation.kind === 'channel';
  return {
    ...base,
    type: 'conversationUpdate',
    id: `f:${randomUUID()}`,
    [change]: [{ id: state.botId }],
    channelData: { ...base.channelData, ...wholeTeam(place), ...(isTeam ? { eventType } : {}) },
  };
}

const wholeTeam = ({ conversation }: Place): Dict => (conversation.kind === 'channel' ? { team: TEAM } : {});

function activity(state: State, person: TeamsPerson, { conversation, root }: Place) {
  const { tenantId } = person;
  const isChannel = conversation.kind === 'channel';
  const id = isChannel && root !== undefined ? `${conversation.id};messageid=${root}` : conversation.id;
  return {
    channelId: 'msteams',
    serviceUrl: state.serviceUrl(),
    timestamp: state.isoNow(),
    localTimestamp: state.isoNow(),
    localTimezone: 'Europe/London',
    locale: 'en-GB',
    from: { id: person.teamsId, name: displayName(person), aadObjectId: person.aadObjectId },
    recipient: { id: state.botId, name: BOT_NAME },
    conversation: {
      ...(isChannel ? { isGroup: true } : {}),
      conversationType: conversation.kind,
      tenantId,
      id,
    },
    entities: [
      { type: 'clientInfo', locale: 'en-GB', country: 'GB', platform: 'Web', timezone: 'Europe/London' },
    ],
    channelData: {
      ...(isChannel
        ? {
            teamsChannelId: conversation.id,
            teamsTeamId: TEAM.id,
            channel: { id: conversation.id },
            team: { id: TEAM.id },
          }
        : {}),
      tenant: { id: tenantId },
    },
  };
}
