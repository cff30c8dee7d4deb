import type { Browser, Page } from 'playwright-core';
import { findChromium, openBrowser } from '../../sandbox/browser.ts';
import { type RunningDemo, startDemo } from '../../sandbox/demo-process.ts';

/** A browser is there, or is not and may be missing. In CI nothing may be skipped. */
export const chromium = findChromium();
if (!chromium && process.env.CI) throw new Error('There is no Chromium, and nothing may be skipped in CI.');
if (!chromium) console.warn('Skipped: the browser tests need Chromium (Debian: apt-get install chromium).');

/** The demo in a browser, and what a visitor does there. */
export interface Stage {
  readonly page: Page;
  /** What the browser's console had to complain about. */
  readonly complaints: readonly string[];
  patientWrites(text: string, pool?: string): Promise<void>;
  actAs(user: string): Promise<void>;
  /** Waits until a part of the record pane shows the text. */
  record(part: string, text: string): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const demo: RunningDemo = await startDemo();
  const browser: Browser = await openBrowser(chromium ?? '');
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('response', (response) => {
    if (response.status() >= 400)
      complaints.push(`${response.status()} ${response.request().method()} ${response.url()}`);
  });
  page.setDefaultTimeout(15_000);
  await page.goto(demo.url);
  return {
    page,
    complaints,
    patientWrites: async (text, pool) => {
      await page.getByTestId('patient-writes').click();
      if (pool) await page.getByTestId('patient-pool').selectOption(pool);
      await page.getByTestId('patient-text').fill(text);
      await page.getByTestId('patient-send').click();
    },
    actAs: async (user) => {
      await page.getByTestId('act-as').selectOption(user);
    },
    record: async (part, text) => {
      await page.getByTestId(part).filter({ hasText: text }).first().waitFor();
    },
    close: async () => {
      await browser.close();
      await demo.stop();
    },
  };
}
