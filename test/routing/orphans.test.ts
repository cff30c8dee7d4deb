import type { Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import {
  type Dependence,
  dependenceOf,
  holds,
  type Known,
  remedyOf,
  type Stuck,
  stuckBecause,
  whyStuck,
} from '../../src/routing/orphans.ts';
import { type Pool, performerTypeOf } from '../../src/routing/pools.ts';
import { DEFAULT_TASK_RULES, READ_RECEIPT } from '../../src/routing/task.ts';
import {
  ANA,
  BEN,
  bareTask,
  CARDIOLOGY,
  ENDED,
  INACTIVE,
  NO_ROLE,
  NOW,
  NURSES,
  POOLS,
  person,
  pool,
  refTo,
  role,
  SNOMED,
  taskIn,
} from '../support/pure-clinic.ts';

const DERMATOLOGY = pool('dermatology', 'Dermatologist', '18803008');
const SILENT = pool('silent', 'Night desk', '999', { channels: [] });
const ELSEWHERE = { reference: 'ServiceRequest/1' };

const dependence = (task: Task, pools: readonly Pool[] = POOLS): Dependence | undefined =>
  dependenceOf(task, pools, DEFAULT_TASK_RULES);

describe('A Task depends on', () => {
  it.each<[string, Task, readonly Pool[]]>([
    ['the pool that it waits in', taskIn(NURSES), [NURSES]],
    ['its pool, whatever it is about', taskIn(NURSES, { focus: ELSEWHERE }), [NURSES]],
    [
      'both of its pools',
      taskIn(NURSES, { performerType: [...performerTypeOf(NURSES), ...performerTypeOf(CARDIOLOGY)] }),
      [NURSES, CARDIOLOGY],
    ],
    ['no pool of ours, where it is about a message', taskIn(DERMATOLOGY), []],
  ])('%s', (_title, task, pools) => {
    expect(dependence(task)).toEqual({ kind: 'pools', pools });
  });

  it.each<[string, Task]>([
    ['has claimed it', taskIn(NURSES, { status: 'accepted', owner: refTo(ANA) })],
    ['was given it', bareTask({ owner: refTo(ANA) })],
    ['works on it', bareTask({ status: 'in-progress', owner: refTo(ANA) })],
    [
      'has claimed it from a pool, whatever it is about',
      taskIn(NURSES, { owner: refTo(ANA), focus: ELSEWHERE }),
    ],
  ])('the person who %s', (_title, task) => {
    expect(dependence(task)).toEqual({ kind: 'owner', practitionerId: 'ana' });
  });

  it.each<[string, Task]>([
    ['is completed', taskIn(NURSES, { status: 'completed' })],
    ['was cancelled', taskIn(NURSES, { status: 'cancelled', owner: refTo(ANA) })],
    ['is a read receipt', taskIn(NURSES, { code: { coding: [READ_RECEIPT] } })],
    ['is on hold', taskIn(NURSES, { status: 'on-hold' })],
    ['is a draft', taskIn(NURSES, { status: 'draft' })],
    ['is of another department, and about no message', taskIn(DERMATOLOGY, { focus: ELSEWHERE })],
    ['is about nothing, in no pool', taskIn(DERMATOLOGY, { focus: {} })],
    ['asks for nobody in particular', bareTask()],
    ['is a patient’s', bareTask({ owner: { reference: 'Patient/homer' } })],
    ['is an organisation’s', bareTask({ owner: { reference: 'Organization/1' } })],
    ['is somebody’s, and about no message', bareTask({ owner: refTo(ANA), focus: ELSEWHERE })],
    ['has an owner without a reference', bareTask({ owner: { display: 'Ana' } })],
  ])('nobody that we know where it %s', (_title, task) => {
    expect(dependence(task)).toBeUndefined();
  });
});

describe('A Task is stuck', () => {
  const both = taskIn(NURSES, {
    performerType: [...performerTypeOf(NURSES), ...performerTypeOf(SILENT)],
  });

  it.each<[string, Task, Partial<Known>, Stuck[]]>([
    [
      'where nobody holds an active role of its pool',
      taskIn(NURSES),
      { staffed: () => false },
      [{ kind: 'unstaffed', name: 'Registered nurse' }],
    ],
    ['where its pool has no channel', taskIn(SILENT), {}, [{ kind: 'no-channel', name: 'Night desk' }]],
    [
      'for both reasons at once',
      taskIn(SILENT),
      { staffed: () => false },
      [
        { kind: 'unstaffed', name: 'Night desk' },
        { kind: 'no-channel', name: 'Night desk' },
      ],
    ],
    [
      'where neither of its pools has anybody',
      both,
      { staffed: () => false },
      [{ kind: 'unstaffed', name: 'Registered nurse or Night desk' }],
    ],
    [
      'where no pool is configured for its role',
      taskIn(DERMATOLOGY),
      {},
      [{ kind: 'no-pool', name: 'Dermatologist' }],
    ],
    [
      'where its owner is not active any more',
      taskIn(NURSES, { owner: refTo(ANA) }),
      { owner: 'inactive' },
      [{ kind: 'owner-inactive', name: 'Ana Silva' }],
    ],
    [
      'where its owner is no longer there',
      bareTask({ owner: refTo(ANA) }),
      { owner: 'gone' },
      [{ kind: 'owner-gone', name: 'Ana Silva' }],
    ],
  ])('%s', (_title, task, known, stuck) => {
    expect(because(task, known)).toEqual(stuck);
  });

  it.each<[string, Task, Partial<Known>]>([
    ['waits where somebody can claim it', taskIn(NURSES), {}],
    ['waits in two pools of which one has people', both, { staffed: (one) => one === SILENT }],
    [
      'is an active person’s, though its pool is empty',
      taskIn(NURSES, { owner: refTo(ANA) }),
      { staffed: () => false },
    ],
    ['waits in a pool, though some owner elsewhere left', taskIn(NURSES), { owner: 'gone' }],
  ])('never where it %s', (_title, task, known) => {
    expect(because(task, known)).toEqual([]);
  });

  function because(task: Task, known: Partial<Known>): Stuck[] {
    const pools = [...POOLS, SILENT];
    const on = dependence(task, pools);
    if (on === undefined) throw new Error('none of our concern');
    return stuckBecause(task, on, pools, { staffed: () => true, owner: 'active', ...known });
  }
});

describe('A pool', () => {
  it.each<[string, Parameters<typeof holds>[0], boolean]>([
    ['somebody who has its role', ANA, true],
    ['somebody of another role', BEN, false],
    ['somebody without a role', NO_ROLE, false],
    ['somebody whose role ended', ENDED, false],
    ['somebody who is not active', INACTIVE, false],
    [
      'somebody whose role is not active',
      { ...person('x', 'X', []), roles: [role('x', NURSES.performerType, { active: false })] },
      false,
    ],
    [
      'somebody whose role has the code in another system',
      { ...person('x', 'X', []), roles: [role('x', { system: 'urn:x', code: '224535009' })] },
      false,
    ],
  ])('counts %s: %#', (_title, member, expected) => {
    expect(holds(member, NURSES, NOW)).toBe(expected);
  });
});

describe('Why a Task is stuck', () => {
  it.each<[Stuck, string, string | undefined]>([
    [
      { kind: 'unstaffed', name: 'Cardiologist' },
      'nobody holds an active role for “Cardiologist”',
      'give somebody the role “Cardiologist” in the record',
    ],
    [
      { kind: 'no-channel', name: 'Cardiologist' },
      '“Cardiologist” has no channel here',
      'give “Cardiologist” a channel in switchboard.yaml',
    ],
    [
      { kind: 'no-pool', name: 'Dermatologist' },
      'no pool is configured for “Dermatologist”',
      'add the pool to switchboard.yaml',
    ],
    [
      { kind: 'owner-inactive', name: 'Ana Silva' },
      'its owner, Ana Silva, is not active in the record any more',
      undefined,
    ],
    [
      { kind: 'owner-gone', name: 'Ana Silva' },
      'its owner, Ana Silva, is no longer in the record',
      undefined,
    ],
  ])('is said in words, with what to do: $kind', (stuck, why, remedy) => {
    expect(whyStuck(stuck)).toBe(why);
    expect(remedyOf(stuck)).toBe(remedy);
  });

  it('names a role that is known by its code alone by that', () => {
    const task = bareTask({ performerType: [{ coding: [{ system: SNOMED, code: '18803008' }] }] });

    expect(
      stuckBecause(task, { kind: 'pools', pools: [] }, POOLS, { staffed: () => true, owner: 'active' }),
    ).toEqual([{ kind: 'no-pool', name: '18803008' }]);
  });
});
