import type { Communication, Task } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { provenanceQuery } from '../../src/record/provenance.ts';
import type { RecipientRule } from '../../src/record/recipients.ts';
import { SNOOZE_URL, snoozeOf } from '../../src/record/snooze.ts';
import { predecessorOf } from '../../src/record/successor.ts';
import { waitingSince } from '../../src/routing/priority.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import { VERBS } from '../../src/verbs/index.ts';
import { type Press, presses, tasks, threadsOf } from '../support/arbitraries.ts';
import { EVERYBODY, NOW, POOLS, TASK_ID } from '../support/pure-clinic.ts';
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
  /** Who keeps an earlier Task of the thread in sight. */
  readonly keepers: readonly string[];
  /** Somebody raised the alarm since the Task moved last. */
  readonly isEscalated: boolean;
}

/** Verbs that leave a Task where it is and with whom. */
const STAY: readonly string[] = ['escalate', 'snooze', 'keep', 'note'];

/**
 * Every press after the other, each on what the one before has left: where a new Task has taken its place, on that one.
 * A patch that a server would refuse throws.
 */
function play(
  story: {
    task: Task & { id: string };
    thread: (Communication & { id: string }) | undefined;
    presses: readonly Press[];
  },
  rule: RecipientRule = 'follow',
): Step[] {
  let { task, thread } = story;
  const keepers: string[] = [];
  let isEscalated = false;
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
    const left = outcome.task;
    if (outcome.decision.kind === 'accepted') {
      const { successor } = outcome;
      if (!STAY.includes(pressed.verb.name)) isEscalated = false;
      if (pressed.verb.name === 'escalate') isEscalated = true;
      if (successor && left.owner?.reference && rule === 'follow') keepers.push(left.owner.reference);
      task = stored(successor ? { ...successor, id: `${TASK_ID}-${i + 1}` } : left, `v${i + 1}`);
      thread = outcome.thread && stored(outcome.thread, `h${i + 1}`);
    }
    return { ...outcome, task: left, thread, pressed, before, keepers: [...keepers], isEscalated };
  });
}

describe('Whatever people press, in any order, on any Task', () => {
  it('the Task and its thread agree on who has it, as soon as one press that moves it was accepted', () => {
    fc.assert(
      fc.property(stories, fc.constantFrom<RecipientRule>('follow', 'replace'), (story, rule) => {
        const steps = play(story, rule);

        const first = steps.findIndex(
          ({ decision, pressed }) => decision.kind === 'accepted' && !STAY.includes(pressed.verb.name),
        );
        const since = first < 0 ? [] : steps.slice(first);
        const found = since.flatMap(({ task, successor, thread, keepers, isEscalated }) => [
          ...(successor ? disagreements(task, undefined, STAFF) : []),
          ...disagreements(
            successor ?? task,
            thread,
            withoutKeepers(keepers, successor ?? task),
            isEscalated,
          ),
        ]);
        expect(found).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('a Task keeps its patient, its focus, its notes and whoever else takes part in the thread', () => {
    fc.assert(
      fc.property(stories, (story) => {
        for (const { before, task, successor, thread } of play(story)) {
          for (const one of [task, ...(successor ? [successor] : [])])
            expect([one.for, one.focus, one.code, one.intent]).toEqual([
              before.task.for,
              before.task.focus,
              before.task.code,
              before.task.intent,
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

        for (const { provenance, pressed, before, successor } of accepted) {
          const asksWhy = pressed.verb.fields.some((field) => field.name === 'reason');
          expect(provenance).toMatchObject({
            agent: [
              { who: { reference: `Practitioner/${pressed.by.practitioner.id}` } },
              { who: { display: 'Switchboard' } },
            ],
            entity: [
              { what: { reference: `Task/${before.task.id}/_history/${before.task.meta?.versionId}` } },
            ],
          });
          expect(provenance?.target[0]).toEqual({ reference: `Task/${before.task.id}` });
          expect(provenance?.target).toHaveLength(successor ? 2 : 1);
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

  it('a Task whose place another one took is closed with a note, and the patient has waited as long as before', () => {
    fc.assert(
      fc.property(stories, (story) => {
        for (const { before, task, successor } of play(story)) {
          if (successor === undefined) continue;
          expect(task).toMatchObject({ status: 'cancelled', businessStatus: { text: 'rerouted' } });
          expect(task.owner).toEqual(before.task.owner);
          expect([task, successor].map(({ note }) => note?.at(-1)?.text)).toEqual([
            expect.stringMatching(/^Rerouted to .+ — see new Task/),
            expect.stringMatching(/^Rerouted from original Task — ./),
          ]);
          expect(predecessorOf(successor)).toBe(before.task.id);
          expect(waitingSince(successor)).toBe(waitingSince(before.task));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('reminders that somebody put off come again as soon as the Task is somebody else’s, or done', () => {
    fc.assert(
      fc.property(stories, (story) => {
        for (const { decision, pressed, before, task, successor } of play(story)) {
          if (decision.kind === 'refused') continue;
          const asks = ['snooze', 'keep'].includes(pressed.verb.name);
          const stays = STAY.includes(pressed.verb.name) && snoozeOf(before.task) !== undefined;
          expect(snoozeOf(task) !== undefined).toBe(asks || stays);
          expect(successor && snoozeOf(successor)).toBeUndefined();
          const theirs = (one: Task) => (one.extension ?? []).filter(({ url }) => url !== SNOOZE_URL);
          expect(theirs(task)).toEqual(theirs(before.task));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('only active people of the pool claim, and only owners accept, complete, release and put reminders off', () => {
    fc.assert(
      fc.property(stories, (story) => {
        for (const { decision, pressed, before } of play(story)) {
          if (decision.kind === 'refused') continue;
          expect(pressed.by.practitioner.active).not.toBe(false);
          const owner = before.task.owner?.reference;
          if (pressed.verb.name === 'claim') expect(owner).toBeUndefined();
          else if (!['reroute', 'escalate', 'note'].includes(pressed.verb.name))
            expect(owner).toBe(`Practitioner/${pressed.by.practitioner.id}`);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('the stories that are tried here are not only refusals', () => {
    const seen = new Set<string>();

    for (const story of fc.sample(stories, { numRuns: 300, seed: 1 })) {
      for (const { decision, pressed, successor } of play(story)) {
        seen.add(`${pressed.verb.name} ${decision.kind}`);
        if (successor) seen.add('reroute to a new Task');
      }
    }

    expect([...seen].sort()).toEqual(
      [
        ...VERBS.flatMap((verb) => [`${verb.name} accepted`, `${verb.name} refused`]),
        'reroute to a new Task',
      ].sort(),
    );
  });
});

/** The staff without those who keep an earlier Task in sight, unless they own this one too. */
function withoutKeepers(keepers: readonly string[], { owner }: Task): string[] {
  return STAFF.filter((one) => !keepers.includes(one) || one === owner?.reference);
}

function others(thread: Communication | undefined): (string | undefined)[] {
  return (thread?.recipient ?? []).map((one) => one.reference).filter((one) => !STAFF.includes(one ?? ''));
}
