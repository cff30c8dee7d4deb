import type { Extension, Task } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wasApplied } from '../../src/record/applied.ts';
import { taskPatch } from '../../src/record/patch.ts';
import { isSnoozed, SNOOZE_URL, snoozeExtension, snoozeOf } from '../../src/record/snooze.ts';
import { TASK_REPLACES } from '../../src/record/successor.ts';
import { performerTypeOf } from '../../src/routing/pools.ts';
import { claim } from '../../src/verbs/claim.ts';
import { decide } from '../../src/verbs/index.ts';
import { snooze } from '../../src/verbs/snooze.ts';
import type { Accepted, Change, Decision } from '../../src/verbs/verb.ts';
import { ANA, BEN, CARDIOLOGY, claimedBy, NOW, refTo, situationOf, taskIn } from '../support/pure-clinic.ts';
import { applied, stored } from '../support/pure-record.ts';

const START = '2026-03-02T10:00:00.000Z';
const END = '2026-03-02T11:00:00.000Z';
const OLD = snoozeExtension({ start: '2026-03-02T08:00:00.000Z' });
const REPLACES: Extension = { url: TASK_REPLACES, valueReference: { reference: 'Task/1' } };
const THEIRS: Extension = { url: 'https://clinic.example/extension', valueString: 'x' };

const patchOf = (task: Task, change: Change, guard: Accepted['guard'] = 'version') =>
  taskPatch(task, { kind: 'accepted', verb: 'x', guard, change, sentence: '' }, refTo(ANA), NOW);
const extensionsAfter = (task: Task, change: Change) => applied(task, patchOf(task, change)).extension;

/** The other extensions that a Task may have, ours among them or not. */
const lists = fc.tuple(fc.subarray([REPLACES, THEIRS]), fc.option(fc.nat(2), { nil: undefined }));
const withOurs = ([others, at]: readonly [Extension[], number | undefined]): Extension[] =>
  at === undefined ? others : others.toSpliced(at, 0, OLD);
const claimedWith = (extension: Extension[]) => claimedBy(ANA, extension.length > 0 ? { extension } : {});

describe('A snooze in the record', () => {
  it('is an extension of the Task with a period', () => {
    expect(extensionsAfter(claimedBy(ANA), { snooze: { start: START, end: END } })).toEqual([
      { url: 'urn:switchboard:snooze', valuePeriod: { start: START, end: END } },
    ]);
    expect(extensionsAfter(claimedBy(ANA), { snooze: { start: START } })).toEqual([
      { url: 'urn:switchboard:snooze', valuePeriod: { start: START } },
    ]);
  });

  it('is there once, whatever else is there, which stays in its place', () => {
    fc.assert(
      fc.property(lists, (list) => {
        const extension = withOurs(list);
        const found = extensionsAfter(claimedWith(extension), { snooze: { start: START, end: END } }) ?? [];

        expect(found.filter(({ url }) => url === SNOOZE_URL)).toEqual([
          snoozeExtension({ start: START, end: END }),
        ]);
        expect(found.filter(({ url }) => url !== SNOOZE_URL)).toEqual(list[0]);
        if (list[1] !== undefined)
          expect(found.map(({ url }) => url)).toEqual(extension.map(({ url }) => url));
      }),
    );
  });

  it.each<[string, Change]>([
    ['is taken away', { snooze: null }],
    ['is given to somebody', { owner: refTo(BEN) }],
    ['is nobody’s any more', { status: 'requested', owner: null }],
    ['is sent to another pool', { owner: null, performerType: performerTypeOf(CARDIOLOGY) }],
    ['is completed', { status: 'completed', businessStatus: 'completed' }],
    ['is cancelled', { status: 'cancelled', businessStatus: 'rerouted' }],
  ])('goes, and nothing else with it, where the Task %s', (_what, change) => {
    fc.assert(
      fc.property(lists, (list) => {
        expect(extensionsAfter(claimedWith(withOurs(list)), change) ?? []).toEqual(list[0]);
      }),
    );
  });

  it.each<[string, Change]>([
    ['a note', {}],
    ['an escalation', { businessStatus: 'escalated' }],
    ['a new priority', { priority: 'stat' }],
    ['a status that is the same', { status: 'accepted' }],
  ])('stays with %s', (_what, change) => {
    expect(extensionsAfter(claimedWith([THEIRS, OLD]), change)).toEqual([THEIRS, OLD]);
  });

  it('that was left behind by somebody else does not lose a claim, unless it changed meanwhile', () => {
    const task = taskIn(undefined, { extension: [THEIRS, OLD] });
    const decision = decide(claim, {}, situationOf(task, ANA));
    const patch = taskPatch(task, accepted(decision), refTo(ANA), NOW);

    const noted = applied({ ...task, note: [{ text: 'Seen' }], meta: { versionId: 'v2' } }, patch);

    expect(noted).toMatchObject({ owner: refTo(ANA), extension: [THEIRS] });
    expect(() => applied({ ...task, extension: [OLD] }, patch)).toThrow(/^Test failed/);
  });

  it('is known to have been written, or taken away, where the answer was lost', () => {
    fc.assert(
      fc.property(lists, fc.boolean(), (list, takes) => {
        const task = claimedWith(withOurs(list));
        fc.pre(!takes || list[1] !== undefined);
        const patch = patchOf(task, { snooze: takes ? null : { start: START } });

        expect(wasApplied(patch, [stored(applied(task, patch), 'v2'), task])).toBe(true);
        expect(wasApplied(patch, [task])).toBe(false);
      }),
    );
  });
});

describe('A snooze', () => {
  const snoozed = (period: { start?: string; end?: string }) =>
    claimedBy(ANA, { extension: [THEIRS, { url: SNOOZE_URL, valuePeriod: period }] });
  const at = (time: string) => new Date(`2026-03-02T${time}:00.000Z`);

  it.each<[string, string, string | undefined, boolean]>([
    ['lasts until its end', '10:59', undefined, true],
    ['is over at its end', '11:00', undefined, false],
    ['lasts where the patient wrote before it', '10:59', '09:59', true],
    ['lasts where the patient wrote the very instant', '10:59', '10:00', true],
    ['is over as soon as the patient has written', '10:30', '10:01', false],
  ])('%s', (_what, now, wrote, expected) => {
    expect(isSnoozed(snoozed({ start: START, end: END }), at(now), wrote ? at(wrote) : undefined)).toBe(
      expected,
    );
  });

  it('without an end lasts until the patient writes', () => {
    const task = snoozed({ start: START });

    expect(isSnoozed(task, new Date('2030-01-01'))).toBe(true);
    expect(isSnoozed(task, new Date('2030-01-01'), at('10:01'))).toBe(false);
  });

  it('is none where nobody asked for one, or it cannot be read', () => {
    for (const task of [
      claimedBy(ANA),
      snoozed({}),
      snoozed({ start: 'x' }),
      snoozed({ start: START, end: 'x' }),
    ]) {
      expect(snoozeOf(task)).toBeUndefined();
      expect(isSnoozed(task, NOW)).toBe(false);
    }
  });

  it('is read as it was asked for', () => {
    const decision = decide(
      snooze,
      { until: { kind: 'in', ms: 3_600_000 } },
      situationOf(claimedBy(ANA), ANA),
    );
    const task = claimedBy(ANA);

    const written = applied(task, taskPatch(task, accepted(decision), refTo(ANA), NOW));

    expect(snoozeOf(written)).toEqual({ start: new Date(START), end: new Date(END) });
  });
});

function accepted(decision: Decision): Accepted {
  return decision.kind === 'accepted' ? decision : expect.fail(decision.sentence);
}
