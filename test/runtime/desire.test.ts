import type { Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { plainText } from '../../src/cards/card.ts';
import type { Message } from '../../src/duties/thread.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import { createDesire } from '../../src/runtime/desire.ts';
import { lookAt } from '../../src/runtime/look.ts';
import { ANA, bareTask, claimedBy, header, NOW, pool, refTo, taskIn } from '../support/pure-clinic.ts';
import { at, patientSays, staffSays } from '../support/pure-thread.ts';
import { MemoryLedger } from '../support/unit-ledger.ts';
import { FakeRecord } from '../support/unit-record.ts';

const LEVELS = ['none', 'initials', 'full'] as const;
const POOL = pool('registered-nurse', 'Registered nurse', '224535009', {
  channels: LEVELS.map((privacy) => ({ platform: 'chat', channel: privacy, privacy })),
});
const PATIENT = { display: 'Homer Simpson' };
const AGAIN = [patientSays('m1', '09:00'), patientSays('m2', '09:10'), patientSays('m3', '09:20')];

/** What the cards of a Task say, by the level of privacy of their channel; and what was read for it. */
async function cardsOf(task: Task & { id: string }, messages: readonly Message[], from = POOL) {
  const record = new FakeRecord(task, header(undefined));
  record.said = [...messages];
  const desire = createDesire({
    store: record,
    ledger: new MemoryLedger(),
    people: { chatUsersOf: async () => [] },
    platforms: [],
    pools: [from],
    rules: DEFAULT_TASK_RULES,
    orphans: { reports: async () => [] },
    taskLink: undefined,
    tellOwners: true,
  });
  const seen = { task, thread: record.header, provenances: [] };
  const desired = await desire(task.id, seen, [], lookAt(seen, record, NOW));
  const lines = Object.fromEntries(
    desired.map(({ surface, card }) => [surface.id, card.lines.map(plainText)] as const),
  );
  return { lines, desired, reads: record.calls };
}

const NEW = `💬 2 new messages, the last one ${at('09:20')}.`;

describe('A card of a Task to which the patient has added something', () => {
  it('says so in every channel, and what they wrote last only where all may be said', async () => {
    const { lines, reads } = await cardsOf(taskIn(), AGAIN);

    expect(lines).toEqual({
      none: ['Nobody has claimed this yet.', NEW],
      initials: ['Nobody has claimed this yet.', NEW],
      full: ['“What m3 says.”', 'Nobody has claimed this yet.', NEW],
    });
    expect(reads).toEqual(['messages']);
  });

  it('is drawn anew when they add more, and as it was when nothing has changed', async () => {
    const [first, same, more] = await Promise.all(
      [AGAIN, AGAIN, [...AGAIN, patientSays('m4', '09:30')]].map((messages) => cardsOf(taskIn(), messages)),
    );

    const hashes = [first, same, more].map((one) => one?.desired.map(({ hash }) => hash));
    expect(hashes[1]).toEqual(hashes[0]);
    expect(hashes[2]).not.toEqual(hashes[0]);
  });

  it('says nothing of it any more when somebody has answered, nor when the Task is closed', async () => {
    const answered = await cardsOf(claimedBy(ANA), [...AGAIN, staffSays(ANA, 'a1', '09:30')]);
    const closed = await cardsOf(claimedBy(ANA, { status: 'completed' }), AGAIN);

    expect(JSON.stringify([answered.lines, closed.lines])).not.toContain('new message');
  });
});

describe('What stands on a card where all may be said', () => {
  const FULL = { ...POOL, channels: POOL.channels.filter(({ privacy }) => privacy === 'full') };
  const quote = async (messages: readonly Message[]) =>
    (await cardsOf(taskIn(), messages, FULL)).lines.full?.[0];

  it.each<[string, readonly Message[], string]>([
    ['what the patient wrote last', [...AGAIN, staffSays(ANA, 'a1', '09:30')], '“What m3 says.”'],
    [
      'not what was taken back',
      [...AGAIN, patientSays('m4', '09:30', { status: 'entered-in-error' })],
      '“What m3 says.”',
    ],
    ['not a draft', [...AGAIN, patientSays('m4', '09:30', { status: 'preparation' })], '“What m3 says.”'],
    ['what the staff wrote, in a thread of theirs', [staffSays(ANA, 'a1', '09:30')], '“What a1 says.”'],
    ['nothing, where nothing was said', [], 'Nobody has claimed this yet.'],
  ])('is %s', async (_what, messages, expected) => {
    expect(await quote(messages)).toBe(expected);
  });
});

describe('The messages of a thread', () => {
  it.each<[string, Task & { id: string }]>([
    ['of a Task that waits in no pool', bareTask()],
    ['of a Task that is sent to somebody', bareTask({ owner: refTo(ANA) })],
  ])('are not read for a card that nobody will see: %s', async (_what, task) => {
    expect((await cardsOf({ ...task, for: PATIENT }, AGAIN)).reads).toEqual([]);
  });

  it('are not read for a closed Task, unless a card shows the last of them', async () => {
    const discreet = { ...POOL, channels: POOL.channels.filter(({ privacy }) => privacy !== 'full') };
    const closed = claimedBy(ANA, { status: 'completed' });

    expect((await cardsOf(closed, AGAIN, discreet)).reads).toEqual([]);
    expect((await cardsOf(closed, AGAIN)).reads).toEqual(['messages']);
  });
});
