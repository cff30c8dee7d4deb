import { afterEach, beforeEach, expect, it } from 'vitest';
import { KEY } from './contract-cards.ts';
import { ANA, BEN, type Driver } from './contract-driver.ts';
import { plainCard } from './unit-cards.ts';
import { chatErrorOf } from './unit-slack.ts';

const LOUD = plainCard({ mention: 'channel' });

/** Whom a card calls, and when. */
export function describeMentions(open: () => Promise<Driver>): void {
  let driver: Driver;

  beforeEach(async () => {
    driver = await open();
  });
  afterEach(() => driver.close());

  const post = (card = LOUD) => driver.platform.post(driver.channel, card, KEY);

  it.each(['channel', 'here'] as const)(
    'calls the channel once, when the card is posted, and never when it is redrawn (%s)',
    async (mention) => {
      const card = plainCard({ mention });
      const ref = await post(card);
      const called = driver.notified(ANA);

      await driver.platform.update(ref, card);
      await driver.platform.update(ref, plainCard({ mention, title: 'Another title' }));

      expect(called).toEqual(['broadcast']);
      expect(driver.notified(ANA)).toEqual(['broadcast']);
      expect(driver.notified(BEN)).toEqual(['broadcast']);
      expect(JSON.stringify(driver.drawn(ref))).not.toMatch(/<!(channel|here)>|<at>/);
    },
  );

  it('calls the channel once where the answer to the post was lost', async () => {
    driver.trouble('hangs up after', 'post');
    await chatErrorOf(post());

    const found = await driver.platform.find(driver.channel, KEY, new Date(Date.now() - 60_000));
    if (found === undefined) throw new Error('The post was not found.');
    await driver.platform.update(found, LOUD);

    expect(driver.notified(ANA)).toEqual(['broadcast']);
    expect(driver.pressable(found)).toContain('claim');
  });

  it('calls nobody for a card that does not ask for it', async () => {
    await post(plainCard());

    expect(driver.notified(ANA)).toEqual([]);
  });

  it('calls nobody in a chat of one’s own: whoever is written to there is told by that', async () => {
    const ref = await driver.platform.post(driver.platform.direct(driver.userOf(ANA).id), LOUD, KEY);

    await driver.platform.update(ref, LOUD);

    expect(driver.notified(ANA)).toEqual(['direct']);
    expect(driver.notified(BEN)).toEqual([]);
    expect(driver.inbox(ANA).join()).not.toMatch(/<!(channel|here)>|<at>/);
  });
}
