import { readFileSync } from 'node:fs';

/** How much memory a process has held, as seen from outside. */
export interface MemoryWatch {
  /** Resident megabytes, one sample a second, oldest first. */
  readonly samples: readonly number[];
  stop(): void;
}

/** Looks at a process's resident memory every second. Linux only: it is read from /proc. */
export function watchMemory(pid: number): MemoryWatch {
  const samples: number[] = [];
  const timer = setInterval(() => samples.push(residentMb(pid)), 1_000);
  return { samples, stop: () => clearInterval(timer) };
}

function residentMb(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}
