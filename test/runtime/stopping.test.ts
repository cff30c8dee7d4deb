import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { endAll } from '../../src/runtime/stopping.ts';
import { capturedLog } from '../support/unit-slack.ts';

describe('the end of a process', () => {
  it('closes every door at once, and then takes away what stood behind them, the newest first', async () => {
    const ended: string[] = [];
    const slow = async (name: string) => {
      await sleep(10);
      ended.push(name);
    };
    const ending = {
      doors: [() => slow('server'), () => void ended.push('clock')],
      rest: [() => void ended.push('database'), () => slow('platform')],
    };

    await endAll(ending, 10_000, capturedLog().log);

    expect(ended).toEqual(['clock', 'server', 'platform', 'database']);
  });

  it('is not kept by a part that cannot be ended', async () => {
    const ended: string[] = [];
    const { log, lines } = capturedLog();
    const refuse = () => {
      throw new Error('no');
    };

    await endAll({ doors: [refuse], rest: [() => void ended.push('database'), refuse] }, 10_000, log);

    expect(ended).toEqual(['database']);
    expect(lines).toHaveLength(2);
  });

  it('waits no longer than it may, and says so', async () => {
    const { log, lines } = capturedLog();
    const never = () => new Promise<void>(() => undefined);

    await endAll({ doors: [never], rest: [] }, 20, log);

    expect(lines.join()).toContain('not everything was finished in time');
  });

  it('is done once, however often it is asked for', async () => {
    let times = 0;
    const ending = { doors: [() => void times++], rest: [] };

    await endAll(ending, 1_000, capturedLog().log);
    await endAll(ending, 1_000, capturedLog().log);

    expect(times).toBe(1);
  });
});
