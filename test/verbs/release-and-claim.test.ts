import { describe, expect, it } from 'vitest';
import { performerTypeOf } from '../../src/routing/pools.ts';
import { claim } from '../../src/verbs/claim.ts';
import { decide } from '../../src/verbs/index.ts';
import { release } from '../../src/verbs/release.ts';
import {
  ANA,
  bareTask,
  claimedBy,
  ENDED,
  GRACE,
  NO_ROLE,
  NURSES,
  PHARMACY,
  refTo,
  situationOf,
} from '../support/pure-clinic.ts';
import { endOfShift } from '../support/pure-reasons.ts';

const direct = bareTask({ status: 'accepted', owner: refTo(ANA) });

describe('Release', () => {
  it('gives a Task back to the pool that it was claimed from', () => {
    const task = claimedBy(ANA);

    const decision = decide(release, { reason: endOfShift }, situationOf(task, ANA));

    expect(decision).toMatchObject({
      kind: 'accepted',
      change: {
        status: 'requested',
        businessStatus: 'unassigned',
        owner: null,
        performerType: task.performerType,
      },
      reason: endOfShift,
      sentence: 'Task a1b2c3 is back in “Registered nurse”.',
    });
  });

  it('gives a Task that was sent to a person back to the pool that it had last', () => {
    const situation = situationOf(direct, ANA, { origin: performerTypeOf(PHARMACY) });

    const decision = decide(release, { reason: endOfShift }, situation);

    expect(decision).toMatchObject({
      change: { owner: null, performerType: performerTypeOf(PHARMACY) },
      sentence: 'Task a1b2c3 is back in “Pharmacist”.',
    });
  });

  it.each([undefined, []])('is refused for a Task that came from no pool (%j)', (origin) => {
    const situation = situationOf(direct, ANA, origin ? { origin } : {});

    const decision = decide(release, { reason: endOfShift }, situation);

    expect(decision).toMatchObject({
      kind: 'refused',
      sentence: 'Task a1b2c3 came from no pool. Reroute it to a pool or a person instead.',
    });
  });

  it('is refused without a reason', () => {
    expect(decide(release, {}, situationOf(claimedBy(ANA), ANA))).toEqual({
      kind: 'refused',
      sentence: 'Choose a reason.',
      field: 'reason',
    });
  });
});

describe('Claim', () => {
  it('keeps both pools of a Task that waits in two', () => {
    const task = bareTask({ performerType: [...performerTypeOf(NURSES), ...performerTypeOf(PHARMACY)] });

    const decision = decide(claim, {}, situationOf(task, GRACE));

    expect(decision).toMatchObject({ kind: 'accepted', guard: 'unclaimed' });
    expect(decision.kind === 'accepted' && 'performerType' in decision.change).toBe(false);
  });

  it('is refused where a Task waits in no pool, with what can be done', () => {
    expect(decide(claim, {}, situationOf(bareTask(), ANA)).sentence).toBe(
      'Task a1b2c3 waits in no pool, so nobody can claim it. Reroute it to a pool first.',
    );
  });

  it.each([
    ['has no role', NO_ROLE],
    ['had a role that has ended', ENDED],
  ])('tells somebody who %s what is missing', (_title, actor) => {
    const task = bareTask({ performerType: performerTypeOf(NURSES) });

    expect(decide(claim, {}, situationOf(task, actor)).sentence).toBe(
      'This Task is for “Registered nurse”, and you have no active role in the record. You can reroute it.',
    );
  });

  it('speaks to the person by name', () => {
    const task = bareTask({ performerType: performerTypeOf(NURSES) });

    expect(decide(claim, {}, situationOf(task, ANA)).sentence).toBe('Ana Silva, Task a1b2c3 is yours.');
  });
});
