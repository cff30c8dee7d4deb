import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText } from '../../src/cards/card.ts';
import { closingCard, goneCard, taskCard } from '../../src/cards/task-card.ts';
import { provenanceOf } from '../../src/record/provenance.ts';
import { SERVICE } from '../../src/record/writes.ts';
import { ESCALATION_REASONS, NOT_CLAIMED_IN_TIME } from '../../src/routing/reasons.ts';
import { tasks } from '../support/arbitraries.ts';
import { deed, drawingOf, read } from '../support/pure-cards.ts';
import {
  ANA,
  BEN,
  bareTask,
  CARDIOLOGY,
  CHIDI,
  claimedBy,
  NOW,
  refTo,
  STANDING_TASKS,
  taskIn,
} from '../support/pure-clinic.ts';
import { endOfShift, specialtyReferral } from '../support/pure-reasons.ts';
import { isSentence } from '../support/pure-sentences.ts';

const rerouted = deed('reroute', BEN, specialtyReferral);
const released = deed('release', ANA, endOfShift);
const claimed = deed('claim', ANA);
const escalated = deed('escalate', BEN, ESCALATION_REASONS[0]);

/** What Switchboard did because nobody claimed the Task. */
function ladderStep(step: string) {
  const decision = {
    kind: 'accepted',
    verb: 'escalate',
    guard: 'version',
    change: { businessStatus: 'escalated' },
    reason: NOT_CLAIMED_IN_TIME,
    step,
    sentence: '',
  } as const;
  return provenanceOf(taskIn(), decision, SERVICE.who, NOW);
}

describe('A card says how its Task stands', () => {
  it.each([
    ['nobody has it', STANDING_TASKS.unclaimed, [], 'Nobody has claimed this yet.'],
    [
      'it came back',
      STANDING_TASKS.unclaimed,
      [released],
      'Released by Ana Silva: End of shift. Nobody has it now.',
    ],
    [
      'it was sent here',
      taskIn(CARDIOLOGY),
      [rerouted],
      'Sent here by Ben Carter: Specialty referral. Nobody has it yet.',
    ],
    [
      'somebody raised the alarm while nobody has it',
      taskIn(undefined, { businessStatus: { text: 'escalated' } }),
      [escalated, released],
      '⬆️ Escalated by Ben Carter: Symptoms are getting worse. Nobody has it yet.',
    ],
    [
      'somebody raised the alarm while it is not accepted',
      STANDING_TASKS.assigned,
      [escalated, rerouted],
      'Sent to Ana Silva by Ben Carter: Specialty referral. Not accepted yet.',
    ],
    [
      'somebody raised the alarm and it is still not accepted',
      { ...STANDING_TASKS.assigned, businessStatus: { text: 'escalated' } },
      [escalated, rerouted],
      'Sent to Ana Silva by Ben Carter: Specialty referral. Not accepted yet. ⬆️ Escalated by Ben Carter: Symptoms are getting worse.',
    ],
    [
      'somebody raised the alarm though somebody has it',
      claimedBy(ANA, { businessStatus: { text: 'escalated' } }),
      [escalated, claimed],
      '✅ Ana Silva claimed this 2026-03-02T10:00:00.000Z. ⬆️ Escalated by Ben Carter: Symptoms are getting worse.',
    ],
    [
      'somebody took it after the alarm',
      claimedBy(ANA, { businessStatus: { text: 'claimed' } }),
      [claimed, escalated],
      '✅ Ana Silva claimed this 2026-03-02T10:00:00.000Z.',
    ],
    [
      'nobody claimed it in time',
      taskIn(undefined, { businessStatus: { text: 'escalated' } }),
      [ladderStep('registered-nurse/0/mention')],
      '⬆️ Escalated by Switchboard: Not claimed in time. Nobody has it yet.',
    ],
    [
      'nobody of another pool claimed it in time',
      taskIn(CARDIOLOGY, { businessStatus: { text: 'escalated' } }),
      [ladderStep('registered-nurse/2/reroute')],
      '⬆️ Sent here by Switchboard: Not claimed in time. Nobody has it yet.',
    ],
    [
      'somebody was given it elsewhere',
      STANDING_TASKS.assigned,
      [],
      'Assigned to Ana Silva. Not accepted yet.',
    ],
    [
      'somebody was sent it',
      STANDING_TASKS.assigned,
      [rerouted],
      'Sent to Ana Silva by Ben Carter: Specialty referral. Not accepted yet.',
    ],
    [
      'somebody claimed it',
      STANDING_TASKS.claimed,
      [claimed],
      '✅ Ana Silva claimed this 2026-03-02T10:00:00.000Z.',
    ],
    [
      'somebody accepted it',
      STANDING_TASKS.claimed,
      [deed('accept', ANA)],
      '✅ Ana Silva accepted this 2026-03-02T10:00:00.000Z.',
    ],
    ['somebody claimed it elsewhere', STANDING_TASKS.claimed, [], '✅ Ana Silva has this.'],
    [
      'somebody else has it now than who claimed it here',
      claimedBy(CHIDI),
      [claimed],
      '✅ Chidi Okafor has this.',
    ],
    ['it is done', STANDING_TASKS.closed, [claimed], '☑️ Completed by Ana Silva.'],
    ['it is done by nobody knows whom', taskIn(undefined, { status: 'completed' }), [], '☑️ Completed.'],
    [
      'it was cancelled',
      taskIn(undefined, { status: 'cancelled' }),
      [],
      'This Task is cancelled; nothing is left to do.',
    ],
    [
      'it waits for something else',
      STANDING_TASKS.paused,
      [],
      'This Task is on-hold in the record and cannot be claimed now.',
    ],
  ])('when %s', (_title, task, provenances, expected) => {
    expect(read(taskCard(drawingOf({ task, provenances }), 'none'))).toEqual([expected]);
  });

  it('by the newest of what was done', () => {
    const drawing = drawingOf({ task: taskIn(), provenances: [released, claimed, rerouted] });

    expect(read(taskCard(drawing, 'none'))).toEqual([
      'Released by Ana Silva: End of shift. Nobody has it now.',
    ]);
  });
});

describe('The card that stays behind', () => {
  it.each([
    [
      'says which pool has the Task now, who sent it, and why',
      taskIn(CARDIOLOGY),
      [rerouted],
      '➡️ Rerouted to Cardiologist by Ben Carter: Specialty referral.',
    ],
    [
      'says which person has it now',
      bareTask({ owner: refTo(CHIDI) }),
      [rerouted],
      '➡️ Rerouted to Chidi Okafor by Ben Carter: Specialty referral.',
    ],
    [
      'still says why when somebody has claimed it there',
      taskIn(CARDIOLOGY, { status: 'accepted', owner: refTo(BEN) }),
      [deed('claim', BEN), rerouted],
      '➡️ Rerouted to Cardiologist by Ben Carter: Specialty referral.',
    ],
    [
      'says that it was sent on because nobody claimed it in time',
      taskIn(CARDIOLOGY, { businessStatus: { text: 'escalated' } }),
      [ladderStep('registered-nurse/2/reroute'), ladderStep('registered-nurse/0/mention'), released],
      '➡️ Rerouted to Cardiologist by Switchboard: Not claimed in time.',
    ],
    [
      'says where it went even when another application sent it',
      taskIn(CARDIOLOGY),
      [],
      '➡️ Rerouted to Cardiologist.',
    ],
    [
      'says that it is gone from here when nobody knows where it is',
      bareTask(),
      [],
      '➡️ No longer in this pool.',
    ],
    [
      'says that it is done',
      bareTask({ status: 'completed', owner: refTo(BEN) }),
      [rerouted],
      '☑️ Completed by Ben Carter.',
    ],
  ])('%s', (_title, task, provenances, expected) => {
    expect(read(closingCard(drawingOf({ task, provenances }), 'none'))).toEqual([expected]);
  });

  it('has no buttons, whatever the Task is', () => {
    fc.assert(
      fc.property(tasks, (task) => {
        const card = closingCard(drawingOf({ task, provenances: [rerouted] }), 'full');

        expect([...card.buttons, ...card.menu]).toEqual([]);
        expect(card.lines.length).toBe(1);
      }),
    );
  });

  it('has no buttons when the Task is gone from the record', () => {
    const card = goneCard('a1b2c3d4');

    expect([card.buttons, card.menu]).toEqual([[], []]);
    expect(read(card)).toEqual(['This Task is no longer in the record.']);
  });
});

describe('Any card', () => {
  it('reads as sentences, with nothing missing', () => {
    fc.assert(
      fc.property(tasks, fc.subarray([rerouted, escalated, released, claimed]), (task, provenances) => {
        const drawing = drawingOf({ task, provenances });

        for (const card of [taskCard(drawing, 'full'), closingCard(drawing, 'full')]) {
          expect(card.notification).toSatisfy(isSentence);
          for (const line of read(card)) expect(line.replace(/^\P{L}+/u, '')).toSatisfy(isSentence);
          expect(JSON.stringify(card)).not.toMatch(/undefined|NaN|Invalid Date/);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is the same for the same record, every time', () => {
    fc.assert(
      fc.property(tasks, (task) => {
        const [first, second] = [1, 2].map(() =>
          taskCard(drawingOf({ task: structuredClone(task) }), 'full'),
        );

        expect(second).toEqual(first);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['routine', 'Patient message', 'Routine'],
    ['urgent', '🟠 Patient message', 'Urgent'],
    ['asap', '🔶 Patient message', 'ASAP'],
    ['stat', '🔴 Patient message', 'STAT'],
  ] as const)('is as loud as its priority (%s)', (priority, title, label) => {
    const card = taskCard(drawingOf({ task: taskIn(undefined, { priority }) }), 'none');

    expect(card.title).toBe(title);
    const facts = card.facts.map((fact) => [fact.label, plainText(fact.value)]);
    expect(facts).toContainEqual(['Pool', 'Registered nurse']);
    expect(facts).toContainEqual(['Priority', label]);
    expect(facts.map(([, value]) => value)).toContain('2026-03-02T09:00:00.000Z');
  });

  it('ends with its reference, and a link to the record where there is one', () => {
    const task = taskIn(undefined, { id: 'a1b2c3/../x' });

    const { footer } = taskCard(drawingOf({ task, taskLink: 'https://record.example/Task/{id}' }), 'none');

    expect(footer).toEqual([
      'Task ',
      { code: 'a1b2c3' },
      '  ·  ',
      { link: 'https://record.example/Task/a1b2c3%2F..%2Fx', text: 'Open in Medplum' },
    ]);
    expect(taskCard(drawingOf(), 'none').footer).toEqual(['Task ', { code: 'a1b2c3' }]);
  });

  it.each([
    ['waits', STANDING_TASKS.unclaimed, 'Routine Task a1b2c3 waits for “Registered nurse”.'],
    ['is assigned', STANDING_TASKS.assigned, 'Routine Task a1b2c3 is assigned to Ana Silva.'],
    ['is claimed', STANDING_TASKS.claimed, 'Ana Silva has Task a1b2c3.'],
    ['is done', STANDING_TASKS.closed, 'Task a1b2c3 is completed.'],
  ])('tells a lock screen when a Task %s', (_title, task, expected) => {
    expect(taskCard(drawingOf({ task }), 'full').notification).toBe(expected);
  });
});
