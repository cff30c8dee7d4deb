import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromium, openStage, type Stage } from '../support/browser-stage.ts';

/** A night passes in the demo: what was left shows in the digest, and what is urgent does not wait for long. */
describe.skipIf(!chromium)('the next morning of the demo, in a browser', () => {
  let stage: Stage;
  let page: Stage['page'];

  beforeAll(async () => {
    stage = await openStage();
    page = stage.page;
    // What is written in an evening is not due before the morning, whatever the time is where this runs.
    await turn({ to: 'next-morning' });
    await turn({ advance: 11 * 60 });
    await stage.patientWrites('My blood pressure was 152 over 95 this morning.');
    await page.getByTestId('message').last().getByRole('button', { name: 'Claim' }).waitFor();
    await page.getByTestId('patient-writes').click();
    await page.getByTestId('patient-text').fill('The stitches on my knee are red and warm since yesterday.');
    await page.getByTestId('patient-priority').selectOption('urgent');
    await page.getByTestId('patient-send').click();
    await page
      .getByTestId('message')
      .filter({ hasText: '🟠' })
      .getByRole('button', { name: 'Claim' })
      .waitFor();
  }, 90_000);

  afterAll(() => stage?.close());

  const turn = async (data: object) => {
    const answer = await page.request.post(new URL('/sandbox/clock', page.url()).href, { data });
    expect(answer.ok()).toBe(true);
  };
  const digest = () => page.getByTestId('message').filter({ hasText: 'Daily digest' });
  const moveBy = async (how: string) => {
    await page.getByTestId('clock').click();
    await page.getByTestId(`clock-${how}`).click();
  };

  it('begins with the digest at eight: what waits, the most urgent first', async () => {
    await moveBy('next-morning');

    await digest().waitFor({ timeout: 60_000 });
    expect(await digest().count()).toBe(1);
    const said = (await digest().textContent()) ?? '';
    expect(said).toContain('Registered nurse');
    expect(said.indexOf('Urgent')).toBeLessThan(said.lastIndexOf('Routine'));
    expect(said, 'a digest says nothing about the patient').not.toContain('stitches');
  });

  it('strikes out a row as soon as somebody claims it there', async () => {
    await stage.actAs('U0ANA');

    await digest().getByRole('button', { name: 'Claim' }).last().click();

    await digest().getByText('Ana Silva has it').waitFor();
    await expect.poll(() => digest().getByRole('button', { name: 'Claim' }).count()).toBe(1);
    expect(await digest().locator('s, del').count()).toBeGreaterThan(0);
  });

  it('goes on with a call to the channel for the urgent Task that nobody has claimed', async () => {
    await moveBy('60');

    const called = page.getByTestId('message').filter({ hasText: '@here' }).filter({ hasText: '🟠' });
    await called.getByText('Escalated by Switchboard').waitFor({ timeout: 30_000 });
    await called.getByRole('button', { name: 'Claim' }).waitFor();
    await page.getByTestId('message').filter({ hasText: 'This card stands again further down.' }).waitFor();
  });

  it('has nothing to complain about in the browser’s console', () => {
    expect(stage.complaints).toEqual([]);
  });
});
