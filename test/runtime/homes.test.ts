import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Listing, Question } from '../../src/queries/query.ts';
import type { Member } from '../../src/routing/eligibility.ts';
import { type Pool, performerTypeOf } from '../../src/routing/pools.ts';
import { createHomes } from '../../src/runtime/homes.ts';
import { ChatError, type ChatPlatform, type ChatUser } from '../../src/runtime/ports/chat.ts';
import { type Observation, RecordError } from '../../src/runtime/ports/record.ts';
import {
  ANA,
  BEN,
  CARDIOLOGY,
  CHIDI,
  claimedBy,
  GRACE,
  NURSES,
  PHARMACY,
  taskIn,
} from '../support/pure-clinic.ts';
import { FakeChat } from '../support/unit-chat.ts';
import { MemoryLedger, rememberedJobs } from '../support/unit-ledger.ts';
import { FakeRecord } from '../support/unit-record.ts';

const chatUser = (id: string): ChatUser => ({ platform: 'chat', tenant: 'T1', id });

let ledger: MemoryLedger;
let jobs: ReturnType<typeof rememberedJobs>;
let record: FakeRecord;
let asked: Question[];
let published: [ChatUser, Listing][];
let publish: (user: ChatUser, home: Listing) => Promise<void>;
let ask: (question: Question) => Promise<Listing>;
let looks: number;
let heldBy: Map<Pool, readonly Member[]>;
let lines: string[];

beforeEach(() => {
  ledger = new MemoryLedger();
  jobs = rememberedJobs();
  record = new FakeRecord(taskIn());
  asked = [];
  published = [];
  publish = async (user, home) => void published.push([user, home]);
  ask = async (question) => {
    asked.push(question);
    return { sentence: 'Your Home.', sections: [] };
  };
  looks = 0;
  heldBy = new Map([
    [NURSES, [ANA, CHIDI, GRACE]],
    [CARDIOLOGY, [BEN, GRACE]],
    [PHARMACY, []],
  ]);
  lines = [];
});

function homes(platform: Partial<ChatPlatform> = { publishHome: (user, home) => publish(user, home) }) {
  const homesOpen: MemoryLedger['homesOpen'] = async () => {
    looks++;
    return [...(await ledger.homesOpen())];
  };
  return createHomes({
    ask,
    store: record,
    ledger: { homesOpen },
    jobs,
    people: { holders: async (pool) => heldBy.get(pool) ?? [] },
    platforms: [Object.assign(new FakeChat(), platform)],
    pools: [NURSES, CARDIOLOGY, PHARMACY],
    log: pino({ level: 'debug' }, { write: (line: string) => lines.push(line) }),
  });
}

const opens = (...members: Member[]) => {
  for (const { practitioner } of members)
    ledger.homes.push({ user: chatUser(practitioner.id), practitionerId: practitioner.id });
};

const seen = (task = record.current): Observation => ({ task, thread: undefined, provenances: [] });

const drawn = () => jobs.homes.map(({ id }) => id).sort();

describe('a Home', () => {
  it('is the answer to “home”, drawn on the person’s platform', async () => {
    const outcome = await homes().draw(chatUser('ana'));

    expect(outcome).toEqual({ kind: 'done' });
    expect(asked).toEqual([{ query: 'home', words: '', page: 1 }]);
    expect(published).toEqual([[chatUser('ana'), { sentence: 'Your Home.', sections: [] }]]);
  });

  it.each([
    ['a platform that has none', {}, chatUser('ana')],
    ['a platform that is not served any more', undefined, { ...chatUser('ana'), platform: 'gone' }],
  ])('is not asked for on %s', async (_what, platform, user) => {
    const outcome = await homes(platform).draw(user);

    expect(outcome).toEqual({ kind: 'done' });
    expect(asked).toEqual([]);
  });

  it.each([
    [30_000, 30_000],
    [undefined, 5_000],
  ])(
    'is drawn again after a while, where the platform wants to be left alone (%s ms)',
    async (retryAfterMs, afterMs) => {
      publish = () =>
        Promise.reject(
          new ChatError('rate-limited', 'a test', retryAfterMs === undefined ? {} : { retryAfterMs }),
        );

      expect(await homes().draw(chatUser('ana'))).toEqual({ kind: 'again', afterMs });
    },
  );

  it.each(['gone', 'forbidden'] as const)('is given up for somebody who is %s', async (kind) => {
    publish = () => Promise.reject(new ChatError(kind, 'a test'));

    expect(await homes().draw(chatUser('ana'))).toEqual({ kind: 'done' });
  });

  it('is tried again where the platform is not reachable', async () => {
    publish = () => Promise.reject(new ChatError('unreachable', 'a test'));

    await expect(homes().draw(chatUser('ana'))).rejects.toThrow('unreachable');
  });

  it('says so while the record is away, and is tried again', async () => {
    ask = () => Promise.reject(new RecordError('unreachable', 'a test'));

    await expect(homes().draw(chatUser('ana'))).rejects.toThrow('unreachable');

    expect(published.map(([, home]) => home.sentence)).toEqual([
      'The record is not reachable just now; nothing was changed.',
    ]);
  });
});

describe('a Task that has changed', () => {
  it('is drawn anew for everybody who may claim it and has a Home open, and for nobody else', async () => {
    opens(ANA, BEN, GRACE);

    await homes().touched(seen(), undefined);

    expect(drawn()).toEqual(['ana', 'grace']);
  });

  it('is drawn anew for whoever has it and whoever had it', async () => {
    opens(BEN, CHIDI);
    record = new FakeRecord({ ...claimedBy(BEN), performerType: performerTypeOf(PHARMACY) });

    await homes().touched(seen(), 'Practitioner/chidi');

    expect(drawn()).toEqual(['ben', 'chidi']);
  });

  it('is drawn anew for those whose pool it has left', async () => {
    opens(CHIDI, BEN);
    record.change({ performerType: performerTypeOf(CARDIOLOGY) });

    await homes().touched(seen(), undefined);

    expect(drawn()).toEqual(['ben', 'chidi']);
  });

  it('costs a look at the ledger, and nothing of the record, where nobody has a Home open', async () => {
    await homes().touched(seen(), 'Practitioner/ana');

    expect(looks).toBe(1);
    expect(record.calls).toEqual([]);
  });

  it('is drawn anew in a Home that was opened since the last change', async () => {
    const all = homes();
    await all.touched(seen(), undefined);
    opens(ANA);

    await all.touched(seen(), undefined);

    expect(drawn()).toEqual(['ana']);
  });

  it('does not keep its cards waiting where the Homes cannot be marked', async () => {
    opens(ANA);
    record.fail({ on: 'versions', kind: 'forbidden' });

    await homes().touched(seen(), undefined);

    expect(drawn()).toEqual([]);
    expect(lines.join()).toContain('could not be marked');
  });
});
