import { beforeEach, describe, expect, it } from 'vitest';
import { ChatError } from '../../src/runtime/ports/chat.ts';
import { createSurfaceStates, type SurfaceStates } from '../../src/runtime/surface-states.ts';
import { capturedLog } from '../support/unit-slack.ts';

const NURSES = { platform: 'test', kind: 'channel', id: 'nurses' } as const;

describe('a surface that sent us away', () => {
  let now: number;
  let states: SurfaceStates;
  let lines: () => readonly string[];

  beforeEach(() => {
    now = Date.parse('2026-11-23T08:00:00Z');
    const captured = capturedLog();
    lines = () => captured.lines;
    states = createSurfaceStates(() => now, captured.log);
  });

  it('is named with the reason and the time, and said once in the log', () => {
    const error = new ChatError('forbidden', 'posting', { cause: new Error('BotNotInConversationRoster') });

    states.failed(NURSES, error);
    now += 5_000;
    states.failed(NURSES, error);

    expect(states.lost()).toEqual([
      {
        surface: 'test:channel:nurses',
        since: '2026-11-23T08:00:00.000Z',
        why: 'BotNotInConversationRoster',
      },
    ]);
    expect(lines()).toHaveLength(1);
  });

  it('is asked again after five seconds, then each time after twice as long, at most five minutes', () => {
    const error = new ChatError('forbidden', 'posting');

    const waits = Array.from({ length: 9 }, () => {
      const wait = states.failed(NURSES, error) ?? 0;
      now += wait - 1;
      expect(() => states.check(NURSES)).toThrow(ChatError);
      now += 1;
      expect(() => states.check(NURSES)).not.toThrow();
      return wait / 1000;
    });

    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
  });

  it('is well again as soon as something works there', () => {
    states.failed(NURSES, new ChatError('gone', 'posting'));

    states.worked(NURSES);

    expect(states.lost()).toEqual([]);
    expect(() => states.check(NURSES)).not.toThrow();
  });

  it('is not lost when it only asks for patience: that is the line’s affair', () => {
    const wait = states.failed(NURSES, new ChatError('rate-limited', 'posting', { retryAfterMs: 3_000 }));

    expect(wait).toBeUndefined();
    expect(states.lost()).toEqual([]);
    expect(() => states.check(NURSES)).not.toThrow();
  });

  it('is not lost because of one message that could not be drawn', () => {
    states.failed(NURSES, new ChatError('invalid', 'posting'));

    expect(() => states.check(NURSES)).not.toThrow();
  });
});
