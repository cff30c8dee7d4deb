import { describe, expect, it } from 'vitest';
import { createWakes } from '../../src/runtime/wakes.ts';
import { NOW } from '../support/pure-clinic.ts';
import { MemoryLedger } from '../support/unit-ledger.ts';

const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);

describe('When the time of Tasks has come', () => {
  it('they are marked, the longest ago first, and once', async () => {
    const { ledger, marked, wake } = bedside();
    await ledger.wakeAt('second', later(-1));
    await ledger.wakeAt('first', later(-5));
    await ledger.wakeAt('not yet', later(1));

    await wake(NOW);
    await wake(NOW);

    expect(marked).toEqual(['first', 'second']);
    expect([...ledger.wakes.keys()]).toEqual(['not yet']);
  });

  it('all of them are marked, however many there are', async () => {
    const { ledger, marked, wake } = bedside();
    for (let i = 0; i < 1_201; i++) await ledger.wakeAt(`t${i}`, later(-1));

    await wake(NOW);

    expect(new Set(marked).size).toBe(1_201);
  });

  it('a later time that was set meanwhile stays', async () => {
    const { ledger, wake } = bedside(async (id) => ledger.wakeAt(id, later(30)));
    await ledger.wakeAt('t1', later(-1));

    await wake(NOW);

    expect(ledger.wakes.get('t1')).toEqual(later(30));
  });

  it('one that could not be marked is not forgotten', async () => {
    const { ledger, wake } = bedside(async () => {
      throw new Error('The queue is away.');
    });
    await ledger.wakeAt('t1', later(-1));

    await expect(wake(NOW)).rejects.toThrow('away');

    expect([...ledger.wakes.keys()]).toEqual(['t1']);
  });
});

function bedside(onMark: (id: string) => Promise<void> = async () => {}) {
  const ledger = new MemoryLedger();
  const marked: string[] = [];
  const mark = async (id: string) => {
    marked.push(id);
    await onMark(id);
  };
  return { ledger, marked, wake: createWakes({ ledger, jobs: { mark } }) };
}
