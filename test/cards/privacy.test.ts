import type { Communication, Task } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/cards/card.ts';
import { kindOf, needsMessage, patientFacts } from '../../src/cards/privacy.ts';
import { closingCard, type Drawing, goneCard, taskCard } from '../../src/cards/task-card.ts';
import { PRIVACY_LEVELS } from '../../src/routing/pools.ts';
import { tasks } from '../support/arbitraries.ts';
import { deed, drawingOf } from '../support/pure-cards.ts';
import { ANA, BEN, bareTask, taskIn } from '../support/pure-clinic.ts';
import { specialtyReferral } from '../support/pure-reasons.ts';

/** Stands in every place of the record where a patient can. Found in a card, it got out. */
const SECRET = 'Xyzzyqua';
const secret = { reference: `Patient/${SECRET}`, display: `${SECRET} Wibblefont` };

/** The Task with the patient in every element that is not about the work. */
function withPatient(task: Task & { id: string }): Task & { id: string } {
  return {
    ...task,
    for: secret,
    focus: { reference: `Communication/${SECRET}`, display: SECRET },
    description: SECRET,
    requester: secret,
    encounter: { reference: `Encounter/${SECRET}`, display: SECRET },
    reasonCode: { text: SECRET },
    reasonReference: secret,
    statusReason: { text: SECRET },
    businessStatus: { text: SECRET },
    identifier: [{ value: SECRET }],
    note: [{ text: SECRET, authorString: SECRET }],
    input: [{ type: { text: SECRET }, valueString: SECRET }],
    output: [{ type: { text: SECRET }, valueString: SECRET }],
    text: { status: 'generated', div: `<div>${SECRET}</div>` },
    code: { ...task.code, text: SECRET },
  };
}

const MESSAGE: Communication = {
  resourceType: 'Communication',
  status: 'in-progress',
  subject: secret,
  sender: secret,
  topic: { text: SECRET },
  note: [{ text: SECRET }],
  payload: [{ contentString: `${SECRET} my chest hurts` }],
};

const drawings: fc.Arbitrary<Drawing> = fc
  .record({
    task: tasks.map(withPatient),
    message: fc.constantFrom(undefined, MESSAGE),
    provenances: fc.subarray([
      deed('claim', ANA),
      deed('reroute', BEN, specialtyReferral),
      deed('release', ANA),
    ]),
    taskLink: fc.constantFrom(undefined, 'https://record.example/Task/{id}'),
  })
  .map(drawingOf);

const bothForms = [
  ['live', taskCard],
  ['closing', closingCard],
] as const;

describe.each(bothForms)('A %s card', (_form, draw) => {
  it('says nothing about the patient in a channel whose level is “none”', () => {
    fc.assert(
      fc.property(drawings, (drawing) => {
        const card = draw(drawing, 'none');

        expect(JSON.stringify(card)).not.toMatch(/Xyzzyqua|Wibblefont|X\. ?W\.|chest/i);
      }),
      { numRuns: 300 },
    );
  });

  it('says no more of the patient than the initials where the level is “initials”', () => {
    fc.assert(
      fc.property(drawings, (drawing) => {
        const card = draw(drawing, 'initials');

        expect(JSON.stringify(card)).not.toMatch(/Xyzzyqua|Wibblefont|chest/i);
        expect(patientOf(card)).toEqual(['X. W.']);
      }),
      { numRuns: 100 },
    );
  });

  it('has no patient in its notification, at any level', () => {
    fc.assert(
      fc.property(drawings, fc.constantFrom(...PRIVACY_LEVELS), (drawing, privacy) => {
        const { notification } = draw(drawing, privacy);

        expect(notification).not.toMatch(/Xyzzyqua|Wibblefont|X\. ?W\.|chest/i);
      }),
      { numRuns: 300 },
    );
  });

  it('has a notification that depends on the work alone', () => {
    fc.assert(
      fc.property(tasks, (task) => {
        const [plain, told] = [task, withPatient(task)].map(
          (one) => draw(drawingOf({ task: one, message: MESSAGE }), 'full').notification,
        );

        expect(told).toBe(plain);
      }),
      { numRuns: 100 },
    );
  });

  it('names the patient where all may be said', () => {
    const card = draw(drawingOf({ task: withPatient(taskIn()), message: MESSAGE }), 'full');

    expect(patientOf(card)).toEqual(['Xyzzyqua Wibblefont']);
  });
});

describe('A card', () => {
  it('shows the beginning of the newest message where all may be said, and only while the Task is there', () => {
    const drawing = drawingOf({ message: MESSAGE });

    expect(taskCard(drawing, 'full').lines[0]).toEqual(['“Xyzzyqua my chest hurts”']);
    expect(JSON.stringify(closingCard(drawing, 'full'))).not.toContain('chest');
  });

  it.each(PRIVACY_LEVELS)('of a Task that the patient owns does not name the patient (%s)', (privacy) => {
    const task = withPatient(taskIn(undefined, { owner: secret, status: 'accepted' }));
    const drawing = drawingOf({ task });

    const { notification, lines } = taskCard(drawing, privacy);

    expect(JSON.stringify([notification, lines, closingCard(drawing, 'none')])).not.toContain(SECRET);
    expect(notification).toBe('Patient has Task a1b2c3.');
  });

  it('of a Task that is gone knows nothing but its reference', () => {
    expect(JSON.stringify(goneCard(taskIn().id)).match(/a1b2c3\w*/g)).toEqual(['a1b2c3', 'a1b2c3']);
  });

  it('needs the message to be read only where it is shown', () => {
    expect(PRIVACY_LEVELS.filter(needsMessage)).toEqual(['full']);
  });
});

describe('The kind of Task', () => {
  const code = {
    coding: [{ code: 'x' }, { code: 'y', display: 'Refill request' }],
    text: 'Refill for Homer',
  };

  it.each([
    ['none', 'Refill request'],
    ['initials', 'Refill request'],
    ['full', 'Refill for Homer'],
  ] as const)('is said by its code unless all may be said (%s)', (privacy, expected) => {
    expect(kindOf(bareTask({ code }), privacy)).toBe(expected);
    expect(kindOf(bareTask(), privacy)).toBe('Patient message');
  });
});

describe('Initials', () => {
  it.each([
    ['Homer Simpson', 'H. S.'],
    ['June Whitfield-Park', 'J. W. P.'],
    ['  Cher ', 'C.'],
    ['أمير حداد', 'أ. ح.'],
    ['👩🏽‍⚕️ 𝒬uick', '👩🏽‍⚕️. 𝒬.'],
    ['', undefined],
  ])('of “%s” are %s', (display, expected) => {
    expect(patientFacts(bareTask({ for: { display } }), MESSAGE, 'initials')).toEqual({
      patient: expected,
      message: undefined,
    });
  });
});

describe('An excerpt', () => {
  it('is short, on one line, and never cuts a character in two', () => {
    const payloads = fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { minLength: 1, maxLength: 3 });

    fc.assert(
      fc.property(payloads, (texts) => {
        const message = { ...MESSAGE, payload: texts.map((contentString) => ({ contentString })) };

        const { message: text } = patientFacts(bareTask(), message, 'full');

        expect(text ?? '').not.toMatch(/\n/);
        expect((text ?? '').length).toBeLessThanOrEqual(280);
        expect((text ?? '').isWellFormed()).toBe(true);
      }),
    );
  });

  it('is cut before an emoji that does not fit', () => {
    const message = { ...MESSAGE, payload: [{ contentString: `${'x'.repeat(278)}👍 and more` }] };

    expect(patientFacts(bareTask(), message, 'full').message).toBe(`${'x'.repeat(278)}…`);
  });

  it('of a message without words is absent', () => {
    const message = {
      ...MESSAGE,
      payload: [{ contentString: ' \n' }, { contentReference: { display: 'a photo' } }],
    };

    expect(patientFacts(bareTask(), message, 'full').message).toBeUndefined();
  });
});

function patientOf(card: Card): unknown[] {
  return card.facts.filter((fact) => fact.label === 'Patient').flatMap((fact) => fact.value);
}
