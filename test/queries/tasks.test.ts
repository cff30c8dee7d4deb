import { describe, expect, it } from 'vitest';
import { listTasks, namedPool } from '../../src/queries/tasks.ts';
import {
  ANA,
  BEN,
  CARDIOLOGY,
  GRACE,
  INACTIVE,
  NO_ROLE,
  NURSES,
  PHARMACY,
  POOLS,
  pool,
  taskIn,
} from '../support/pure-clinic.ts';
import { askingOf, buttonsOn, linesOf, waitingTasks } from '../support/pure-queries.ts';
import { isSentence } from '../support/pure-sentences.ts';

const waiting = (n: number, pools = [NURSES]) => ({ pools, tasks: waitingTasks(n), total: n });

describe('What waits in a pool', () => {
  it.each([
    [0, 'Nothing waits in “Registered nurse”.'],
    [1, 'One Task waits in “Registered nurse”.'],
    [2, '2 Tasks wait in “Registered nurse”.'],
    [34, '34 Tasks wait in “Registered nurse”. These are the 10 most urgent.'],
  ])('is counted: %i', (n, sentence) => {
    expect(listTasks(waiting(n), askingOf('tasks')).sentence).toBe(sentence);
  });

  it.each([
    [2, 'These are 11 to 20.'],
    [3, 'This is the last, number 21.'],
  ])('says which of it page %i shows', (page, which) => {
    expect(listTasks(waiting(21), askingOf('tasks', { page })).sentence).toContain(which);
  });

  it('is counted exactly, however much there is', () => {
    const listing = listTasks({ ...waiting(1_000), total: 1_234 }, askingOf('tasks'));

    expect(listing.sentence).toContain('1,234 Tasks wait');
  });

  it('is listed with priority, kind, reference and age, and with nothing of the patient', () => {
    const task = taskIn(NURSES, { priority: 'asap', code: { text: 'Homer Simpson has a cough' } });

    const listing = listTasks({ pools: [NURSES], tasks: [task], total: 1 }, askingOf('tasks'));

    expect(linesOf(listing)).toEqual([
      'ASAP  ·  Patient message  ·  a1b2c3  ·  arrived 2026-03-02T09:00:00.000Z',
    ]);
    expect(JSON.stringify(listing)).not.toMatch(/homer|cough/i);
  });

  it('names the pool of each Task where it is of several', () => {
    const heart = { ...taskIn(CARDIOLOGY), id: 'heart' };
    const both = { pools: [NURSES, CARDIOLOGY], tasks: [taskIn(), heart], total: 2 };

    const listing = listTasks(both, askingOf('tasks'));

    expect(listing.sentence).toBe('2 Tasks wait in “Registered nurse” and “Cardiologist”.');
    expect(linesOf(listing).map((line) => line.split('  ·  ')[3])).toEqual([
      'Registered nurse',
      'Cardiologist',
    ]);
  });

  it.each([
    ['somebody of the pool', ANA, ['Claim', 'Reroute']],
    ['somebody of two pools', GRACE, ['Claim', 'Reroute']],
    ['somebody of another pool', BEN, ['Reroute']],
    ['somebody without a role', NO_ROLE, []],
    ['somebody who is not active', INACTIVE, []],
  ])('offers %s what they could do', (_who, actor, buttons) => {
    expect(buttonsOn(listTasks(waiting(1), askingOf('tasks', { actor })))).toEqual([buttons]);
  });
});

describe('A pool that somebody names', () => {
  it.each([
    ['cardiology', CARDIOLOGY],
    ['Registered Nurse', NURSES],
    ['46255001', PHARMACY],
  ])('is found by what it is called: %s', (words, found) => {
    expect(namedPool(words, POOLS)).toBe(found);
  });

  it.each([
    ['surgery', undefined],
    ['cardiolgy', 'cardiology'],
    ['kardiology', 'cardiology'],
    ['cardio', 'cardiology'],
    ['pharm', 'pharmacy'],
    ['Pharmacists', 'pharmacy'],
    ['nurse', 'registered-nurse'],
    ['acist', 'pharmacy'],
  ])('is asked for where it is not known, with what may be meant: %s', (words, meant) => {
    const did = meant ? ` Did you mean ${meant}?` : '';

    expect(namedPool(words, POOLS)).toBe(
      `There is no pool “${words}”.${did} The pools are registered-nurse, cardiology, pharmacy.`,
    );
  });

  it('is asked for with all that it may be', () => {
    const two = [pool('nurses-north', 'Nurses north', '1'), pool('nurses-south', 'Nurses south', '2')];

    expect(namedPool('nurses', two)).toContain('Did you mean nurses-north or nurses-south?');
  });

  it('is asked for in one line of at most 300 characters, whatever was typed and however many there are', () => {
    const many = Array.from({ length: 80 }, (_, i) => pool(`pool-number-${i}`, `Pool ${i}`, `${i}`));

    const sentence = namedPool(`x\n<!channel>${'x'.repeat(4_000)}`, many);

    expect(String(sentence)).toHaveLength(300);
    expect(sentence).not.toContain('\n');
    expect(isSentence(String(namedPool('x'.repeat(4_000), POOLS)))).toBe(true);
  });
});
