import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { findChromium, openBrowser } from './browser.ts';
import { startDemo } from './demo-process.ts';

/*
 * `npm run screenshots`: the pictures of the README, taken from the demo. A picture shows what the program really
 * drew; it is never touched up.
 */

const FOLDER = fileURLToPath(new URL('../docs/', import.meta.url));

const executable = findChromium();
if (!executable) throw new Error('Screenshots need Chromium (Debian: apt-get install chromium).');
const demo = await startDemo();
const browser = await openBrowser(executable);
try {
  await mkdir(FOLDER, { recursive: true });
  // Wide enough for both platforms side by side.
  const page = await browser.newPage({ viewport: { width: 1680, height: 950 }, deviceScaleFactor: 1.5 });
  await page.goto(demo.url);
  await page.getByTestId('patient-writes').click();
  await page.getByTestId('patient-priority').selectOption('urgent');
  await page.getByTestId('patient-send').click();
  const slack = page.getByTestId('message').last();
  const teams = page.getByTestId('teams-message').last();
  await slack.getByRole('button', { name: 'Claim' }).waitFor();
  await teams.getByRole('button', { name: 'Claim' }).waitFor();
  await settle(page);
  await slack.screenshot({ path: `${FOLDER}card.png` });
  await page.getByTestId('act-as').selectOption('U0ANA');
  await teams.getByRole('button', { name: 'Claim' }).click();
  await slack.getByText('claimed this').waitFor();
  await page.getByTestId('provenance-item').filter({ hasText: 'Claim' }).waitFor();
  await settle(page);
  await page.screenshot({ path: `${FOLDER}demo.png` });
  await page
    .getByTestId('answer-text')
    .fill('Yes, with water. Measure again tonight, and write what it says.');
  await page.getByTestId('answer-send').click();
  await page.getByTestId('record-output').waitFor();
  await settle(page);
  await page.getByTestId('record').screenshot({ path: `${FOLDER}record.png` });
} finally {
  await browser.close();
  await demo.stop();
}

/** The marks of what has just changed fade. */
async function settle(page: Page): Promise<void> {
  await page.waitForTimeout(2500);
}
