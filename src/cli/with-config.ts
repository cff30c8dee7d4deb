import { type Config, ConfigError } from '../config.ts';
import { reasonOf } from './findings.ts';

/** Runs a command with the configuration. Gives the exit code: the command's, 1 where it failed, 2 for a wrong configuration. */
export async function withConfig(
  load: () => Config,
  command: (config: Config) => Promise<number>,
): Promise<number> {
  try {
    return await command(load());
  } catch (error) {
    console.error(error instanceof ConfigError ? error.message : reasonOf(error));
    return error instanceof ConfigError ? 2 : 1;
  }
}
