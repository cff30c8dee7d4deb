import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toModal } from '../../../adapters/slack/modal.ts';
import type { Form } from '../../../src/index.ts';
import { ANA } from '../../support/contract-driver.ts';
import { NURSES, openWorkspace, type Workspace } from '../../support/contract-workspace.ts';
import { wordsOf } from '../../support/flow-card.ts';
import { eventually } from '../../support/flow-wait.ts';

const expired = { kind: 'error-code', code: 'expired_trigger_id', method: 'views.open' } as const;

describe('a dialog in Slack for which it is too late', () => {
  let workspace: Workspace;

  beforeEach(async () => {
    workspace = await openWorkspace();
  });
  afterEach(() => workspace.close());

  it.each(['expired_trigger_id', 'invalid_trigger_id', 'internal_error'])(
    'is told as a sentence with what can be typed in its place (%s)',
    async (code) => {
      const card = await workspace.post();
      workspace.slack.addFault({ ...expired, code });

      const said = await workspace.answer(ANA, () => workspace.pressShown(ANA, card, 'reroute'));

      expect(said).toContain('Type /reroute a1b2c3 [pool or person] because [reason]');
    },
  );

  it('says what had to be known first as well', async () => {
    const form = workspace.desk.form('reroute', undefined);
    const asked: Form | undefined = form && { ...form, lead: 'Nobody has answered this patient.' };
    if (asked === undefined) throw new Error('no dialog for reroute');
    workspace.desk.saying = { kind: 'dialog', form: asked };
    workspace.slack.addFault(expired);

    const said = await workspace.answer(ANA, () => workspace.slash(ANA, '/reroute'));

    expect(said).toMatch(/^Nobody has answered this patient\. .*Type \/reroute \[task\] /);
  });
});

describe('what Slack delivers twice', () => {
  let workspace: Workspace;

  beforeEach(async () => {
    workspace = await openWorkspace();
  });
  afterEach(() => workspace.close());

  it('is done once: a press', async () => {
    workspace.desk.answer = { kind: 'refused', sentence: 'Ben has it.' };
    const card = await workspace.post();
    await workspace.answer(ANA, () => workspace.pressShown(ANA, card, 'claim'));

    const again = await workspace.slack.redeliver();
    await workspace.platform.stop();

    expect(again.status).toBe(200);
    expect(workspace.desk.requests).toHaveLength(1);
    expect(workspace.sentences(ANA)).toEqual(['Ben has it.']);
  });

  it('is done once: a typed command', async () => {
    await workspace.answer(ANA, () => workspace.slash(ANA, '/next'));

    await workspace.slack.redeliver();
    await workspace.platform.stop();

    expect(workspace.desk.said).toHaveLength(1);
    expect(workspace.sentences(ANA)).toHaveLength(1);
  });

  it('is done once: a dialog, and answered both times with the same', async () => {
    workspace.desk.answer = { kind: 'refused', sentence: 'That pool takes nothing.', field: 'target' };
    const view = await workspace.dialog(ANA, async () =>
      workspace.pressShown(ANA, await workspace.post(), 'reroute'),
    );
    const first = await workspace.submit(ANA, view, { target: 'cardio', reason: 'workload' });

    const again = await workspace.slack.redeliver();

    expect(workspace.desk.requests).toHaveLength(1);
    expect(again.body).toEqual(first.body);
    expect(first.body).toMatchObject({ response_action: 'errors' });
  });

  it('is done twice where somebody pressed twice', async () => {
    const card = await workspace.post();

    await workspace.pressShown(ANA, card, 'claim');
    await workspace.pressShown(ANA, card, 'claim');

    await eventually(() => expect(workspace.desk.requests).toHaveLength(2));
  });
});

describe('what a card in Slack will say by itself', () => {
  let workspace: Workspace;

  beforeEach(async () => {
    workspace = await openWorkspace();
  });
  afterEach(() => workspace.close());

  it('is not told once more: after a press', async () => {
    const card = await workspace.post();

    await workspace.pressShown(ANA, card, 'claim');
    await eventually(() => expect(workspace.desk.requests).toHaveLength(1));
    await workspace.platform.stop();

    expect(workspace.sentences(ANA)).toEqual([]);
    expect(workspace.inbox(ANA)).toEqual([]);
  });

  it('is not told once more: after a dialog', async () => {
    await workspace.reroute(ANA, await workspace.post(), { target: 'cardio', reason: 'workload' });
    await workspace.platform.stop();

    expect(workspace.desk.requests).toHaveLength(1);
    expect(workspace.sentences(ANA)).toEqual([]);
    expect(workspace.slack.views(ANA)).toEqual([]);
  });
});

describe('an answer to a dialog in Slack', () => {
  let workspace: Workspace;

  beforeEach(async () => {
    workspace = await openWorkspace();
  });
  afterEach(() => workspace.close());

  it('about an input that the dialog does not have is told beside it', async () => {
    workspace.desk.answer = { kind: 'refused', sentence: 'Say who keeps it in sight.', field: 'visibility' };
    const view = await workspace.addNote(
      ANA,
      workspace.slack.say({ user: ANA, channel: NURSES, text: 'Called her.' }),
    );

    const said = await workspace.answer(ANA, () => workspace.submit(ANA, view, { task: 'a1b2' }));

    expect(said).toBe('Say who keeps it in sight.');
    expect(workspace.slack.views(ANA)).toEqual([]);
  });

  it('that was opened before an update says that nothing was done', async () => {
    const view = await workspace.dialog(ANA, async () =>
      workspace.pressShown(ANA, await workspace.post(), 'reroute'),
    );
    const form = workspace.desk.form('reroute', undefined);
    if (form === undefined) throw new Error('no dialog for reroute');
    const old = { ...toModal(form, { spot: { kind: 'card' } }), private_metadata: '{"fromCard":true}' };
    const client = new WebClient('xoxb-sandbox', { slackApiUrl: `${workspace.sandbox.url}/slack/api/` });
    await client.views.update({ view_id: view.id, view: old });

    await workspace.submit(ANA, view, { task: 'a1b2', target: 'cardio', reason: 'workload' });

    expect(workspace.desk.requests).toEqual([]);
    expect(workspace.slack.views(ANA).map(wordsOf)).toEqual([expect.stringContaining('nothing was done')]);
  });

  it('that takes longer than a dialog may wait closes it, and is told when it is there', async () => {
    const view = await workspace.dialog(ANA, async () =>
      workspace.pressShown(ANA, await workspace.post(), 'reroute'),
    );
    workspace.desk.run = () =>
      new Promise((resolve) => {
        setTimeout(() => resolve({ kind: 'refused', sentence: 'Too late.', field: 'target' }), 2_400);
      });

    const { closed } = await workspace.submit(ANA, view, { target: 'cardio', reason: 'workload' });

    expect(closed).toBe(true);
    await eventually(() => expect(workspace.sentences(ANA)).toEqual(['Too late.']));
  });
});
