import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  byUrgency,
  PRIORITIES,
  priorityLabel,
  priorityOf,
  waitingSince,
} from '../../src/routing/priority.ts';
import { tasks } from '../support/arbitraries.ts';
import { bareTask } from '../support/pure-clinic.ts';

describe('Priority', () => {
  it('rises from routine over urgent and asap to stat', () => {
    const shuffled = (['asap', 'routine', 'stat', 'urgent'] as const).map((priority) =>
      bareTask({ priority }),
    );

    const sorted = shuffled.sort(byUrgency).map((task) => task.priority);

    expect(sorted).toEqual(['stat', 'asap', 'urgent', 'routine']);
  });

  it('is routine where a Task has none', () => {
    expect(priorityOf(bareTask())).toBe('routine');
  });

  it('puts the longer wait first among equals', () => {
    const late = bareTask({ priority: 'urgent', authoredOn: '2026-03-02T09:00:00+02:00' });
    const early = bareTask({ priority: 'urgent', authoredOn: '2026-03-02T05:30:00Z' });

    expect([late, early].sort(byUrgency)).toEqual([early, late]);
  });

  it('orders any Tasks by priority, then by waiting', () => {
    fc.assert(
      fc.property(fc.array(tasks, { maxLength: 12 }), (list) => {
        const sorted = list.toSorted(byUrgency);

        sorted.slice(1).forEach((task, i) => {
          const before = sorted[i] ?? task;
          const [a, b] = [before, task].map((one) => PRIORITIES.indexOf(priorityOf(one)));
          expect(a).toBeGreaterThanOrEqual(b ?? 0);
          if (a === b) expect(waitingSince(before) <= waitingSince(task)).toBe(true);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('is written as people write it', () => {
    expect(PRIORITIES.map(priorityLabel)).toEqual(['Routine', 'Urgent', 'ASAP', 'STAT']);
  });
});

describe('The wait', () => {
  it.each([
    ['begins when the Task was written', { authoredOn: '2026-03-01T08:00:00Z' }, '2026-03-01T08:00:00.000Z'],
    [
      'begins with the day where only that is known',
      { authoredOn: '2026-03-01' },
      '2026-03-01T00:00:00.000Z',
    ],
    [
      'has a beginning even where the record’s makes no sense',
      { authoredOn: 'soon' },
      '1970-01-01T00:00:00.000Z',
    ],
  ])('%s', (_title, more, expected) => {
    expect(waitingSince(bareTask(more))).toBe(expected);
  });

  it('begins with the last change where nobody says when the Task was written', () => {
    const { authoredOn: _, ...task } = bareTask();

    expect(waitingSince(task)).toBe('2026-03-02T09:00:00.000Z');
  });
});
