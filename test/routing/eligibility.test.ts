import type { Coding, Period } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covers, mayClaim, nameOf, referenceTo, roleNames } from '../../src/routing/eligibility.ts';
import { performerTypeOf } from '../../src/routing/pools.ts';
import {
  ANA,
  BEN,
  bareTask,
  CARDIOLOGY,
  ENDED,
  GRACE,
  INACTIVE,
  NO_ROLE,
  NOA,
  NOW,
  NURSES,
  PHARMACY,
  role,
  SNOMED,
  taskIn,
} from '../support/pure-clinic.ts';

describe('“Providers whose PractitionerRole.code matches the performerType can claim the Task”', () => {
  it.each([
    ['a nurse claims what is for nurses', ANA, true],
    ['one of two roles is enough', GRACE, true],
    ['a cardiologist does not claim what is for nurses', BEN, false],
    ['nobody claims without a role', NO_ROLE, false],
    ['nobody claims with a role that has ended', ENDED, false],
    ['nobody claims whose Practitioner is not active', INACTIVE, false],
  ])('%s', (_title, member, expected) => {
    const may = mayClaim(taskIn(NURSES), member, NOW);

    expect(may).toBe(expected);
  });

  it.each<[string, Coding, boolean]>([
    [
      'an equal system and code match, whatever the display',
      { ...NURSES.performerType, display: 'RN' },
      true,
    ],
    ['a missing display matches', { system: SNOMED, code: '224535009' }, true],
    ['the same code of another system does not match', { system: 'urn:other', code: '224535009' }, false],
    ['a code without its system does not match', { code: '224535009' }, false],
    ['an equal display alone does not match', { system: SNOMED, display: 'Registered nurse' }, false],
    ['a code in other letters does not match', { system: `${SNOMED}/`, code: '224535009' }, false],
  ])('%s', (_title, coding, expected) => {
    const member = { ...ANA, roles: [role('ana', coding)] };

    const may = mayClaim(taskIn(NURSES), member, NOW);

    expect(may).toBe(expected);
  });

  it('does not match on text, nor on two codings without a code', () => {
    const task = bareTask({ performerType: [{ text: 'Registered nurse', coding: [{ system: SNOMED }] }] });
    const member = {
      ...ANA,
      roles: [
        {
          ...role('ana', { system: SNOMED }),
          code: [{ text: 'Registered nurse', coding: [{ system: SNOMED }] }],
        },
      ],
    };

    const may = mayClaim(task, member, NOW);

    expect(may).toBe(false);
  });

  it.each([
    ['may claim a Task of two pools with a role in the second', NOA, true],
    ['may not claim a Task of two pools with a role in neither', BEN, false],
  ])('%s', (_title, member, expected) => {
    const task = bareTask({ performerType: [...performerTypeOf(NURSES), ...performerTypeOf(PHARMACY)] });

    const may = mayClaim(task, member, NOW);

    expect(may).toBe(expected);
  });

  it('matches any coding of any concept of a role, in any order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([NURSES, CARDIOLOGY, PHARMACY]), fc.nat(2), (held, at) => {
        const wanted = [NURSES, CARDIOLOGY, PHARMACY][at] ?? NURSES;
        const codings = held.map((pool) => pool.performerType);
        const roles = [{ ...role('ana', PHARMACY.performerType), code: [{ coding: codings }] }];

        const may = mayClaim(taskIn(wanted), { ...ANA, roles }, NOW);

        expect(may).toBe(held.includes(wanted));
      }),
    );
  });

  it.each([
    ['a role that is not active does not count', { active: false }, false],
    ['a role that does not say whether it is active counts', {}, true],
    ['a role that begins tomorrow does not count', { period: { start: '2026-03-04' } }, false],
    ['a role that ended yesterday does not count', { period: { end: '2026-02-28' } }, false],
  ])('%s', (_title, more, expected) => {
    const member = { ...ANA, roles: [role('ana', NURSES.performerType, more)] };

    const may = mayClaim(taskIn(NURSES), member, NOW);

    expect(may).toBe(expected);
  });
});

describe('A period', () => {
  it.each<[string, Period | undefined, string, boolean]>([
    ['that is absent always holds', undefined, '2026-03-02T10:00:00Z', true],
    ['without bounds always holds', {}, '2026-03-02T10:00:00Z', true],
    ['includes its first instant', { start: '2026-03-02T10:00:00Z' }, '2026-03-02T10:00:00Z', true],
    ['includes its last instant', { end: '2026-03-02T10:00:00Z' }, '2026-03-02T10:00:00Z', true],
    [
      'is over right after its last instant',
      { end: '2026-03-02T10:00:00Z' },
      '2026-03-02T10:00:00.001Z',
      false,
    ],
    [
      'has not begun right before its first',
      { start: '2026-03-02T10:00:00Z' },
      '2026-03-02T09:59:59.999Z',
      false,
    ],
    ['is read with its time zone', { end: '2026-03-02T10:00:00+02:00' }, '2026-03-02T08:00:00.001Z', false],
    ['lasts through the day that it ends on', { end: '2026-03-02' }, '2026-03-02T23:59:59.999Z', true],
    ['lasts until that day is over everywhere', { end: '2026-03-02' }, '2026-03-03T11:59:59.999Z', true],
    ['is over when that day is over everywhere', { end: '2026-03-02' }, '2026-03-03T12:00:00Z', false],
    ['begins when its first day does anywhere', { start: '2026-03-02' }, '2026-03-01T10:00:00Z', true],
    ['has not begun before that', { start: '2026-03-02' }, '2026-03-01T09:59:59.999Z', false],
    ['may end with a month', { end: '2026-02' }, '2026-02-28T23:59:59Z', true],
    ['is over in the month after', { end: '2026-01' }, '2026-02-02T00:00:00Z', false],
    ['may end with a leap month', { end: '2028-02' }, '2028-02-29T12:00:00Z', true],
    ['may end with a year', { end: '2026' }, '2026-12-31T23:59:59Z', true],
    ['is over in the year after', { end: '2025' }, '2026-01-02T00:00:00Z', false],
    ['may begin with a year', { start: '2026' }, '2026-01-01T00:00:00Z', true],
    ['has not begun in the year before', { start: '2027' }, '2026-12-30T00:00:00Z', false],
    ['that makes no sense never holds', { start: 'soon' }, '2026-03-02T10:00:00Z', false],
    ['whose end makes no sense never holds', { end: 'later' }, '2026-03-02T10:00:00Z', false],
    [
      'that ends before it begins never holds',
      { start: '2026-05-01', end: '2026-01-01' },
      '2026-03-02T10:00:00Z',
      false,
    ],
  ])('%s', (_title, period, now, expected) => {
    expect(covers(period, new Date(now))).toBe(expected);
  });
});

describe('A person', () => {
  it.each([
    [
      'is called by the official name',
      [{ text: 'Bo' }, { use: 'official' as const, text: 'Robert Lee' }],
      'Robert Lee',
    ],
    [
      'is called by the parts of the name',
      [{ prefix: ['Dr.'], given: ['Gregory'], family: 'House' }],
      'Dr. Gregory House',
    ],
    ['is called by the family name alone', [{ family: 'לוי' }], 'לוי'],
    ['without a name is called by the reference', [], 'Practitioner/x'],
    ['with an empty name is called by the reference', [{}], 'Practitioner/x'],
  ])('%s', (_title, name, expected) => {
    expect(nameOf({ resourceType: 'Practitioner', id: 'x', name })).toBe(expected);
  });

  it('is referred to with the name that people read', () => {
    expect(referenceTo(ANA.practitioner)).toEqual({ reference: 'Practitioner/ana', display: 'Ana Silva' });
  });

  it('has each role named once, by its text, its display or its code', () => {
    const roles = [
      role('ana', NURSES.performerType),
      role('ana', NURSES.performerType),
      role('ana', { system: 'urn:x', code: 'triage' }),
      { ...role('ana', CARDIOLOGY.performerType), code: [{ text: 'Heart team' }] },
    ];

    expect(roleNames({ ...ANA, roles }, NOW)).toEqual(['Registered nurse', 'triage', 'Heart team']);
  });
});
