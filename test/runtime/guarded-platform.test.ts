import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/cards/card.ts';
import { createDependency, type Dependency } from '../../src/runtime/dependencies.ts';
import { type GuardedPlatform, guardPlatform } from '../../src/runtime/guarded-platform.ts';
import { ChatError, type ChatPlatform, NotLetIn } from '../../src/runtime/ports/chat.ts';
import type { Desk } from '../../src/runtime/ports/desk.ts';
import { startPlatforms } from '../../src/runtime/start-platforms.ts';

const CARD = {} as Card;
const DESK = {} as Desk;
const SURFACE = { platform: 'chat', kind: 'channel', id: 'C1' } as const;
const silent = pino({ level: 'silent' });

/** A platform whose answers the test decides. */
function platformOf(name: string, answers: { start?: () => Promise<void>; post?: () => Promise<string> }) {
  let started = 0;
  let posts = 0;
  const never = async () => {
    throw new Error('not asked for');
  };
  const platform: ChatPlatform = {
    name,
    start: async () => {
      started++;
      await answers.start?.();
    },
    stop: async () => {},
    inspect: async () => true,
    post: async () => {
      posts++;
      return (await answers.post?.()) ?? 'ref';
    },
    update: never,
    find: never,
    profile: never,
    direct: (id) => ({ platform: name, kind: 'person', id }),
    routes: () => [],
  };
  return { platform, answers, started: () => started, posts: () => posts };
}

describe('a platform that is left alone', () => {
  let now: number;
  let chat: ReturnType<typeof platformOf>;
  let dependency: Dependency;
  let guarded: GuardedPlatform;
  const post = () => guarded.post(SURFACE, CARD, { card: 'c1' });

  beforeEach(async () => {
    now = 1_000_000;
    chat = platformOf('chat', {});
    dependency = createDependency('chat', () => now, silent);
    guarded = guardPlatform(chat.platform, dependency, () => now);
    await guarded.start(DESK);
  });

  it('is asked once where its token has expired, whatever five thousand Tasks want there', async () => {
    chat.answers.post = () => Promise.reject(new ChatError('forbidden', 'posting', { token: 'expired' }));

    const outcomes = [];
    for (let task = 0; task < 5_000; task++) outcomes.push(await post().catch((error: unknown) => error));

    expect(chat.posts()).toBe(1);
    expect(outcomes.every((one) => one instanceof ChatError && one.kind === 'rate-limited')).toBe(true);
    expect(dependency.report()).toMatchObject({ state: 'refused', why: 'token expired' });
  });

  it('is used again as soon as its token is taken', async () => {
    chat.answers.post = () => Promise.reject(new ChatError('forbidden', 'posting', { token: 'revoked' }));
    await expect(post()).rejects.toThrow();
    chat.answers.post = async () => 'ref';

    now += 5_000;

    await expect(post()).resolves.toBe('ref');
    await expect(post()).resolves.toBe('ref');
    expect(dependency.report().state).toBe('well');
  });

  it('is away after three calls that were lost in a row, and then costs nobody a wait', async () => {
    chat.answers.post = () => Promise.reject(new ChatError('unreachable', 'posting'));
    for (let i = 0; i < 3; i++) await expect(post()).rejects.toMatchObject({ kind: 'unreachable' });

    await expect(post()).rejects.toMatchObject({ kind: 'rate-limited', retryAfterMs: 5_000 });
    expect(chat.posts()).toBe(3);
  });

  it('is not held to be away because a channel sends us away or wants to be left alone', async () => {
    for (const kind of ['forbidden', 'gone', 'invalid', 'rate-limited'] as const) {
      chat.answers.post = () => Promise.reject(new ChatError(kind, 'posting'));
      for (let i = 0; i < 5; i++) await expect(post()).rejects.toMatchObject({ kind });
    }

    expect(dependency.report().state).toBe('well');
  });

  it('keeps a post in doubt in doubt, also where our token was the reason', async () => {
    const cause = new ChatError('forbidden', 'drawing', { token: 'rejected' });
    chat.answers.post = () => Promise.reject(new ChatError('in-doubt', 'drawing a new card', { cause }));

    await expect(post()).rejects.toMatchObject({ kind: 'in-doubt' });
    expect(dependency.report()).toMatchObject({ state: 'refused', why: 'token rejected' });
  });

  it('is not believed to take a token because one was given out', async () => {
    chat.answers.post = () => Promise.reject(new ChatError('forbidden', 'posting', { token: 'rejected' }));
    await expect(post()).rejects.toThrow();

    await guarded.ask();

    expect(dependency.report().state).toBe('refused');
  });

  it('holds two workers at most while it is slow', async () => {
    const waiting: (() => void)[] = [];
    chat.answers.post = () => new Promise((resolve) => waiting.push(() => resolve('ref')));
    const first = post();
    now += 2_001;

    const second = post();
    await expect(post()).rejects.toMatchObject({ kind: 'rate-limited', retryAfterMs: 1_000 });

    for (const answer of waiting) answer();
    await Promise.all([first, second]);
    chat.answers.post = async () => 'ref';
    await post();
    await expect(Promise.all([post(), post(), post(), post()])).resolves.toHaveLength(4);
  });

  it('serves nobody, and is not called, before it has let us in', async () => {
    const other = platformOf('other', {});
    const early = guardPlatform(
      other.platform,
      createDependency('other', () => now, silent),
      () => now,
    );

    await expect(early.post(SURFACE, CARD, { card: 'c1' })).rejects.toMatchObject({ kind: 'rate-limited' });
    expect(other.posts()).toBe(0);
  });
});

describe('the start', () => {
  const away = () => Promise.reject(new NotLetIn('It is away.', new ChatError('unreachable', 'starting')));
  const refused = () =>
    Promise.reject(
      new NotLetIn('Wrong token.', new ChatError('forbidden', 'starting', { token: 'invalid' })),
    );
  const well = () => Promise.resolve();

  const start = async (...starts: (() => Promise<void>)[]) => {
    const guarded = starts.map((one, i) => {
      const { platform } = platformOf(`chat${i}`, { start: one });
      return guardPlatform(
        platform,
        createDependency(platform.name, () => 0, silent),
        () => 0,
      );
    });
    await startPlatforms(guarded, DESK, silent);
    return guarded.map((one) => one.dependency.report().state);
  };

  it('of one platform does not wait for the other, which is named', async () => {
    expect(await start(well, away)).toEqual(['well', 'unreachable']);
    expect(await start(refused, well)).toEqual(['refused', 'well']);
  });

  it('goes on without any while they are only away', async () => {
    expect(await start(away)).toEqual(['unreachable']);
  });

  it('ends with the sentence where nobody lets us in, or something is broken', async () => {
    await expect(start(refused)).rejects.toThrow('Wrong token.');
    await expect(start(refused, away)).rejects.toThrow('Wrong token.');
    await expect(start(well, () => Promise.reject(new TypeError('a defect')))).rejects.toThrow('a defect');
  });

  it('is made up for later, by whoever asks the platform how it is', async () => {
    let isAway = true;
    const { platform } = platformOf('chat', { start: () => (isAway ? away() : well()) });
    const guarded = guardPlatform(
      platform,
      createDependency('chat', () => 0, silent),
      () => 0,
    );
    await startPlatforms([guarded], DESK, silent);
    await expect(guarded.ask()).rejects.toThrow('It is away.');
    isAway = false;

    await guarded.ask();

    expect(guarded.isUp()).toBe(true);
    expect(guarded.dependency.report().state).toBe('well');
  });
});
