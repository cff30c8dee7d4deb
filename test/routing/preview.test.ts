import { describe, expect, it } from 'vitest';
import { type Destination, type Prospect, previewSentences } from '../../src/routing/preview.ts';

const HOUR = 3_600_000;

const pool = (more: Partial<Extract<Destination, { kind: 'pool' }>> = {}): Destination => ({
  kind: 'pool',
  people: 3,
  waiting: 0,
  oldestMs: undefined,
  ...more,
});

const person = (more: Partial<Extract<Destination, { kind: 'person' }>> = {}): Destination => ({
  kind: 'person',
  name: 'Ben Carter',
  roles: ['Cardiologist'],
  away: undefined,
  openTasks: 0,
  ...more,
});

const preview = (more: Partial<Prospect> = {}) =>
  previewSentences({ to: pool(), sight: 'not theirs', back: undefined, reroutes: 0, ...more });

describe('The preview of a reroute', () => {
  it.each<[string, Destination, string[]]>([
    ['an empty pool', pool(), ['3 people can claim there now.', 'Nothing waits there.']],
    ['a pool of one', pool({ people: 1 }), ['One person can claim there now.', 'Nothing waits there.']],
    ['a pool of nobody', pool({ people: 0 }), ['⚠️ Nobody can claim there now.', 'Nothing waits there.']],
    [
      'a pool in which one waits',
      pool({ waiting: 1, oldestMs: 2 * HOUR }),
      ['3 people can claim there now.', 'One Task waits there, for 2 h.'],
    ],
    [
      'a busy pool',
      pool({ people: 1_200, waiting: 1_500, oldestMs: 26.5 * HOUR }),
      ['1,200 people can claim there now.', '1,500 Tasks wait there; the oldest has waited 1 d 2 h.'],
    ],
    ['a person', person(), ['Ben Carter: Cardiologist, with no open Tasks.']],
    [
      'a busy person',
      person({ roles: ['Cardiologist', 'Registered nurse'], openTasks: 4 }),
      ['Ben Carter: Cardiologist, Registered nurse, with 4 open Tasks.'],
    ],
    [
      'a person who is away',
      person({ away: 'Ben Carter is away until 2026-12-27', openTasks: 1 }),
      ['⚠️ Ben Carter is away until 2026-12-27.', 'Ben Carter: Cardiologist, with one open Task.'],
    ],
  ])('says how it is there: %s', (_what, to, sentences) => {
    expect(preview({ to })).toEqual(sentences);
  });

  it('says who will see what', () => {
    expect(preview({ sight: 'lost' }).at(-1)).toBe('You will no longer see this.');
    expect(preview({ sight: 'kept' }).at(-1)).toBe(
      'It goes on as a new Task, and you keep this one in sight, closed.',
    );
  });

  it('warns first where it only goes back', () => {
    const back = { by: 'Ana Silva', reason: 'Wrong pool' };

    expect(preview({ back })[0]).toBe('⚠️ It came from there; it was rerouted away by Ana Silva: Wrong pool.');
    expect(preview({ back: { by: undefined, reason: undefined } })[0]).toBe(
      '⚠️ It came from there; it was rerouted away.',
    );
  });

  it.each([
    [0, undefined],
    [1, undefined],
    [2, 'third'],
    [3, 'fourth'],
    [9, 'tenth'],
    [10, '11th'],
    [12, '13th'],
    [20, '21st'],
    [21, '22nd'],
    [22, '23rd'],
    [111, '112th'],
  ])('warns from the third reroute on: after %i', (reroutes, ordinal) => {
    const warnings = preview({ reroutes }).filter((one) => one.startsWith('This would be its'));

    expect(warnings).toEqual(ordinal ? [`This would be its ${ordinal} reroute.`] : []);
  });
});
