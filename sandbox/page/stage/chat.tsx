import type { Task } from '@medplum/fhirtypes';
import type { SlackConversations, TeamsConversations } from '../data/sources.ts';
import { Conversation } from '../teams/conversation.tsx';
import type { Presses } from '../teams/use-presses.ts';
import { HomeTab } from '../workspace/home-tab.tsx';
import { useWorkspace } from '../workspace/workspace-context.ts';
import { HOME, slackRows, teamsRows, visibleTo } from './places.ts';
import type { Platform } from './platforms.ts';
import { Side } from './side.tsx';
import { SlackConversation } from './slack-conversation.tsx';
import type { usePlaces } from './use-places.ts';
import type { usePlatforms } from './use-platforms.ts';

interface ChatProps {
  readonly slack: SlackConversations;
  readonly teams: TeamsConversations;
  readonly platforms: ReturnType<typeof usePlatforms>;
  readonly places: ReturnType<typeof usePlaces>;
  readonly unread: Readonly<Record<Platform, ReadonlyMap<string, number>>>;
  readonly presses: Presses;
  readonly tasks: readonly Task[];
  readonly compact: boolean;
  onActAs(user: string): void;
  onWrite(): void;
}

/** The chat side of the stage: platforms, channels and people, and the conversation of each platform that is shown. */
export function Chat({ slack, teams, platforms, places, unread, presses, tasks, ...rest }: ChatProps) {
  const { clinic, user } = useWorkspace();
  const { shown } = platforms;
  const mine = visibleTo(user.id, slack.places);
  const waiting = { pools: clinic.pools, tasks };

  return (
    <div className={`workspace workspace--${shown.length}`}>
      <Side
        platforms={platforms}
        rows={{
          slack: slackRows(mine, slack.messages, { ...waiting, unread: unread.slack }),
          teams: teamsRows(teams, { ...waiting, unread: unread.teams }),
        }}
        current={{ slack: places.home ? HOME : places.slack?.id, teams: places.teams?.id }}
        compact={rest.compact}
        onChoose={places.choose}
        onActAs={rest.onActAs}
      />
      {shown.includes('slack') && places.home ? <HomeTab /> : null}
      {shown.includes('slack') && places.slack !== undefined ? (
        <SlackConversation conversations={slack} channel={places.slack} onWrite={rest.onWrite} />
      ) : null}
      {shown.includes('teams') && places.teams !== undefined ? (
        <Conversation
          key={places.teams.id}
          conversations={teams}
          place={places.teams}
          presses={presses}
          onWrite={rest.onWrite}
        />
      ) : null}
    </div>
  );
}
