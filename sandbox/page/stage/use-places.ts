import type { Pool } from '../data/clinic.ts';
import type { Channel } from '../data/slack.ts';
import type { SlackConversations, TeamsConversations } from '../data/sources.ts';
import type { TeamsPlace } from '../data/teams.ts';
import { HOME, poolNamed, visibleTo } from './places.ts';
import type { Platform } from './platforms.ts';
import { useKept } from './use-kept.ts';

interface Places {
  /** None while the Home tab is open. */
  readonly slack: Channel | undefined;
  readonly home: boolean;
  readonly teams: TeamsPlace | undefined;
  choose(platform: Platform, place: string): void;
}

/** A person's own chat, whoever that is at the moment. */
const PERSONAL = 'personal';

/** The place that is open on each platform. A pool's channel is opened on both, so that its cards can be compared. */
export function usePlaces(
  slack: SlackConversations,
  teams: TeamsConversations,
  user: string,
  pools: readonly Pool[],
): Places {
  const [slackId, keepSlack] = useKept('channel');
  const [teamsId, keepTeams] = useKept('teams-place');
  const mine = visibleTo(user, slack.places);
  const first = pools[0]?.channel.name;

  const keepTeamsPlace = ({ id, kind }: TeamsPlace) => keepTeams(kind === 'personal' ? PERSONAL : id);

  return {
    home: slackId === HOME,
    slack: slackId === HOME ? undefined : (mine.find(({ id }) => id === slackId) ?? mine[0]),
    teams:
      teams.places.find(({ id, kind }) => (kind === 'personal' ? PERSONAL : id) === teamsId) ??
      teams.places.find(({ name }) => name === first) ??
      teams.places[0],
    choose: (platform, place) => {
      if (place === HOME) return keepSlack(HOME);
      const channel = slack.places.find(({ id }) => id === place);
      const teamsPlace = teams.places.find(({ id }) => id === place);
      const name = (platform === 'slack' ? channel : teamsPlace)?.name ?? '';
      const both = poolNamed(name, pools) !== undefined;
      const toSlack = channel ?? (both ? slack.places.find((one) => one.name === name) : undefined);
      const toTeams = teamsPlace ?? (both ? teams.places.find((one) => one.name === name) : undefined);
      if (toSlack !== undefined) keepSlack(toSlack.id);
      if (toTeams !== undefined) keepTeamsPlace(toTeams);
    },
  };
}
