import type { Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { predecessorOf, successorOf, withSuccessor } from '../../src/record/successor.ts';
import { performerTypeOf } from '../../src/routing/pools.ts';
import type { Successor } from '../../src/verbs/verb.ts';
import { ANA, CARDIOLOGY, claimedBy, NOW, refTo } from '../support/pure-clinic.ts';

const toCardiology: Successor = {
  performerType: performerTypeOf(CARDIOLOGY),
  businessStatus: 'unassigned',
  note: 'Rerouted from original Task — Wrong pool',
};

const take = (task: Task & { id: string }) => successorOf(task, toCardiology, refTo(ANA), NOW).task;

describe('The Task that takes another one’s place', () => {
  it('asks for the same: what for, for whom, until when, and of whose sight', () => {
    const same: Partial<Task> = {
      priority: 'stat',
      description: 'A question about tablets',
      code: { text: 'Respond to patient message' },
      encounter: { reference: 'Encounter/1' },
      restriction: { period: { end: '2026-03-04T09:00:00.000Z' } },
      meta: { tag: [{ code: 'north' }], security: [{ code: 'R' }] },
    };

    const { meta, ...rest } = take(claimedBy(ANA, { ...same, meta: { versionId: 'v1', ...same.meta } }));

    const { meta: labels, ...others } = same;
    expect(rest).toMatchObject(others);
    expect(meta).toEqual(labels);
  });

  it('has nothing of what became of the other one', () => {
    const task = take(
      claimedBy(ANA, {
        output: [{ type: { text: 'Response' }, valueReference: { reference: 'Communication/1' } }],
        statusReason: { text: 'x' },
        executionPeriod: { start: '2026-03-02T09:00:00.000Z' },
        identifier: [{ system: 'urn:intake', value: '1' }],
        note: [{ text: 'Seen' }],
      }),
    );

    expect(task).not.toHaveProperty('output');
    expect(task).not.toHaveProperty('statusReason');
    expect(task).not.toHaveProperty('executionPeriod');
    expect(task).not.toHaveProperty('id');
    expect(task).not.toHaveProperty('meta');
    expect(task.identifier?.map(({ system }) => system)).toEqual(['urn:switchboard:successor']);
    expect(task.note).toHaveLength(1);
  });

  it('has been waited for since the other one was written, where nobody says since when', () => {
    const { authoredOn: _, ...task } = claimedBy(ANA, {
      meta: { versionId: 'v1', lastUpdated: '2026-03-02T08:00:00Z' },
    });

    expect(take(task).authoredOn).toBe('2026-03-02T08:00:00.000Z');
  });

  it('is known by the version of the other one that was left: there is never a second', () => {
    const { unless } = successorOf(claimedBy(ANA, { id: 'task-1' }), toCardiology, refTo(ANA), NOW);

    expect(unless).toBe('identifier=urn:switchboard:successor|task-1/v1');
  });

  it('leads back to the other one', () => {
    expect(predecessorOf(take(claimedBy(ANA, { id: 'task-1' })))).toBe('task-1');
    expect(predecessorOf(claimedBy(ANA))).toBeUndefined();
    const foreign = { url: 'http://hl7.org/fhir/StructureDefinition/task-replaces' };
    expect(predecessorOf(claimedBy(ANA, { extension: [foreign] }))).toBeUndefined();
  });

  it('leaves a Provenance of something else as it is', () => {
    const provenance = {
      resourceType: 'Provenance',
      target: [{ reference: 'Task/task-1' }],
      recorded: NOW.toISOString(),
      agent: [{ who: refTo(ANA) }],
    } as const;

    expect(
      withSuccessor({ ...provenance, target: [...provenance.target], agent: [...provenance.agent] }, 'x'),
    ).toEqual(provenance);
  });
});
