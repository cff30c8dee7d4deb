import pino from 'pino';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { environmentFor } from '../../sandbox/settings.ts';
import type { ChatPlatform, Memory, PlatformModule } from '../../src/index.ts';
import { serve } from '../../src/runtime/http.ts';
import { ScriptedDesk } from './contract-desk.ts';

/** A real adapter between the sandbox's platforms and a desk that answers as it is told. */
export interface App {
  readonly sandbox: Sandbox;
  /** Where the adapter listens. */
  readonly url: string;
  readonly platform: ChatPlatform;
  readonly desk: ScriptedDesk;
  /** Every line of its log. */
  readonly logged: string[];
  readonly memory: MapMemory;
  close(): Promise<void>;
}

/** What an adapter remembers, for as long as the test runs. */
export class MapMemory implements Memory {
  readonly kept = new Map<string, string>();
  get = async (key: string): Promise<string | undefined> => this.kept.get(key);
  set = async (key: string, value: string): Promise<void> => {
    this.kept.set(key, value);
  };
  once = async (key: string): Promise<boolean> => {
    const isFirst = !this.kept.has(`once ${key}`);
    this.kept.set(`once ${key}`, '');
    return isFirst;
  };
}

export interface AppOptions {
  /** Environment variables that differ; an empty one is as good as none. */
  readonly env?: Record<string, string>;
  /** Whether it is started at once; true unless said. */
  readonly start?: boolean;
  readonly memory?: Memory;
}

/** The settings of a platform as the sandbox wants them, checked by the platform's own rules. */
export function settingsFor(module: PlatformModule, sandboxUrl: string, env: Record<string, string> = {}) {
  const all = { ...environmentFor(sandboxUrl, 'http://127.0.0.1:1'), ...env };
  return module.settings.parse(Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')));
}

/** Opens the adapter as the service does: made by its `create`, served over HTTP. `close` it at the end. */
export async function openApp(module: PlatformModule, options: AppOptions = {}): Promise<App> {
  const sandbox = await startSandbox({ seed: false });
  const logged: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => logged.push(line) });
  const memory = new MapMemory();
  const settings = settingsFor(module, sandbox.url, options.env);
  const platform = module.create(settings, log, options.memory ?? memory);
  const desk = new ScriptedDesk();
  desk.platform = platform;
  if (options.start !== false) await platform.start(desk);
  const server = await serve(platform.routes(), 0, '127.0.0.1');
  const url = `http://127.0.0.1:${server.port}`;
  sandbox.setApp(url);
  return {
    sandbox,
    url,
    platform,
    desk,
    logged,
    memory,
    close: async () => {
      await platform.stop();
      await server.close(0);
      await sandbox.close();
    },
  };
}

/** Another process of the same installation: it shares what the first remembers, and hears what is delivered from now on. */
export async function openReplica(module: PlatformModule, of: App): Promise<Pick<App, 'desk' | 'close'>> {
  const log = pino({ level: 'trace' }, { write: (line: string) => of.logged.push(line) });
  const platform = module.create(settingsFor(module, of.sandbox.url), log, of.memory);
  const desk = new ScriptedDesk();
  desk.platform = platform;
  await platform.start(desk);
  const server = await serve(platform.routes(), 0, '127.0.0.1');
  of.sandbox.setApp(`http://127.0.0.1:${server.port}`);
  const close = async () => {
    await platform.stop();
    await server.close(0);
  };
  return { desk, close };
}
