import type { Provenance, Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { changedSince, type Held, shiftEndOf } from '../../src/duties/shift-end.ts';
import { provenanceOf } from '../../src/record/provenance.ts';
import { SERVICE, writesOf } from '../../src/record/writes.ts';
import type { Member } from '../../src/routing/eligibility.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import {
  ANA,
  bareTask,
  CHIDI,
  claimedBy,
  header,
  NURSES,
  refTo,
  STANDING_TASKS,
  taskIn,
} from '../support/pure-clinic.ts';
import { applied } from '../support/pure-record.ts';

const END = new Date('2026-03-02T19:00:00.000Z');
const BEFORE = '2026-03-02T18:59:59.999Z';
const AFTER = '2026-03-02T19:00:00.000Z';

const CLAIMED = claimedBy(ANA);

const ended = (held: Partial<Held>) =>
  shiftEndOf({ task: CLAIMED, provenances: [], versions: [], ...held }, END, DEFAULT_TASK_RULES);

const did = (verb: string, by: Member, at: string): Provenance =>
  provenanceOf(
    CLAIMED,
    { kind: 'accepted', verb, guard: 'version', change: {}, sentence: '' },
    refTo(by),
    new Date(at),
  );

const version = (at: string, more: Partial<Task> = {}): Task => ({
  ...CLAIMED,
  meta: { lastUpdated: at },
  ...more,
});
const waiting = (at: string): Task => taskIn(NURSES, { meta: { lastUpdated: at } });

describe('When the shift ends', () => {
  it('what somebody has goes back to its pool, released by Switchboard with that reason', () => {
    const decision = ended({ provenances: [did('claim', ANA, BEFORE)] });
    if (decision === undefined) throw new Error('It stays.');
    const now = new Date('2026-03-02T19:01:00.000Z');

    const writes = writesOf(
      decision,
      { task: CLAIMED, thread: header([refTo(ANA)]), now },
      SERVICE,
      'follow',
    );

    const task = applied(CLAIMED, writes.task.patch);
    expect(task).toMatchObject({ status: 'requested', businessStatus: { text: 'unassigned' } });
    expect(task.owner).toBeUndefined();
    expect(task.performerType).toEqual(CLAIMED.performerType);
    expect(applied(header([refTo(ANA)]), writes.thread?.patch ?? []).recipient).toBeUndefined();
    expect(writes.provenance).toMatchObject({
      recorded: now.toISOString(),
      activity: { coding: [{ code: 'UPDATE' }, { code: 'release' }] },
      reason: [{ coding: [{ code: 'end-of-shift' }] }],
      agent: [{ who: { display: 'Switchboard' } }, {}],
    });
    expect(decision.guard).toBe('version');
  });

  it.each(Object.entries(STANDING_TASKS))('of a Task that is %s', (standing, task) => {
    expect(ended({ task }) !== undefined).toBe(['claimed', 'assigned'].includes(standing));
  });

  it.each(['stat', 'asap', 'urgent', 'routine'] as const)(
    'a new shift must see what is %s as well',
    (priority) => {
      expect(ended({ task: { ...CLAIMED, priority } })).toBeDefined();
    },
  );

  it.each<[string, Task]>([
    ['one that was sent to a person, in no pool', bareTask({ status: 'accepted', owner: refTo(ANA) })],
    [
      'one that is a patient’s own',
      taskIn(NURSES, { status: 'accepted', owner: { reference: 'Patient/x' } }),
    ],
    ['one of an organisation', taskIn(NURSES, { owner: { reference: 'Organization/x' } })],
  ])('%s stays where it is', (_what, task) => {
    expect(ended({ task })).toBeUndefined();
  });

  it('what a person has in a role goes back as well', () => {
    expect(ended({ task: { ...CLAIMED, owner: { reference: 'PractitionerRole/x' } } })).toBeDefined();
  });

  it.each<[string, Provenance]>([
    ['claimed it', did('claim', ANA, AFTER)],
    ['accepted it', did('accept', ANA, AFTER)],
    ['was given it', did('reroute', CHIDI, AFTER)],
    ['was given it for somebody who is away', did('cover', CHIDI, AFTER)],
    ['wrote a note', did('note', ANA, AFTER)],
  ])('whoever %s at that minute or later is there, and keeps it', (_what, deed) => {
    expect(ended({ provenances: [deed, did('claim', ANA, BEFORE)] })).toBeUndefined();
  });

  it.each<[string, Provenance]>([
    ['a note by somebody else', did('note', CHIDI, AFTER)],
    ['a higher priority', did('raise', CHIDI, AFTER)],
    ['what the owner did before', did('note', ANA, BEFORE)],
  ])('%s keeps nothing', (_what, deed) => {
    expect(ended({ provenances: [deed, did('claim', ANA, BEFORE)] })).toBeDefined();
  });

  it.each<[string, Task[], boolean]>([
    ['given to them after it stays', [version(AFTER), waiting(BEFORE)], true],
    ['taken from somebody after it stays', [version(BEFORE, { owner: refTo(CHIDI) }), version(AFTER)], true],
    ['accepted after it stays', [version(AFTER), version(BEFORE, { status: 'requested' })], true],
    [
      'given to them before it, and changed since, goes back',
      [
        version('2026-03-02T20:00:00Z', { priority: 'stat' }),
        version(BEFORE),
        waiting('2026-03-02T10:00:00Z'),
      ],
      false,
    ],
    ['that they have had as long as its history goes back', [version(AFTER)], false],
  ])('by another application, one that was %s', (_what, versions, stays) => {
    expect(ended({ versions }) === undefined).toBe(stays);
  });

  it.each<[string | undefined, boolean]>([
    [BEFORE, false],
    [AFTER, true],
    [undefined, true],
  ])('its history is needed where it was written since: %s', (lastUpdated, needed) => {
    expect(changedSince({ ...CLAIMED, meta: { ...(lastUpdated && { lastUpdated }) } }, END)).toBe(needed);
  });
});
