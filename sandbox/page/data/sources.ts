import type { Conversations, Source } from './conversations.ts';
import { type Channel, loadChannels, loadMessages, type SlackMessage } from './slack.ts';
import { loadTeamsMessages, loadTeamsPlaces, type TeamsMessage, type TeamsPlace } from './teams.ts';

export type SlackConversations = Conversations<Channel, SlackMessage>;
export type TeamsConversations = Conversations<TeamsPlace, TeamsMessage>;

/** The Slack workspace: a message looks the same to everybody. */
export const slackSource: Source<Channel, SlackMessage> = {
  key: 'slack',
  loadPlaces: loadChannels,
  loadMessages,
  placeOf: (event) => (event.kind === 'slack' && event.what === 'message' ? event.channel : undefined),
};

/** The Teams tenant as one person sees it: a card may look different to each. */
export const teamsSource = (user: string): Source<TeamsPlace, TeamsMessage> => ({
  key: `teams ${user}`,
  loadPlaces: () => loadTeamsPlaces(user),
  loadMessages: (place) => loadTeamsMessages(place, user),
  placeOf: (event) =>
    event.kind === 'teams' && (event.what === 'message' || event.what === 'view')
      ? event.conversation
      : undefined,
});
