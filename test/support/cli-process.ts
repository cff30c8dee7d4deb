import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { freePort } from './flow-port.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

/** `switchboard start` in a process of its own, as soon as it serves. */
export async function startProcess(
  env: Record<string, string>,
): Promise<{ readonly url: string; stop(): Promise<number | null> }> {
  const port = String(await freePort());
  const app = spawn(process.execPath, [CLI, 'start'], {
    env: { ...env, HOST: '127.0.0.1', PORT: port },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = new Promise<number | null>((resolve) => app.once('exit', resolve));
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      said += chunk;
      if (said.includes('"msg":"ready"')) resolve();
    };
    app.stdout.on('data', listen);
    app.stderr.on('data', listen);
    app.once('exit', (code) => reject(new Error(`It ended (${code}):\n${said}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      app.kill('SIGTERM');
      return gone;
    },
  };
}
