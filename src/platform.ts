import type { Logger } from 'pino';
import type { z } from 'zod';
import type { ChatPlatform, Memory } from './runtime/ports/chat.ts';
import type { Ledger } from './runtime/ports/ledger.ts';

/** What an adapter writes its log lines with: static messages, ids beside them. */
export type Log = Logger;

/** A chat platform, as `adapters/index.ts` lists it: what it wants to be told, and how it is made. */
export interface PlatformModule {
  readonly name: string;
  /** The environment variables that the platform understands. */
  readonly settings: z.ZodObject;
  /** @param given the variables as `settings` has checked them. */
  create(given: unknown, log: Log, memory: Memory): ChatPlatform;
}

/** Ties the type of the settings to the function that takes them. */
export function definePlatform<Settings extends z.ZodObject>(platform: {
  readonly name: string;
  readonly settings: Settings;
  readonly create: (given: z.output<Settings>, log: Log, memory: Memory) => ChatPlatform;
}): PlatformModule {
  const { name, settings, create } = platform;
  // What the configuration hands over is what this very schema gave it.
  return { name, settings, create: (given, log, memory) => create(given as z.output<Settings>, log, memory) };
}

/**
 * The platforms that are used, not started yet.
 *
 * @param settings the checked variables of each, by its name.
 */
export function createPlatforms(
  modules: readonly PlatformModule[],
  settings: Readonly<Record<string, unknown>>,
  ledger: Pick<Ledger, 'memoryOf'>,
  log: Log,
): ChatPlatform[] {
  return modules.flatMap(({ name, create }) => {
    const given = settings[name];
    return given ? [create(given, log.child({ platform: name }), ledger.memoryOf(name))] : [];
  });
}
