import { describe, expect, it } from 'vitest';
import { closingCard, taskCard } from '../../src/cards/task-card.ts';
import { coverOf } from '../../src/duties/coverage.ts';
import { SERVICE, writesOf } from '../../src/record/writes.ts';
import { performerTypeOf } from '../../src/routing/pools.ts';
import { deed, drawingOf, read } from '../support/pure-cards.ts';
import { ANA, CHIDI, claimedBy, NURSES, POOLS, situationOf } from '../support/pure-clinic.ts';
import { applied } from '../support/pure-record.ts';

describe('A card of a Task whose owner is away', () => {
  const absence = { words: 'is away until 2026-03-06' };
  const home = performerTypeOf(NURSES);
  const claimed = deed('claim', ANA);

  /** What Switchboard makes of Ana’s Task, with the Provenance of it. */
  const covered = (standIn?: typeof CHIDI) => {
    const before = claimedBy(ANA);
    const decision = coverOf(before, { owner: ANA, absence, standIn, home }, POOLS);
    if (decision === undefined) return expect.fail('nobody covers');
    const writes = writesOf(decision, situationOf(before, ANA), SERVICE, 'follow');
    return { task: applied(before, writes.task.patch), provenances: [writes.provenance, claimed] };
  };

  it('says so, and that it is back', () => {
    expect(read(taskCard(drawingOf(covered()), 'none'))).toEqual([
      'Ana Silva is away until 2026-03-06. Nobody has it now.',
    ]);
  });

  it('says so, and who covers', () => {
    expect(read(taskCard(drawingOf(covered(CHIDI)), 'none'))).toEqual([
      'Given to Chidi Okafor: Ana Silva is away until 2026-03-06. Not accepted yet.',
    ]);
  });

  it('says so where it was, and is no more', () => {
    expect(read(closingCard(drawingOf(covered()), 'none'))).toEqual([
      '➡️ Rerouted to Registered nurse: Ana Silva is away until 2026-03-06.',
    ]);
  });

  it('says as much as is known where the note is gone', () => {
    const { task, provenances } = covered();
    const { note: _, ...without } = task;

    expect(read(taskCard(drawingOf({ task: without, provenances }), 'none'))).toEqual([
      'Whoever had this is away. Nobody has it now.',
    ]);
  });
});
