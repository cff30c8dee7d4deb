import { describe, expect, it } from 'vitest';
import { type HomeParts, listHome } from '../../src/queries/home.ts';
import { ANA, claimedBy, NURSES, refTo, taskIn } from '../support/pure-clinic.ts';
import { askingOf, buttonsOn, rowsOf, sectionsRead, waitingTasks } from '../support/pure-queries.ts';

const parts = (more: Partial<HomeParts> = {}): HomeParts => ({
  owned: [],
  waiting: { pools: [NURSES], tasks: [], total: 0 },
  chatId: 'U1',
  held: [NURSES],
  ...more,
});

const mine = (n: number) => Array.from({ length: n }, (_, i) => ({ ...claimedBy(ANA), id: `m${i}` }));

describe('A Home', () => {
  it('has my Tasks, what waits in my pools, and who I am', () => {
    const waiting = { pools: [NURSES], tasks: waitingTasks(2), total: 2 };
    const assigned = { ...taskIn(NURSES, { owner: refTo(ANA) }), id: 'assigned' };

    const home = listHome(parts({ owned: [...mine(1), assigned], waiting }), askingOf('home'));

    expect(home.sentence).toBe('Ana Silva: 2 Tasks are yours, and 2 Tasks wait in your pools.');
    expect(sectionsRead(home).map(([title, lines]) => [title, lines.length])).toEqual([
      ['Yours', 1],
      ['Assigned to you, not accepted yet', 1],
      ['Waiting in your pools', 2],
      ['Who you are', 3],
    ]);
    expect(buttonsOn(home).slice(0, 3)).toEqual([
      ['Complete', 'Reroute', 'Release'],
      ['Accept', 'Reroute', 'Release'],
      ['Claim', 'Reroute'],
    ]);
  });

  it('says what there is not', () => {
    const home = listHome(parts(), askingOf('home'));

    expect(home.sentence).toBe('Ana Silva: no Tasks are yours, and no Tasks wait in your pools.');
    expect(sectionsRead(home).slice(0, 2)).toEqual([
      ['Yours', ['You have no Tasks now.']],
      ['Waiting in your pools', ['Nothing waits in “Registered nurse”.']],
    ]);
  });

  it('says so where I have no pool', () => {
    const home = listHome(parts({ waiting: { pools: [], tasks: [], total: 0 }, held: [] }), askingOf('home'));

    expect(sectionsRead(home)[1]).toEqual([
      'Waiting in your pools',
      ['You have no active role whose pool is served here.'],
    ]);
  });

  it('shows as much of each as fits, and a button for all of them', () => {
    const waiting = { pools: [NURSES], tasks: waitingTasks(1_000), total: 1_234 };

    const home = listHome(parts({ owned: mine(12), waiting }), askingOf('home'));

    expect(home.sections.map(({ rows }) => rows.length)).toEqual([9, 11, 3]);
    const all = rowsOf(home).filter(({ buttons }) => buttons[0]?.label === 'Show all');
    expect(all.map(({ line }) => line)).toEqual([
      ['4 more are yours.'],
      ['1,224 more wait in “Registered nurse”.'],
    ]);
    expect(all.map(({ buttons }) => buttons[0])).toEqual([
      { verb: 'mine', label: 'Show all', taskId: 'mine', asks: false },
      { verb: 'tasks', label: 'Show all', taskId: 'mine', asks: false },
    ]);
  });

  it('has nothing of any patient', () => {
    const named = { ...claimedBy(ANA, { code: { text: 'About Homer’s cough' } }), id: 'x' };

    const home = listHome(parts({ owned: [named] }), askingOf('home'));

    expect(JSON.stringify(home)).not.toMatch(/homer|cough/i);
  });
});
