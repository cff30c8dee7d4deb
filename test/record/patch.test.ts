import type { PatchOperation } from '@medplum/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { taskPatch } from '../../src/record/patch.ts';
import { transactionOf, writesOf } from '../../src/record/writes.ts';
import { claim } from '../../src/verbs/claim.ts';
import { decide } from '../../src/verbs/index.ts';
import { reroute } from '../../src/verbs/reroute.ts';
import type { Accepted, Decision } from '../../src/verbs/verb.ts';
import { tasks } from '../support/arbitraries.ts';
import {
  ANA,
  BEN,
  bareTask,
  CARDIOLOGY,
  CHIDI,
  claimedBy,
  header,
  NOW,
  NURSES,
  refTo,
  situationOf,
  taskIn,
} from '../support/pure-clinic.ts';
import { specialtyReferral } from '../support/pure-reasons.ts';
import { applied, authorOf } from '../support/pure-record.ts';

const byAna = (task = taskIn()) =>
  taskPatch(task, accepted(decide(claim, {}, situationOf(task, ANA))), refTo(ANA), NOW);

describe('A claim', () => {
  it('is guarded by what it stood on, and writes no more than it must', () => {
    const task = taskIn();

    const patch = JSON.parse(JSON.stringify(byAna(task)));

    expect(patch).toEqual([
      { op: 'test', path: '/status', value: 'requested' },
      { op: 'test', path: '/owner' },
      { op: 'test', path: '/performerType', value: task.performerType },
      { op: 'replace', path: '/status', value: 'accepted' },
      { op: 'add', path: '/owner', value: { reference: 'Practitioner/ana', display: 'Ana Silva' } },
      { op: 'add', path: '/businessStatus', value: { text: 'claimed' } },
    ]);
  });

  it.each([
    ['survives a note that was added meanwhile', { note: [{ text: 'Called back' }] }, true],
    ['survives a new priority', { priority: 'stat' as const }, true],
    ['is lost to somebody who was quicker', { status: 'accepted' as const, owner: refTo(CHIDI) }, false],
    ['is lost to an assignment', { owner: refTo(CHIDI) }, false],
    ['is lost to a reroute', { performerType: taskIn(CARDIOLOGY).performerType ?? [] }, false],
    ['is lost to a change of status', { status: 'cancelled' as const }, false],
  ])('%s', (_title, meanwhile, survives) => {
    const now = { ...taskIn(), ...meanwhile, meta: { versionId: 'v2' } };

    const write = () => applied(now, byAna());

    if (survives) expect(write().owner).toEqual(refTo(ANA));
    else expect(write).toThrow(/^Test failed/);
  });
});

describe('Every other verb', () => {
  it('is lost to any change at all', () => {
    const task = claimedBy(ANA);
    const inputs = { target: { kind: 'pool', pool: CARDIOLOGY }, reason: specialtyReferral } as const;
    const patch = taskPatch(task, accepted(decide(reroute, inputs, situationOf(task, BEN))), refTo(BEN), NOW);

    expect(patch[0]).toEqual({ op: 'test', path: '/meta/versionId', value: 'v1' });
    expect(() => applied({ ...task, meta: { versionId: 'v2' } }, patch)).toThrow(/^Test failed/);
    expect(applied(task, patch).owner).toBeUndefined();
  });

  it('says where the Task was, in the one businessStatus that people read', () => {
    const task = claimedBy(ANA, { businessStatus: { text: 'escalated', coding: [{ code: 'escalated' }] } });
    const inputs = { target: { kind: 'person', member: BEN }, reason: specialtyReferral } as const;

    const patch = taskPatch(task, accepted(decide(reroute, inputs, situationOf(task, ANA))), refTo(ANA), NOW);

    expect(applied(task, patch).businessStatus).toEqual({ text: 'assigned' });
  });
});

describe('A patch', () => {
  it('tests before it writes, and never writes twice to one place', () => {
    fc.assert(
      fc.property(tasks, (task) => {
        const inputs = {
          target: { kind: 'pool', pool: CARDIOLOGY },
          reason: specialtyReferral,
          note: 'x',
        } as const;
        const decision = decide(reroute, inputs, situationOf(task, ANA));
        fc.pre(decision.kind === 'accepted');

        const patch = taskPatch(task, accepted(decision), refTo(ANA), NOW);

        const writes = patch
          .filter((operation) => operation.op !== 'test')
          .map((operation) => operation.path);
        expect(patch.findLastIndex((one) => one.op === 'test')).toBe(patch.length - writes.length - 1);
        expect(new Set(writes).size).toBe(writes.length);
      }),
    );
  });

  it('goes into a transaction Task first, then the thread, then the Provenance', () => {
    const task = claimedBy(ANA);
    const inputs = { target: { kind: 'pool', pool: CARDIOLOGY }, reason: specialtyReferral } as const;
    const situation = situationOf(task, ANA, { thread: header([refTo(ANA)]) });
    const writes = writesOf(
      accepted(decide(reroute, inputs, situation)),
      situation,
      authorOf(situation),
      'follow',
    );

    const bundle = transactionOf(writes);

    expect(bundle.type).toBe('transaction');
    expect(bundle.entry?.map(({ request }) => `${request?.method} ${request?.url}`)).toEqual([
      `PATCH Task/${task.id}`,
      'PATCH Communication/header',
      'POST Provenance',
    ]);
    const [first] = bundle.entry ?? [];
    const data = first?.resource?.resourceType === 'Binary' ? (first.resource.data ?? '') : '';
    expect(JSON.parse(Buffer.from(data, 'base64').toString())).toEqual(writes.task.patch);
  });

  it('goes into a transaction after the Task that takes its place, which the Provenance names by its fullUrl', () => {
    const task = claimedBy(ANA);
    const inputs = {
      target: { kind: 'person', member: BEN },
      reason: specialtyReferral,
      visibility: 'new-task',
    } as const;
    const situation = situationOf(task, ANA, { thread: header([refTo(ANA)]) });
    const decision = accepted(decide(reroute, inputs, situation));

    const { entry = [] } = transactionOf(writesOf(decision, situation, authorOf(situation), 'follow'));

    expect(entry.map(({ request }) => `${request?.method} ${request?.url}`)).toEqual([
      'POST Task',
      `PATCH Task/${task.id}`,
      'PATCH Communication/header',
      'POST Provenance',
    ]);
    expect(entry[0]?.request?.ifNoneExist).toBe(`identifier=urn:switchboard:successor|${task.id}/v1`);
    const provenance = entry[3]?.resource;
    const targets = provenance?.resourceType === 'Provenance' ? provenance.target : [];
    expect(targets[1]?.reference).toBe(entry[0]?.fullUrl);
    expect(entry[0]?.fullUrl).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
  });

  it('leaves the thread alone where the owner stays, or there is none', () => {
    const situation = situationOf(taskIn(), ANA);

    const writes = writesOf(accepted(decide(claim, {}, situation)), situation, authorOf(situation), 'follow');

    expect(writes.thread).toBeUndefined();
    expect(transactionOf(writes).entry).toHaveLength(2);
  });
});

describe('The server that these tests apply patches on', () => {
  it.each<[string, PatchOperation]>([
    ['removing what is not there', { op: 'remove', path: '/owner' }],
    ['replacing what is not there', { op: 'replace', path: '/owner', value: {} }],
    ['adding to a list that is not there', { op: 'add', path: '/note/-', value: {} }],
    ['adding below what is not there', { op: 'add', path: '/businessStatus/text', value: 'x' }],
    ['a test for absence of what is there', { op: 'test', path: '/status', value: undefined }],
    ['a test for null', { op: 'test', path: '/owner', value: null }],
    ['writing null', { op: 'add', path: '/owner', value: null }],
  ])('refuses %s, as Medplum’s does', (_title, operation) => {
    expect(() => applied(bareTask(), [operation])).toThrow();
  });

  it('takes a test without a value as a test for absence, and drops a list that becomes empty', () => {
    const task = taskIn(NURSES);

    const after = applied(task, [
      { op: 'test', path: '/owner', value: undefined },
      { op: 'remove', path: '/performerType/0' },
    ]);

    expect(after).toEqual(bareTask());
  });
});

function accepted(decision: Decision): Accepted {
  return decision.kind === 'accepted' ? decision : expect.fail(decision.sentence);
}
