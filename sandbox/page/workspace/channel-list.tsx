export interface ChannelRow {
  readonly id: string;
  readonly testId: string;
  readonly name: string;
  readonly glyph?: '#' | '@' | 'home';
  /** Tasks that wait in the channel's pool; undefined where there is no pool. */
  readonly waiting: number | undefined;
  /** Messages that were not seen yet. */
  readonly unread: number;
}

interface ChannelListProps {
  readonly title: string;
  readonly platform: 'slack' | 'teams';
  readonly rows: readonly ChannelRow[];
  readonly current: string | undefined;
  onChoose(channel: string): void;
}

/** Places to look at, each with how many Tasks wait there and a mark for what was not seen yet. */
export function ChannelList({ title, platform, rows, current, onChoose }: ChannelListProps) {
  return (
    <nav className={`channels channels--${platform}`} aria-label={`${title} channels`}>
      <h2 className="side-title">{title}</h2>
      <ul>
        {rows.map(({ id, testId, name, glyph, waiting, unread }) => (
          <li key={id}>
            <button
              type="button"
              className={`channels__row${unread > 0 ? ' channels__row--unread' : ''}`}
              data-testid={testId}
              aria-current={id === current ? 'page' : undefined}
              onClick={() => onChoose(id)}
            >
              {glyph === undefined ? null : (
                <span className="glyph" aria-hidden="true">
                  {glyph === 'home' ? <House /> : glyph}
                </span>
              )}
              <span className="channels__name">{name}</span>
              {unread > 0 ? <span className="visually-hidden">, {unread} new</span> : null}
              {waiting === undefined || waiting === 0 ? null : (
                <span className="count" title={`${waiting} waiting`}>
                  {waiting}
                  <span className="visually-hidden"> waiting</span>
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function House() {
  return (
    <svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true">
      <path
        d="M2.500 7.500L8 2.800l5.500 4.700M4 6.600v6.600h8V6.600"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.400"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
