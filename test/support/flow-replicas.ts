import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { freePort } from './flow-port.ts';

const APP = fileURLToPath(new URL('./moved-app-process.ts', import.meta.url));

/** A replica in a process of its own. */
export interface Replica {
  /** Sets how far its clock is ahead of real time, in milliseconds. */
  move(ahead: number): void;
  /** Ends it with SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Starts one; resolves when it serves. */
export async function startReplica(env: Record<string, string>, ahead: number): Promise<Replica> {
  const app = spawn(process.execPath, [APP, String(ahead)], {
    env: { ...env, HOST: '127.0.0.1', PORT: String(await freePort()) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = new Promise<void>((resolve) => app.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let said = '';
    app.stdout.on('data', (chunk: Buffer) => {
      said += chunk;
      if (said.includes('"msg":"ready"')) resolve();
    });
    app.once('exit', (code) => reject(new Error(`It ended (${code}):\n${said}`)));
  });
  return {
    move: (to) => app.stdin.write(`${to}\n`),
    kill: () => {
      app.kill('SIGKILL');
      return gone;
    },
  };
}
