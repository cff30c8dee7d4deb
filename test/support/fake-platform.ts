import { z } from 'zod';
import type { Surface } from '../../src/cards/surfaces.ts';
import type { PlatformModule } from '../../src/platform.ts';
import type { ChatPlatform } from '../../src/runtime/ports/chat.ts';

/** A chat platform that may be asked, and may not be used for anything else. */
export function fakePlatform(
  name: string,
  inspect?: (surface?: Surface) => Promise<boolean>,
): PlatformModule {
  const never = () => Promise.reject(new Error('the doctor only asks'));
  const platform: ChatPlatform = {
    name,
    start: never,
    stop: never,
    post: never,
    update: never,
    find: never,
    profile: never,
    direct: (id) => ({ platform: name, kind: 'person', id }),
    routes: () => [],
  };
  return { name, settings: z.object({}), create: () => ({ ...platform, ...(inspect && { inspect }) }) };
}
