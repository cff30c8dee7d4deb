import type { CodeableConcept } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { type ConceptName, type IntakeRule, isCalled, waitingIn } from '../../src/duties/intake.ts';
import type { Message } from '../../src/duties/thread.ts';
import { ANA, CARDIOLOGY, header, NOW, NURSES, POOLS } from '../support/pure-clinic.ts';
import { at, HOMER, MARGE, patientSays, said, staffSays } from '../support/pure-thread.ts';

const HEADER = header(undefined, { subject: HOMER });
const TO_NURSES: IntakeRule = {
  when: {},
  make: { kind: 'pool', pool: NURSES.id, priority: 'routine' },
};

const waiting = (messages: readonly Message[], rules: readonly IntakeRule[] = [TO_NURSES], thread = HEADER) =>
  waitingIn(thread, messages, rules, POOLS, NOW);
const ids = (...parameters: Parameters<typeof waiting>) =>
  waiting(...parameters).map(({ message }) => message.id);

describe('A patient’s message that a rule wants answered', () => {
  it('is worth a Task as the specification writes it: requested, in its pool, about the thread', () => {
    const [first] = waiting([patientSays('m1', '09:00')]);

    expect(first?.task).toEqual({
      resourceType: 'Task',
      identifier: [{ system: 'urn:switchboard:intake', value: 'm1' }],
      status: 'requested',
      businessStatus: { text: 'unassigned' },
      intent: 'order',
      priority: 'routine',
      code: { text: 'Respond to patient message' },
      focus: { reference: 'Communication/header' },
      for: HOMER,
      requester: HOMER,
      authoredOn: at('09:00'),
      performerType: [
        { coding: [{ system: 'http://snomed.info/sct', code: '224535009', display: 'Registered nurse' }] },
      ],
    });
  });

  it('goes to one person by owner, without a performerType', () => {
    const make = { kind: 'person', practitioner: 'Practitioner/ana', priority: 'urgent' } as const;

    const [first] = waiting([patientSays('m1', '09:00')], [{ when: {}, make }]);

    expect(first?.task).toMatchObject({
      owner: { reference: 'Practitioner/ana' },
      businessStatus: { text: 'assigned' },
      priority: 'urgent',
    });
    expect(first?.task.performerType).toBeUndefined();
  });

  it('is asked for by whoever wrote it for the patient, and is about the patient', () => {
    const [first] = waiting([said('m1', '09:00', MARGE)]);

    expect(first?.task).toMatchObject({ requester: MARGE, for: HOMER });
  });

  it('is about whom the message names where the thread names nobody', () => {
    const { subject: _, ...bare } = header(undefined);

    const [first] = waiting([patientSays('m1', '09:00', { subject: HOMER })], [TO_NURSES], bare);

    expect(first?.task.for).toEqual(HOMER);
  });

  it.each([
    ['routine', undefined, undefined, 'routine'],
    ['urgent', undefined, undefined, 'urgent'],
    ['routine', 'stat', undefined, 'stat'],
    ['asap', 'urgent', undefined, 'asap'],
    ['routine', undefined, 'asap', 'asap'],
    ['routine', 'urgent', 'stat', 'urgent'],
    ['urgent', 'whenever', undefined, 'urgent'],
  ] as const)('by a rule of %s, itself of %s in a thread of %s, is %s', (rule, message, thread, expected) => {
    const make = { kind: 'pool', pool: NURSES.id, priority: rule } as const;
    const says = Object.assign(patientSays('m1', '09:00'), message && { priority: message });
    const about = thread ? { ...HEADER, priority: thread } : HEADER;

    const [first] = waiting([says], [{ when: {}, make }], about);

    expect(first?.task.priority).toBe(expected);
  });

  it('waits since the patient wrote, and never since a time that is still to come', () => {
    const ahead = patientSays('m1', '09:59', { sent: '2026-03-02T23:00:00Z' });
    const soon = patientSays('m2', '10:05');

    expect(waiting([ahead, soon]).map(({ task }) => task.authoredOn)).toEqual([at('09:59'), at('10:00')]);
  });

  it('is one of several that wait: the one that waits longest comes first', () => {
    expect(ids([patientSays('late', '09:30'), patientSays('early', '09:00')])).toEqual(['early', 'late']);
  });
});

describe('A message that needs no Task', () => {
  it.each<[string, readonly Message[]]>([
    ['of the staff', [staffSays(ANA, 'm1', '09:00')]],
    ['that a device sent', [said('m1', '09:00', { reference: 'Device/kiosk' })]],
    ['that nobody is said to have sent', [said('m1', '09:00', undefined)]],
    ['that is a draft', [patientSays('m1', '09:00', { status: 'preparation' })]],
    ['that was taken back', [patientSays('m1', '09:00', { status: 'entered-in-error' })]],
    ['that was not sent', [patientSays('m1', '09:00', { status: 'not-done' })]],
    ['that somebody has answered', [patientSays('m1', '09:00'), staffSays(ANA, 'a1', '09:10')]],
    ['of a year ago', [patientSays('m1', '09:00', { sent: '2025-03-02T09:00:00Z' })]],
    ['of a week ago', [patientSays('m1', '09:00', { sent: '2026-02-23T10:00:00Z' })]],
  ])('is one %s', (_what, messages) => {
    expect(ids(messages)).toEqual([]);
  });

  it('is none of these: one after an answer, one that a device answered, one that is completed', () => {
    const messages = [
      patientSays('before', '09:00'),
      staffSays(ANA, 'answer', '09:10'),
      patientSays('after', '09:20', { status: 'completed' }),
      said('automatic', '09:21', { reference: 'Device/kiosk' }),
      staffSays(ANA, 'draft', '09:22', { status: 'preparation' }),
    ];

    expect(ids(messages)).toEqual(['after']);
  });

  it('is none that came at the very instant of an answer', () => {
    expect(ids([patientSays('m1', '09:00'), staffSays(ANA, 'a1', '09:00')])).toEqual(['m1']);
  });

  it('is any in a thread that was entered in error', () => {
    const thread = header(undefined, { status: 'entered-in-error' });

    expect(ids([patientSays('m1', '09:00')], [TO_NURSES], thread)).toEqual([]);
  });

  it('is any where there are no rules', () => {
    expect(ids([patientSays('m1', '09:00')], [])).toEqual([]);
  });

  it('is any for a pool that is not there any more', () => {
    const make = { kind: 'pool', pool: 'surgery', priority: 'routine' } as const;

    expect(ids([patientSays('m1', '09:00')], [{ when: {}, make }])).toEqual([]);
  });
});

describe('The rules', () => {
  const REFILL: CodeableConcept = { text: 'Medication refill' };
  const SMS = { system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationMode', code: 'SMSWRIT' };
  const toCardiology = (when: IntakeRule['when']): IntakeRule => ({
    when,
    make: { kind: 'pool', pool: CARDIOLOGY.id, priority: 'routine' },
  });
  const CHEST = { text: 'chest pain' };

  const poolOf = (rules: readonly IntakeRule[], message = {}, thread = {}) =>
    waiting([patientSays('m1', '09:00', message)], rules, { ...HEADER, ...thread })[0]?.task
      .performerType?.[0]?.coding?.[0]?.display;

  it('are tried in order, and the first that fits counts', () => {
    const rules = [toCardiology({ topic: [CHEST] }), TO_NURSES];

    expect(poolOf(rules, { topic: { text: 'Chest pain' } })).toBe('Cardiologist');
    expect(poolOf(rules, { topic: { text: 'Refill' } })).toBe('Registered nurse');
  });

  it('keep what needs no tracked response as Communication only', () => {
    const rules: IntakeRule[] = [
      { when: { category: [{ text: 'newsletter' }] }, make: { kind: 'nothing' } },
      TO_NURSES,
    ];

    expect(poolOf(rules, { category: [{ text: 'Newsletter' }] })).toBeUndefined();
    expect(poolOf(rules, { category: [REFILL] })).toBe('Registered nurse');
  });

  it('leave alone what none of them fits', () => {
    expect(poolOf([toCardiology({ topic: [CHEST] })], { topic: { text: 'Refill' } })).toBeUndefined();
  });

  it.each<[string, object, object, boolean]>([
    ['the message says so', { category: [REFILL] }, {}, true],
    ['its thread says so', {}, { category: [REFILL] }, true],
    ['one of several categories says so', { category: [{ text: 'x' }, REFILL] }, {}, true],
    ['nobody says so', {}, {}, false],
  ])('fit by category where %s', (_what, message, thread, fits) => {
    const rules = [toCardiology({ category: [{ text: 'medication refill' }] })];

    expect(poolOf(rules, message, thread)).toBe(fits ? 'Cardiologist' : undefined);
  });

  it('fit by medium, by its code', () => {
    const rules = [toCardiology({ medium: [SMS] })];

    expect(poolOf(rules, { medium: [{ coding: [SMS] }] })).toBe('Cardiologist');
    expect(poolOf(rules, { medium: [{ coding: [{ ...SMS, code: 'EMAILWRIT' }] }] })).toBeUndefined();
  });

  it('fit where every condition does, by any of its names', () => {
    const rules = [
      toCardiology({ category: [{ text: 'other' }, { text: 'medication refill' }], medium: [SMS] }),
    ];

    expect(poolOf(rules, { category: [REFILL], medium: [{ coding: [SMS] }] })).toBe('Cardiologist');
    expect(poolOf(rules, { category: [REFILL] })).toBeUndefined();
  });
});

describe('A concept', () => {
  const CONCEPT: CodeableConcept = {
    text: 'Refill  request',
    coding: [{ system: 'urn:x', code: 'RX-1', display: 'Prescription refill' }],
  };

  it.each<[ConceptName, boolean]>([
    [{ text: 'refill request' }, true],
    [{ text: 'PRESCRIPTION REFILL' }, true],
    [{ text: 'rx 1' }, true],
    [{ text: 'refill' }, false],
    [{ system: 'urn:x', code: 'RX-1' }, true],
    [{ system: 'urn:y', code: 'RX-1' }, false],
    [{ system: 'urn:x', code: 'rx-1' }, false],
  ])('is called %j: %s', (name, expected) => {
    expect(isCalled(CONCEPT, name)).toBe(expected);
  });
});
