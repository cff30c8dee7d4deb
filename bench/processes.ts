import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import manifest from '../package.json' with { type: 'json' };

/** A server in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** Milliseconds from its start to its first answer. */
  readonly startedInMs: number;
  stop(): Promise<void>;
}

type Environment = (url: string) => Record<string, string>;

/** Starts what `npm start` starts; `hear` is told what it writes on its standard output, line by line. */
export function startSwitchboard(
  environment: Environment,
  hear?: (line: string) => void,
): Promise<ServerProcess> {
  const [, ...words] = manifest.scripts.start.split(' ');
  return serve(words, environment, hear);
}

/** Starts a script as a server on a free port, and waits until something answers there. */
export function startServer(script: URL, environment: Environment): Promise<ServerProcess> {
  return serve([fileURLToPath(script)], environment);
}

async function serve(
  words: readonly string[],
  environment: Environment,
  hear?: (line: string) => void,
): Promise<ServerProcess> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const env = { ...process.env, ...environment(url) };
  const server = spawn(process.execPath, words, {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env,
    stdio: ['ignore', hear ? 'pipe' : 'ignore', 'inherit'],
  });
  if (hear && server.stdout) createInterface({ input: server.stdout }).on('line', hear);
  const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const before = performance.now();
  for (let tries = 0; tries < 600; tries++) {
    if (await fetch(`${url}/healthz`).catch(() => undefined)) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const startedInMs = performance.now() - before;
  return {
    url,
    pid: server.pid ?? 0,
    startedInMs,
    stop: async () => {
      server.kill('SIGTERM');
      await gone;
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
