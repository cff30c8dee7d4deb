import { mean } from './statistics.ts';

/** What waits inside a Switchboard. */
interface Waiting {
  /** Jobs that wait or run. */
  readonly jobs: number;
  /** Cards that wait for their turn. */
  readonly cards: number;
  /** Seconds that the slowest surface is behind. */
  readonly lagS: number;
}

/** How much has waited over the time. */
export interface QueueWatch {
  readonly samples: readonly Waiting[];
  /** The means of the second and of the last third. */
  thirds(what: keyof Waiting): string;
  stop(): void;
}

const EVERY_MS = 5_000;

/** Asks `/metrics` every five seconds. */
export function watchQueues(url: string): QueueWatch {
  const samples: Waiting[] = [];
  const look = async () => {
    const text = await (await fetch(`${url}/metrics`)).text();
    const waiting = valuesOf(text, 'switchboard_surface_waiting');
    const lags = valuesOf(text, 'switchboard_surface_lag_seconds');
    samples.push({
      jobs: sum(valuesOf(text, 'switchboard_jobs')),
      cards: sum(waiting),
      lagS: Math.round(Math.max(0, ...lags)),
    });
  };
  const timer = setInterval(() => void look().catch(() => undefined), EVERY_MS);
  return {
    samples,
    thirds: (what) => {
      const third = Math.floor(samples.length / 3);
      const of = (part: readonly Waiting[]) => mean(part.map((one) => one[what])).toFixed(1);
      return `${of(samples.slice(third, 2 * third))}, then ${of(samples.slice(2 * third))}`;
    },
    stop: () => clearInterval(timer),
  };
}

function valuesOf(text: string, name: string): number[] {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return lines.map((line) => Number(line.split(' ').at(-1)));
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0);
}
