import type { PractitionerRole } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { listWhoami } from '../../src/queries/whoami.ts';
import type { Member } from '../../src/routing/eligibility.ts';
import {
  ANA,
  CARDIOLOGY,
  ENDED,
  GRACE,
  INACTIVE,
  NO_ROLE,
  NURSES,
  person,
  role,
} from '../support/pure-clinic.ts';
import { askingOf, linesOf } from '../support/pure-queries.ts';

const about = (actor: Member, held = [NURSES], chatId = 'U1') =>
  linesOf(listWhoami({ chatId, held }, askingOf('whoami', { actor })));

const withRole = (more: Partial<PractitionerRole>): Member => ({
  ...person('kim', 'Kim Park', []),
  roles: [role('kim', NURSES.performerType, more)],
});

describe('Who I am', () => {
  it('is said by name', () => {
    const listing = listWhoami({ chatId: 'U1', held: [NURSES] }, askingOf('whoami'));

    expect(listing.sentence).toBe('You are Ana Silva in the record.');
  });

  it('says how I am linked: by an identifier of my Practitioner, or by my e-mail address', () => {
    const identifier = [{ system: 'urn:switchboard:chat:slack:T1', value: 'U1' }];
    const linked = { ...ANA, practitioner: { ...ANA.practitioner, identifier } };

    expect(about(linked)[0]).toBe('Linked to Practitioner/ana by the identifier U1 that it carries.');
    expect(about(ANA)[0]).toBe('Linked to Practitioner/ana by your e-mail address.');
  });

  it('says what I am, and where I may claim', () => {
    expect(about(GRACE, [NURSES, CARDIOLOGY]).slice(1)).toEqual([
      'Your role: Registered nurse, Cardiologist.',
      'You may claim in Registered nurse, Cardiologist.',
    ]);
  });

  it.each<[string, Member, string[]]>([
    [
      'no role at all',
      NO_ROLE,
      ['You have no PractitionerRole in the record. Ask your administrator for one.'],
    ],
    [
      'a role that has ended',
      ENDED,
      [
        'Your role “Registered nurse” ended on 2020-12-31.',
        'Ask your administrator for a role that is active.',
      ],
    ],
    [
      'a role that has yet to begin',
      withRole({ period: { start: '2027-01-01' } }),
      [
        'Your role “Registered nurse” begins on 2027-01-01.',
        'Ask your administrator for a role that is active.',
      ],
    ],
    [
      'a role that was switched off',
      withRole({ active: false }),
      ['Your role “Registered nurse” is not active.', 'Ask your administrator for a role that is active.'],
    ],
    [
      'a role for which no pool is served',
      withRole({ code: [{ text: 'Dentist', coding: [{ system: 'urn:x', code: '1' }] }] }),
      ['No pool is served here for “Dentist”.'],
    ],
    [
      'a Practitioner that is not active',
      INACTIVE,
      ['Your Practitioner record is not active, so you cannot act on Tasks. Ask your administrator.'],
    ],
  ])('says what is missing: %s', (_what, actor, missing) => {
    const lines = about(actor, []);

    expect(lines[2]).toBe('There is no pool here in which you may claim.');
    expect(lines.slice(3)).toEqual(missing);
  });

  it('says of a role that has ended beside one that has not that it ended', () => {
    const both: Member = { ...ANA, roles: [...ANA.roles, ...ENDED.roles] };

    expect(about(both).slice(3)).toEqual(['Your role “Registered nurse” ended on 2020-12-31.']);
  });
});
