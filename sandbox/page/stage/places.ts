import type { Task } from '@medplum/fhirtypes';
import type { Pool } from '../data/clinic.ts';
import type { Channel } from '../data/slack.ts';
import type { SlackConversations, TeamsConversations } from '../data/sources.ts';
import type { TeamsPlace } from '../data/teams.ts';
import type { ChannelRow } from '../workspace/channel-list.tsx';
import { waitingIn } from './waiting.ts';

/** Slack names a direct message after its id; a reader wants to know what it is. */
export const titleOf = (channel: Channel): string =>
  channel.user === undefined ? channel.name : 'Direct messages';

export const teamsTitleOf = ({ kind, name }: TeamsPlace): string =>
  kind === 'channel' ? name : `Chat with ${name}`;

/** The channels that somebody sees: all of the clinic's, and of direct messages their own. */
export const visibleTo = (user: string, channels: readonly Channel[]): readonly Channel[] =>
  channels.filter((channel) => channel.user === undefined || channel.user === user);

/** The pool whose messages arrive in a channel of this name, which it has on both platforms. */
export const poolNamed = (name: string, pools: readonly Pool[]): Pool | undefined =>
  pools.find((pool) => pool.channel.name === name);

interface Waiting {
  readonly pools: readonly Pool[];
  readonly tasks: readonly Task[];
  readonly unread: ReadonlyMap<string, number>;
}

/** The app's Home tab stands among the channels of its platform, under a name that no channel has. */
export const HOME = 'home';

/** The side bar's rows: the acting person's Home, the pools' channels, and what the app has for that person alone. */
export function slackRows(
  channels: readonly Channel[],
  messages: SlackConversations['messages'],
  { pools, tasks, unread }: Waiting,
): readonly ChannelRow[] {
  const listed = channels.filter(({ id, user }) => user === undefined || (messages.get(id)?.length ?? 0) > 0);
  const shared = listed.filter(({ user }) => user === undefined);
  const own = listed.filter(({ user }) => user !== undefined);
  const rows = [...shared, ...own].map(
    (channel): ChannelRow => ({
      id: channel.id,
      testId: `channel-${channel.id}`,
      name: titleOf(channel),
      glyph: channel.user === undefined ? '#' : '@',
      waiting: waitingAt(channel.name, pools, tasks),
      unread: unread.get(channel.id) ?? 0,
    }),
  );
  return [
    { id: HOME, testId: 'slack-home', name: 'Home', glyph: 'home', waiting: undefined, unread: 0 },
    ...rows,
  ];
}

export function teamsRows(
  { places }: TeamsConversations,
  { pools, tasks, unread }: Waiting,
): readonly ChannelRow[] {
  return places.map((place) => ({
    id: place.id,
    testId: place.kind === 'personal' ? 'teams-personal' : `teams-channel-${place.name}`,
    name: teamsTitleOf(place),
    waiting: waitingAt(place.name, pools, tasks),
    unread: unread.get(place.id) ?? 0,
  }));
}

function waitingAt(name: string, pools: readonly Pool[], tasks: readonly Task[]): number | undefined {
  const pool = poolNamed(name, pools);
  return pool === undefined ? undefined : waitingIn(pool, tasks).length;
}
