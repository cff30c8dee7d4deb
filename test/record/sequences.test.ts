import type { Communication, Task } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { provenanceQuery } from '../../src/record/provenance.ts';
import type { RecipientRule } from '../../src/record/recipients.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import { type Press, presses, tasks, threadsOf } from '../support/arbitraries.ts';
import { EVERYBODY, NOW, POOLS } from '../support/pure-clinic.ts';
import { disagreements, type Outcome, press, stored } from '../support/pure-record.ts';
import { isSentence } from '../support/pure-sentences.ts';

const STAFF = EVERYBODY.map((member) => `Practitioner/${member.practitioner.id}`);

/** A Task with its thread, and what happens to them. */
const stories = tasks.chain((task) =>
  fc.record({
    task: fc.constant(task),
    thread: threadsOf(task),
    presses: fc.array(presses, { minLength: 1, maxLength: 12 }),
  }),
);

interface Step extends Outcome {
  readonly pressed: Press;
  readonly before: { readonly task: Task; readonly thread: Communication | undefined };
}

/** Every press after the other, each on what the one before has left. A patch that a server would refuse throws. */
function play(
  story: {
    task: Task & { id: string };
    thread: (Communication & { id: string }) | undefined;
    presses: readonly Press[];
  },
  rule: RecipientRule = 'follow',
): Step[] {
  let { task, thread } = story;
  return story.presses.map((pressed, i) => {
    const before = structuredClone({ task, thread });
    const origin = task.performerType
      ? {}
      : { origin: POOLS.slice(0, 1).map((pool) => ({ coding: [pool.performerType] })) };
    const outcome = press(
      pressed.verb,
      pressed.inputs,
      {
        task,
        thread,
        provenances: [],
        actor: pressed.by,
        pools: POOLS,
        rules: DEFAULT_TASK_RULES,
        now: new Date(NOW.getTime() + i * 1_000),
        ...origin,
      },
      rule,
    );
    if (outcome.decision.kind === 'accepted') {
      task = stored(outcome.task, `v${i + 1}`);
      thread = outcome.thread && stored(outcome.thread, `h${i + 1}`);
    }
    return { ...outcome, task, thread, pressed, before };
  });
}

describe('Whatever people press, in any order, on any Task', () => {
  it('the Task and its thread agree on who has it, as soon as one press was accepted', () => {
    fc.assert(
      fc.property(stories, fc.constantFrom<RecipientRule>('follow', 'replace'), (story, rule) => {
        const steps = play(story, rule);

        const first = steps.findIndex((step) => step.decision.kind === 'accepted');
        const since = first < 0 ? [] : steps.slice(first);
        expect(since.flatMap(({ task, thread }) => disagreements(task, thread, STAFF))).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('a Task keeps its patient, its focus, its notes and whoever else takes part in the thread', () => {
    fc.assert(
      fc.property(stories, (story) => {
        for (const { before, task, thread } of play(story)) {
          expect([task.for, task.focus, task.code]).toEqual([
            before.task.for,
            before.task.focus,
            before.task.code,
          ]);
          expect(task.note?.slice(0, before.task.note?.length ?? 0) ?? []).toEqual(before.task.note ?? []);
          expect(others(thread)).toEqual(others(before.thread));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('an accepted press leaves exactly one Provenance that says who, what, when, which version, and why', () => {
    fc.assert(
      fc.property(stories, (story) => {
        const accepted = play(story).filter((step) => step.decision.kind === 'accepted');

        for (const { provenance, pressed, before } of accepted) {
          const asksWhy = pressed.verb.fields.some((field) => field.name === 'reason');
          expect(provenance).toMatchObject({
            target: [{ reference: `Task/${before.task.id}` }],
            agent: [
              { who: { reference: `Practitioner/${pressed.by.practitioner.id}` } },
              { who: { display: 'Switchboard' } },
            ],
            entity: [
              { what: { reference: `Task/${before.task.id}/_history/${before.task.meta?.versionId}` } },
            ],
          });
          expect(provenance?.activity?.coding?.map((coding) => coding.code)).toEqual([
            'UPDATE',
            pressed.verb.name,
          ]);
          expect(provenance?.reason?.[0]?.coding?.[0]?.code).toBe(
            asksWhy ? pressed.inputs.reason?.code : undefined,
          );
        }
        const queries = accepted.flatMap(({ provenance }) =>
          provenance ? [provenanceQuery(provenance)] : [],
        );
        expect(new Set(queries).size).toBe(accepted.length);
      }),
      { numRuns: 200 },
    );
  });

  it('a refused press changes nothing, and a sentence says why', () => {
    fc.assert(
      fc.property(stories, (story) => {
        for (const step of play(story)) {
          expect(step.decision.sentence).toSatisfy(isSentence);
          if (step.decision.kind === 'accepted') continue;
          expect({ task: step.task, thread: step.thread }).toEqual(step.before);
          expect(step.provenance).toBeUndefined();
        }
      }),
      { numRuns: 200 },
    );
  });

  it('only active people of the pool claim, and only owners accept, complete and release', () => {
    fc.assert(
      fc.property(stories, (story) => {
        for (const { decision, pressed, before } of play(story)) {
          if (decision.kind === 'refused') continue;
          expect(pressed.by.practitioner.active).not.toBe(false);
          const owner = before.task.owner?.reference;
          if (pressed.verb.name === 'claim') expect(owner).toBeUndefined();
          else if (pressed.verb.name !== 'reroute')
            expect(owner).toBe(`Practitioner/${pressed.by.practitioner.id}`);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('the stories that are tried here are not only refusals', () => {
    const seen = new Set<string>();

    for (const story of fc.sample(stories, { numRuns: 300, seed: 1 })) {
      for (const { decision, pressed } of play(story)) seen.add(`${pressed.verb.name} ${decision.kind}`);
    }

    expect([...seen].sort()).toEqual(
      ['accept', 'claim', 'complete', 'release', 'reroute'].flatMap((verb) => [
        `${verb} accepted`,
        `${verb} refused`,
      ]),
    );
  });
});

function others(thread: Communication | undefined): (string | undefined)[] {
  return (thread?.recipient ?? []).map((one) => one.reference).filter((one) => !STAFF.includes(one ?? ''));
}
