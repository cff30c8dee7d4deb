import type { Communication } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { COMPLETION_REASONS, findReason } from '../../src/routing/reasons.ts';
import { complete } from '../../src/verbs/complete.ts';
import { decide } from '../../src/verbs/index.ts';
import { ANA, claimedBy, header, situationOf } from '../support/pure-clinic.ts';

const thread = header([]);
const answer: Communication & { id: string } = {
  resourceType: 'Communication',
  id: 'answer-1',
  status: 'in-progress',
};
const byPhone = findReason('answered-by-phone', COMPLETION_REASONS) ?? expect.fail();
const other = findReason('other', COMPLETION_REASONS) ?? expect.fail();

describe('Complete', () => {
  it('closes a Task with the answer that the patient has, and asks for nothing', () => {
    const decision = decide(complete, {}, situationOf(claimedBy(ANA), ANA, { thread, answer }));

    expect(decision).toEqual({
      kind: 'accepted',
      verb: 'complete',
      guard: 'version',
      change: {
        status: 'completed',
        businessStatus: 'completed',
        output: { reference: 'Communication/answer-1' },
      },
      sentence: 'Task a1b2c3 is completed with the newest answer in its thread.',
    });
  });

  it.each([
    [
      'nobody has answered',
      thread,
      'Nobody has answered in the thread yet. Say why it is done without an answer.',
    ],
    [
      'there is no thread',
      undefined,
      'This Task has no thread in which an answer could be. Say why it is done without an answer.',
    ],
  ])('asks why where %s', (_title, where, sentence) => {
    const decision = decide(complete, {}, situationOf(claimedBy(ANA), ANA, { thread: where }));

    expect(decision).toEqual({ kind: 'refused', sentence, field: 'reason' });
  });

  it('closes a Task without an answer for a reason', () => {
    const inputs = { reason: byPhone, note: 'Spoke to her daughter' };

    const decision = decide(complete, inputs, situationOf(claimedBy(ANA), ANA, { thread }));

    expect(decision).toMatchObject({
      kind: 'accepted',
      change: { status: 'completed', businessStatus: 'completed' },
      reason: byPhone,
      note: 'Spoke to her daughter',
      sentence: 'Task a1b2c3 is completed: Answered by phone.',
    });
    expect(decision.kind === 'accepted' && 'output' in decision.change).toBe(false);
  });

  it('writes down both, the answer and the reason, where there are both', () => {
    const decision = decide(
      complete,
      { reason: byPhone },
      situationOf(claimedBy(ANA), ANA, { thread, answer }),
    );

    expect(decision).toMatchObject({
      change: { output: { reference: 'Communication/answer-1' } },
      reason: byPhone,
    });
  });

  it('wants a note for “Other”', () => {
    const situation = situationOf(claimedBy(ANA), ANA, { thread });

    expect(decide(complete, { reason: other }, situation)).toMatchObject({ kind: 'refused', field: 'note' });
    expect(decide(complete, { reason: other, note: 'Moved away' }, situation).kind).toBe('accepted');
  });
});
