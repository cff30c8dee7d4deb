import { ChannelList, type ChannelRow } from '../workspace/channel-list.tsx';
import { PeopleList } from '../workspace/people-list.tsx';
import { PlatformSwitch } from './platform-switch.tsx';
import { PLATFORMS, type Platform, TITLES } from './platforms.ts';
import type { usePlatforms } from './use-platforms.ts';

interface SideProps {
  readonly platforms: ReturnType<typeof usePlatforms>;
  readonly rows: Readonly<Record<Platform, readonly ChannelRow[]>>;
  readonly current: Readonly<Record<Platform, string | undefined>>;
  /** On a phone the list of people gives way to the select above. */
  readonly compact: boolean;
  onChoose(platform: Platform, place: string): void;
  onActAs(user: string): void;
}

/** The left pane: the platforms, what there is to look at on those that are shown, and the people. */
export function Side({ platforms, rows, current, compact, onChoose, onActAs }: SideProps) {
  const { choice, choices, shown, choose } = platforms;
  const unread = { slack: sum(rows.slack), teams: sum(rows.teams) };
  return (
    <aside className="side">
      <PlatformSwitch choice={choice} choices={choices} unread={unread} onChoose={choose} />
      {PLATFORMS.filter((platform) => shown.includes(platform)).map((platform) => (
        <ChannelList
          key={platform}
          title={TITLES[platform]}
          platform={platform}
          rows={rows[platform]}
          current={current[platform]}
          onChoose={(place) => onChoose(platform, place)}
        />
      ))}
      {compact ? null : <PeopleList onChoose={onActAs} />}
    </aside>
  );
}

const sum = (rows: readonly ChannelRow[]): number => rows.reduce((total, { unread }) => total + unread, 0);
