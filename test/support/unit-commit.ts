import { type Writes, writesOf } from '../../src/record/writes.ts';
import { createCommit } from '../../src/runtime/commit.ts';
import { claim } from '../../src/verbs/claim.ts';
import { decide } from '../../src/verbs/index.ts';
import { reroute } from '../../src/verbs/reroute.ts';
import type { Inputs, Verb } from '../../src/verbs/verb.ts';
import { ANA, BEN, claimedBy, header, refTo, situationOf, taskIn } from './pure-clinic.ts';
import { specialtyReferral } from './pure-reasons.ts';
import { FakeRecord, memoryJournal } from './unit-record.ts';
import { capturedLog } from './unit-slack.ts';

/** Something of Ana's that is about to be written into a record in memory. */
export interface AboutToBeWritten {
  readonly record: FakeRecord;
  readonly journal: ReturnType<typeof memoryJournal>;
  readonly commit: ReturnType<typeof createCommit>;
  readonly writes: Writes;
  readonly lines: readonly string[];
  /** How often the commit has said that the server runs transactions as batches. */
  readonly batches: { count: number };
}

/** Ana sends her Task to Ben, who gets a new one for it. */
export function sendingToBen(options: { transactions?: boolean; as?: string } = {}): AboutToBeWritten {
  const record = new FakeRecord(claimedBy(ANA), header([refTo(ANA)]));
  const target = { kind: 'person', member: BEN } as const;
  return about(record, reroute, { target, reason: specialtyReferral, visibility: 'new-task' }, options);
}

/** Ana claims a Task that waits. */
export function claiming(options: { transactions?: boolean; as?: string } = {}): AboutToBeWritten {
  return about(new FakeRecord(taskIn(), header(undefined)), claim, {}, options);
}

function about(
  record: FakeRecord,
  verb: Verb,
  inputs: Inputs,
  { transactions = false, as }: { transactions?: boolean; as?: string },
): AboutToBeWritten {
  const journal = memoryJournal();
  const { log, lines } = capturedLog();
  const batches = { count: 0 };
  const ranAsBatch = () => {
    batches.count++;
  };
  const commit = createCommit(record, journal, () => transactions && batches.count === 0, 'follow', log, {
    ranAsBatch,
  });
  const situation = situationOf(record.current, ANA, { thread: record.header });
  const decision = decide(verb, inputs, situation);
  if (decision.kind === 'refused') throw new Error(decision.sentence);
  const writes = writesOf(decision, situation, { who: refTo(ANA), ...(as && { as }) }, 'follow');
  return { record, journal, commit, writes, lines, batches };
}

/** What stands in the record of Ana's reroute, and what is left in the journal. */
export function foundOf({ record, journal }: AboutToBeWritten) {
  return {
    old: record.current.status,
    owner: record.current.owner?.reference,
    new: record.created.map(({ status, owner }) => `${status} ${owner?.reference}`),
    recipients: (record.header?.recipient ?? []).map(({ reference }) => reference),
    targets: record.provenances.map(({ target }) => target.map(({ reference }) => reference)),
    journal: journal.open.size,
  };
}

/** Nothing of it. */
export const UNSENT = {
  old: 'accepted',
  owner: 'Practitioner/ana',
  new: [],
  recipients: ['Practitioner/ana'],
  targets: [],
  journal: 0,
};

/** All of it, once. */
export const SENT = {
  old: 'cancelled',
  owner: 'Practitioner/ana',
  new: ['requested Practitioner/ben'],
  recipients: ['Practitioner/ana', 'Practitioner/ben'],
  targets: [['Task/a1b2c3d4-0000-4000-8000-000000000001', 'Task/created-1']],
  journal: 0,
};
