import { describe, expect, it } from 'vitest';
import { type Writes, writesOf } from '../../src/record/writes.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import { createCommit } from '../../src/runtime/commit.ts';
import { claim } from '../../src/verbs/claim.ts';
import { decide } from '../../src/verbs/index.ts';
import { ANA, BEN, header, NOW, POOLS, refTo, taskIn } from '../support/pure-clinic.ts';
import { FakeRecord, type Fault, memoryJournal, type Step } from '../support/unit-record.ts';
import { capturedLog } from '../support/unit-slack.ts';

/** Ana's claim, in the journal of a process that died before it had done anything. */
async function abandoned() {
  const record = new FakeRecord(taskIn(), header(undefined));
  const journal = memoryJournal();
  const { log, lines } = capturedLog();
  const commit = createCommit(record, journal, () => false, 'follow', log);
  const situation = {
    task: record.current,
    thread: record.header,
    provenances: [],
    actor: ANA,
    pools: POOLS,
    rules: DEFAULT_TASK_RULES,
    now: NOW,
  };
  const decision = decide(claim, {}, situation);
  if (decision.kind === 'refused') throw new Error(decision.sentence);
  const writes: Writes = writesOf(decision, situation, { who: refTo(ANA) }, 'follow');
  await journal.begin(writes);
  const found = () => ({
    owner: record.current.owner?.reference,
    recipients: record.header?.recipient?.map((one) => one.reference) ?? [],
    provenances: record.provenances.length,
    journal: journal.open.size,
  });
  return { record, journal, commit, writes, found, lines };
}

const WHOLE = { owner: 'Practitioner/ana', recipients: ['Practitioner/ana'], provenances: 1, journal: 0 };

describe('a change that was left half done', () => {
  it.each<[string, Step[]]>([
    ['before the Task', []],
    ['after the Task', ['task']],
    ['after the thread', ['task', 'thread']],
    ['after the Provenance', ['task', 'thread', 'provenance']],
  ])('%s is finished, and nothing of it is done twice', async (_when, done) => {
    const { record, commit, writes, found } = await abandoned();
    if (done.includes('task')) await record.patch('Task', '', writes.task.patch);
    if (done.includes('thread')) await record.patch('Communication', '', writes.thread?.patch ?? []);
    if (done.includes('provenance')) await record.addProvenance(writes.provenance);

    const tasks = await commit.recover(0);

    expect(tasks).toEqual([writes.task.id]);
    expect(found()).toEqual(WHOLE);
    expect(record.past).toHaveLength(2);
  });

  it('gives the thread to whoever owns the Task by now, and still says who did what', async () => {
    const { record, commit, writes, found } = await abandoned();
    await record.patch('Task', '', writes.task.patch);
    record.change({ status: 'requested', owner: refTo(BEN) });

    await commit.recover(0);

    expect(found()).toEqual({ ...WHOLE, owner: 'Practitioner/ben', recipients: ['Practitioner/ben'] });
  });

  it('takes nobody’s name out of the thread but its own where the Task is nobody’s by now', async () => {
    const { record, commit, writes, found } = await abandoned();
    await record.patch('Task', '', writes.task.patch);
    const { owner: _owner, ...nobodys } = record.current;
    record.past.unshift(nobodys);
    record.changeHeader({ recipient: [refTo(BEN), refTo(ANA)] });

    await commit.recover(0);

    expect(found()).toEqual({ ...WHOLE, owner: undefined, recipients: ['Practitioner/ben'] });
  });

  it('is given up where somebody else was quicker: nothing of it was in the record', async () => {
    const { record, commit, found } = await abandoned();
    record.change({ status: 'accepted', owner: refTo(BEN) });

    await commit.recover(0);

    expect(found()).toEqual({ owner: 'Practitioner/ben', recipients: [], provenances: 0, journal: 0 });
  });

  it.each<[string, Fault[]]>([
    ['is not allowed any more', [{ on: 'task', kind: 'forbidden' }]],
    ['is refused as malformed', [{ on: 'task', kind: 'invalid' }]],
    ['is about a Task without any history', [{ on: 'versions', kind: 'gone', times: 9 }]],
  ])('is given up where it %s', async (_what, faults) => {
    const { record, commit, found } = await abandoned();
    for (const fault of faults) record.fail(fault);

    await commit.recover(0);

    expect(found()).toEqual({ owner: undefined, recipients: [], provenances: 0, journal: 0 });
  });

  it.each<[string, Fault]>([
    ['the history', { on: 'versions', kind: 'unreachable', times: 99 }],
    ['the Task', { on: 'task', kind: 'unreachable', times: 99 }],
    ['what the Task is now', { on: 'observe', kind: 'unreachable', times: 99 }],
    ['the thread', { on: 'thread', kind: 'unreachable', times: 99 }],
    ['the Provenance', { on: 'provenance', kind: 'unreachable', times: 99 }],
  ])('waits in the journal while %s is out of reach, and is finished afterwards', async (_what, fault) => {
    const { record, journal, commit, found } = await abandoned();
    record.fail(fault);

    await commit.recover(0);
    const waiting = journal.open.size;
    record.heal();
    await commit.recover(0);

    expect(waiting).toBe(1);
    expect(found()).toEqual(WHOLE);
  });

  /** Every try fails at the Provenance, and there have been so many. */
  async function tried(times: number) {
    const about = await abandoned();
    about.record.fail({ on: 'provenance', kind: 'forbidden', times: 999 });
    for (let i = 0; i < times; i++) await about.commit.recover(0);
    return about;
  }

  it('is a dead letter after twenty tries, named in the log by its ids, and no longer tried', async () => {
    const { record, journal, commit, writes, lines } = await tried(20);
    record.calls.length = 0;

    const touched = await commit.recover(0);

    expect(touched).toEqual([]);
    expect(record.calls).toEqual([]);
    expect(await journal.stuck()).toMatchObject([{ taskId: writes.task.id, failure: 'forbidden' }]);
    const said = lines.filter((line) => line.includes('it is a dead letter now'));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(`"task":"${writes.task.id}"`);
  });

  it('is kept without its patch once that is in the record, and is finished when somebody says so', async () => {
    const { record, journal, commit, found } = await tried(20);
    const [kept] = [...journal.open.values()];
    record.heal();

    for (const { id } of await journal.stuck()) await journal.retry(id);
    await commit.recover(0);

    expect(kept?.task.patch).toEqual([]);
    expect(found()).toEqual(WHOLE);
    expect(record.past).toHaveLength(2);
  });

  it('is tried for as long as it takes while the server is only away', async () => {
    const about = await abandoned();
    about.record.fail({ on: 'versions', kind: 'throttled', retryAfterMs: 60_000, times: 999 });
    for (let i = 0; i < 25; i++) await about.commit.recover(0);
    about.record.heal();

    await about.commit.recover(0);

    expect(about.found()).toEqual(WHOLE);
  });

  it('is a dead letter in the end where not even its history may be read', async () => {
    const about = await abandoned();
    about.record.fail({ on: 'versions', kind: 'forbidden', times: 999 });

    for (let i = 0; i < 20; i++) await about.commit.recover(0);

    expect(await about.journal.stuck()).toHaveLength(1);
  });

  it('does not keep the others waiting when it cannot be finished', async () => {
    const { record, journal, commit, writes, lines } = await abandoned();
    await journal.begin(writes);
    record.fail({ on: 'observe', kind: 'forbidden', times: 2 });

    const tasks = await commit.recover(0);

    expect(tasks).toHaveLength(2);
    expect([...journal.open.keys()]).toEqual(['j1']);
    expect(record.provenances).toHaveLength(1);
    expect(lines.join()).toContain('a change could not be finished');
  });
});
