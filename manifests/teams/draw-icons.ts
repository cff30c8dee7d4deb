import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findChromium, openBrowser } from '../../sandbox/browser.ts';

/*
 * `node manifests/teams/draw-icons.ts`: draws the app's icons from their SVG sources, in the sizes that Teams wants.
 * https://learn.microsoft.com/microsoftteams/platform/concepts/design/design-teams-app-icon-store-appbar
 */

const SIZES = { color: 192, outline: 32 } as const;

const executable = findChromium();
if (!executable) throw new Error('Drawing the icons needs Chromium (Debian: apt-get install chromium).');
const browser = await openBrowser(executable);
try {
  for (const [name, size] of Object.entries(SIZES)) {
    const svg = readFileSync(new URL(`${name}.svg`, import.meta.url), 'utf8');
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${svg}`);
    const path = fileURLToPath(new URL(`${name}.png`, import.meta.url));
    await page.screenshot({ path, omitBackground: true });
  }
} finally {
  await browser.close();
}
