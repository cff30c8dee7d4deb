import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  COMPLETION_REASONS,
  DEFAULT_REASONS,
  ESCALATION_REASONS,
  findReason,
  MEDPLUM_REROUTE_REASON,
  NOT_ANSWERED_IN_TIME,
  NOT_CLAIMED_IN_TIME,
  REASONS,
  reasonCoding,
  takeReason,
} from '../../src/routing/reasons.ts';
import { checkInputs } from '../../src/verbs/index.ts';
import { release } from '../../src/verbs/release.ts';
import { words } from '../support/arbitraries.ts';

describe('A reason', () => {
  it.each([
    ['why a Task changes hands', REASONS],
    ['why it is closed without an answer', COMPLETION_REASONS],
    ['why it cannot wait', ESCALATION_REASONS],
  ])('has a code and a name of its own among those that say %s', (_what, reasons) => {
    expect(new Set(reasons.map((reason) => reason.code)).size).toBe(reasons.length);
    expect(new Set(reasons.map((reason) => reason.display)).size).toBe(reasons.length);
  });

  it('that stands in both lists is the same in both', () => {
    const both = COMPLETION_REASONS.filter(({ code }) => REASONS.some((one) => one.code === code));

    expect(both.map(({ code }) => code)).toEqual(['duplicate', 'other']);
    for (const reason of both) expect(findReason(reason.code, REASONS)).toEqual(reason);
    expect(findReason('other', ESCALATION_REASONS)).toEqual(findReason('other', REASONS));
  });

  it('of Switchboard’s own is offered to nobody', () => {
    const offered = Object.values(DEFAULT_REASONS).flat();

    for (const { code, display } of [NOT_CLAIMED_IN_TIME, NOT_ANSWERED_IN_TIME])
      expect(findReason(code, offered) ?? findReason(display, offered)).toBeUndefined();
  });

  it('of the other list is not taken', () => {
    expect(findReason('workload', COMPLETION_REASONS)).toBeUndefined();
    expect(takeReason('answered by phone', REASONS)).toBeUndefined();
    expect(takeReason('answered by phone at nine', COMPLETION_REASONS)).toMatchObject({ note: 'at nine' });
  });

  it('is written as the specification writes it', () => {
    const reason = findReason('specialty-referral', REASONS);

    expect(reason && reasonCoding(reason)).toEqual({
      system: 'https://medplum.com/CodeSystem/reroute-reason',
      code: 'specialty-referral',
      display: 'Specialty referral',
    });
    expect(MEDPLUM_REROUTE_REASON).toBe('https://medplum.com/CodeSystem/reroute-reason');
  });

  it.each(REASONS.map((reason) => [reason.code, reason] as const))(
    '%s is found however it is typed',
    (_code, reason) => {
      const forms = [
        reason.code,
        reason.display,
        reason.display.toUpperCase(),
        reason.display.replaceAll('’', "'"),
        reason.display.replaceAll('’', '`'),
        reason.code.replaceAll('-', ' '),
        reason.code.replaceAll('-', '_'),
        `${reason.code},`,
        `${reason.display}:`,
      ];

      expect(forms.map((form) => findReason(form, REASONS))).toEqual(forms.map(() => reason));
    },
  );

  it.each([
    ['specialty-referral new cardiac symptoms', 'specialty-referral', 'new cardiac symptoms'],
    ['Specialty referral: new cardiac symptoms', 'specialty-referral', 'new cardiac symptoms'],
    ["needs a provider's decision, please", 'needs-provider-decision', 'please'],
    ['Patient’s request', 'patient-request', ''],
    ['other it is complicated', 'other', 'it is complicated'],
    ['wrong pool - sorry', 'wrong-pool', 'sorry'],
    ['  end   of  shift   back on\nMonday ', 'end-of-shift', 'back on\nMonday'],
    ['workload workload', 'workload', 'workload'],
  ])('is taken off the front of “%s”', (typed, code, note) => {
    const taken = takeReason(typed, REASONS);

    expect(taken?.reason.code).toBe(code);
    expect(taken?.note).toBe(note);
  });

  it.each(['', '   ', 'because', 'referral specialty', 'specialtyreferral', 'the wrong pool'])(
    'is not found in “%s”',
    (typed) => {
      expect(takeReason(typed, REASONS)).toBeUndefined();
    },
  );

  it('leaves a note that begins with a word as it was typed', () => {
    fc.assert(
      fc.property(fc.constantFrom(...REASONS), words, (reason, note) => {
        fc.pre(/^[\p{L}\p{N}]/u.test(note));

        const taken = takeReason(`${reason.code} ${note}`, REASONS);

        expect(taken?.reason).toBe(reason);
        expect(taken?.note).toBe(note.trim());
      }),
    );
  });
});

describe('“Other”', () => {
  const reason = findReason('other', REASONS) ?? REASONS[0];

  it.each([undefined, ''])('needs a note that says why', (note) => {
    const refused = checkInputs(release, { ...(reason && { reason }), ...(note !== undefined && { note }) });

    expect(refused).toEqual({
      kind: 'refused',
      sentence: '“Other” needs a note that says why.',
      field: 'note',
    });
  });

  it('is the only reason that needs one', () => {
    expect(REASONS.filter((one) => one.needsNote).map((one) => one.code)).toEqual(['other']);
  });
});
