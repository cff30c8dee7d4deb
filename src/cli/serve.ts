import pino from 'pino';
import type { Config } from '../config.ts';
import { type Overrides, start } from '../main.ts';

/** Runs the service. Resolves once it serves: from then on it ends by a signal. */
export async function serve(config: Config, overrides: Overrides = {}): Promise<number> {
  const log = pino({ level: config.logLevel });
  const switchboard = await start(config, log, overrides);
  const end = (signal: string) => {
    log.info({ signal }, 'stopping');
    switchboard.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', () => end('SIGTERM'));
  process.once('SIGINT', () => end('SIGINT'));
  return 0;
}
