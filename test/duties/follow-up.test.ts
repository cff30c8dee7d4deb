import { describe, expect, it } from 'vitest';
import { plainText } from '../../src/cards/card.ts';
import { followUpLine, withFollowUps } from '../../src/cards/follow-up-line.ts';
import { goneCard } from '../../src/cards/task-card.ts';
import { type FollowUpRules, followUpsOf, RAISE, raiseOf } from '../../src/duties/follow-up.ts';
import type { Message } from '../../src/duties/thread.ts';
import { provenanceOf } from '../../src/record/provenance.ts';
import { SERVICE } from '../../src/record/writes.ts';
import { ANA, bareTask, claimedBy, taskIn } from '../support/pure-clinic.ts';
import { at, MARGE, patientSays, said, staffSays } from '../support/pure-thread.ts';

const OPENER = patientSays('m1', '09:00');
const TASK = taskIn();
const AGAIN = [OPENER, patientSays('m2', '09:10'), said('m3', '09:20', MARGE)];

const ids = (task = TASK, messages: readonly Message[] = AGAIN) =>
  followUpsOf(task, messages).map(({ id }) => id);

describe('Follow-ups', () => {
  it('are what the patient’s side has said since the Task was opened', () => {
    expect(ids()).toEqual(['m2', 'm3']);
  });

  it('are what has not been answered: an answer begins a new count', () => {
    const messages = [...AGAIN, staffSays(ANA, 'a1', '09:30'), patientSays('m4', '09:40')];

    expect(ids(TASK, messages)).toEqual(['m4']);
  });

  it('are what was said at the very instant of an answer: nobody who answered had seen it', () => {
    const messages = [OPENER, staffSays(ANA, 'a1', '09:30'), patientSays('m4', '09:30')];

    expect(ids(TASK, messages)).toEqual(['m4']);
  });

  it.each<[string, readonly Message[]]>([
    ['the message that opened the Task', [OPENER]],
    ['answered', [...AGAIN, staffSays(ANA, 'a1', '09:30')]],
    ['a draft', [OPENER, patientSays('m2', '09:10', { status: 'preparation' })]],
    ['taken back', [OPENER, patientSays('m2', '09:10', { status: 'entered-in-error' })]],
    ['the staff’s', [OPENER, staffSays(ANA, 'm2', '09:10')]],
    ['of before', [patientSays('m0', '08:00'), OPENER]],
  ])('are none where all there is is %s', (_what, messages) => {
    expect(ids(TASK, messages)).toEqual([]);
  });

  it('are what came at the same instant as the message for which the Task was made', () => {
    const task = taskIn(undefined, { identifier: [{ system: 'urn:switchboard:intake', value: 'm1' }] });

    expect(ids(task, [OPENER, patientSays('m2', '09:00')])).toEqual(['m2']);
  });

  it('are not the message for which the Task was made, though its clock ran ahead', () => {
    const task = taskIn(undefined, { identifier: [{ system: 'urn:switchboard:intake', value: 'm1' }] });
    const ahead = patientSays('m1', '09:05', { sent: '2026-03-02T12:00:00Z' });

    expect(ids(task, [ahead])).toEqual([]);
  });

  it('of a Task that says no time are all but the first that waits', () => {
    const { authoredOn: _, ...task } = bareTask();

    expect(ids(task)).toEqual(['m2', 'm3']);
    const answered = [OPENER, staffSays(ANA, 'a1', '09:05'), ...AGAIN.slice(1)];
    expect(ids({ ...task, meta: { lastUpdated: at('09:00') } }, answered)).toEqual(['m2', 'm3']);
  });
});

describe('A card of an open Task', () => {
  it.each<[string, readonly Message[], string | undefined]>([
    ['nothing new', [OPENER], undefined],
    ['one new message', AGAIN.slice(0, 2), `💬 1 new message, ${at('09:10')}.`],
    ['two', AGAIN, `💬 2 new messages, the last one ${at('09:20')}.`],
  ])('says how many messages there are since: %s', (_what, messages, expected) => {
    const line = followUpLine(TASK, messages);

    expect(line && plainText(line)).toBe(expected);
  });

  it('counts the time from now on, in the reader’s own words', () => {
    expect(followUpLine(TASK, AGAIN)).toContainEqual({ instant: at('09:20'), as: 'ago' });
  });

  it('says it below everything else, and nothing once the Task is closed', () => {
    const card = goneCard(TASK.id);

    const drawn = withFollowUps(card, TASK, AGAIN);

    expect(drawn.lines.map(plainText)).toEqual([
      ...card.lines.map(plainText),
      `💬 2 new messages, the last one ${at('09:20')}.`,
    ]);
    expect(withFollowUps(card, claimedBy(ANA, { status: 'completed' }), AGAIN)).toBe(card);
  });
});

describe('A Task becomes more urgent', () => {
  const RULES: FollowUpRules = {
    raise: [
      { messages: 2, to: 'urgent' },
      { messages: 3, to: 'stat' },
    ],
  };
  const NO_RULES: FollowUpRules = { raise: [] };
  const SILENT: readonly never[] = [];
  const raised = (time: string) =>
    provenanceOf(
      TASK,
      { kind: 'accepted', verb: RAISE, guard: 'version', change: {}, sentence: '' },
      SERVICE.who,
      new Date(at(time)),
    );

  it.each([
    ['one message', 1, undefined],
    ['two messages', 2, 'urgent'],
    ['three messages', 3, 'stat'],
  ] as const)('after %s without an answer, as the rules say', (_what, count, expected) => {
    const more = ['09:10', '09:20', '09:30'].slice(0, count).map((time) => patientSays(time, time));

    const decision = raiseOf(TASK, SILENT, [OPENER, ...more], RULES);

    expect(decision?.change.priority).toBe(expected);
  });

  it('with a guard on all that was looked at, and nothing else changed', () => {
    expect(raiseOf(TASK, SILENT, AGAIN, RULES)).toMatchObject({
      verb: 'raise',
      guard: 'version',
      change: { priority: 'urgent' },
    });
    expect(Object.keys(raiseOf(TASK, SILENT, AGAIN, RULES)?.change ?? {})).toEqual(['priority']);
  });

  it('when a further message is more urgent than it', () => {
    const messages = [OPENER, patientSays('m2', '09:10', { priority: 'asap' }), patientSays('m3', '09:20')];

    expect(raiseOf(TASK, SILENT, messages, NO_RULES)?.change.priority).toBe('asap');
  });

  it.each(['urgent', 'asap', 'stat'] as const)('but never less: %s stays', (priority) => {
    const task = taskIn(undefined, { priority });

    expect(raiseOf(task, SILENT, AGAIN, RULES)).toBeUndefined();
  });

  it('once for each message: somebody who lowers it again is not argued with', () => {
    const lowered = taskIn(undefined, { priority: 'routine' });

    expect(raiseOf(lowered, [raised('09:21')], AGAIN, RULES)).toBeUndefined();
    expect(
      raiseOf(lowered, [raised('09:21')], [...AGAIN, patientSays('m4', '09:40')], RULES)?.change.priority,
    ).toBe('stat');
  });

  it('not by the message that opened it', () => {
    const opener = patientSays('m1', '09:00', { priority: 'stat' });

    expect(raiseOf(TASK, SILENT, [opener], RULES)).toBeUndefined();
  });

  it('not where nothing is configured', () => {
    expect(raiseOf(TASK, SILENT, AGAIN, NO_RULES)).toBeUndefined();
  });
});
