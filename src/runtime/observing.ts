import type { Logger } from 'pino';
import type { Dependency } from './dependencies.ts';
import type { GuardedPlatform } from './guarded-platform.ts';
import { type EventSource, HEALTH, readiness } from './health.ts';
import { addGauges, type Looks, type NamedSurface } from './metrics/gauges.ts';
import type { Metrics } from './metrics/metrics.ts';
import { metricsRoute } from './metrics/route.ts';
import type { Route } from './ports/chat.ts';
import { createProbes } from './probes.ts';
import type { SurfaceStates } from './surface-states.ts';

/** A dependency, with a cheap question to it. */
export interface Asked {
  readonly dependency: Dependency;
  ask(): Promise<unknown>;
}

export interface ObservingParts {
  readonly metrics: Metrics;
  readonly record: Asked;
  readonly ledger: Asked;
  readonly platforms: readonly GuardedPlatform[];
  readonly surfaces: Pick<SurfaceStates, 'lost'>;
  readonly events: () => EventSource;
  readonly keepsTransactions: () => boolean;
  readonly looks: Omit<Looks, 'dependencies'>;
  readonly nameOf: NamedSurface;
  /** Forgets dead letters whose job was done since. */
  readonly tidy: () => Promise<void>;
  readonly log: Logger;
}

/** What people and machines that look after the service can see of it. */
export interface Observing {
  readonly routes: readonly Route[];
  start(): void;
  stop(): Promise<void>;
}

/** What is done is remembered by the queue for an hour. */
const TIDY_MS = 60_000;

export function createObserving(parts: ObservingParts): Observing {
  const { metrics, record, ledger, platforms, log } = parts;
  const asked: readonly Asked[] = [record, ledger, ...platforms];
  const probes = createProbes(asked, log);
  addGauges(
    metrics,
    { ...parts.looks, dependencies: () => asked.map(({ dependency }) => dependency.report()) },
    parts.nameOf,
  );
  const ready = readiness({
    needed: [record.dependency, ledger.dependency],
    platforms: platforms.map(({ dependency }) => dependency),
    surfaces: parts.surfaces,
    events: parts.events,
    keepsTransactions: parts.keepsTransactions,
  });
  let tidying: NodeJS.Timeout | undefined;

  async function tidy(): Promise<void> {
    await parts.tidy().catch((error: unknown) => log.warn({ err: error }, 'dead letters were not tidied'));
  }

  return {
    routes: [HEALTH, ready, metricsRoute(metrics.registry, log)],
    start: () => {
      probes.start();
      tidying = setInterval(tidy, TIDY_MS).unref();
    },
    stop: async () => {
      clearInterval(tidying);
      await probes.stop();
    },
  };
}
