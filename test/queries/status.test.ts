import type { Communication, Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { listStatus, type Stand } from '../../src/queries/status.ts';
import { type Snooze, snoozeExtension } from '../../src/record/snooze.ts';
import type { Member } from '../../src/routing/eligibility.ts';
import { ESCALATION_REASONS, findReason, NOT_CLAIMED_IN_TIME, REASONS } from '../../src/routing/reasons.ts';
import { READ_RECEIPT } from '../../src/routing/task.ts';
import { ANA, BEN, claimedBy, NURSES, refTo, TASK_ID, taskIn } from '../support/pure-clinic.ts';
import { provenance } from '../support/pure-past.ts';
import { askingOf, buttonsOn, linesOf, rowsOf } from '../support/pure-queries.ts';

const stand = (task: Task & { id: string }, more: Partial<Stand> = {}): Stand => ({
  task,
  provenances: [],
  messages: [],
  ...more,
});

const say = (what: Stand, actor: Member = BEN) => listStatus(what, askingOf('status', { actor })).sentence;

const AT_SEVEN_FIFTY = '2026-03-02T07:50:00.000Z';
const reason = findReason('wrong-pool', REASONS);

describe('How a Task stands', () => {
  it.each<[string, Stand, string]>([
    ['it waits', stand(taskIn()), 'Task a1b2c3 waits in “Registered nurse”; nobody has it.'],
    ['somebody has it, nobody knows since when', stand(claimedBy(ANA)), 'Ana Silva has Task a1b2c3.'],
    [
      'somebody has it',
      stand(claimedBy(ANA), { provenances: [provenance('claim', ANA, AT_SEVEN_FIFTY)] }),
      'Ana Silva has had Task a1b2c3 for 2 h 10 min.',
    ],
    [
      'somebody has it whom a Provenance does not name',
      stand(claimedBy(ANA), { provenances: [provenance('claim', BEN, AT_SEVEN_FIFTY)] }),
      'Ana Silva has Task a1b2c3.',
    ],
    [
      'somebody has it and wrote a note since',
      stand(claimedBy(ANA), {
        provenances: [
          provenance('note', ANA, '2026-03-02T09:00:00.000Z'),
          provenance('claim', ANA, AT_SEVEN_FIFTY),
        ],
      }),
      'Ana Silva has had Task a1b2c3 for 2 h 10 min.',
    ],
    [
      'it was assigned',
      stand(taskIn(NURSES, { owner: refTo(ANA) })),
      'Task a1b2c3 is assigned to Ana Silva, who has not accepted it yet.',
    ],
    [
      'it was rerouted to somebody',
      stand(taskIn(NURSES, { owner: refTo(ANA) }), {
        provenances: [provenance('reroute', BEN, AT_SEVEN_FIFTY)],
      }),
      'Task a1b2c3 is assigned to Ana Silva, who has not accepted it in 2 h 10 min.',
    ],
    ['it is done', stand(claimedBy(ANA, { status: 'completed' })), 'Task a1b2c3 is completed by Ana Silva.'],
    ['it was cancelled', stand(taskIn(NURSES, { status: 'cancelled' })), 'Task a1b2c3 is cancelled.'],
    [
      'it waits for something',
      stand(taskIn(NURSES, { status: 'on-hold' })),
      'Task a1b2c3 is on-hold in the record and cannot be claimed now.',
    ],
  ])('is said in a sentence: %s', (_what, what, sentence) => {
    expect(say(what)).toBe(sentence);
  });

  it('is said to whoever has it as theirs', () => {
    const provenances = [provenance('claim', ANA, AT_SEVEN_FIFTY)];

    expect(say(stand(claimedBy(ANA), { provenances }), ANA)).toBe('You have had Task a1b2c3 for 2 h 10 min.');
    expect(say(stand(taskIn(NURSES, { owner: refTo(ANA) })), ANA)).toBe(
      'Task a1b2c3 is assigned to you; you have not accepted it yet.',
    );
  });

  it('says what happened last, and why', () => {
    const provenances = [provenance('reroute', BEN, AT_SEVEN_FIFTY, { reason })];

    const lines = linesOf(listStatus(stand(taskIn(), { provenances }), askingOf('status')));

    expect(lines[1]).toBe(`Rerouted by Ben Carter: Wrong pool  ·  ${AT_SEVEN_FIFTY}`);
  });

  it('says how often the patient has written since', () => {
    const messages = ['08:50', '09:30', '09:56'].map((at, i) => message(`m${i}`, at));

    const lines = linesOf(listStatus(stand(taskIn(), { messages }), askingOf('status')));

    expect(lines[1]).toBe('2 new messages of the patient, the last one 4 min ago.');
  });

  it.each<[string, ReturnType<typeof provenance>, string]>([
    [
      'somebody raised the alarm',
      provenance('escalate', BEN, AT_SEVEN_FIFTY, { reason: ESCALATION_REASONS[0] }),
      `Escalated by Ben Carter: Symptoms are getting worse  ·  ${AT_SEVEN_FIFTY}`,
    ],
    [
      'Switchboard did',
      provenance('escalate', 'Switchboard', AT_SEVEN_FIFTY, { reason: NOT_CLAIMED_IN_TIME }),
      `Escalated by Switchboard: Not claimed in time  ·  ${AT_SEVEN_FIFTY}`,
    ],
    [
      'the owner is at it',
      provenance('keep', ANA, AT_SEVEN_FIFTY),
      `Ana Silva is still on it  ·  ${AT_SEVEN_FIFTY}`,
    ],
    [
      'the owner put reminders off',
      provenance('snooze', ANA, AT_SEVEN_FIFTY),
      `Snoozed by Ana Silva  ·  ${AT_SEVEN_FIFTY}`,
    ],
  ])('says what happened last: %s', (_what, deed, expected) => {
    const listing = listStatus(stand(claimedBy(ANA), { provenances: [deed] }), askingOf('status'));

    expect(linesOf(listing)[1]).toBe(expected);
  });

  it.each<[string, Snooze, string | undefined]>([
    [
      'until a time',
      { start: AT_SEVEN_FIFTY, end: '2026-03-02T14:30:00.000Z' },
      `No reminders until 2026-03-02T14:30:00.000Z, as asked ${AT_SEVEN_FIFTY}.`,
    ],
    [
      'until the patient writes',
      { start: AT_SEVEN_FIFTY },
      `No reminders until the patient writes, as asked ${AT_SEVEN_FIFTY}.`,
    ],
    ['no longer', { start: AT_SEVEN_FIFTY, end: '2026-03-02T08:00:00.000Z' }, undefined],
    ['no longer, because the patient has written', { start: '2026-03-02T06:00:00.000Z' }, undefined],
  ])('says that its owner is not reminded of it: %s', (_what, snooze, expected) => {
    const task = claimedBy(ANA, { extension: [snoozeExtension(snooze)] });
    const messages = [message('m1', '07:00')];

    const lines = linesOf(listStatus(stand(task, { messages }), askingOf('status')));

    expect(lines.find((line) => line.startsWith('No reminders'))).toBe(expected);
  });

  it('has everything that I could do with it, and its history', () => {
    expect(buttonsOn(listStatus(stand(taskIn()), askingOf('status')))).toEqual([
      ['Claim', 'Reroute', 'Escalate', 'Add note', 'History'],
    ]);
    expect(buttonsOn(listStatus(stand(claimedBy(ANA)), askingOf('status')))).toEqual([
      ['Complete', 'Reroute', 'Release', 'Escalate', 'Snooze', 'Add note', 'History'],
    ]);
    expect(buttonsOn(listStatus(stand(claimedBy(ANA)), askingOf('status', { actor: BEN })))).toEqual([
      ['Reroute', 'Escalate', 'Add note', 'History'],
    ]);
    expect(buttonsOn(listStatus(stand(claimedBy(ANA, { status: 'completed' })), askingOf('status')))).toEqual(
      [['History']],
    );
  });

  it('links to the record, where it has an address', () => {
    const asking = askingOf('status', { taskLink: 'https://emr.example/Task/{id}' });

    expect(rowsOf(listStatus(stand(taskIn()), asking))[0]?.line).toContainEqual({
      link: `https://emr.example/Task/${TASK_ID}`,
      text: 'Open in Medplum',
    });
  });

  it('leads on to the Task that took its place', () => {
    const replaced = claimedBy(ANA, { status: 'cancelled', businessStatus: { text: 'rerouted' } });
    const provenances = [
      provenance('reroute', ANA, AT_SEVEN_FIFTY, { reason, successor: ['d4e5f6a7', 'Cardiologist'] }),
    ];

    const listing = listStatus(stand(replaced, { provenances }), askingOf('status'));

    expect(listing.sentence).toBe('Task a1b2c3 was rerouted, and another Task has taken its place.');
    expect(linesOf(listing)).toContain('It goes on as Task d4e5f6, for Cardiologist.');
    expect(rowsOf(listing).at(-1)?.buttons).toEqual([
      { verb: 'status', label: 'How it stands', taskId: 'd4e5f6a7', asks: false },
    ]);
  });

  it('is not told of what is nobody’s work', () => {
    const listing = listStatus(
      stand(taskIn(NURSES, { code: { coding: [READ_RECEIPT] } })),
      askingOf('status'),
    );

    expect(listing.sentence).toContain('is not a patient message that waits for an answer');
    expect(listing.sections).toEqual([]);
  });

  it('has nothing of the patient, and nothing of what was said', () => {
    const task = taskIn(NURSES, { note: [{ text: 'Homer coughs' }], code: { text: 'Homer' } });

    const listing = listStatus(stand(task, { messages: [message('m', '09:30')] }), askingOf('status'));

    expect(JSON.stringify(listing)).not.toMatch(/homer|cough/i);
  });
});

function message(id: string, at: string): Communication & { id: string } {
  return {
    resourceType: 'Communication',
    id,
    status: 'in-progress',
    partOf: [{ reference: 'Communication/header' }],
    sender: { reference: 'Patient/homer-simpson', display: 'Homer Simpson' },
    sent: `2026-03-02T${at}:00.000Z`,
    payload: [{ contentString: 'I cough.' }],
  };
}
