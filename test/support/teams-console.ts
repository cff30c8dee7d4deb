import { afterEach, beforeEach, expect, vi } from 'vitest';

/** For a file: whatever comes, nothing is written to the console; what has something to say has a log. */
export function silentConsole(): void {
  const lines: string[] = [];

  beforeEach(() => {
    for (const level of ['error', 'warn', 'log', 'info'] as const)
      vi.spyOn(console, level).mockImplementation((...words: unknown[]) => {
        lines.push(words.map(String).join(' '));
      });
  });

  afterEach(() => {
    vi.restoreAllMocks();
    expect(lines.splice(0)).toEqual([]);
  });
}
