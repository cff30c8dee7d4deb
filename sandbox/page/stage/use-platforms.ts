import { PLATFORMS, type Platform } from './platforms.ts';
import { useKept } from './use-kept.ts';
import type { Room } from './use-room.ts';

export type PlatformChoice = Platform | 'both';

interface Platforms {
  readonly choice: PlatformChoice;
  readonly choices: readonly PlatformChoice[];
  readonly shown: readonly Platform[];
  choose(choice: PlatformChoice): void;
}

/** Which platforms are shown: where there is room both, side by side, unless one alone was asked for. */
export function usePlatforms(room: Room): Platforms {
  const [kept, keep] = useKept('platform');
  const [beside, keepBeside] = useKept('platforms-beside');
  const one = PLATFORMS.find((platform) => platform === kept) ?? 'slack';
  const both = room === 'wide' && beside !== 'no';

  return {
    choice: both ? 'both' : one,
    choices: room === 'wide' ? [...PLATFORMS, 'both'] : PLATFORMS,
    shown: both ? PLATFORMS : [one],
    choose: (choice) => {
      if (choice !== 'both') keep(choice);
      if (room === 'wide') keepBeside(choice === 'both' ? 'yes' : 'no');
    },
  };
}
