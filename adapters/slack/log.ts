import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../../src/index.ts';

/**
 * Bolt's logger on ours. Bolt writes payloads at its debug level, and those may hold what people typed: only its
 * warnings and errors come through.
 */
export function toBoltLogger(log: Log): Logger {
  const say =
    (level: 'warn' | 'error') =>
    (...words: unknown[]) => {
      log[level](
        {
          bolt: words
            .filter((word) => typeof word === 'string')
            .join(' ')
            .slice(0, 300),
        },
        'Bolt',
      );
    };
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: say('warn'),
    error: say('error'),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}
