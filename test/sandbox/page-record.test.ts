import type { Communication, Provenance, Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { deedOf } from '../../sandbox/page/record/deed.ts';
import { historyOf } from '../../sandbox/page/record/history.ts';
import { outcomesOf } from '../../sandbox/page/record/output.ts';
import { replacementOf } from '../../sandbox/page/record/replacement.ts';
import { talkOf } from '../../sandbox/page/record/talk.ts';
import { taskNamedIn } from '../../sandbox/page/workspace/task-named.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 23, 12, 0, seconds)).toISOString();
const version = (versionId: string, seconds: number, more: Partial<Task> = {}): Task => ({
  resourceType: 'Task',
  id: 'old',
  meta: { versionId, lastUpdated: at(seconds) },
  status: 'requested',
  intent: 'order',
  ...more,
});
const assembler = { type: { coding: [{ code: 'assembler' }] }, who: { display: 'Switchboard' } };
const by = (name: string) => ({
  type: { coding: [{ code: 'author' }] },
  who: { reference: `Practitioner/${name}`, display: name },
});
const deed = (verb: string, seconds: number, more: Partial<Provenance> = {}): Provenance => ({
  resourceType: 'Provenance',
  id: `${verb} ${seconds}`,
  target: [{ reference: 'Task/old' }],
  recorded: at(seconds),
  activity: {
    coding: [
      { system: 'http://terminology.hl7.org/CodeSystem/v3-DataOperation', code: 'UPDATE' },
      { system: 'urn:switchboard:CodeSystem:verb', code: verb },
    ],
  },
  agent: [by('Ana'), assembler],
  ...more,
});
const left = (versionId: string) => ({
  entity: [{ role: 'revision' as const, what: { reference: `Task/old/_history/${versionId}` } }],
});

describe('what a Provenance says', () => {
  it('is who did what, through which software, and why', () => {
    const reason = [{ coding: [{ code: 'a', display: 'Specialty referral' }] }];

    expect(deedOf(deed('reroute', 0, { reason }))).toMatchObject({
      verb: 'Rerouted',
      by: [{ display: 'Ana' }],
      through: [{ display: 'Switchboard' }],
      reason: 'Specialty referral',
      automatic: false,
    });
  });

  it('names the person on whose behalf the software wrote', () => {
    const agent = [by('Ana'), { ...assembler, onBehalfOf: { reference: 'Practitioner/Ana' } }];

    expect(deedOf(deed('claim', 0, { agent })).onBehalfOf).toEqual([{ reference: 'Practitioner/Ana' }]);
  });

  it.each([
    ['as author', [{ type: { coding: [{ code: 'author' }] }, who: { display: 'Switchboard' } }, assembler]],
    ['as the only agent', [assembler]],
    ['as its own client', [{ who: { reference: 'ClientApplication/1', display: 'Switchboard' } }]],
  ])('is automatic where Switchboard itself acted, named %s', (_, agent) => {
    expect(deedOf(deed('follow-up', 0, { agent }))).toMatchObject({
      verb: 'Follow up',
      by: [{ display: 'Switchboard' }],
      through: [],
      automatic: true,
    });
  });
});

describe('the history of a Task', () => {
  const versions = [version('c', 20), version('b', 10), version('a', 0)];
  const told = (provenance: readonly Provenance[]) =>
    historyOf(versions, provenance).map((moment) => [
      moment.version?.number,
      moment.provenance && deedOf(moment.provenance).verb,
    ]);

  it('tells of each version what the Provenance says that left the one before', () => {
    expect(told([deed('release', 21, left('b')), deed('claim', 11, left('a'))])).toEqual([
      [3, 'Released'],
      [2, 'Claimed'],
      [1, undefined],
    ]);
  });

  it('tells of the first version what was recorded at about the time of its making', () => {
    expect(told([deed('open', 1)])).toEqual([
      [3, undefined],
      [2, undefined],
      [1, 'Opened'],
    ]);
  });

  it('tells of a Provenance alone where it is about no version that is known', () => {
    expect(told([deed('assign', 900), deed('escalate', 22, left('c'))])).toEqual([
      [undefined, 'Assigned'],
      [undefined, 'Escalated'],
      [3, undefined],
      [2, undefined],
      [1, undefined],
    ]);
  });
});

describe('a Task in the place of another', () => {
  const replaces = (id: string) => ({
    extension: [
      {
        url: 'http://hl7.org/fhir/StructureDefinition/task-replaces',
        valueReference: { reference: `Task/${id}` },
      },
    ],
  });
  const before = version('b', 10, { status: 'cancelled' });
  const after = version('a', 10, { id: 'new', ...replaces('old') });
  const both = deed('reroute', 10, { target: [{ reference: 'Task/old' }, { reference: 'Task/new' }] });

  it('is found from both sides by the extension on the new one', () => {
    expect(replacementOf(before, [after], [])).toEqual({ replaces: undefined, replacedBy: 'new' });
    expect(replacementOf(after, [before], [both])).toEqual({ replaces: 'old', replacedBy: undefined });
  });

  it('is found from the old one by the Provenance of both, where the new one is not at hand', () => {
    expect(replacementOf(before, [], [both]).replacedBy).toBe('new');
  });

  it('has one before and one after in the middle of a chain', () => {
    const last = version('a', 20, { id: 'newest', ...replaces('new') });

    expect(replacementOf({ ...after, status: 'cancelled' }, [before, last], [both])).toEqual({
      replaces: 'old',
      replacedBy: 'newest',
    });
  });

  it('is none among Tasks that only share a thread', () => {
    expect(replacementOf(version('a', 0), [version('a', 0, { id: 'other' })], [])).toEqual({
      replaces: undefined,
      replacedBy: undefined,
    });
  });
});

describe('what a Task came to', () => {
  const answer: Communication = { resourceType: 'Communication', id: 'c1', status: 'in-progress' };

  it('is the answer in its thread, or else what stands there', () => {
    const output: Task['output'] = [
      { type: { text: 'Reply' }, valueReference: { reference: 'Communication/c1' } },
      { type: { text: 'Reply' }, valueReference: { reference: 'Communication/gone' } },
      { type: { coding: [{ display: 'Note' }] }, valueString: 'Called back' },
    ];

    expect(
      outcomesOf(version('a', 0, { output }), [answer]).map(({ what, message, text }) => [
        what,
        message?.id,
        text,
      ]),
    ).toEqual([
      ['Reply', 'c1', undefined],
      ['Reply', undefined, 'Communication/gone'],
      ['Note', undefined, 'Called back'],
    ]);
  });
});

describe('the conversation in the record', () => {
  const said = (sender: string, seconds: number): Communication => ({
    resourceType: 'Communication',
    status: 'in-progress',
    sender: { reference: sender },
    sent: at(seconds),
  });

  it('has the patient on one side and the clinic on the other, and names whoever goes on only once', () => {
    const talk = talkOf(
      [
        said('Patient/1', 0),
        said('Patient/1', 60),
        said('Practitioner/2', 70),
        said('Patient/1', 80),
        said('Patient/1', 900),
      ],
      { reference: 'Patient/1' },
    );

    expect(talk.map(({ side, goesOn }) => `${side}${goesOn ? ' goes on' : ''}`)).toEqual([
      'patient',
      'patient goes on',
      'staff',
      'patient',
      'patient',
    ]);
  });
});

describe('a button in a listing', () => {
  const id = '4f0b3c52-9d1e-4d9e-8a54-0a1b2c3d4e5f';

  it.each([id, `claim:${id}`])('whose value is %s leads to the record of that Task', (value) => {
    expect(taskNamedIn(value)).toBe(id);
  });

  it.each(['2', '', undefined])('whose value is %j leads to none', (value) => {
    expect(taskNamedIn(value)).toBeUndefined();
  });
});
