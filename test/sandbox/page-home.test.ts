import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../../sandbox/browser.ts';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { chromium } from '../support/browser-stage.ts';

describe.skipIf(!chromium)('what Slack shows to one person alone', () => {
  let sandbox: Sandbox;
  let app: Server;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    sandbox = await startSandbox({ page: true });
    app = await startApp(sandbox);
    browser = await openBrowser(chromium ?? '');
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(15_000);
    await page.goto(sandbox.url);
    await page.getByTestId('act-as').selectOption('U0ANA');
  }, 90_000);

  afterAll(async () => {
    await browser?.close();
    app?.close();
    await sandbox?.close();
  });

  it('opens a person’s Home, which the app then publishes, and presses what is on it', async () => {
    await page.getByTestId('slack-home').click();
    const home = page.getByTestId('home-view');
    await home.getByText('Looked at 1 times by U0ANA').waitFor();

    await home.getByRole('button', { name: 'Look again' }).click();

    await home.getByText('Looked at 2 times by U0ANA').waitFor();
    await page.getByTestId('act-as').selectOption('U0BEN');
    await home.getByText('by U0BEN').waitFor();
  });

  it('draws a private listing anew in its place when its page is turned', async () => {
    await page.getByTestId('channel-C0NURSES').click();
    await page.getByTestId('composer').fill('/tasks');
    await page.getByTestId('composer').press('Enter');
    const listing = page.getByTestId('ephemeral');
    await listing.getByText('Page 1').waitFor();
    const ts = await listing.getAttribute('data-ts');

    await listing.getByRole('button', { name: 'Next page' }).click();

    await listing.getByText('Page 2').waitFor();
    expect(await listing.count()).toBe(1);
    expect(await listing.getAttribute('data-ts')).toBe(ts);
  });

  it('says so where the app cannot be told that somebody looks', async () => {
    sandbox.setApp(undefined);

    await page.getByTestId('slack-home').click();

    await page.getByTestId('home').getByText('Switchboard did not take this. Is it running?').waitFor();
  });
});

/** What the application reads of an event or of a press; of a command, nothing. */
interface Heard {
  readonly event?: { readonly user: string };
  readonly user?: { readonly id: string };
  readonly view?: unknown;
  readonly actions?: readonly { readonly value?: string }[];
  readonly response_url?: string;
}

/** An application of a few lines: a Home that counts how often it was looked at, and a listing with two pages. */
async function startApp(sandbox: Sandbox): Promise<Server> {
  let looks = 0;
  const button = (action_id: string, text: string, value: string) => ({
    type: 'actions',
    elements: [{ type: 'button', action_id, value, text: { type: 'plain_text', text } }],
  });
  const said = (text: string) => ({ type: 'section', text: { type: 'plain_text', text } });

  const publish = async (user: string) => {
    looks += 1;
    const blocks = [said(`Looked at ${looks} times by ${user}`), button('again', 'Look again', 'again')];
    await fetch(`${sandbox.url}/slack/api/views.publish`, {
      method: 'POST',
      headers: { authorization: 'Bearer xoxb-sandbox', 'content-type': 'application/json' },
      body: JSON.stringify({ user_id: user, view: { type: 'home', blocks } }),
    });
  };
  const list = async (url: string, number: number, replace: boolean) => {
    const blocks = [said(`Page ${number}`), button('turn', 'Next page', String(number + 1))];
    const body = JSON.stringify({ replace_original: replace, text: `Page ${number}`, blocks });
    await fetch(url, { method: 'POST', body });
  };

  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    response.end();
    const form = new URLSearchParams(body);
    const isEvent = request.headers['content-type']?.includes('json');
    const heard: Heard = JSON.parse(isEvent ? body : (form.get('payload') ?? '{}'));
    if (heard.event) return publish(heard.event.user);
    if (heard.view) return publish(heard.user?.id ?? '');
    if (!heard.actions) return list(form.get('response_url') ?? '', 1, false);
    return list(heard.response_url ?? '', Number(heard.actions[0]?.value), true);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  sandbox.setApp(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return server;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
