import { beforeEach, describe, expect, it } from 'vitest';
import { plainText } from '../../src/cards/card.ts';
import { performerTypeOf } from '../../src/routing/pools.ts';
import { ANA, CARDIOLOGY, NURSES, refTo, TASK_ID, taskIn } from '../support/pure-clinic.ts';
import { provenance } from '../support/pure-past.ts';
import { stored } from '../support/pure-record.ts';
import { CARDIO_CHANNEL, Desktop, NURSES_CHANNEL } from '../support/unit-desktop.ts';
import { FakeRecord } from '../support/unit-record.ts';

const DONE = { kind: 'done' };
const claimedByAna = { status: 'accepted', owner: refTo(ANA) } as const;

let desktop: Desktop;

beforeEach(() => {
  desktop = new Desktop();
});

describe('a card whose redrawing nobody heard the end of', () => {
  it('is redrawn where the Task is as it was before', async () => {
    const run = desktop.process();
    await run();
    const { owner: _, ...before } = desktop.record.current;
    desktop.record.change(claimedByAna);
    desktop.chat.fail({ on: 'update', kind: 'unreachable', after: true });
    await expect(run()).rejects.toThrow(AggregateError);
    desktop.record.past.unshift(stored(before, 'again'));

    await run();

    expect(desktop.buttons(NURSES_CHANNEL)).toEqual([['claim', 'reroute']]);
  });
});

describe('a post in doubt', () => {
  it('is adopted where it stands', async () => {
    desktop.chat.fail({ on: 'post', kind: 'in-doubt', after: true });
    const run = desktop.process();
    await expect(run()).rejects.toThrow(AggregateError);
    desktop.record.change(claimedByAna);

    await run();

    expect(desktop.buttons(NURSES_CHANNEL)).toEqual([['complete', 'reroute']]);
    expect(desktop.states()).toEqual(['live']);
  });

  it('is posted anew where it stands and somebody has been called since, and the old card is closed', async () => {
    desktop.chat.fail({ on: 'post', kind: 'in-doubt', after: true });
    const run = desktop.process();
    await expect(run()).rejects.toThrow(AggregateError);
    const later = new Date(Date.now() + 60_000).toISOString();
    desktop.record.provenances.push(provenance('escalate', ANA, later));

    expect(await run()).toEqual({ kind: 'again', afterMs: 0 });
    expect(await run()).toEqual(DONE);

    expect(desktop.buttons(NURSES_CHANNEL)).toEqual([[], ['claim', 'reroute']]);
    expect(desktop.states()).toEqual(['closed', 'live']);
  });

  it('leaves an older card behind that is true, where it does not stand and the Task has left', async () => {
    const run = desktop.process();
    await run();
    const later = new Date(Date.now() + 60_000).toISOString();
    desktop.record.provenances.push(provenance('escalate', ANA, later));
    desktop.chat.fail({ on: 'post', kind: 'in-doubt' });
    await expect(run()).rejects.toThrow(AggregateError);
    desktop.record.change({ performerType: performerTypeOf(CARDIOLOGY) });

    expect(await run()).toEqual({ kind: 'again', afterMs: 0 });
    expect(await run()).toEqual(DONE);

    const [older, ...others] = desktop.chat.at(NURSES_CHANNEL);
    expect(JSON.stringify(older)).toContain('Cardiologist');
    expect(others).toEqual([]);
  });

  it('is posted again where it does not stand', async () => {
    desktop.chat.fail({ on: 'post', kind: 'in-doubt' });
    const run = desktop.process();
    await expect(run()).rejects.toThrow(AggregateError);

    await run();

    expect(desktop.chat.at(NURSES_CHANNEL)).toHaveLength(1);
    expect(desktop.states()).toEqual(['dropped', 'live']);
  });

  it('is closed where it stands and the Task has left', async () => {
    desktop.chat.fail({ on: 'post', kind: 'in-doubt', after: true });
    const run = desktop.process();
    await expect(run()).rejects.toThrow(AggregateError);
    desktop.record.change({ performerType: performerTypeOf(CARDIOLOGY) });

    await run();

    expect(desktop.buttons(NURSES_CHANNEL)).toEqual([[]]);
    expect(desktop.states()).toEqual(['closed', 'live']);
  });

  it('is forgotten where it does not stand and the Task has left', async () => {
    desktop.chat.fail({ on: 'post', kind: 'in-doubt' });
    const run = desktop.process();
    await expect(run()).rejects.toThrow(AggregateError);
    desktop.record.change({ performerType: performerTypeOf(CARDIOLOGY) });

    await run();

    expect(desktop.chat.at(NURSES_CHANNEL)).toEqual([]);
    expect(desktop.states()).toEqual(['dropped', 'live']);
  });

  it('stays in doubt while nobody can look', async () => {
    desktop.chat.fail({ on: 'post', kind: 'in-doubt', after: true });
    desktop.chat.fail({ on: 'find', kind: 'unreachable' });
    const run = desktop.process();

    await expect(run()).rejects.toThrow(AggregateError);
    await expect(run()).rejects.toThrow(AggregateError);

    expect(desktop.states()).toEqual(['posting']);
    expect(desktop.chat.at(NURSES_CHANNEL)).toHaveLength(1);
  });

  it.each(['forbidden', 'unreachable', 'invalid', 'gone', 'rate-limited'] as const)(
    'is none where the platform clearly said no: %s',
    async (kind) => {
      desktop.chat.fail({ on: 'post', kind });

      await desktop
        .process()()
        .catch(() => undefined);

      expect(desktop.states()).toEqual(['dropped']);
    },
  );
});

describe('a message that somebody deleted', () => {
  it('comes back while the Task waits', async () => {
    const run = desktop.process();
    await run();
    desktop.chat.messages.clear();
    desktop.record.change({ priority: 'stat' });

    await run();

    expect(desktop.chat.at(NURSES_CHANNEL)).toHaveLength(1);
    expect(desktop.states()).toEqual(['dropped', 'live']);
  });

  it('is posted anew at the next change as long as something could be pressed on it', async () => {
    const run = desktop.process();
    await run();
    desktop.chat.messages.clear();
    desktop.record.change(claimedByAna);

    await run();

    expect(desktop.buttons(NURSES_CHANNEL)).toEqual([['complete', 'reroute']]);
    expect(desktop.states()).toEqual(['dropped', 'live']);
  });

  it('stays away once the Task is closed', async () => {
    const run = desktop.process();
    await run();
    desktop.chat.messages.clear();
    desktop.record.change({ status: 'completed' });

    await run();

    expect(desktop.chat.at(NURSES_CHANNEL)).toEqual([]);
    expect(desktop.states()).toEqual(['dropped']);
  });
});

describe('a platform that asks for patience', () => {
  it('is left alone for as long as it says, and only there', async () => {
    desktop.record = new FakeRecord(
      taskIn(NURSES, { performerType: [...performerTypeOf(NURSES), ...performerTypeOf(CARDIOLOGY)] }),
    );
    desktop.chat.fail({ on: 'post', kind: 'rate-limited', retryAfterMs: 7000, surface: NURSES_CHANNEL });
    const run = desktop.process();

    const outcomes = [await run()];
    desktop.now += 6999;
    await desktop.sending.call();
    outcomes.push(await run());
    const early = [...desktop.jobs.marks];
    desktop.now += 1;
    await desktop.sending.call();
    outcomes.push(await run());

    expect(outcomes).toEqual([DONE, DONE, DONE]);
    expect([early, desktop.jobs.marks]).toEqual([[], [TASK_ID]]);
    expect(desktop.chat.calls).toEqual([
      `post ${NURSES_CHANNEL}`,
      `post ${CARDIO_CHANNEL}`,
      `post ${NURSES_CHANNEL}`,
    ]);
  });

  it('gets some seconds where it does not say how long', async () => {
    desktop.chat.fail({ on: 'post', kind: 'rate-limited' });

    await desktop.process()();

    desktop.now += 4999;
    await desktop.sending.call();
    expect(desktop.jobs.marks).toEqual([]);
    desktop.now += 1;
    await desktop.sending.call();
    expect(desktop.jobs.marks).toEqual([TASK_ID]);
  });

  it('is asked for one message when its time has come, however often the Task has changed meanwhile', async () => {
    const run = desktop.process();
    await run();
    desktop.chat.fail({ on: 'update', kind: 'rate-limited', retryAfterMs: 7000 });
    for (const priority of ['urgent', 'asap', 'stat', 'routine', 'urgent'] as const) {
      desktop.record.change({ priority });
      await run();
    }
    desktop.now += 7000;

    await run();

    expect(desktop.chat.calls.filter((call) => call.startsWith('update'))).toHaveLength(2);
    expect(desktop.chat.at(NURSES_CHANNEL)[0]?.title).toContain('🟠');
  });

  it('hears no more of a Task that has nothing to say any more', async () => {
    desktop.chat.fail({ on: 'post', kind: 'rate-limited', retryAfterMs: 7000 });
    const run = desktop.process();
    await run();
    desktop.record.change(claimedByAna);

    await run();

    expect(await desktop.sending.waitsAt({ kind: 'task', id: TASK_ID })).toEqual([]);
  });

  it('hears of a Task that goes to another surface meanwhile, there', async () => {
    desktop.chat.fail({ on: 'post', kind: 'rate-limited', retryAfterMs: 7000 });
    const run = desktop.process();
    await run();
    desktop.record.change({ performerType: performerTypeOf(CARDIOLOGY) });

    await run();

    expect(await desktop.sending.waitsAt({ kind: 'task', id: TASK_ID })).toEqual([]);
    expect(desktop.chat.at(CARDIO_CHANNEL)).toHaveLength(1);
  });

  it('is shown a card that says how late it is, until it is redrawn', async () => {
    desktop.chat.fail({ on: 'post', kind: 'rate-limited', retryAfterMs: 200_000 });
    const run = desktop.process();
    await run();
    desktop.now += 200_000;

    await run();

    const footer = () => plainText(desktop.chat.at(NURSES_CHANNEL)[0]?.footer ?? []);
    expect(footer()).toContain('Shown 3 min late: this channel was busy.');
    const calls = desktop.chat.calls.length;
    await run();
    expect(desktop.chat.calls).toHaveLength(calls);
    desktop.record.change({ priority: 'stat' });
    await run();
    expect(footer()).not.toContain('late');
  });
});

describe('one surface that refuses', () => {
  it('does not keep the others from the truth, is left alone for a while, and then tried again', async () => {
    desktop.record = new FakeRecord(
      taskIn(NURSES, { performerType: [...performerTypeOf(NURSES), ...performerTypeOf(CARDIOLOGY)] }),
    );
    desktop.chat.fail({ on: 'post', kind: 'forbidden', surface: NURSES_CHANNEL });
    const run = desktop.process();

    const first = await run();
    desktop.now += 4_999;
    await run();
    const before = [desktop.chat.at(NURSES_CHANNEL).length, desktop.chat.at(CARDIO_CHANNEL).length];
    desktop.now += 1;
    await run();

    expect(first).toEqual({ kind: 'again', afterMs: 5_000 });
    expect(before).toEqual([0, 1]);
    expect([desktop.chat.at(NURSES_CHANNEL).length, desktop.chat.at(CARDIO_CHANNEL).length]).toEqual([1, 1]);
  });

  it('is a platform that is not configured', async () => {
    await expect(desktop.process({ platforms: [] })()).rejects.toThrow(AggregateError);
  });
});
