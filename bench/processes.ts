import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

/** A server in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  /** Milliseconds from its start to its first answer. */
  readonly startedInMs: number;
  stop(): Promise<void>;
}

/** Starts a script as a server on a free port, and waits until something answers there. */
export async function startServer(
  script: URL,
  environment: (url: string) => Record<string, string>,
  words: readonly string[] = [],
): Promise<ServerProcess> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const env = { ...process.env, ...environment(url) };
  const server = spawn(process.execPath, [script.pathname, ...words], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const before = performance.now();
  for (let tries = 0; tries < 600; tries++) {
    if (await fetch(`${url}/healthz`).catch(() => undefined)) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const startedInMs = performance.now() - before;
  return {
    url,
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
