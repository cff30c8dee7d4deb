import { Gauge } from 'prom-client';
import type { DependencyReport, DependencyState } from '../dependencies.ts';
import type { Metrics } from './metrics.ts';

/** How far a surface is behind. */
export interface SurfaceLag {
  /** See `surfaceKey`. */
  readonly surface: string;
  readonly waiting: number;
  readonly oldestMs: number;
}

/** What is only looked up when somebody asks for the metrics. One that fails is left out. */
export interface Looks {
  readonly dependencies: () => readonly DependencyReport[];
  readonly jobs: () => Promise<
    readonly { readonly queue: string; readonly state: string; readonly jobs: number }[]
  >;
  readonly deadLetters: () => Promise<readonly { readonly queue: string }[]>;
  readonly lags?: () => Promise<readonly SurfaceLag[]>;
}

/** Which surfaces have a name in the metrics: the configured channels. People's direct messages are counted together. */
export type NamedSurface = (surface: string) => string;

const STATES: readonly DependencyState[] = ['unknown', 'well', 'throttled', 'unreachable', 'refused'];

/** Registers what is looked up. Everything is looked up at each scrape, and costs a handful of queries. */
export function addGauges({ registry }: Metrics, looks: Looks, nameOf: NamedSurface): void {
  const registers = [registry];

  new Gauge({
    name: 'switchboard_dependency_up',
    help: '1 for the state in which each dependency is, 0 for the others.',
    labelNames: ['dependency', 'state'],
    registers,
    collect() {
      for (const { name, state } of looks.dependencies())
        for (const one of STATES) this.set({ dependency: name, state: one }, one === state ? 1 : 0);
    },
  });

  new Gauge({
    name: 'switchboard_jobs',
    help: 'Jobs by queue and state; what is done is not counted.',
    labelNames: ['queue', 'state'],
    registers,
    async collect() {
      const counts = await orNothing(looks.jobs);
      this.reset();
      for (const { queue, state, jobs } of counts) this.set({ queue, state }, jobs);
    },
  });

  new Gauge({
    name: 'switchboard_dead_letters',
    help: 'Jobs, and changes half written, that were given up.',
    labelNames: ['queue'],
    registers,
    async collect() {
      const letters = await orNothing(looks.deadLetters);
      this.reset();
      for (const { queue } of letters) this.inc({ queue });
    },
  });

  const { lags } = looks;
  if (lags === undefined) return;
  const waiting = new Gauge({
    name: 'switchboard_surface_waiting',
    help: 'How much waits to be said on a surface.',
    labelNames: ['surface'],
    registers,
  });
  new Gauge({
    name: 'switchboard_surface_lag_seconds',
    help: 'How long the first of what waits on a surface has been waiting.',
    labelNames: ['surface'],
    registers,
    async collect() {
      const found = await orNothing(lags);
      this.reset();
      waiting.reset();
      for (const [surface, some] of Map.groupBy(found, (lag) => nameOf(lag.surface))) {
        waiting.set(
          { surface },
          some.reduce((sum, lag) => sum + lag.waiting, 0),
        );
        this.set({ surface }, Math.max(...some.map(({ oldestMs }) => oldestMs)) / 1000);
      }
    },
  });
}

/** What cannot be looked up has no figure: one that is out of date would look like one. */
async function orNothing<T>(look: () => Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await look();
  } catch {
    return [];
  }
}
