import type { Task } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wasApplied } from '../../src/record/applied.ts';
import { taskPatch } from '../../src/record/patch.ts';
import { claim } from '../../src/verbs/claim.ts';
import { decide } from '../../src/verbs/index.ts';
import { release } from '../../src/verbs/release.ts';
import type { Accepted } from '../../src/verbs/verb.ts';
import { type Press, presses, tasks } from '../support/arbitraries.ts';
import { ANA, CHIDI, NOW, refTo, situationOf, taskIn } from '../support/pure-clinic.ts';
import { endOfShift } from '../support/pure-reasons.ts';
import { applied, press, stored } from '../support/pure-record.ts';

type StoredTask = Task & { id: string };

/** The versions that a Task has after these presses, newest first. */
function historyOf(task: StoredTask, list: readonly Press[], from = 0): StoredTask[] {
  const versions = [task];
  let current = task;
  list.forEach(({ verb, inputs, by }, i) => {
    const now = new Date(NOW.getTime() + (from + i) * 1_000);
    const outcome = press(verb, inputs, situationOf(current, by, { now }));
    if (outcome.decision.kind === 'refused') return;
    current = stored(outcome.task, `${current.meta?.versionId}.${from + i}`);
    versions.unshift(current);
  });
  return versions;
}

/** Nothing in what it writes tells who does it. */
const raising: Accepted = {
  kind: 'accepted',
  verb: 'escalate',
  guard: 'version',
  change: { businessStatus: 'escalated' },
  sentence: 'Done.',
};

const list = fc.array(presses, { maxLength: 6 });

/** After the presses before it, and before those after it. */
const LATER = new Date(NOW.getTime() + 40_000);

describe('A change whose answer was lost', () => {
  it('is found in the history, wherever it stands there', () => {
    fc.assert(
      fc.property(tasks, list, presses, list, (task, before, mine, after) => {
        const earlier = historyOf(task, before);
        const [current = task] = earlier;
        const {
          decision,
          patch,
          task: changed,
        } = press(mine.verb, mine.inputs, situationOf(current, mine.by, { now: LATER }));
        fc.pre(decision.kind === 'accepted');
        const later = historyOf(stored(changed, 'mine'), after, 50);

        expect(wasApplied(patch, [...later, ...earlier])).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('is not taken for the very same change of somebody else, where the history says whose it was', () => {
    const before = taskIn();
    const patch = taskPatch(before, raising, refTo(ANA), NOW);
    const meta = { versionId: 'v2', onBehalfOf: refTo(CHIDI) };
    const versions = [{ ...applied(before, patch), meta }, before];

    expect(wasApplied(patch, versions, refTo(ANA).reference)).toBe(false);
    expect(wasApplied(patch, versions)).toBe(false);
    expect(wasApplied(patch, versions, refTo(CHIDI).reference)).toBe(true);
  });

  it('is not found where others have changed the Task instead', () => {
    fc.assert(
      fc.property(tasks, presses, list, (task, mine, others) => {
        const { decision, patch } = press(mine.verb, mine.inputs, situationOf(task, mine.by));
        fc.pre(decision.kind === 'accepted');
        // Two people who send a Task to one pool do the same, unless they write a note.
        fc.pre(mine.verb.fields.length === 0 || mine.inputs.note !== undefined);
        const theirs = others.filter((other) => other.by !== mine.by);

        expect(wasApplied(patch, historyOf(task, theirs))).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('is not found where nothing has happened', () => {
    const task = taskIn();
    const { patch } = press(claim, {}, situationOf(task, ANA));

    expect(wasApplied(patch, [])).toBe(false);
    expect(wasApplied(patch, [task])).toBe(false);
  });

  it('is not mistaken for an earlier change that looks the same now', () => {
    const waiting = taskIn();
    const first = press(claim, {}, situationOf(waiting, CHIDI));
    const hers = stored(applied(waiting, first.patch), 'v2');
    const back = stored(press(release, { reason: endOfShift }, situationOf(hers, CHIDI)).task, 'v3');
    const mine = press(claim, {}, situationOf(back, ANA));

    expect(wasApplied(mine.patch, [back, hers, waiting])).toBe(false);
    expect(wasApplied(mine.patch, [stored(mine.task, 'v4'), back, hers, waiting])).toBe(true);
  });

  it('is found by its note among the notes of others', () => {
    const task = taskIn(undefined, { owner: refTo(ANA), status: 'accepted', note: [{ text: 'Seen' }] });
    const decision = decide(release, { reason: endOfShift, note: 'Back on Monday' }, situationOf(task, ANA));
    const patch = taskPatch(task, decision.kind === 'accepted' ? decision : noDecision(), refTo(ANA), NOW);
    const same = taskPatch(task, decision.kind === 'accepted' ? decision : noDecision(), refTo(CHIDI), NOW);

    const versions = [stored(applied(task, patch), 'v2'), task];

    expect(wasApplied(patch, versions)).toBe(true);
    expect(wasApplied(same, versions)).toBe(false);
  });
});

function noDecision(): Accepted {
  return expect.fail('it was refused');
}
