import { afterEach, beforeEach, expect, it } from 'vitest';
import { PEOPLE } from '../../sandbox/clinic.ts';
import { closingCard } from '../../src/cards/task-card.ts';
import type { ChatErrorKind } from '../../src/index.ts';
import { KEY, WAITING } from './contract-cards.ts';
import { ANA, BEN, type Driver, type Trouble } from './contract-driver.ts';
import { eventually } from './flow-wait.ts';
import { drawingOf } from './pure-cards.ts';
import { chatErrorOf } from './unit-slack.ts';

const CLOSING = closingCard(drawingOf(), 'none');

/** What the core is told of each trouble: of a post, and of an update. */
const TROUBLES: readonly {
  readonly what: Trouble;
  readonly post: ChatErrorKind;
  readonly update: ChatErrorKind;
  readonly waitMs?: number;
}[] = [
  { what: 'asks for seven seconds', post: 'rate-limited', update: 'rate-limited', waitMs: 7000 },
  { what: 'asks for patience', post: 'rate-limited', update: 'rate-limited' },
  { what: 'does not know it any more', post: 'gone', update: 'gone' },
  { what: 'does not allow it', post: 'forbidden', update: 'forbidden' },
  { what: 'fails', post: 'in-doubt', update: 'unreachable' },
  { what: 'hangs up before', post: 'in-doubt', update: 'unreachable' },
  { what: 'hangs up after', post: 'in-doubt', update: 'unreachable' },
];

/** Posts, updates and what is asked about people; and what the core hears when it goes wrong. */
export function describeSending(open: () => Promise<Driver>): void {
  let driver: Driver;

  beforeEach(async () => {
    driver = await open();
  });
  afterEach(() => driver.close());

  const post = (card = WAITING) => driver.platform.post(driver.channel, card, KEY);
  const find = () => driver.platform.find(driver.channel, KEY, new Date(Date.now() - 60_000));

  it('is one message for a post, and still one after an update', async () => {
    const ref = await post();
    const asPosted = driver.pressable(ref);

    await driver.platform.update(ref, CLOSING);

    expect(asPosted).toContain('claim');
    expect(driver.pressable(ref)).toEqual([]);
    expect(driver.standing()).toHaveLength(1);
  });

  it('is the same message for whoever reads its ref again after a restart', async () => {
    const ref: unknown = JSON.parse(JSON.stringify(await post()));

    expect(await find()).toBe(ref);
  });

  it('is gone where somebody deleted the message', async () => {
    const ref = await post();
    driver.remove(ref);

    const error = await chatErrorOf(driver.platform.update(ref, CLOSING));

    expect(error.kind).toBe('gone');
  });

  it.each(TROUBLES)('is $post for a post when the platform $what', async ({ what, post: kind, waitMs }) => {
    driver.trouble(what, 'post');

    const error = await chatErrorOf(post());

    expect(error.kind).toBe(kind);
    if (waitMs !== undefined) expect(error.retryAfterMs).toBe(waitMs);
  });

  it.each(TROUBLES)('is $update for an update when the platform $what', async ({ what, update, waitMs }) => {
    const ref = await post();
    driver.trouble(what, 'update');

    const error = await chatErrorOf(driver.platform.update(ref, CLOSING));

    expect(error.kind).toBe(update);
    if (waitMs !== undefined) expect(error.retryAfterMs).toBe(waitMs);
  });

  it('is invalid where the platform refuses it as nonsense', async () => {
    const error = await chatErrorOf(driver.refusedPost(WAITING, KEY));

    expect(error.kind).toBe('invalid');
  });

  it('is found again after its answer was lost, and is not posted twice', async () => {
    driver.trouble('hangs up after', 'post');
    await chatErrorOf(post());

    const found = await find();
    if (found === undefined) throw new Error('The post was not found.');
    await driver.platform.update(found, WAITING);

    expect(driver.standing()).toHaveLength(1);
    expect(driver.pressable(found)).toContain('claim');
  });

  it('is not found where nothing was posted, or under another key', async () => {
    await driver.platform.post(driver.channel, WAITING, { ...KEY, card: 'card-2' });

    expect(await find()).toBeUndefined();
  });

  it('is private where it is written to a person', async () => {
    const ref = await driver.platform.post(driver.platform.direct(driver.userOf(ANA).id), WAITING, KEY);

    await driver.platform.update(ref, CLOSING);

    expect(driver.inbox(ANA)).toHaveLength(1);
    expect(driver.inbox(ANA)[0]).toContain('Rerouted to');
    expect(driver.inbox(BEN)).toEqual([]);
    expect(driver.standing()).toEqual([]);
  });

  it('asks who somebody is, by their e-mail address', async () => {
    await driver.type(ANA, 'tasks');
    await eventually(() => expect(driver.told(ANA)).not.toEqual([]));

    const profile = await driver.platform.profile(driver.userOf(ANA));

    const email = PEOPLE.find(({ slackId }) => slackId === ANA)?.email;
    expect(profile).toEqual({ email, outsider: false });
  });

  it('knows a guest for an outsider', async () => {
    const guest = await driver.guest();

    expect(await driver.platform.profile(guest)).toMatchObject({ outsider: true });
  });
}
