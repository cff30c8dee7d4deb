import { describe, expect, it } from 'vitest';
import { decide } from '../../src/verbs/index.ts';
import { note } from '../../src/verbs/note.ts';
import { NOTE_LIMIT } from '../../src/verbs/verb.ts';
import { ANA, BEN, claimedBy, ENDED, NO_ROLE, situationOf, taskIn } from '../support/pure-clinic.ts';
import { wrongPool } from '../support/pure-reasons.ts';

const text = '*Call back* <@U0ANA> <https://example.org|here> @everyone\n& “לום”';

describe('Note', () => {
  it('changes nothing but the notes, whoever has the Task, and keeps the words as they were typed', () => {
    const decision = decide(note, { note: text }, situationOf(claimedBy(ANA), BEN));

    expect(decision).toEqual({
      kind: 'accepted',
      verb: 'note',
      guard: 'version',
      change: {},
      note: text,
      sentence: 'Your note is on Task a1b2c3.',
    });
  });

  it('is not for a reason, even if one is given', () => {
    const decision = decide(note, { note: text, reason: wrongPool }, situationOf(taskIn(), ANA));

    expect(decision.kind === 'accepted' && 'reason' in decision).toBe(false);
  });

  it('is refused without words, or with too many', () => {
    const situation = situationOf(taskIn(), ANA);

    expect(decide(note, {}, situation)).toEqual({
      kind: 'refused',
      sentence: 'Write a note.',
      field: 'note',
    });
    expect(decide(note, { note: 'x'.repeat(NOTE_LIMIT + 1) }, situation)).toMatchObject({ field: 'note' });
    expect(decide(note, { note: 'x'.repeat(NOTE_LIMIT) }, situation).kind).toBe('accepted');
  });

  it.each([
    ['has no role', NO_ROLE],
    ['had a role that has ended', ENDED],
  ])('is refused to somebody who %s', (_title, actor) => {
    expect(decide(note, { note: text }, situationOf(taskIn(), actor)).sentence).toMatch(
      /^You have no active role in the record, so you cannot write notes/,
    );
  });
});
