import { describe, expect, it } from 'vitest';
import { deedOf, provenanceOf, provenanceQuery, versionLeftOf } from '../../src/record/provenance.ts';
import { ANA, claimedBy, NOW, refTo } from '../support/pure-clinic.ts';
import { endOfShift } from '../support/pure-reasons.ts';

const released = provenanceOf(
  claimedBy(ANA, { id: 'task-1' }),
  {
    kind: 'accepted',
    verb: 'release',
    guard: 'version',
    change: { status: 'requested', businessStatus: 'unassigned', owner: null },
    reason: endOfShift,
    sentence: 'Task task-1 is back.',
  },
  refTo(ANA),
  NOW,
);

describe('A Provenance', () => {
  it('targets the Task without a version, and names the version that was left beside it', () => {
    expect(released.target).toEqual([{ reference: 'Task/task-1' }]);
    expect(versionLeftOf(released)).toBe('Task/task-1/_history/v1');
  });

  it('can be written again and again: the search that finds it is by the version that was left', () => {
    expect(provenanceQuery(released)).toBe('target=Task/task-1&entity=Task/task-1/_history/v1');
  });

  it('names the person as author, and Switchboard as what wrote it down', () => {
    const agents = released.agent.map((agent) => [agent.type?.coding?.[0]?.code, agent.who.display]);

    expect(agents).toEqual([
      ['author', 'Ana Silva'],
      ['assembler', 'Switchboard'],
    ]);
  });

  it('is read back as what was done, by whom, when and why', () => {
    expect(deedOf(released)).toEqual({
      verb: 'release',
      who: { reference: 'Practitioner/ana', display: 'Ana Silva' },
      at: '2026-03-02T10:00:00.000Z',
      reason: { code: 'end-of-shift', display: 'End of shift' },
    });
  });

  it('of somebody else’s says nothing to us', () => {
    const { activity: _, ...theirs } = released;

    expect(deedOf(theirs)).toBeUndefined();
  });

  it('without a reason is read back without one', () => {
    const { reason: _, ...without } = released;

    expect(deedOf(without)?.reason).toBeUndefined();
  });
});
