import type { Provenance } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { closingCard, taskCard } from '../../src/cards/task-card.ts';
import { withSuccessor } from '../../src/record/successor.ts';
import { writesOf } from '../../src/record/writes.ts';
import { performerTypeOf } from '../../src/routing/pools.ts';
import { decide } from '../../src/verbs/index.ts';
import { reroute } from '../../src/verbs/reroute.ts';
import type { Target } from '../../src/verbs/verb.ts';
import { deed, drawingOf, read } from '../support/pure-cards.ts';
import {
  ANA,
  BEN,
  CARDIOLOGY,
  claimedBy,
  PHARMACY,
  refTo,
  situationOf,
  taskIn,
} from '../support/pure-clinic.ts';
import { specialtyReferral } from '../support/pure-reasons.ts';
import { applied, authorOf } from '../support/pure-record.ts';

const NEW_ID = 'b2c3d4e5-0000-4000-8000-000000000002';
const cardiology: Target = { kind: 'pool', pool: CARDIOLOGY };

/** Ana has sent her Task there: the old one, the new one, and the Provenance that both of them have. */
function rerouted(target: Target = cardiology, from = claimedBy(ANA)) {
  const inputs = { target, reason: specialtyReferral, visibility: 'new-task' } as const;
  const situation = situationOf(from, ANA);
  const decision = decide(reroute, inputs, situation);
  if (decision.kind === 'refused') return expect.fail(decision.sentence);
  const writes = writesOf(decision, situation, authorOf(situation), 'follow');
  const successor = writes.successor?.task ?? expect.fail('there is no new Task');
  const provenance: Provenance = withSuccessor(writes.provenance, NEW_ID);
  return { old: applied(from, writes.task.patch), new: { ...successor, id: NEW_ID }, provenance };
}

describe('The card of a Task whose place another one took', () => {
  it.each<[string, Target, string]>([
    [
      'which pool has it now',
      cardiology,
      '➡️ Rerouted to Cardiologist by Ana Silva: Specialty referral. See Task b2c3d4.',
    ],
    [
      'which person has it now',
      { kind: 'person', member: BEN },
      '➡️ Rerouted to Ben Carter by Ana Silva: Specialty referral. See Task b2c3d4.',
    ],
  ])('stays where it stood, says %s and why, and can be pressed nowhere', (_what, target, line) => {
    const { old, provenance } = rerouted(target);
    const drawing = drawingOf({ task: old, provenances: [provenance, deed('claim', ANA)] });

    for (const card of [taskCard(drawing, 'none'), closingCard(drawing, 'none')]) {
      expect(read(card)).toEqual([line]);
      expect([...card.buttons, ...card.menu]).toEqual([]);
    }
    expect(taskCard(drawing, 'none').notification).toBe('Task a1b2c3 was rerouted.');
  });

  it('says no more than it is cancelled where another application did it', () => {
    const { old } = rerouted();

    expect(read(taskCard(drawingOf({ task: old }), 'none'))).toEqual([
      'This Task is cancelled; nothing is left to do.',
    ]);
  });

  it('is live again where another application has opened the Task again', () => {
    const { old, provenance } = rerouted(cardiology, taskIn());
    const drawing = drawingOf({ task: { ...old, status: 'requested' }, provenances: [provenance] });

    expect(read(taskCard(drawing, 'none'))).toEqual(['Nobody has claimed this yet.']);
  });
});

describe('The card of a Task that took another one’s place', () => {
  it('says who sent it there, and why', () => {
    const { new: task, provenance } = rerouted();
    const card = taskCard(drawingOf({ task, provenances: [provenance] }), 'none');

    expect(read(card)).toEqual(['Sent here by Ana Silva: Specialty referral. Nobody has it yet.']);
    expect(card.buttons.map(({ verb }) => verb)).toEqual(['claim', 'reroute']);
  });

  it('says who was sent it', () => {
    const { new: task, provenance } = rerouted({ kind: 'person', member: BEN });

    expect(read(taskCard(drawingOf({ task, provenances: [provenance] }), 'none'))).toEqual([
      'Sent to Ben Carter by Ana Silva: Specialty referral. Not accepted yet.',
    ]);
  });

  it('shows since when the patient has been waiting, not since when it is there', () => {
    const { old, new: task, provenance } = rerouted();
    const arrived = (of: typeof task) =>
      taskCard(drawingOf({ task: of, provenances: [provenance] }), 'none').facts.find(
        ({ label }) => label === 'Arrived',
      );

    expect(arrived(task)).toEqual(arrived(old));
  });

  it('does not give the reason for which it came as the one for which it went', () => {
    const { new: task, provenance } = rerouted();
    const moved = { ...task, performerType: performerTypeOf(PHARMACY) };

    expect(read(closingCard(drawingOf({ task: moved, provenances: [provenance] }), 'none'))).toEqual([
      '➡️ Rerouted to Pharmacist.',
    ]);
  });
});

describe('A note', () => {
  it('does not hide who did what before it', () => {
    const task = claimedBy(ANA);
    const provenances = [deed('note', BEN), deed('claim', ANA)];

    expect(read(taskCard(drawingOf({ task, provenances }), 'none'))).toEqual([
      '✅ Ana Silva claimed this 2026-03-02T10:00:00.000Z.',
    ]);
  });
});

describe('The card of a Task that was completed', () => {
  const completed = claimedBy(ANA, { status: 'completed' });

  it('says why where nobody has answered in the thread', () => {
    const provenances = [deed('complete', ANA, { system: 'x', code: 'phone', display: 'Answered by phone' })];

    expect(read(taskCard(drawingOf({ task: completed, provenances }), 'none'))).toEqual([
      '☑️ Completed by Ana Silva: Answered by phone.',
    ]);
  });

  it('says who had it where somebody else’s answer has completed it', () => {
    const task = { ...completed, owner: refTo(ANA) };

    expect(read(taskCard(drawingOf({ task, provenances: [deed('complete', BEN)] }), 'none'))).toEqual([
      '☑️ Completed by Ana Silva.',
    ]);
  });
});
