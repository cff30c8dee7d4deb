import type { Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { performerTypeOf, type Visibility } from '../../src/routing/pools.ts';
import { decide } from '../../src/verbs/index.ts';
import { reroute } from '../../src/verbs/reroute.ts';
import { NOTE_LIMIT } from '../../src/verbs/verb.ts';
import {
  ANA,
  BEN,
  bareTask,
  CARDIOLOGY,
  CHIDI,
  claimedBy,
  ENDED,
  INACTIVE,
  NO_ROLE,
  NURSES,
  PHARMACY,
  POOLS,
  pool,
  refTo,
  situationOf,
  taskIn,
} from '../support/pure-clinic.ts';
import { other, wrongPool } from '../support/pure-reasons.ts';
import { isSentence } from '../support/pure-sentences.ts';

const to = {
  pool: (target: typeof NURSES) => ({ target: { kind: 'pool', pool: target }, reason: wrongPool }) as const,
  person: (member: typeof ANA) => ({ target: { kind: 'person', member }, reason: wrongPool }) as const,
};

describe('Reroute refuses', () => {
  it.each([
    [
      'a pool that the Task waits in already',
      taskIn(NURSES),
      ANA,
      to.pool(NURSES),
      /^Task a1b2c3 already waits in “Registered nurse”\.$/,
    ],
    [
      'a person without a role as the next owner',
      taskIn(),
      ANA,
      to.person(NO_ROLE),
      /^Ivy Novak has no active role/,
    ],
    ['a person whose role has ended', taskIn(), ANA, to.person(ENDED), /^Pat Doyle has no active role/],
    [
      'a person who is not active',
      taskIn(),
      ANA,
      to.person(INACTIVE),
      /^Lena Fischer is not active in the record/,
    ],
    [
      'the person who has it already',
      claimedBy(CHIDI),
      ANA,
      to.person(CHIDI),
      /^Chidi Okafor already has this Task\.$/,
    ],
    ['oneself, who has it already', claimedBy(ANA), ANA, to.person(ANA), /^Task a1b2c3 is already yours\.$/],
    ['oneself, who should claim it', taskIn(), ANA, to.person(ANA), /^To take a Task yourself, claim it\.$/],
  ])('%s, and says so at the target', (_title, task, actor, inputs, sentence) => {
    const decision = decide(reroute, inputs, situationOf(task, actor));

    expect(decision).toMatchObject({ kind: 'refused', field: 'target' });
    expect(decision.sentence).toMatch(sentence);
    expect(decision.sentence).toSatisfy(isSentence);
  });

  it.each([
    ['somebody without a role', NO_ROLE],
    ['somebody whose role has ended', ENDED],
  ])('%s, who may not reroute anything', (_title, actor) => {
    const decision = decide(reroute, to.pool(CARDIOLOGY), situationOf(taskIn(), actor));

    expect(decision).toMatchObject({ kind: 'refused', sentence: expect.stringContaining('no active role') });
  });

  it('a pool that the Task’s pool does not send to, and names those that it does', () => {
    const strict = pool('registered-nurse', 'Registered nurse', '224535009', {
      rerouteTo: ['pharmacy', 'x'],
    });
    const situation = situationOf(taskIn(strict), ANA, { pools: [strict, CARDIOLOGY, PHARMACY] });

    const decision = decide(reroute, to.pool(CARDIOLOGY), situation);

    expect(decision).toEqual({
      kind: 'refused',
      sentence: 'From “Registered nurse”, Tasks can go to “Pharmacist”.',
      field: 'target',
    });
    expect(decide(reroute, to.pool(PHARMACY), situation).kind).toBe('accepted');
  });

  it('“Other” without a note', () => {
    const decision = decide(reroute, { ...to.pool(CARDIOLOGY), reason: other }, situationOf(taskIn(), ANA));

    expect(decision).toMatchObject({ kind: 'refused', field: 'note' });
  });

  it('a note that is too long, and says how long it may be', () => {
    const note = 'x'.repeat(NOTE_LIMIT + 1);

    const decision = decide(reroute, { ...to.pool(CARDIOLOGY), note }, situationOf(taskIn(), ANA));

    expect(decision.sentence).toBe('The note has 2,001 characters; at most 2,000 fit. Nothing was changed.');
  });
});

describe('Reroute lets', () => {
  it.each([
    [
      'an owner send the Task back to the pool that it was claimed from',
      claimedBy(ANA),
      ANA,
      to.pool(NURSES),
    ],
    ['anybody with a role move a Task that nobody has', taskIn(CARDIOLOGY), ANA, to.pool(PHARMACY)],
    ['anybody with a role take it from a colleague’s list', claimedBy(CHIDI), BEN, to.person(ANA)],
    ['anybody send a Task that waits in no pool to one', bareTask(), ANA, to.pool(NURSES)],
    [
      'a Task of two pools go to one of them',
      bareTask({
        performerType: [...(taskIn(NURSES).performerType ?? []), ...(taskIn(PHARMACY).performerType ?? [])],
      }),
      ANA,
      to.pool(NURSES),
    ],
    [
      'a note of the greatest length through',
      taskIn(),
      ANA,
      { ...to.pool(CARDIOLOGY), note: 'x'.repeat(NOTE_LIMIT) },
    ],
  ])('%s', (_title, task, actor, inputs) => {
    const decision = decide(reroute, inputs, situationOf(task, actor));

    expect(decision.kind).toBe('accepted');
  });

  it('the person who gets it know that nothing is accepted yet', () => {
    const decision = decide(reroute, to.person(BEN), situationOf(claimedBy(ANA), ANA));

    expect(decision).toMatchObject({
      sentence: 'Task a1b2c3 went to Ben Carter: Wrong pool. You lose sight of it.',
      change: { status: 'requested', businessStatus: 'assigned', owner: refTo(BEN), performerType: null },
    });
  });

  it('everybody choose among all pools where none is restricted', () => {
    const kinds = POOLS.slice(1).map((one) => decide(reroute, to.pool(one), situationOf(taskIn(), BEN)).kind);

    expect(kinds).toEqual(['accepted', 'accepted']);
  });
});

describe('Whoever had a Task that is rerouted', () => {
  const keeping = pool('registered-nurse', 'Registered nurse', '224535009', { visibility: 'new-task' });
  const losing = pool('pharmacy', 'Pharmacist', '46255001', { visibility: 'in-place' });
  const pools = [keeping, CARDIOLOGY, losing];

  /** Whether a new Task takes the place of this one. */
  const isReplaced = (task: Task & { id: string }, visibility?: Visibility) => {
    const inputs = { ...to.pool(CARDIOLOGY), ...(visibility && { visibility }) };
    const decision = decide(reroute, inputs, situationOf(task, ANA, { pools }));
    return decision.kind === 'accepted' ? decision.successor !== undefined : expect.fail(decision.sentence);
  };

  const ofTwo = bareTask({ performerType: [...performerTypeOf(losing), ...performerTypeOf(keeping)] });

  it.each<[string, Task & { id: string }, Visibility | undefined, boolean]>([
    ['keeps it in sight where the pool that it leaves does so', taskIn(keeping), undefined, true],
    ['loses sight of it where the pool that it leaves does so', taskIn(losing), undefined, false],
    [
      'loses sight of it where the pool does not say',
      taskIn(CARDIOLOGY, { owner: refTo(BEN) }),
      undefined,
      false,
    ],
    ['keeps it in sight where one of its pools does so', ofTwo, undefined, true],
    ['loses sight of it where it is in no pool', bareTask({ owner: refTo(ANA) }), undefined, false],
    ['keeps it in sight where that is asked for, whatever the pool does', taskIn(losing), 'new-task', true],
    ['loses sight of it where that is asked for, whatever the pool does', taskIn(keeping), 'in-place', false],
  ])('%s', (_title, task, visibility, expected) => {
    expect(isReplaced({ ...task, status: 'accepted', owner: refTo(BEN) }, visibility)).toBe(expected);
  });

  it('may be nobody: a new Task is made all the same where it is asked for', () => {
    expect(isReplaced(taskIn(losing), 'new-task')).toBe(true);
  });

  it('keeps the old Task, with the pool that it was in; the new one goes where it is sent', () => {
    const inputs = { ...to.person(BEN), visibility: 'new-task', note: 'New symptoms' } as const;

    const decision = decide(reroute, inputs, situationOf(claimedBy(ANA), ANA));

    expect(decision).toMatchObject({
      change: { status: 'cancelled', businessStatus: 'rerouted' },
      successor: {
        owner: refTo(BEN),
        businessStatus: 'assigned',
        note: 'Rerouted from original Task — Wrong pool: New symptoms',
      },
      note: 'Rerouted to Ben Carter — see new Task\nNew symptoms',
    });
    expect(decision.kind === 'accepted' && Object.keys(decision.change)).toEqual([
      'status',
      'businessStatus',
    ]);
  });

  it.each<[string, Task & { id: string }, typeof ANA, Visibility, string]>([
    ['you, who lose it', claimedBy(ANA), ANA, 'in-place', ' You lose sight of it.'],
    ['somebody else, who loses it', claimedBy(CHIDI), ANA, 'in-place', ' Chidi Okafor loses sight of it.'],
    ['nobody, in place', taskIn(), ANA, 'in-place', ''],
    [
      'you, who keep it',
      claimedBy(ANA),
      ANA,
      'new-task',
      ' It goes on as a new Task; you keep the closed one in sight.',
    ],
    [
      'somebody else, who keeps it',
      claimedBy(CHIDI),
      ANA,
      'new-task',
      ' It goes on as a new Task; Chidi Okafor keeps the closed one in sight.',
    ],
    ['nobody, as a new Task', taskIn(), ANA, 'new-task', ' It goes on as a new Task.'],
  ])('is named to whoever sends it: %s', (_who, task, actor, visibility, sight) => {
    const decision = decide(reroute, { ...to.pool(CARDIOLOGY), visibility }, situationOf(task, actor));

    expect(decision.sentence).toBe(`Task a1b2c3 went to “Cardiologist”: Wrong pool.${sight}`);
    expect(decision.sentence).toSatisfy(isSentence);
  });
});
