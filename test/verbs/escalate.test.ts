import { describe, expect, it } from 'vitest';
import { ESCALATION_REASONS, findReason } from '../../src/routing/reasons.ts';
import { escalate } from '../../src/verbs/escalate.ts';
import { decide } from '../../src/verbs/index.ts';
import { ANA, BEN, claimedBy, ENDED, NO_ROLE, situationOf, taskIn } from '../support/pure-clinic.ts';
import { press, stored } from '../support/pure-record.ts';

const worse = findReason('symptoms-worse', ESCALATION_REASONS) ?? expect.fail();
const other = findReason('other', ESCALATION_REASONS) ?? expect.fail();

describe('Escalate', () => {
  it('raises the alarm, and leaves who has the Task, and its priority, as they are', () => {
    const decision = decide(escalate, { reason: worse, note: 'She faints.' }, situationOf(taskIn(), BEN));

    expect(decision).toEqual({
      kind: 'accepted',
      verb: 'escalate',
      guard: 'version',
      change: { businessStatus: 'escalated' },
      reason: worse,
      note: 'She faints.',
      sentence: 'Task a1b2c3 is escalated: Symptoms are getting worse.',
    });
  });

  it('is refused without a reason, and without a note where the reason says nothing', () => {
    const situation = situationOf(taskIn(), ANA);

    expect(decide(escalate, {}, situation)).toMatchObject({ sentence: 'Choose a reason.', field: 'reason' });
    expect(decide(escalate, { reason: other }, situation)).toMatchObject({ field: 'note' });
  });

  it.each([
    ['has no role', NO_ROLE],
    ['had a role that has ended', ENDED],
  ])('is refused to somebody who %s', (_title, actor) => {
    expect(decide(escalate, { reason: worse }, situationOf(taskIn(), actor)).sentence).toMatch(
      /^You have no active role in the record, so you cannot escalate Tasks/,
    );
  });

  it('may be done again, and makes a version of its own each time, so that each has its Provenance', () => {
    const first = press(escalate, { reason: worse }, situationOf(claimedBy(ANA), ANA));
    const before = stored(first.task, 'v2');

    const again = press(escalate, { reason: worse }, situationOf(before, ANA));

    expect(first.task.note).toBeUndefined();
    expect(again.task).not.toEqual(before);
    expect(again.task.note?.map(({ text }) => text)).toEqual([
      'Escalated again: Symptoms are getting worse.',
    ]);
    const spoken = press(escalate, { reason: worse, note: 'Third call.' }, situationOf(before, ANA));
    expect(spoken.task.note?.map(({ text }) => text)).toEqual(['Third call.']);
  });
});
