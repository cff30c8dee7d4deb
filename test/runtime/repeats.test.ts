import { describe, expect, it, vi } from 'vitest';
import { createRepeats } from '../../src/runtime/repeats.ts';
import { MapMemory } from '../support/contract-app.ts';
import { capturedLog } from '../support/unit-slack.ts';

const FOR_MS = 60_000;

function process(memory: Pick<MapMemory, 'once'> = new MapMemory()) {
  const { log, lines } = capturedLog();
  return { repeats: createRepeats<string>({ memory, forMs: FOR_MS, log }), lines };
}

describe('a press', () => {
  it('is worked on once in a process, and each delivery has what came of it', async () => {
    const { repeats } = process();
    const work = vi.fn(async () => 'done');

    const both = await Promise.all([repeats.once('a', work), repeats.once('a', work)]);
    const later = await repeats.once('a', work);

    expect(both).toEqual([
      { kind: 'first', result: 'done' },
      { kind: 'again', result: 'done' },
    ]);
    expect(later).toEqual({ kind: 'again', result: 'done' });
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('is worked on by one of several processes, however they hear of it', async () => {
    const memory = new MapMemory();
    const processes = Array.from({ length: 5 }, () => process(memory).repeats);
    const work = vi.fn(async () => 'done');

    const delivered = await Promise.all(processes.map((repeats) => repeats.once('a', work)));

    expect(delivered.map(({ kind }) => kind).toSorted()).toEqual([...Array(4).fill('elsewhere'), 'first']);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('is not worked on again after a restart', async () => {
    const memory = new MapMemory();
    await process(memory).repeats.once('a', async () => 'done');

    expect(await process(memory).repeats.once('a', async () => 'again')).toEqual({ kind: 'elsewhere' });
  });

  it('may be tried again where it failed, in the process that has it', async () => {
    const memory = new MapMemory();
    const { repeats } = process(memory);
    const failing = repeats.once('a', () => Promise.reject(new Error('the record is away')));

    await expect(failing).rejects.toThrow('the record is away');

    expect(await repeats.once('a', async () => 'done')).toEqual({ kind: 'first', result: 'done' });
    expect(await process(memory).repeats.once('a', async () => 'again')).toEqual({ kind: 'elsewhere' });
  });

  it.each([
    ['fails', () => Promise.reject(new Error('the ledger is away'))],
    ['does not answer', () => new Promise<boolean>(() => {})],
  ])('goes on as the first where the ledger %s', async (_what, once) => {
    const { repeats, lines } = process({ once });

    expect(await repeats.once('a', async () => 'done')).toEqual({ kind: 'first', result: 'done' });

    expect(lines.join('')).toContain('it is taken for the first');
  });

  it('that nothing names is taken for the first each time', async () => {
    const { repeats } = process();

    const kinds = [
      await repeats.once(undefined, async () => 'a'),
      await repeats.once(undefined, async () => 'b'),
    ];

    expect(kinds.map(({ kind }) => kind)).toEqual(['first', 'first']);
  });

  it('is forgotten here when many have come since, but not in the ledger', async () => {
    const { repeats } = process();
    const work = vi.fn(async () => 'done');
    await repeats.once('a', work);
    for (let i = 0; i < 1_001; i++) await repeats.once(`b${i}`, async () => 'done');

    expect(await repeats.once('a', work)).toEqual({ kind: 'elsewhere' });
    expect(work).toHaveBeenCalledTimes(1);
  });
});
