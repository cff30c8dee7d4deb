import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromium, openStage, type Stage } from '../support/browser-stage.ts';

/** One story from the patient's first word to the answer, as somebody sees it who tries the demo. */
describe.skipIf(!chromium)('a thread in the demo, in a browser', () => {
  let stage: Stage;
  let page: Stage['page'];

  beforeAll(async () => {
    stage = await openStage();
    page = stage.page;
  }, 90_000);

  afterAll(() => stage?.close());

  const card = () => page.getByTestId('message').last();

  const followUp = async (text: string) => {
    await page.getByTestId('follow-up-text').fill(text);
    await page.getByTestId('follow-up-send').click();
    await page.getByTestId('thread-message').filter({ hasText: text }).waitFor();
  };

  const answer = async (text: string) => {
    await page.getByTestId('answer-text').fill(text);
    await page.getByTestId('answer-send').click();
    await page.getByTestId('thread-message').filter({ hasText: text }).waitFor();
  };

  it('opens a Task for what a patient writes, by rule, and shows it as a card', async () => {
    await stage.patientWrites('My blood pressure was 152 over 95 this morning.');

    await card().getByRole('button', { name: 'Claim' }).waitFor();
    expect(await card().textContent()).toContain('Nobody has claimed this yet.');
    await stage.record('record-status', 'requested');
    await page.getByTestId('thread-message').filter({ hasText: '152 over 95' }).waitFor();
  });

  it('bumps the card for what the patient adds, and makes no second one', async () => {
    const before = await page.getByTestId('message').count();

    await followUp('It is 160 now.');
    await followUp('Should I come in?');

    await card().getByText('2 new messages').waitFor();
    expect(await page.getByTestId('message').count()).toBe(before);
  });

  it('is claimed by Ana, answered by her in the thread, and closed with her answer as output', async () => {
    await stage.actAs('U0ANA');
    await card().getByRole('button', { name: 'Claim' }).click();
    await stage.record('record-owner', 'Ana Silva');

    await answer('Please take the second tablet and come in at three.');

    await stage.record('record-status', 'completed');
    await stage.record('record-output', 'Please take the second tablet');
    await card().getByText('Completed by Ana Silva').waitFor();
    await expect.poll(() => card().getByRole('button', { name: 'Claim' }).count()).toBe(0);
  });

  it('is rerouted into a new Task: the old card says where, and the record leads from one to the other', async () => {
    await stage.patientWrites('My heart skips since the dose went up.');
    await card().getByRole('button', { name: 'Claim' }).click();
    await stage.record('record-owner', 'Ana Silva');
    await card().getByRole('button', { name: 'Reroute' }).click();
    const modal = page.getByTestId('modal');
    await modal.waitFor();
    await modal.getByLabel('Send it to').fill('card');
    await modal.getByRole('option', { name: 'Cardiologist' }).click();
    await modal
      .getByText(/can claim there now|people can claim|can claim/)
      .first()
      .waitFor();
    await modal.getByLabel('Reason').selectOption({ label: 'Specialty referral' });
    await modal.getByLabel('Whoever has it now').selectOption({ label: 'Keeps a closed copy in sight' });

    await page.getByTestId('modal-submit').click();

    await card().getByText('Rerouted to Cardiologist by Ana Silva: Specialty referral.').waitFor();
    await stage.record('record-status', 'cancelled');
    await page.getByTestId('replaced-by-link').click();
    await page.getByTestId('replaces').waitFor();
    await stage.record('record-status', 'requested');
  });

  it('tells its history in plain words, through both Tasks', async () => {
    await page.getByTestId('timeline-entry').first().waitFor();
    const reference = (await card().locator('code').first().textContent()) ?? '';
    await page.getByTestId('composer').fill(`/history ${reference}`);
    await page.getByTestId('composer').press('Enter');

    const told = page.getByTestId('ephemeral').last();

    await told.getByText('Ana Silva').first().waitFor();
    await told.getByText('Specialty referral').first().waitFor();
    expect(await told.textContent()).toMatch(/Cardiologist/);
  });

  it('shows Ana her Home, with what waits in her pools, and keeps it true', async () => {
    await page.getByTestId('slack-home').click();
    const home = page.getByTestId('home');
    await home.getByText('Registered nurse').first().waitFor();

    await stage.patientWrites('Can I get my vaccination record?', 'registered-nurse');
    await page.getByTestId('slack-home').click();

    await home.getByRole('button', { name: 'Claim' }).first().waitFor();
  });

  it('has nothing to complain about in the browser’s console', () => {
    expect(stage.complaints).toEqual([]);
  });
});
