import { beforeEach, describe, expect, it } from 'vitest';
import { TASK_REPLACES } from '../../src/record/successor.ts';
import { performerTypeOf } from '../../src/routing/pools.ts';
import { ANA, bareTask, CARDIOLOGY, NURSES, refTo, TASK_ID } from '../support/pure-clinic.ts';
import { CARDIO_CHANNEL, Desktop, NURSES_CHANNEL } from '../support/unit-desktop.ts';
import { FakeRecord } from '../support/unit-record.ts';

const DONE = { kind: 'done' };
const claimedByAna = { status: 'accepted', owner: refTo(ANA) } as const;

let desktop: Desktop;

beforeEach(() => {
  desktop = new Desktop();
});

describe('the cards of a Task', () => {
  it('are posted once where the Task waits', async () => {
    const run = desktop.process();

    expect([await run(), await run()]).toEqual([DONE, DONE]);

    expect(desktop.buttons(NURSES_CHANNEL)).toEqual([['claim', 'reroute']]);
    expect(desktop.chat.calls).toEqual([`post ${NURSES_CHANNEL}`]);
    expect([...desktop.chat.messages.values()][0]?.key).toEqual({ task: TASK_ID, card: 'c1' });
  });

  it('follow a claim made anywhere', async () => {
    const run = desktop.process();
    await run();
    desktop.record.change(claimedByAna);

    await run();

    expect(desktop.buttons(NURSES_CHANNEL)).toEqual([['complete', 'reroute']]);
    expect(desktop.chat.at(NURSES_CHANNEL)[0]?.lines.flat()).toContainEqual({ bold: 'Ana Silva' });
  });

  it('lose their buttons where a Task was rerouted from, and gain them where it went', async () => {
    const run = desktop.process();
    await run();
    desktop.record.change({ performerType: performerTypeOf(CARDIOLOGY) });

    await run();

    expect([desktop.buttons(NURSES_CHANNEL), desktop.buttons(CARDIO_CHANNEL)]).toEqual([
      [[]],
      [['claim', 'reroute']],
    ]);
    expect(desktop.states()).toEqual(['closed', 'live']);
  });

  it('are new ones where a Task comes back', async () => {
    const run = desktop.process();
    await run();
    desktop.record.change({ performerType: performerTypeOf(CARDIOLOGY) });
    await run();
    desktop.record.change({ performerType: performerTypeOf(NURSES) });

    await run();

    expect(desktop.buttons(NURSES_CHANNEL)).toEqual([[], ['claim', 'reroute']]);
    expect(desktop.buttons(CARDIO_CHANNEL)).toEqual([[]]);
  });

  it('say so where the Task is no longer in the record', async () => {
    const run = desktop.process();
    await run();
    desktop.record.past = [];

    await run();

    expect(desktop.chat.at(NURSES_CHANNEL)[0]?.lines).toEqual([['This Task is no longer in the record.']]);
    expect(desktop.states()).toEqual(['closed']);
  });

  it('are not posted for a Task that is done with already', async () => {
    desktop.record.change({ ...claimedByAna, status: 'completed' });

    expect(await desktop.process()()).toEqual(DONE);
    expect(desktop.chat.calls).toEqual([]);
  });

  it('reach the owner who has yet to accept, where they are known', async () => {
    desktop.record = new FakeRecord(bareTask({ owner: refTo(ANA) }));
    await desktop.ledger.link({ platform: 'chat', tenant: 'T', id: 'U-ana' }, 'ana');
    await desktop.ledger.link({ platform: 'elsewhere', tenant: 'T', id: 'U-ana' }, 'ana');

    await desktop.process()();
    await desktop.process({ tellOwners: false })();

    expect(desktop.buttons('U-ana')).toHaveLength(1);
    expect(desktop.chat.calls.filter((call) => call.startsWith('post'))).toEqual(['post U-ana']);
  });

  it('wait while a change of the Task is half written', async () => {
    await desktop.ledger.journal.begin({
      task: { id: TASK_ID, patch: [] },
      thread: undefined,
      provenance: { resourceType: 'Provenance', target: [], recorded: '', agent: [] },
    });

    expect(await desktop.process()()).toEqual({ kind: 'again', afterMs: 1000 });
    expect([desktop.record.calls, desktop.chat.calls]).toEqual([[], []]);
  });

  it('wait while the Task that this one takes the place of is half written: nothing says why yet', async () => {
    desktop.record.change({
      extension: [{ url: TASK_REPLACES, valueReference: { reference: 'Task/old' } }],
    });
    const id = await desktop.ledger.journal.begin({
      task: { id: 'old', patch: [] },
      thread: undefined,
      provenance: { resourceType: 'Provenance', target: [], recorded: '', agent: [] },
    });

    const early = await desktop.process()();
    await desktop.ledger.journal.end(id);
    const late = await desktop.process()();

    expect([early, late]).toEqual([{ kind: 'again', afterMs: 1000 }, { kind: 'done' }]);
    expect(desktop.buttons(NURSES_CHANNEL)).toHaveLength(1);
  });
});

describe('what has been seen of a Task', () => {
  it('is remembered with its owner, once cards and thread agree', async () => {
    desktop.record.change(claimedByAna);
    await desktop.process()();

    expect(await desktop.ledger.lastSeen(TASK_ID)).toEqual({ versionId: 'v2', owner: 'Practitioner/ana' });
  });

  it('tells the alignment who had it last', async () => {
    const run = desktop.process();
    desktop.record.change(claimedByAna);
    await run();
    desktop.record.change({ owner: { reference: 'Practitioner/ben' } });

    await run();
    await run();

    expect(desktop.aligned).toEqual([undefined, 'Practitioner/ana']);
  });

  it('is not remembered while the thread does not agree', async () => {
    desktop.agrees = false;

    await desktop.process()();

    expect(await desktop.ledger.lastSeen(TASK_ID)).toBeUndefined();
  });

  it('is nothing of a Task that is nobody’s business here', async () => {
    desktop.record = new FakeRecord(bareTask());

    expect(await desktop.process()()).toEqual(DONE);
    expect([await desktop.ledger.lastSeen(TASK_ID), desktop.aligned, desktop.chat.calls]).toEqual([
      undefined,
      [],
      [],
    ]);
  });
});
