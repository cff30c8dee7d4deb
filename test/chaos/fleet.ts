import { type ChildProcess, fork } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/flow-port.ts';
import type { Balancer } from './balancer.ts';
import type { Break } from './breaks.ts';

const APP = fileURLToPath(new URL('./app.ts', import.meta.url));
/** It says that it stops within ten seconds. */
const STOPS_WITHIN_MS = 30_000;
const STARTS_WITHIN_MS = 90_000;

export interface FleetOptions {
  readonly size: number;
  readonly env: Readonly<Record<string, string>>;
  readonly balancer: Balancer;
  readonly offset: () => number;
  readonly broken: Break | undefined;
  /** Where the log of all processes is written. */
  readonly log: string;
}

/** The application's processes. */
export interface Fleet {
  /** Starts whoever does not run; resolves when all of them serve. */
  startAll(): Promise<void>;
  /** SIGKILL, and started again after a while. Nothing where it does not run just now. */
  kill(which: number, downMs: number): void;
  /** SIGTERM to all; resolves when they are gone. */
  stopAll(): Promise<void>;
  /** Tells everybody how far the clock is ahead now. */
  tellOffset(): void;
  kills(): number;
  /** What processes did that they should not, in sentences. */
  readonly misdeeds: readonly string[];
}

interface Replica {
  readonly child: ChildProcess;
  readonly port: number;
  readonly gone: Promise<void>;
  serves: boolean;
  wanted: 'up' | 'down';
}

export function createFleet({ size, env, balancer, offset, broken, log }: FleetOptions): Fleet {
  const replicas = new Map<number, Replica>();
  const starting = new Map<number, Promise<void>>();
  const misdeeds: string[] = [];
  const file = createWriteStream(log, { flags: 'a' });
  let kills = 0;

  const tellBalancer = () =>
    balancer.setTargets([...replicas.values()].filter(({ serves }) => serves).map(({ port }) => port));

  async function launch(which: number): Promise<void> {
    const port = await freePort();
    const child = fork(APP, broken ? [broken] : [], {
      env: { ...env, HOST: '127.0.0.1', PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child.stdout?.pipe(file, { end: false });
    child.stderr?.pipe(file, { end: false });
    let replica: Replica;
    const gone = new Promise<void>((resolve) => {
      child.once('exit', (code, signal) => {
        if (replica.wanted === 'up') misdeeds.push(`A process ended by itself: ${code ?? signal}.`);
        if (replicas.get(which) === replica) replicas.delete(which);
        tellBalancer();
        resolve();
      });
    });
    replica = { child, port, gone, serves: false, wanted: 'up' };
    replicas.set(which, replica);
    const ready = new Promise<void>((resolve) => {
      child.on('message', (said) => {
        if (said !== 'ready') return;
        replica.serves = true;
        tellBalancer();
        resolve();
      });
    });
    child.send({ offset: offset() });
    await within(Promise.race([ready, gone]), STARTS_WITHIN_MS, 'A process did not start');
    // It may have moved meanwhile.
    if (replica.serves) tell(replica);
  }

  function ensure(which: number): Promise<void> {
    const known = starting.get(which);
    if (known) return known;
    if (replicas.has(which)) return Promise.resolve();
    const started = launch(which).finally(() => starting.delete(which));
    starting.set(which, started);
    return started;
  }

  function tell({ child }: Replica): void {
    // It may be dying just now: without somebody to tell it to, that would be an error of ours.
    if (child.connected) child.send({ offset: offset() }, () => undefined);
  }

  return {
    misdeeds,
    kills: () => kills,
    startAll: async () => {
      // One after the other takes less time where processors are few.
      for (let which = 0; which < size; which++) await ensure(which);
    },
    kill: (which, downMs) => {
      const replica = replicas.get(which);
      // One that has not come up yet is left alone: it would never get to do anything.
      if (!replica?.serves || replica.wanted === 'down') return;
      kills++;
      replica.wanted = 'down';
      replica.child.kill('SIGKILL');
      // The balancer does not know it yet: it finds out when nobody answers.
      replica.gone
        .then(() => new Promise((resolve) => setTimeout(resolve, downMs)))
        .then(() => ensure(which))
        .catch((error: unknown) => misdeeds.push(String(error)));
    },
    stopAll: async () => {
      await Promise.all(starting.values());
      await Promise.all(
        [...replicas.values()].map(async (replica) => {
          replica.wanted = 'down';
          replica.child.kill('SIGTERM');
          await within(replica.gone, STOPS_WITHIN_MS, 'A process did not stop').catch((error: unknown) => {
            misdeeds.push(String(error));
            replica.child.kill('SIGKILL');
            return replica.gone;
          });
        }),
      );
    },
    tellOffset: () => {
      for (const replica of replicas.values()) tell(replica);
    },
  };
}

async function within(work: Promise<void>, ms: number, what: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} within ${ms / 1000} s.`)), ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
