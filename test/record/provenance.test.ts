import { describe, expect, it } from 'vitest';
import {
  deedOf,
  provenanceOf,
  provenanceQuery,
  STEP_SYSTEM,
  VERB_SYSTEM,
  versionLeftOf,
} from '../../src/record/provenance.ts';
import { withSuccessor } from '../../src/record/successor.ts';
import { SERVICE } from '../../src/record/writes.ts';
import { performerTypeOf } from '../../src/routing/pools.ts';
import type { Accepted } from '../../src/verbs/verb.ts';
import { ANA, CARDIOLOGY, claimedBy, NOW, refTo } from '../support/pure-clinic.ts';
import { endOfShift } from '../support/pure-reasons.ts';

const task = claimedBy(ANA, { id: 'task-1' });

const release: Accepted = {
  kind: 'accepted',
  verb: 'release',
  guard: 'version',
  change: { status: 'requested', businessStatus: 'unassigned', owner: null },
  reason: endOfShift,
  sentence: 'Task task-1 is back.',
};

const released = provenanceOf(task, release, refTo(ANA), NOW);

/** A reroute after which another Task has the place of this one. */
const replaced = withSuccessor(
  provenanceOf(
    task,
    {
      ...release,
      verb: 'reroute',
      change: { status: 'cancelled', businessStatus: 'rerouted' },
      successor: { performerType: performerTypeOf(CARDIOLOGY), businessStatus: 'unassigned', note: 'x' },
    },
    refTo(ANA),
    NOW,
  ),
  'task-2',
);

describe('A Provenance of a Task whose place another one took', () => {
  it('is found from both of them, and tells which came from which, and where to', () => {
    expect(replaced.target).toEqual([
      { reference: 'Task/task-1' },
      { reference: 'Task/task-2', display: 'Cardiologist' },
    ]);
    expect(deedOf(replaced)).toMatchObject({
      verb: 'reroute',
      to: 'task-1',
      successor: { id: 'task-2', where: 'Cardiologist' },
    });
  });

  it('is written once, by the version that was left of the first', () => {
    expect(provenanceQuery(replaced)).toBe(
      'target=Task/task-1&entity=Task/task-1/_history/v1&agent=Practitioner/ana',
    );
  });
});

describe('A Provenance', () => {
  it('targets the Task without a version, and names the version that was left beside it', () => {
    expect(released.target).toEqual([{ reference: 'Task/task-1' }]);
    expect(versionLeftOf(released)).toBe('Task/task-1/_history/v1');
  });

  it('can be written again and again: the search that finds it is by the version that was left, and by whom', () => {
    expect(provenanceQuery(released)).toBe(
      'target=Task/task-1&entity=Task/task-1/_history/v1&agent=Practitioner/ana',
    );
  });

  it('of what the service does by itself is found by what that was, whichever replica does it, and when', () => {
    const own = provenanceOf(task, release, SERVICE.who, NOW);

    expect(own.meta?.tag).toEqual([{ system: VERB_SYSTEM, code: 'release' }]);
    expect(provenanceQuery(own)).toBe(
      'target=Task/task-1&entity=Task/task-1/_history/v1&_tag=urn%3Aswitchboard%3ACodeSystem%3Averb%7Crelease',
    );
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
      to: 'task-1',
      who: { reference: 'Practitioner/ana', display: 'Ana Silva' },
      at: '2026-03-02T10:00:00.000Z',
      reason: { code: 'end-of-shift', display: 'End of shift' },
    });
  });

  it('of a step of a pool’s ladder is read back with the pool, the step’s place, and what it did', () => {
    const step = provenanceOf(
      task,
      { ...release, verb: 'escalate', step: 'registered-nurse/2/reroute' },
      SERVICE.who,
      NOW,
    );

    expect(step.activity?.coding?.at(-1)).toEqual({
      system: 'urn:switchboard:CodeSystem:escalation-step',
      code: 'registered-nurse/2/reroute',
    });
    expect(deedOf(step)).toMatchObject({
      verb: 'escalate',
      step: { pool: 'registered-nurse', index: 2, kind: 'reroute' },
    });
  });

  it.each(['', 'nurses', 'nurses/1', 'nurses/x/lead', 'nurses/1/', '/1/lead', 'a/b/1/lead'])(
    'names no step where the code is none: “%s”',
    (code) => {
      const coding = [...(released.activity?.coding ?? []), { system: STEP_SYSTEM, code }];

      expect(deedOf({ ...released, activity: { coding } })).not.toHaveProperty('step');
    },
  );

  it('of a change that is written on somebody’s behalf says so of what wrote it down', () => {
    const { agent } = provenanceOf(task, release, refTo(ANA), NOW, 'Practitioner/ana');

    expect(agent.map(({ who, onBehalfOf }) => [who.display, onBehalfOf?.reference])).toEqual([
      ['Ana Silva', undefined],
      ['Switchboard', 'Practitioner/ana'],
    ]);
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
