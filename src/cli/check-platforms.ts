import pino from 'pino';
import type { Config } from '../config.ts';
import type { PlatformModule } from '../platform.ts';
import type { PoolChannel } from '../routing/pools.ts';
import { ChatError, type ChatPlatform, type Memory } from '../runtime/ports/chat.ts';
import { type Check, type Finding, fine, note, reasonOf, wrong } from './findings.ts';

/** Whether each platform lets us in, and into each channel that is configured. */
export function platformChecks(config: Config, modules: readonly PlatformModule[]): Check[] {
  const channels = channelsOf(config);
  return modules.flatMap((module) => {
    const settings = config.platforms[module.name];
    if (!settings) return [];
    const platform = module.create(settings, pino({ level: 'silent' }), nothingKept());
    return [
      {
        about: `the platform ${module.name}`,
        run: () =>
          inspect(
            platform,
            channels.filter((one) => one.platform === module.name),
          ),
      },
    ];
  });
}

async function inspect(platform: ChatPlatform, channels: readonly PoolChannel[]): Promise<Finding[]> {
  const { name } = platform;
  if (!platform.inspect) {
    return [note(`${name}: cannot be asked without being started; its start says whether it lets us in.`)];
  }
  try {
    await platform.inspect();
  } catch (error) {
    return [wrong(`${name}: ${reasonOf(error)}. See adapters/${name}/README.md.`)];
  }
  const findings: Finding[] = [fine(`${name} lets us in.`)];
  let unknown = 0;
  for (const { channel } of channels) {
    try {
      const isKnown = await platform.inspect({ platform: name, kind: 'channel', id: channel });
      if (isKnown) findings.push(fine(`${name}: cards can be posted to ${channel}.`));
      else unknown++;
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      findings.push(
        wrong(
          `${name}: cards cannot be posted to ${channel}: ${reasonOf(error)}. Is the app in that channel?`,
        ),
      );
    }
  }
  if (unknown > 0)
    findings.push(note(`${name} does not tell whether ${unknown} of its channels take cards.`));
  return findings;
}

function channelsOf({ pools, operations }: Config): PoolChannel[] {
  const all = [...pools.flatMap((pool) => pool.channels), ...operations];
  return [...new Map(all.map((one) => [`${one.platform}:${one.channel}`, one])).values()];
}

/** What an adapter remembers stands in the ledger, which is not opened for this. */
function nothingKept(): Memory {
  return { get: async () => undefined, set: async () => {}, once: async () => true };
}
