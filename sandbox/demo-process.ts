import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const DEMO = fileURLToPath(new URL('./demo.ts', import.meta.url));
const OPEN_WITHIN_MS = 60_000;

/** A demo in a process of its own, as `npm run demo` starts it. */
export interface RunningDemo {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the demo on a free port and waits until its page can be opened. */
export async function startDemo(): Promise<RunningDemo> {
  const env = { ...process.env, SANDBOX_PORT: '0' };
  const demo = spawn(process.execPath, [DEMO], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const gone = new Promise<void>((resolve) => demo.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The demo did not open:\n${said}`)), OPEN_WITHIN_MS);
    const listen = (chunk: Buffer) => {
      said += chunk;
      const found = /The clinic is open:\s+(\S+)/.exec(said)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    };
    demo.stdout.on('data', listen);
    demo.stderr.on('data', listen);
    demo.once('exit', (code) => reject(new Error(`The demo ended (${code}):\n${said}`)));
  });
  return {
    url,
    stop: async () => {
      demo.kill('SIGTERM');
      await gone;
    },
  };
}
