import type { Task } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { taskCard } from '../../src/cards/task-card.ts';
import { findQuery } from '../../src/queries/index.ts';
import { performerTypeOf, poolsOf } from '../../src/routing/pools.ts';
import { complete } from '../../src/verbs/complete.ts';
import { decide, findVerb, VERBS } from '../../src/verbs/index.ts';
import type { Inputs, Situation, Target } from '../../src/verbs/verb.ts';
import { tasks } from '../support/arbitraries.ts';
import { drawingOf } from '../support/pure-cards.ts';
import {
  ANA,
  EVERYBODY,
  NURSES,
  POOLS,
  STANDING_TASKS,
  STANDINGS,
  situationOf,
} from '../support/pure-clinic.ts';
import { wrongPool } from '../support/pure-reasons.ts';

const EVERY_TARGET: readonly Target[] = [
  ...POOLS.map((pool): Target => ({ kind: 'pool', pool })),
  ...EVERYBODY.map((member): Target => ({ kind: 'person', member })),
];

/** What a card of the Task offers, as buttons or in its menu. */
function offers(task: Task & { id: string }): string[] {
  const card = taskCard(drawingOf({ task }), 'none');
  return [...card.buttons, ...card.menu]
    .map((button) => button.verb)
    .filter((name) => findQuery(name) === undefined);
}

/** Whether anybody can press it, with some way to fill in its dialog, and get a yes. */
function somebodyMay(name: string, task: Task & { id: string }): boolean {
  const verb = findVerb(name) ?? expect.fail(`the card offers ${name}, which is no verb`);
  const asksWhere = verb.fields.some((field) => field.name === 'target');
  const filled: readonly Inputs[] = asksWhere
    ? EVERY_TARGET.map((target) => ({ target, reason: wrongPool }))
    : [{ reason: wrongPool, until: { kind: 'reply' }, note: 'New symptoms' }];
  // What the history of the Task gives where it has lost its performerType.
  const origin: Partial<Situation> = { origin: performerTypeOf(NURSES) };
  return EVERYBODY.some((actor) =>
    filled.some((inputs) => decide(verb, inputs, situationOf(task, actor, origin)).kind === 'accepted'),
  );
}

describe('A card', () => {
  it.each(STANDINGS)(
    'of %s work offers what the right person may do, and nothing that nobody may',
    (standing) => {
      const task = STANDING_TASKS[standing];

      const offered = offers(task);

      // Whoever is still on it says so to a reminder.
      const possible = VERBS.map((verb) => verb.name).filter(
        (name) => name !== 'keep' && somebodyMay(name, task),
      );
      expect(offered.toSorted()).toEqual(possible.toSorted());
    },
  );

  it.each([
    ['unclaimed', ['claim', 'reroute', 'escalate', 'note']],
    ['assigned', ['accept', 'reroute', 'release', 'escalate', 'note']],
    ['claimed', ['complete', 'reroute', 'release', 'escalate', 'snooze', 'note']],
    ['paused', ['reroute', 'note']],
    ['closed', []],
    ['ignored', []],
  ] as const)('of %s work has its buttons in one order: %j', (standing, expected) => {
    expect(offers(STANDING_TASKS[standing])).toEqual(expected);
  });

  it('never has a button that would be refused to everybody', () => {
    const real = tasks.filter((task) => {
      const owner = EVERYBODY.find((one) => task.owner?.reference === `Practitioner/${one.practitioner.id}`);
      // A card appears where a pool is, or for an owner; an owner who is not active can press nothing.
      return owner ? owner.practitioner.active !== false : poolsOf(task, POOLS).length > 0;
    });

    fc.assert(
      fc.property(real, (task) => {
        const dead = offers(task).filter((name) => !somebodyMay(name, task));

        expect(dead).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('opens a dialog for the verbs that need to be told something, and only for them', () => {
    for (const standing of STANDINGS) {
      const { buttons, menu } = taskCard(drawingOf({ task: STANDING_TASKS[standing] }), 'none');
      for (const { verb, asks } of [...buttons, ...menu])
        expect(asks).toBe(findVerb(verb)?.fields.some(({ required }) => required) ?? false);
    }
  });

  it.each(STANDINGS)('of %s work has its history in the menu, below what can be done', (standing) => {
    const { menu } = taskCard(drawingOf({ task: STANDING_TASKS[standing] }), 'none');

    expect(menu.at(-1)).toEqual({
      verb: 'history',
      label: 'History',
      taskId: STANDING_TASKS[standing].id,
      asks: false,
    });
  });

  it('asks for nothing again: what cannot be taken back is completing, and that asks why where nobody has answered', () => {
    const { buttons, menu } = taskCard(drawingOf({ task: STANDING_TASKS.claimed }), 'none');

    expect([...buttons, ...menu].filter(({ confirm }) => confirm !== undefined)).toEqual([]);
    expect(decide(complete, {}, situationOf(STANDING_TASKS.claimed, ANA)).kind).toBe('refused');
  });
});
