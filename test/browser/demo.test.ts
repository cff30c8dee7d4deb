import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromium, openStage, type Stage } from '../support/browser-stage.ts';

describe.skipIf(!chromium)('the demo in a browser', () => {
  let stage: Stage;
  let page: Stage['page'];

  beforeAll(async () => {
    stage = await openStage();
    page = stage.page;
  }, 90_000);

  afterAll(() => stage?.close());

  it('shows the card of a patient’s message without a reload', async () => {
    await stage.patientWrites('My blood pressure was 152 over 95 this morning.');

    await card().getByRole('button', { name: 'Claim' }).waitFor();
    expect(await card().textContent()).toContain('Nobody has claimed this yet.');
    expect(await card().textContent(), 'a card says nothing about the patient').not.toContain(
      'blood pressure',
    );
  });

  it('changes the card and the record when Ana presses Claim', async () => {
    await stage.actAs('U0ANA');

    await card().getByRole('button', { name: 'Claim' }).click();

    await card().getByText('claimed this').waitFor();
    await card().getByRole('button', { name: 'Claim' }).waitFor({ state: 'detached' });
    await stage.record('record-status', 'accepted');
    await stage.record('record-owner', 'Ana Silva');
    await stage.record('record-recipient', 'Ana Silva');
    await stage.record('provenance-item', 'Claim');
  });

  it('tells Chidi in private that Ana was quicker', async () => {
    await stage.actAs('U0CHIDI');

    await slash('/claim', await reference());

    await page.getByTestId('ephemeral').getByText('Ana Silva already has this Task.').waitFor();
  });

  it('moves the Task to another channel when Ben reroutes it, and says where it went and why', async () => {
    await stage.actAs('U0BEN');
    await card().getByRole('button', { name: 'Reroute' }).click();
    const modal = page.getByTestId('modal');
    await modal.waitFor();

    await modal.getByLabel('Send it to').fill('card');
    await modal.getByRole('option', { name: 'Cardiologist' }).click();
    await modal.getByLabel('Reason').selectOption({ label: 'Specialty referral' });
    await modal.getByLabel('Note for the next person').fill('New symptoms since Sunday.');
    await page.getByTestId('modal-submit').click();

    await card().getByText('Rerouted to Cardiologist by Ben Carter: Specialty referral.').waitFor();
    await expect
      .poll(() =>
        card()
          .getByRole('button', { name: /Claim|Reroute|Complete|More/i })
          .count(),
      )
      .toBe(0);
    await stage.record('record-status', 'requested');
    await stage.record('provenance-item', 'Specialty referral');
    await page.getByTestId('channel-C0CARDIO').click();
    await card().getByRole('button', { name: 'Claim' }).waitFor();
    expect(await card().textContent()).toContain('Sent here by Ben Carter: Specialty referral.');
  });

  it('shows a sentence at the field when something is missing in the dialog', async () => {
    await card().getByRole('button', { name: 'Reroute' }).click();
    const modal = page.getByTestId('modal');
    await modal.waitFor();
    await modal.getByLabel('Send it to').fill('card');
    await modal.getByRole('option', { name: 'Cardiologist' }).click();
    await modal.getByLabel('Reason').selectOption({ label: 'Wrong pool' });

    await page.getByTestId('modal-submit').click();

    await page.getByTestId('modal-error').getByText('already waits in “Cardiologist”.').waitFor();
    await page.keyboard.press('Escape');
    await modal.waitFor({ state: 'detached' });
  });

  it('fits a phone, one pane at a time', async () => {
    await page.setViewportSize({ width: 390, height: 844 });

    await page.getByTestId('tab-record').click();
    await page.getByTestId('record').waitFor();

    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });

  it('has nothing to complain about in the browser’s console', () => {
    expect(stage.complaints).toEqual([]);
  });

  const card = () => page.getByTestId('message').last();

  async function slash(command: string, text: string): Promise<void> {
    await page.getByTestId('composer').fill(`${command} ${text}`);
    await page.getByTestId('composer').press('Enter');
  }

  async function reference(): Promise<string> {
    return (await card().locator('code').first().textContent()) ?? '';
  }
});
