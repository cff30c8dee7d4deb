import { PlatformMark } from './marks.tsx';
import { type Platform, TITLES } from './platforms.ts';
import type { PlatformChoice } from './use-platforms.ts';

interface PlatformSwitchProps {
  readonly choice: PlatformChoice;
  readonly choices: readonly PlatformChoice[];
  /** Messages that were not seen yet. */
  readonly unread: Readonly<Record<Platform, number>>;
  onChoose(choice: PlatformChoice): void;
}

/** Slack or Teams, or both where there is room; each with how much is new there. */
export function PlatformSwitch({ choice, choices, unread, onChoose }: PlatformSwitchProps) {
  return (
    <fieldset className="switch">
      <legend className="visually-hidden">Platform</legend>
      {choices.map((one) => (
        <button
          key={one}
          type="button"
          className={`switch__choice switch__choice--${one}`}
          data-testid={`platform-${one}`}
          aria-pressed={one === choice}
          onClick={() => onChoose(one)}
        >
          {one === 'both' ? 'Both' : <OnePlatform platform={one} unread={unread[one]} />}
        </button>
      ))}
    </fieldset>
  );
}

function OnePlatform({ platform, unread }: { readonly platform: Platform; readonly unread: number }) {
  return (
    <>
      <PlatformMark platform={platform} />
      {TITLES[platform]}
      {unread === 0 ? null : (
        <span className="count count--new">
          {unread}
          <span className="visually-hidden"> new</span>
        </span>
      )}
    </>
  );
}
