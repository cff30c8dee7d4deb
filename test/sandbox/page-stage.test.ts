import type { Communication, Practitioner, Reference, Task } from '@medplum/fhirtypes';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../../sandbox/browser.ts';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { chromium } from '../support/browser-stage.ts';

/* The page by itself, without Switchboard: the tests write what an application would write into the record. */

describe.skipIf(!chromium)('the record on the page', () => {
  let sandbox: Sandbox;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    sandbox = await startSandbox({ page: true });
    browser = await openBrowser(chromium ?? '');
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.setDefaultTimeout(15_000);
    await page.goto(sandbox.url);
    await page.getByTestId('act-as').selectOption('U0ANA');
  }, 90_000);

  afterAll(async () => {
    await browser?.close();
    await sandbox?.close();
  });

  it('shows what a patient has written while there is no Task of it, and then the Task', async () => {
    await patientWrites('May I take the second tablet?');

    await page.getByTestId('record-awaiting').waitFor();
    await said('patient', 'May I take the second tablet?');
    const task = await newTaskAfter('May I take the second tablet?');

    await page.locator(`[data-testid=record][data-task="${task.id}"]`).waitFor();
    await page.getByTestId('record-awaiting').waitFor({ state: 'detached' });
  });

  it('lets the patient write on, without taking away the Task that is looked at', async () => {
    const shown = await page.getByTestId('record').getAttribute('data-task');

    await page.getByTestId('follow-up-text').fill('It is 148 over 92 now.');
    await page.getByTestId('follow-up-send').click();

    await said('patient', 'It is 148 over 92 now.');
    expect(await page.getByTestId('record').getAttribute('data-task')).toBe(shown);
    expect(await page.getByTestId('follow-up-text').inputValue()).toBe('');
  });

  it('lets the owner answer, and leads from the output of the Task to the answer in the thread', async () => {
    const task = await shownTask();
    await sandbox.fhir.repository.updateResource<Task>({ ...task, status: 'accepted', owner: ben() });
    await page.getByTestId('record-owner').filter({ hasText: 'Ben Carter' }).waitFor();

    await page.getByTestId('answer-text').fill('Yes, and measure again tonight.');
    await page.getByTestId('answer-text').press('Enter');

    const answer = await said('staff', 'Yes, and measure again tonight.');
    expect(await answer.textContent()).toContain('Ben Carter');
    const message = await answer.getAttribute('data-message');
    await complete(await shownTask(), `Communication/${message}`);
    const output = page.getByTestId('record-output');
    await output.filter({ hasText: 'Yes, and measure again tonight.' }).waitFor();
    expect(await output.getAttribute('data-message')).toBe(message);
    await page.getByTestId('output-link').click();
    await answer.locator('.glow').waitFor({ state: 'attached' });
    await answer.getByText('The answer to the Task').waitFor();
  });

  it('goes on to the new Task of a thread whose Task was done', async () => {
    const done = await shownTask();

    await page.getByTestId('follow-up-text').fill('May I shower?');
    await page.getByTestId('follow-up-send').click();
    const task = await newTaskAfter('May I shower?');

    await page.locator(`[data-testid=record][data-task="${task.id}"]`).waitFor();
    expect(await page.getByTestId('same-thread').textContent()).toContain(`Task/${done.id?.slice(0, 8)}`);
  });

  it('answers as whom one chooses', async () => {
    await page.getByTestId('answer-by').selectOption({ label: 'Chidi Okafor' });
    await page.getByTestId('answer-text').fill('And drink enough.');
    await page.getByTestId('answer-send').click();

    expect(await (await said('staff', 'And drink enough.')).textContent()).toContain('Chidi Okafor');
  });

  it('leads from a Task to the one in its place, and back', async () => {
    const old = await shownTask();
    const { id, meta, output, ...rest } = old;
    const made = await sandbox.fhir.repository.createResource<Task>({
      ...rest,
      status: 'requested',
      extension: [
        {
          url: 'http://hl7.org/fhir/StructureDefinition/task-replaces',
          valueReference: { reference: `Task/${id}` },
        },
      ],
    });

    await page.getByTestId('replaced-by-link').click();

    await page.locator(`[data-testid=record][data-task="${made.id}"]`).waitFor();
    expect(await page.getByTestId('replaces').textContent()).toContain(`Task/${id?.slice(0, 8)}`);
    await page.getByTestId('replaces-link').click();
    await page.locator(`[data-testid=record][data-task="${id}"]`).waitFor();
  });

  it('writes the Task too where that is asked for', async () => {
    await page.getByTestId('patient-writes').click();
    await page.getByTestId('patient-with-task').check();
    await page.getByTestId('patient-text').fill('With a Task, please.');
    await page.getByTestId('patient-send').click();

    await said('patient', 'With a Task, please.');
    await page.getByTestId('record-status').filter({ hasText: 'requested' }).waitFor();
    await page.getByTestId('timeline-entry').filter({ hasText: 'Created' }).waitFor();
  });

  it('never grows longer than the window, and has nothing to complain about', async () => {
    const surplus = await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);

    expect(surplus).toBe(0);
    expect(complaints).toEqual([]);
  });

  async function patientWrites(text: string): Promise<void> {
    await page.getByTestId('patient-writes').click();
    await page.getByTestId('patient-text').fill(text);
    await page.getByTestId('patient-send').click();
  }

  async function said(side: 'patient' | 'staff', text: string) {
    const bubble = page.locator(`[data-testid=thread-message][data-side=${side}]`).filter({ hasText: text });
    await bubble.waitFor();
    return bubble;
  }

  async function shownTask() {
    const id = await page.getByTestId('record').getAttribute('data-task');
    return sandbox.fhir.repository.readResource<Task>('Task', id ?? '');
  }

  const ben = (): Reference<Practitioner> => ({
    reference: `Practitioner/${sandbox.practitionerOf('U0BEN')}`,
    display: 'Ben Carter',
  });

  async function complete(task: Task, answer: string): Promise<void> {
    const output = [{ type: { text: 'Reply' }, valueReference: { reference: answer } }];
    await sandbox.fhir.repository.updateResource<Task>({ ...task, status: 'completed', output });
  }

  /** What Switchboard would make of the message. */
  async function newTaskAfter(text: string): Promise<Task> {
    await said('patient', text);
    const messages = await sandbox.fhir.repository.searchResources<Communication>({
      resourceType: 'Communication',
      count: 1000,
    });
    const message = messages.find(({ payload }) => payload?.[0]?.contentString === text);
    const focus = message?.partOf?.[0]?.reference ?? '';
    const task: Task = {
      resourceType: 'Task',
      status: 'requested',
      intent: 'order',
      focus: { reference: focus },
    };
    return sandbox.fhir.repository.createResource(task);
  }
});
