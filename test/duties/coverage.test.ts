import type { Period, PractitionerRole } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { absenceOf, nothingFree } from '../../src/duties/away.ts';
import { awayIn, COVER, type CoverageRules, coverOf, type Gap, hasNews } from '../../src/duties/coverage.ts';
import { provenanceOf } from '../../src/record/provenance.ts';
import { SERVICE, writesOf } from '../../src/record/writes.ts';
import type { Member } from '../../src/routing/eligibility.ts';
import {
  ANA,
  BEN,
  bareTask,
  CARDIOLOGY,
  claimedBy,
  header,
  INACTIVE,
  NO_ROLE,
  NOW,
  NURSES,
  POOLS,
  refTo,
  role,
  taskIn,
} from '../support/pure-clinic.ts';
import { applied } from '../support/pure-record.ts';
import { at, patientSays, said, staffSays } from '../support/pure-thread.ts';

const RULES: CoverageRules = { away: ['not-available'], freeSlotWithinMinutes: 60, covers: {} };
const CLAIMED = claimedBy(ANA);

type Leave = NonNullable<PractitionerRole['notAvailable']>;

const onLeave = (...during: Period[]): { notAvailable: Leave } => ({
  notAvailable: during.map((period) => ({ description: 'On leave', during: period })),
});
const nurse = (more: Partial<PractitionerRole> = {}) => role('ana', NURSES.performerType, more);
const cardiologist = (more: Partial<PractitionerRole> = {}) => role('ana', CARDIOLOGY.performerType, more);
const ana = (...roles: PractitionerRole[]): Member => ({ ...ANA, roles });
const words = (member: Member, task = CLAIMED, rules = RULES, now = NOW) =>
  absenceOf(member, task, rules, now)?.words;

describe('Somebody is away', () => {
  it.each<[Period, string]>([
    [{ start: '2026-03-01', end: '2026-03-06' }, 'is away until 2026-03-06'],
    [{ start: '2026-03-02', end: '2026-03-02' }, 'is away until 2026-03-02'],
    [{ start: '2026-03', end: '2026-03' }, 'is away until 2026-03'],
    [
      { start: '2026-03-02T09:00:00Z', end: '2026-03-02T12:30:00+01:00' },
      'is away until 2026-03-02 11:30 UTC',
    ],
    [{ start: '2026-02-20' }, 'is away'],
    [{ end: '2026-04-01' }, 'is away until 2026-04-01'],
  ])('in the time that their role is not available: %j', (during, expected) => {
    expect(words(ana(nurse(onLeave(during))))).toBe(expected);
  });

  it.each<[string, PractitionerRole[]]>([
    ['before their leave', [nurse(onLeave({ start: '2026-03-03', end: '2026-03-06' }))]],
    ['after it', [nurse(onLeave({ start: '2026-02-01', end: '2026-03-01' }))]],
    ['after it, by the minute', [nurse(onLeave({ start: '2026-03-02', end: '2026-03-02T09:59:59Z' }))]],
    ['with a leave that says no time', [nurse({ notAvailable: [{ description: 'Sundays' }] })]],
    ['with a leave of an empty time', [nurse(onLeave({}))]],
    ['without any leave', [nurse()]],
    ['without any role', []],
    ['with a leave from a role of the past', [nurse({ active: false, ...onLeave({ start: '2026-03-01' }) })]],
  ])('not %s', (_what, roles) => {
    expect(words(ana(...roles))).toBeUndefined();
  });

  it('in any of several times', () => {
    const leave = onLeave(
      { start: '2026-01-01', end: '2026-01-08' },
      { start: '2026-03-01', end: '2026-03-04' },
    );

    expect(words(ana(nurse(leave)))).toBe('is away until 2026-03-04');
  });

  it('from the roles in which they do this Task: another may go on', () => {
    const leave = onLeave({ start: '2026-03-01', end: '2026-03-06' });

    expect(words(ana(nurse(leave), cardiologist()))).toBe('is away until 2026-03-06');
    expect(words(ana(nurse(), cardiologist(leave)))).toBeUndefined();
  });

  it('where they are on leave from every such role: at one of two sites they still work', () => {
    const [early, late] = [
      { start: '2026-03-01', end: '2026-03-04' },
      { start: '2026-03-01', end: '2026-03-06' },
    ];

    expect(words(ana(nurse(onLeave(early)), nurse()))).toBeUndefined();
    expect(words(ana(nurse(onLeave(late)), nurse(onLeave(early))))).toBe('is away until 2026-03-04');
  });

  it('from all that they do, where the Task is for no pool', () => {
    const leave = onLeave({ start: '2026-03-01', end: '2026-03-06' });
    const direct = bareTask({ owner: refTo(ANA) });

    expect(words(ana(nurse(leave), cardiologist()), direct)).toBeUndefined();
    expect(words(ana(nurse(leave), cardiologist(leave)), direct)).toBe('is away until 2026-03-06');
  });

  it.each([
    ['Pacific/Auckland', '2026-03-02T12:00:00Z', undefined],
    ['America/Los_Angeles', '2026-03-02T12:00:00Z', 'is away until 2026-03-02'],
    ['America/Los_Angeles', '2026-03-03T07:59:00Z', 'is away until 2026-03-02'],
    ['America/Los_Angeles', '2026-03-03T08:00:00Z', undefined],
    ['Mars/Olympus_Mons', '2026-03-02T23:59:00Z', 'is away until 2026-03-02'],
  ])('for whole days where they are: in %s at %s', (valueCode, now, expected) => {
    const member = ana(nurse(onLeave({ start: '2026-03-02', end: '2026-03-02' })));
    const timezone = { url: 'http://hl7.org/fhir/StructureDefinition/timezone', valueCode };
    const there = { ...member, practitioner: { ...member.practitioner, extension: [timezone] } };

    expect(words(there, CLAIMED, RULES, new Date(now))).toBe(expected);
  });

  it('when they are not active any more', () => {
    expect(words(INACTIVE)).toBe('is no longer active in the record');
  });

  it('by no sign at all where none is configured', () => {
    const rules = { ...RULES, away: [] };

    expect(words(ana(nurse(onLeave({ start: '2026-03-01' }))), CLAIMED, rules)).toBeUndefined();
    expect(words(INACTIVE, CLAIMED, rules)).toBeUndefined();
  });

  it('by their Schedule alone, where that is the only sign', () => {
    const rules: CoverageRules = { ...RULES, away: ['no-free-slot'] };

    expect(words(ana(nurse(onLeave({ start: '2026-03-01' }))), CLAIMED, rules)).toBeUndefined();
    expect(nothingFree({ ...rules, freeSlotWithinMinutes: 90 }).words).toBe(
      'has no free time in the next 90 minutes',
    );
  });
});

describe('A patient’s message is news to the owner', () => {
  const deed = (verb: string, time: string) =>
    provenanceOf(
      CLAIMED,
      { kind: 'accepted', verb, guard: 'version', change: {}, sentence: '' },
      SERVICE.who,
      new Date(at(time)),
    );
  const WROTE = [patientSays('m1', '09:00'), patientSays('m2', '09:30')];

  it.each<[string, Parameters<typeof hasNews>[1], Parameters<typeof hasNews>[2], boolean]>([
    ['when nothing has been done to the Task since', [deed('claim', '09:10')], WROTE, true],
    ['when nothing is known to have been done at all', [], WROTE, true],
    ['not when the Task was taken since', [deed('claim', '09:40')], WROTE, false],
    ['not when the Task was rerouted since', [deed('reroute', '09:40')], WROTE, false],
    ['though its priority was raised for it', [deed('raise', '09:40'), deed('claim', '09:10')], WROTE, true],
    ['though somebody wrote a note', [deed('note', '09:40'), deed('claim', '09:10')], WROTE, true],
    ['though somebody raised the alarm', [deed('escalate', '09:40'), deed('claim', '09:10')], WROTE, true],
    ['not when the owner said that they are still on it', [deed('keep', '09:40')], WROTE, false],
    ['not when it was answered', [], [...WROTE, staffSays(BEN, 'a1', '09:40')], false],
    ['though somebody answered at the same instant', [], [...WROTE, staffSays(BEN, 'a1', '09:30')], true],
    ['though a device answered it', [], [...WROTE, said('a1', '09:40', { reference: 'Device/x' })], true],
    ['not when the patient has written nothing', [], [staffSays(BEN, 'a1', '09:40')], false],
  ])('%s', (_what, provenances, messages, expected) => {
    expect(hasNews(CLAIMED, provenances, messages)).toBe(expected);
  });
});

describe('The Task of somebody who is away', () => {
  const AWAY: Gap = {
    owner: ANA,
    absence: { words: 'is away until 2026-03-06' },
    standIn: undefined,
    home: CLAIMED.performerType,
  };

  it('goes back to its pool, with a note and the coded reason', () => {
    expect(coverOf(CLAIMED, AWAY, POOLS)).toMatchObject({
      verb: 'cover',
      guard: 'version',
      change: { status: 'requested', businessStatus: 'unassigned', owner: null, performerType: AWAY.home },
      reason: { code: 'covering-absence' },
      note: 'Ana Silva is away until 2026-03-06; back in “Registered nurse”.',
    });
  });

  it('goes back to the pool that it came from, where it is for none now', () => {
    const direct = bareTask({ owner: refTo(ANA) });
    const home = taskIn(CARDIOLOGY).performerType;

    expect(coverOf(direct, { ...AWAY, home }, POOLS)).toMatchObject({
      change: { performerType: home },
      note: 'Ana Silva is away until 2026-03-06; back in “Cardiologist”.',
    });
  });

  it('goes to whoever covers, who has not accepted it yet; its pool keeps it in sight', () => {
    const decision = coverOf(CLAIMED, { ...AWAY, standIn: BEN }, POOLS);

    expect(decision).toMatchObject({
      change: { status: 'requested', businessStatus: 'assigned', owner: refTo(BEN) },
      note: 'Ana Silva is away until 2026-03-06; given to Ben Carter, who covers.',
    });
    expect(decision?.change).not.toHaveProperty('performerType');
  });

  it.each([[undefined], [[]]])('stays where there is neither a pool nor anybody who covers (%j)', (home) => {
    expect(coverOf(bareTask({ owner: refTo(NO_ROLE) }), { ...AWAY, home }, POOLS)).toBeUndefined();
  });

  it('tells later why it was taken from them, as long as its note is there', () => {
    const decision = coverOf(CLAIMED, AWAY, POOLS);
    if (decision === undefined) throw new Error('not covered');
    const thread = header([refTo(ANA)]);

    const writes = writesOf(decision, { task: CLAIMED, thread, now: NOW }, SERVICE, 'follow');
    const covered = applied(CLAIMED, writes.task.patch);

    expect(writes.provenance.activity?.coding?.at(-1)?.code).toBe(COVER);
    expect(writes.thread?.patch.at(-1)).toEqual({ op: 'remove', path: '/recipient' });
    expect(awayIn(covered, writes.provenance.recorded)).toBe('Ana Silva is away until 2026-03-06');
    expect(awayIn(covered, at('09:59'))).toBeUndefined();
    expect(awayIn(CLAIMED, writes.provenance.recorded)).toBeUndefined();
  });
});
