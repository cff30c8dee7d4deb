import { beforeEach, describe, expect, it } from 'vitest';
import { ANA, claimedBy, NURSES, refTo, taskIn } from '../support/pure-clinic.ts';
import { CHANNEL, DigestDesk, HOUR } from '../support/unit-digest-desk.ts';

let desk: DigestDesk;
beforeEach(() => {
  desk = new DigestDesk();
});

const DONE = { kind: 'done' };
const titles = () => desk.standing().map(({ title }) => title.split('  ·  ').at(-1));
const CLAIM = { title: expect.stringContaining('Daily digest'), verbs: ['claim'] };
const PLAIN = { title: expect.stringContaining('Daily digest'), verbs: [] };

describe('A digest', () => {
  it('comes once for each slot, whatever the number of ticks, processes and restarts', async () => {
    const processes = [desk.process(), desk.process()];
    for (let day = 0; day < 3; day++) {
      desk.toNextSlot();
      for (let tick = 0; tick < 4; tick++) {
        for (const { tick: look } of [...processes, desk.process()]) await look();
        desk.later(10_000);
      }
    }

    expect(titles()).toEqual(['Monday 2 March', 'Tuesday 3 March', 'Wednesday 4 March']);
    expect(desk.counts).toBe(3);
    expect(desk.standing()).toEqual([PLAIN, PLAIN, CLAIM]);
    expect(desk.states()).toEqual(['closed', 'closed', 'live']);
  });

  it('comes late after an outage, as long as it may, and then not at all', async () => {
    desk.toNextSlot(2 * HOUR - 1);
    await desk.process().tick();
    desk.toNextSlot(2 * HOUR);
    await desk.process().tick();

    expect(titles()).toEqual(['Monday 2 March']);
  });

  it('is one after an outage of a week, and not a flood', async () => {
    for (let day = 0; day < 5; day++) desk.toNextSlot();
    desk.later(HOUR);

    await desk.process().tick();

    expect(titles()).toEqual(['Friday 6 March']);
  });

  it.each([
    ['skip', []],
    ['post', ['Monday 2 March']],
  ] as const)('of an empty pool is left out or one line, as configured: %s', async (empty, expected) => {
    desk.waiting = [];
    desk.toNextSlot();
    const process = desk.process({ empty });

    await process.tick();
    await desk.process({ empty }).tick();

    expect(titles()).toEqual(expected);
    expect(desk.counts).toBe(1);
  });

  it('that could not be counted is counted again with the next tick', async () => {
    const process = desk.process();
    const { reserve } = desk.ledger;
    desk.ledger.reserve = () => Promise.reject(new Error('the ledger is away'));
    desk.toNextSlot();
    await expect(process.tick()).rejects.toThrow('making digests');
    desk.ledger.reserve = reserve;

    await process.tick();

    expect(titles()).toEqual(['Monday 2 March']);
  });

  it('loses its buttons as soon as the next one stands', async () => {
    const process = desk.process();
    for (let day = 0; day < 2; day++) {
      desk.toNextSlot();
      await process.tick();
    }

    expect(desk.standing()).toEqual([PLAIN, CLAIM]);
  });

  it('follows its Tasks while it is the newest', async () => {
    const process = desk.process();
    desk.toNextSlot();
    await process.tick();
    desk.waiting = [];
    desk.changed = [claimedBy(ANA)];

    await process.touched(taskIn().id);
    await process.tick();

    expect(desk.standing()).toEqual([PLAIN]);
    expect(desk.chat.at(CHANNEL)[0]?.rows?.[0]?.line).toContainEqual({ bold: 'Ana Silva' });
    expect(desk.chat.calls.filter((call) => call.startsWith('update'))).toHaveLength(1);
  });

  it('is not looked at for a Task that it does not list', async () => {
    const process = desk.process();
    desk.toNextSlot();
    await process.tick();

    await process.touched('another');

    expect(desk.jobs.digests).toEqual([]);
  });
});

describe('A digest whose post', () => {
  it('is in doubt is looked for after a restart: found, and not repeated', async () => {
    desk.toNextSlot();
    desk.chat.fail({ on: 'post', kind: 'in-doubt', after: true });
    await expect(desk.process().tick()).rejects.toThrow('in-doubt');

    await desk.process().tick();

    expect(desk.standing()).toEqual([CLAIM]);
    expect(desk.states()).toEqual(['live']);
  });

  it('never came is posted by the next process', async () => {
    desk.toNextSlot();
    desk.chat.fail({ on: 'post', kind: 'in-doubt' });
    await expect(desk.process().tick()).rejects.toThrow('in-doubt');

    await desk.process().tick();

    expect(desk.standing()).toEqual([CLAIM]);
    expect(desk.chat.calls).toEqual([`post ${CHANNEL}`, `find ${CHANNEL}`, `post ${CHANNEL}`]);
  });

  it('was refused for a while waits as long as the platform asks for', async () => {
    desk.toNextSlot();
    const process = desk.process();
    desk.chat.fail({ on: 'post', kind: 'rate-limited', retryAfterMs: 30_000 });

    const first = await process.tick();
    const [id = ''] = desk.ledger.digests.rows.keys();
    const early = await process.reconcile(id);
    const calls = [...desk.chat.calls];
    desk.later(30_001);
    const second = await process.reconcile(id);

    expect([first, early, second]).toEqual([[DONE], DONE, DONE]);
    expect(calls).toEqual([`post ${CHANNEL}`]);
    expect(await desk.ledger.line.waitsAt({ kind: 'digest', id })).toEqual([]);
    expect(desk.standing()).toEqual([CLAIM]);
    expect(desk.chat.calls.filter((call) => call.startsWith('find'))).toEqual([]);
  });

  it('is refused until the time for it is over is given up', async () => {
    desk.toNextSlot();
    desk.chat.fail({ on: 'post', kind: 'forbidden' });
    const process = desk.process();
    await process.tick();
    desk.later(2 * HOUR + 1);

    await process.tick();

    expect(desk.states()).toEqual(['closed']);
    expect(desk.standing()).toEqual([]);
  });

  it('was given up and stands in a line all the same leaves it when it is called', async () => {
    desk.toNextSlot();
    desk.chat.fail({ on: 'post', kind: 'forbidden' });
    const process = desk.process();
    await process.tick();
    const [id = ''] = desk.ledger.digests.rows.keys();
    desk.later(2 * HOUR + 1);
    await process.tick();
    const item = { kind: 'digest', id } as const;
    const surface = { platform: 'chat', kind: 'channel', id: CHANNEL } as const;
    await desk.ledger.line.shut({ item, surface, line: 'test', rank: 4 }, 0, 1_000);

    expect(await process.reconcile(id)).toEqual({ kind: 'done' });

    expect(await desk.ledger.line.waitsAt(item)).toEqual([]);
  });

  it('was deleted by somebody stays away until the next day', async () => {
    const process = desk.process();
    desk.toNextSlot();
    await process.tick();
    desk.chat.messages.clear();
    desk.waiting = [];
    desk.changed = [claimedBy(ANA)];
    await process.touched(taskIn().id);
    await process.tick();

    expect([desk.standing(), desk.states()]).toEqual([[], ['closed']]);
  });
});

describe('A digest of one’s own', () => {
  const user = { platform: 'chat', tenant: 'T1', id: 'U-ana' };
  beforeEach(async () => {
    desk.waiting = [];
    await desk.ledger.digests.personal.set(user, 'ana', '07:30');
  });
  const toHalfPastSeven = () => {
    desk.toNextSlot();
    desk.later(-HOUR / 2);
  };
  const own = () => desk.standing('U-ana');

  it('comes at the time that was asked for, in the clinic’s zone, once, and to nobody else', async () => {
    desk.changed = [claimedBy(ANA), taskIn(NURSES, { id: 'given', owner: refTo(ANA) })];
    toHalfPastSeven();
    desk.later(-1);
    await desk.process().tick();
    const before = own();
    desk.later(1);

    for (let i = 0; i < 3; i++) await desk.process().tick();

    expect(before).toEqual([]);
    expect(own()).toEqual([
      {
        title: 'Your Tasks  ·  Monday 2 March',
        verbs: ['complete', 'reroute', 'release', 'accept', 'reroute', 'release'],
      },
    ]);
    expect(desk.chat.messages.size).toBe(1);
  });

  it.each([
    ['who has nothing', () => undefined],
    [
      'who has left',
      () => desk.people.set('ana', { ...ANA, practitioner: { ...ANA.practitioner, active: false } }),
    ],
    ['who has ended it', () => desk.ledger.digests.personal.end(user)],
  ])('does not come to somebody %s', async (what, change) => {
    if (what !== 'who has nothing') desk.changed = [claimedBy(ANA)];
    await change();
    toHalfPastSeven();

    await desk.process().tick();

    expect(own()).toEqual([]);
  });
});
