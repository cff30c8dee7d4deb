import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromium, openStage, type Stage } from '../support/browser-stage.ts';

const MINUTE_MS = 60_000;

/** The clinic's clock, moved by the page's own control; the real application goes by it. */
describe.skipIf(!chromium)('the clock of the demo, in a browser', () => {
  let stage: Stage;
  let page: Stage['page'];

  beforeAll(async () => {
    stage = await openStage();
    page = stage.page;
  }, 90_000);

  afterAll(() => stage?.close());

  const card = () => page.getByTestId('message').last();
  const clock = () => page.getByTestId('clock');

  const shown = async () => Date.parse((await page.getByTestId('clock-time').getAttribute('datetime')) ?? '');
  const moveBy = async (how: string) => {
    await clock().click();
    await page.getByTestId(`clock-${how}`).click();
  };

  it('shows the clinic’s time, and that of a card that has just come', async () => {
    await stage.patientWrites('My blood pressure was 152 over 95 this morning.');

    await card().getByText('a moment ago').waitFor();
    expect(Math.abs((await shown()) - Date.now())).toBeLessThan(MINUTE_MS);
  });

  it('moves forward a quarter of an hour, and the age of the card follows', async () => {
    const before = await shown();

    await moveBy('15');

    await card().getByText('15 minutes ago').waitFor();
    expect(await shown()).toBeGreaterThanOrEqual(before + 15 * MINUTE_MS);
    await page.getByText('The clinic’s clock was moved to').waitFor({ state: 'attached' });
  });

  it('moves on to the next morning, half a minute to eight of a weekday', async () => {
    await moveBy('next-morning');

    await page
      .getByTestId('clock-time')
      .filter({ hasText: /^(Mon|Tue|Wed|Thu|Fri) .*, 07:59$/ })
      .waitFor();
  });

  it('is the clock that the application goes by', async () => {
    await stage.actAs('U0ANA');

    await card().getByRole('button', { name: 'Claim' }).click();

    await card()
      .getByText(/claimed this today at 0[78]:\d\d/)
      .waitFor();
    await page.getByTestId('timeline-entry').filter({ hasText: 'Claimed' }).getByText('just now').waitFor();
  });

  it('is still moved on after a reload, and stamps the next card', async () => {
    const before = await shown();

    await page.reload();

    await page.getByTestId('clock-time').waitFor();
    expect(await shown()).toBeGreaterThanOrEqual(before);
    await stage.patientWrites('Can I get my vaccination record?');
    await card().getByText('a moment ago').waitFor();
    await card().getByRole('button', { name: 'Claim' }).waitFor();
  });

  it('can be moved with the keyboard alone', async () => {
    const before = await shown();
    await clock().focus();

    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: '+15 min' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Escape');
    await clock().and(page.locator(':focus')).waitFor();
    expect(await page.getByRole('menu').count()).toBe(0);
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');

    await expect.poll(shown).toBeGreaterThanOrEqual(before + 60 * MINUTE_MS);
  });

  it.each([1440, 390])('has room at %i px, its menu too', async (width) => {
    await page.setViewportSize({ width, height: 844 });

    await clock().click();

    const menu = await page.getByRole('menu').boundingBox();
    expect(menu?.x).toBeGreaterThanOrEqual(0);
    expect((menu?.x ?? 0) + (menu?.width ?? 0)).toBeLessThanOrEqual(width);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await page.keyboard.press('Escape');
  });

  it('has nothing to complain about in the browser’s console', () => {
    expect(stage.complaints).toEqual([]);
  });
});
