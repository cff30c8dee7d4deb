import type { Logger } from 'pino';
import type { GuardedPlatform } from './guarded-platform.ts';
import { ChatError } from './ports/chat.ts';
import type { Desk } from './ports/desk.ts';

/**
 * Starts the platforms, side by side: one that cannot be reached must not keep the other from starting. It is tried again
 * later, by whoever asks it how it is. Throws where that is of no use: a defect, or credentials that are refused while
 * there is no other platform to serve.
 */
export async function startPlatforms(
  platforms: readonly GuardedPlatform[],
  desk: Desk,
  log: Logger,
): Promise<void> {
  const failed = await Promise.all(
    platforms.map(async (platform) => {
      try {
        await platform.start(desk);
        return [];
      } catch (error) {
        return [{ platform, error }];
      }
    }),
  );
  for (const { platform, error } of failed.flat()) {
    if (!canWait(error) || (isRefusal(error) && !platforms.some((one) => one.isUp()))) throw error;
    log.error({ err: error, platform: platform.name }, 'this platform did not let us in; it is tried again');
  }
}

function canWait(error: unknown): boolean {
  return (
    isRefusal(error) || (error instanceof ChatError && ['unreachable', 'rate-limited'].includes(error.kind))
  );
}

function isRefusal(error: unknown): boolean {
  return error instanceof ChatError && error.kind === 'forbidden';
}
