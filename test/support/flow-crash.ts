import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CrashPoint } from '../../src/runtime/ports/fuse.ts';

const APP = fileURLToPath(new URL('./crash-app-process.ts', import.meta.url));

/** A process that can be told where to die. */
export interface Mortal {
  /** Lets it die at this point, of this Task or of any. Resolves when it has heard that. */
  arm(point: CrashPoint, taskId: string): Promise<void>;
  /** Ends it by SIGKILL, now. */
  kill(): void;
  /** Resolves when it is gone. */
  readonly gone: Promise<void>;
}

/** Starts one that is configured by this environment; resolves when it serves. */
export async function startMortal(env: Readonly<Record<string, string>>): Promise<Mortal> {
  const app = spawn(process.execPath, [APP], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = new Promise<void>((resolve) => app.once('exit', () => resolve()));
  // It may die with a line of ours unread.
  app.stdin.on('error', () => undefined);
  let said = '';
  const hears = (words: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!said.includes(words)) return;
        app.stdout.off('data', look);
        resolve();
      };
      app.stdout.on('data', look);
      app.once('exit', (code) => reject(new Error(`It ended (${code}):\n${said}`)));
      look();
    });
  app.stdout.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  await hears('"msg":"ready"');
  return {
    arm: async (point, taskId) => {
      const heard = hears(`armed ${point} ${taskId}`);
      app.stdin.write(`${point} ${taskId}\n`);
      await heard;
    },
    kill: () => app.kill('SIGKILL'),
    gone,
  };
}
