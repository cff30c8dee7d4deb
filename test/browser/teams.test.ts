import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromium, openStage, type Stage } from '../support/browser-stage.ts';

describe.skipIf(!chromium)('Slack and Teams side by side in a browser', () => {
  let stage: Stage;
  let page: Stage['page'];

  beforeAll(async () => {
    stage = await openStage();
    page = stage.page;
  }, 90_000);

  afterAll(() => stage?.close());

  it('shows one Task as a card in a Slack channel and in a Teams channel', async () => {
    await stage.patientWrites('The stitches on my knee are red and warm.');

    await slackCard().getByRole('button', { name: 'Claim' }).waitFor();
    await page.getByTestId('platform-teams').click();
    await page.getByTestId('teams-channel-registered-nurses').click();
    await teamsCard().getByRole('button', { name: 'Claim' }).waitFor();
    expect(await teamsCard().textContent()).not.toContain('stitches');
  });

  it('says on both that Ana has it when she claims in Teams', async () => {
    await stage.actAs('U0ANA');

    await teamsCard().getByRole('button', { name: 'Claim' }).click();

    await teamsCard().getByText('claimed this').waitFor();
    await stage.record('record-owner', 'Ana Silva');
    await page.getByTestId('platform-slack').click();
    await slackCard().getByText('Ana Silva').waitFor();
    expect(await slackCard().getByRole('button', { name: 'Claim' }).count()).toBe(0);
  });

  it('tells Ben, in Slack, that Ana has it', async () => {
    await stage.actAs('U0BEN');
    const reference = (await slackCard().locator('code').first().textContent()) ?? '';

    await page.getByTestId('composer').fill(`/claim ${reference}`);
    await page.getByTestId('composer').press('Enter');

    await page.getByTestId('ephemeral').getByText('Ana Silva already has this Task.').waitFor();
  });

  it('writes the coded reason and the note when Ben reroutes it in Teams, and moves both cards', async () => {
    await page.getByTestId('platform-teams').click();
    await page.getByTestId('teams-channel-registered-nurses').click();
    await teamsCard().getByRole('button', { name: 'Reroute' }).first().click();

    await teamsCard().getByLabel('Send it to').fill('card');
    await teamsCard().getByRole('option', { name: 'Cardiologist' }).click();
    await teamsCard().getByLabel('Reason').selectOption({ label: 'Specialty referral' });
    await teamsCard().getByLabel('Note for the next person').fill('Please look at the rhythm.');
    await teamsCard().getByRole('button', { name: 'Reroute' }).last().click();

    await teamsCard().getByText('Rerouted to').waitFor();
    await stage.record('provenance-item', 'Specialty referral');
    await stage.record('version-item', 'Please look at the rhythm.');
    await page.getByTestId('teams-channel-cardiology').click();
    await teamsCard().getByRole('button', { name: 'Claim' }).waitFor();
    await page.getByTestId('platform-slack').click();
    await page.getByTestId('channel-C0CARDIO').click();
    await slackCard().getByRole('button', { name: 'Claim' }).waitFor();
  });

  it('has nothing to complain about in the browser’s console', () => {
    expect(stage.complaints).toEqual([]);
  });

  const slackCard = () => page.getByTestId('message').last();
  const teamsCard = () => page.getByTestId('teams-message').last();
});
