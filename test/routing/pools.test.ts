import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findPool,
  joinWords,
  performerTypeName,
  performerTypeOf,
  poolsOf,
  rerouteTargets,
  searchPools,
} from '../../src/routing/pools.ts';
import { performerTypes } from '../support/arbitraries.ts';
import {
  bareTask,
  CARDIOLOGY,
  NURSES,
  PHARMACY,
  POOLS,
  pool,
  SNOMED,
  taskIn,
} from '../support/pure-clinic.ts';

const strict = (rerouteTo?: string[]) =>
  pool('registered-nurse', 'Registered nurse', '224535009', { rerouteTo });
const both = bareTask({ performerType: [...performerTypeOf(NURSES), ...performerTypeOf(CARDIOLOGY)] });

describe('The pools of a Task', () => {
  it('are those whose system and code its performerType carries', () => {
    fc.assert(
      fc.property(performerTypes, (performerType) => {
        const codes = performerType.flatMap((type) => type.coding ?? []).map((coding) => coding.code);

        const found = poolsOf(bareTask({ performerType }), POOLS);

        expect(found).toEqual(POOLS.filter((one) => codes.includes(one.performerType.code)));
      }),
    );
  });

  it('are never guessed from a name', () => {
    const task = bareTask({
      performerType: [{ text: 'Cardiologist', coding: [{ display: 'Cardiologist' }] }],
    });

    expect(poolsOf(task, POOLS)).toEqual([]);
  });

  it.each([
    ['is named by its pool', taskIn(CARDIOLOGY), 'Cardiologist'],
    ['of two pools is named by both', both, 'Registered nurse or Cardiologist'],
    [
      'of no configured pool is named by its text',
      bareTask({ performerType: [{ text: 'Dentist' }] }),
      'Dentist',
    ],
    [
      'of no configured pool is named by its code at least',
      bareTask({ performerType: [{ coding: [{ code: '7' }] }] }),
      '7',
    ],
    ['without performerType has no name', bareTask(), undefined],
    ['with an empty performerType has no name', bareTask({ performerType: [{}] }), undefined],
  ])('a Task %s', (_title, task, expected) => {
    expect(performerTypeName(task, POOLS)).toBe(expected);
  });
});

describe('A Task may be rerouted', () => {
  it.each([
    ['to any pool, where its pool does not say', taskIn(), [NURSES, CARDIOLOGY, PHARMACY], POOLS],
    ['to any pool, where it waits in none', bareTask(), POOLS, POOLS],
    ['to what its pool allows', taskIn(), [strict(['pharmacy']), CARDIOLOGY, PHARMACY], [PHARMACY]],
    [
      'to what either of its two pools allows',
      both,
      [strict(['pharmacy']), { ...CARDIOLOGY, rerouteTo: ['cardiology'] }, PHARMACY],
      [{ ...CARDIOLOGY, rerouteTo: ['cardiology'] }, PHARMACY],
    ],
    [
      'to any pool, where one of its two pools does not say',
      both,
      [strict(['pharmacy']), CARDIOLOGY, PHARMACY],
      [strict(['pharmacy']), CARDIOLOGY, PHARMACY],
    ],
  ])('%s', (_title, task, pools, expected) => {
    expect(rerouteTargets(task, pools)).toEqual(expected);
  });
});

describe('A pool', () => {
  it.each(['cardiology', 'CARDIOLOGY', ' Cardiologist ', '17561000', 'ｃardiologist'])(
    'is found as “%s”',
    (typed) => {
      expect(findPool(typed, POOLS)).toBe(CARDIOLOGY);
    },
  );

  it.each(['registered-nurse', 'registered nurse', 'Registered_Nurse'])(
    'is found as “%s”, with either dash',
    (typed) => {
      expect(findPool(typed, POOLS)).toBe(NURSES);
    },
  );

  it.each(['', 'cardio', 'nurse', 'cardiology pharmacy'])('is not guessed from “%s”', (typed) => {
    expect(findPool(typed, POOLS)).toBeUndefined();
  });

  it('is searched by any part of its name, and all are found for nothing', () => {
    expect(searchPools('ist', POOLS)).toEqual([NURSES, CARDIOLOGY, PHARMACY]);
    expect(searchPools('cardio', POOLS)).toEqual([CARDIOLOGY]);
    expect(searchPools('  ', POOLS)).toEqual(POOLS);
    expect(searchPools('dentist', POOLS)).toEqual([]);
  });

  it('becomes the performerType that the specification shows', () => {
    expect(performerTypeOf({ ...CARDIOLOGY, performerType: { system: SNOMED, code: '17561000' } })).toEqual([
      { coding: [{ system: 'http://snomed.info/sct', code: '17561000', display: 'Cardiologist' }] },
    ]);
  });

  it.each([
    [[], undefined],
    [['a'], 'a'],
    [['a', 'b'], 'a or b'],
    [['a', 'b', 'c'], 'a, b or c'],
  ])('is listed among others in words: %j', (names, expected) => {
    expect(joinWords(names)).toBe(expected);
  });
});
