import { describe, expect, it } from 'vitest';
import { TASK_REPLACES } from '../../src/record/successor.ts';
import { performerTypeOf } from '../../src/routing/pools.ts';
import { DEFAULT_REASONS } from '../../src/routing/reasons.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import { createCommands } from '../../src/runtime/commands.ts';
import { createCommit } from '../../src/runtime/commit.ts';
import type { DeskParts } from '../../src/runtime/desk-parts.ts';
import { type AuthorOf, createAuthorOf } from '../../src/runtime/on-behalf-of.ts';
import type { People } from '../../src/runtime/people.ts';
import { claim } from '../../src/verbs/claim.ts';
import { complete } from '../../src/verbs/complete.ts';
import { release } from '../../src/verbs/release.ts';
import { reroute } from '../../src/verbs/reroute.ts';
import { refuse } from '../../src/verbs/verb.ts';
import {
  ANA,
  BEN,
  bareTask,
  CARDIOLOGY,
  claimedBy,
  header,
  NOW,
  NURSES,
  POOLS,
  refTo,
  TASK_ID,
  taskIn,
} from '../support/pure-clinic.ts';
import { endOfShift, specialtyReferral } from '../support/pure-reasons.ts';
import { MemoryLedger, rememberedJobs } from '../support/unit-ledger.ts';
import { FakeRecord } from '../support/unit-record.ts';
import { capturedLog } from '../support/unit-slack.ts';

const ANA_IN_CHAT = { platform: 'chat', tenant: 'T', id: 'U-ana' };

/** Everybody who types is Ana. */
const people: People = {
  identify: async () => ({ kind: 'member', member: ANA }),
  member: async () => BEN,
  search: async () => [],
  holders: async () => [],
  chatUsersOf: async () => [],
};

function desk(record: FakeRecord, more: Partial<DeskParts> = {}) {
  const ledger = new MemoryLedger();
  const jobs = rememberedJobs();
  const { log } = capturedLog();
  const parts: DeskParts = {
    store: record,
    people,
    ledger,
    jobs,
    commit: createCommit(record, ledger.journal, () => false, 'follow', log),
    pools: POOLS,
    rules: DEFAULT_TASK_RULES,
    recipients: 'follow',
    reasons: () => DEFAULT_REASONS,
    authorOf: createAuthorOf('never', async () => 'none', Date.now),
    taskLink: undefined,
    now: () => NOW,
    log,
    ...more,
  };
  return { commands: createCommands(parts), jobs };
}

const onBehalf: AuthorOf = async (member) => ({
  who: refTo(member),
  as: `Practitioner/${member.practitioner.id}`,
});
const toCardiology = { target: { kind: 'pool', pool: CARDIOLOGY }, reason: specialtyReferral } as const;

describe('a command', () => {
  it('reads the thread only where its newest answer counts', async () => {
    const record = new FakeRecord(claimedBy(ANA), header([refTo(ANA)]));
    record.said = [
      {
        resourceType: 'Communication',
        id: 'answer-1',
        status: 'in-progress',
        sender: refTo(ANA),
        sent: NOW.toISOString(),
      },
    ];
    const { commands } = desk(record);

    await commands.settle(complete, {}, TASK_ID, ANA);

    expect(record.calls.filter((step) => step === 'messages')).toHaveLength(1);
    expect(record.current.output?.[0]?.valueReference?.reference).toBe('Communication/answer-1');
    const other = new FakeRecord(taskIn(), header(undefined));
    await desk(other).commands.settle(claim, {}, TASK_ID, ANA);
    expect(other.calls).not.toContain('messages');
  });

  it('marks the Task that took another one’s place too: its card is not left to an event', async () => {
    const record = new FakeRecord(claimedBy(ANA));
    const { commands, jobs } = desk(record);

    await commands.settle(reroute, { ...toCardiology, visibility: 'new-task' }, TASK_ID, ANA);

    expect(jobs.marks).toEqual([TASK_ID, 'created-1']);
  });

  it('is done although the new Task cannot be marked', async () => {
    const record = new FakeRecord(claimedBy(ANA));
    const { commands, jobs } = desk(record);
    const silence = () => record.fail({ on: 'observe', kind: 'unreachable' });
    record.fail({ on: 'provenance', kind: 'conflict', meanwhile: silence });

    const decision = await commands.settle(
      reroute,
      { ...toCardiology, visibility: 'new-task' },
      TASK_ID,
      ANA,
    );

    expect(decision.kind).toBe('accepted');
    expect(jobs.marks).toEqual([TASK_ID]);
  });

  it('finds the pool that a Task came from on the one whose place it took', async () => {
    const record = new FakeRecord(taskIn(NURSES, { status: 'cancelled', owner: refTo(BEN) }));
    const { id } = await record.createTask(
      bareTask({
        status: 'accepted',
        owner: refTo(ANA),
        extension: [{ url: TASK_REPLACES, valueReference: { reference: `Task/${TASK_ID}` } }],
      }),
      'identifier=urn:test|1',
    );
    const { commands } = desk(record);

    const decision = await commands.settle(release, { reason: endOfShift }, id, ANA);

    expect(decision).toMatchObject({
      kind: 'accepted',
      change: { performerType: performerTypeOf(NURSES) },
      sentence: 'Task create is back in “Registered nurse”.',
    });
  });

  it('says which ways of rerouting there are to whoever asks for another', async () => {
    const record = new FakeRecord(claimedBy(ANA));
    const { commands } = desk(record);
    const inputs = { target: 'cardiology', reason: 'specialty-referral', visibility: 'sideways' };

    const answer = await commands.run({ verb: 'reroute', task: TASK_ID, by: ANA_IN_CHAT, inputs });

    expect(answer).toEqual({
      kind: 'refused',
      sentence: '“sideways” is neither in-place nor new-task.',
      field: 'visibility',
    });
    expect(record.calls).toEqual([]);
  });
});

describe('a command on somebody’s behalf', () => {
  it('is refused in a sentence of its own where their access does not allow it', async () => {
    const record = new FakeRecord(taskIn());
    record.fail({ on: 'task', kind: 'forbidden', onBehalf: true });
    const { commands, jobs } = desk(record, { authorOf: onBehalf });

    const decision = await commands.settle(claim, {}, TASK_ID, ANA);

    expect(decision.sentence).toMatch(
      /^Your own access in Medplum does not allow this change; nothing was changed\./,
    );
    expect(record.past).toHaveLength(1);
    expect(jobs.marks).toEqual([]);
  });

  it('is a matter for the administrator where the service’s own access does not allow it', async () => {
    const record = new FakeRecord(taskIn());
    record.fail({ on: 'task', kind: 'forbidden' });
    const { commands } = desk(record);

    const answer = await commands.run({ verb: 'claim', task: TASK_ID, by: ANA_IN_CHAT, inputs: {} });

    expect(answer.sentence).toMatch(/^The record does not allow this; nothing was changed\./);
  });

  it('writes nothing where they may change nothing', async () => {
    const record = new FakeRecord(taskIn());
    const { commands } = desk(record, { authorOf: async () => refuse('Your membership is switched off.') });

    expect((await commands.settle(claim, {}, TASK_ID, ANA)).sentence).toBe(
      'Your membership is switched off.',
    );
    expect(record.calls).toEqual(['observe']);
  });

  it('asks for nobody’s membership to refuse what nobody could do', async () => {
    const asked: string[] = [];
    const authorOf: AuthorOf = async (member) => {
      asked.push(member.practitioner.id);
      return onBehalf(member);
    };
    const { commands } = desk(new FakeRecord(claimedBy(BEN)), { authorOf });

    expect((await commands.settle(claim, {}, TASK_ID, ANA)).kind).toBe('refused');
    expect(asked).toEqual([]);
  });
});
