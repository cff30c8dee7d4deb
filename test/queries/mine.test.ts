import { describe, expect, it } from 'vitest';
import { listMine } from '../../src/queries/mine.ts';
import { ANA, NURSES, refTo, taskIn } from '../support/pure-clinic.ts';
import { askingOf, buttonsOn, sectionsRead } from '../support/pure-queries.ts';

const had = (n: number) => tasks(n, 'h', 'accepted');
const assigned = (n: number) => tasks(n, 'a', 'requested');

function tasks(n: number, prefix: string, status: 'accepted' | 'requested') {
  return Array.from({ length: n }, (_, i) => ({
    ...taskIn(NURSES, { status, owner: refTo(ANA) }),
    id: `${prefix}${String(i + 1).padStart(5, '0')}`,
  }));
}

describe('What is mine', () => {
  it.each([
    [0, 0, 'You have no Tasks now. /next claims the most urgent one that you may claim.'],
    [1, 0, 'You have one Task.'],
    [3, 0, 'You have 3 Tasks.'],
    [0, 1, 'One Task was assigned to you; you have not accepted it yet.'],
    [0, 2, '2 Tasks were assigned to you; you have not accepted them yet.'],
    [1, 1, 'You have one Task, and one was assigned to you.'],
    [3, 2, 'You have 3 Tasks, and 2 were assigned to you.'],
  ])('is counted: %i that I have, %i that were assigned to me', (mine, mineToBe, sentence) => {
    expect(listMine([...had(mine), ...assigned(mineToBe)], askingOf('mine')).sentence).toBe(sentence);
  });

  it('stands apart from what I have yet to accept, each with what I can do', () => {
    const listing = listMine([...assigned(1), ...had(1)], askingOf('mine'));

    expect(sectionsRead(listing)).toEqual([
      ['Yours', [expect.stringContaining('h00001  ·  Registered nurse')]],
      ['Assigned to you, not accepted yet', [expect.stringContaining('a00001')]],
    ]);
    expect(buttonsOn(listing)).toEqual([
      ['Complete', 'Reroute', 'Release'],
      ['Accept', 'Reroute', 'Release'],
    ]);
  });

  it('is turned page by page, through what I have to what was assigned to me', () => {
    const owned = [...had(12), ...assigned(4)];

    const second = listMine(owned, askingOf('mine', { page: 2 }));

    expect(second.sections.map(({ title, rows }) => [title, rows.length])).toEqual([
      ['Yours', 2],
      ['Assigned to you, not accepted yet', 4],
    ]);
    expect(second.turn?.label).toBe('Back to the first');
  });
});
