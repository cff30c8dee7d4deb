import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { slack } from '../../../adapters/slack/index.ts';
import { TAKEN_UP } from '../../../src/index.ts';
import { type App, openReplica } from '../../support/contract-app.ts';
import { ANA } from '../../support/contract-driver.ts';
import { openWorkspace, type Workspace } from '../../support/contract-workspace.ts';
import { eventually } from '../../support/flow-wait.ts';
import { TASK_ID } from '../../support/pure-clinic.ts';

describe('what Slack delivers again to another process', () => {
  let workspace: Workspace;
  let other: Pick<App, 'desk' | 'close'>;

  beforeEach(async () => {
    workspace = await openWorkspace();
    workspace.desk.answer = { kind: 'done', sentence: 'Done.', isUnseen: true };
  });
  afterEach(async () => {
    await other?.close();
    await workspace.close();
  });

  /** Delivers the newest interaction to another process, and waits until that has nothing to do any more. */
  async function redelivered() {
    other = await openReplica(slack, workspace);
    const reply = await workspace.slack.redeliver();
    await other.close();
    return reply;
  }

  it('is acknowledged, not done, and not answered: a press', async () => {
    await workspace.pressShown(ANA, await workspace.post(), 'claim');
    await eventually(() => expect(workspace.sentences(ANA)).toEqual(['Done.']));

    const reply = await redelivered();

    expect(reply.status).toBe(200);
    expect(other.desk.requests).toEqual([]);
    expect(workspace.sentences(ANA)).toEqual(['Done.']);
  });

  it('is acknowledged, not done, and not answered: what was typed', async () => {
    await workspace.slash(ANA, '/next');
    await eventually(() => expect(workspace.sentences(ANA)).toHaveLength(1));

    const reply = await redelivered();

    expect(reply.status).toBe(200);
    expect(other.desk.said).toEqual([]);
    expect(workspace.sentences(ANA)).toHaveLength(1);
  });

  it('is acknowledged and not done: a dialog about a card', async () => {
    const view = await workspace.dialog(ANA, async () =>
      workspace.pressShown(ANA, await workspace.post(), 'reroute'),
    );
    await workspace.submit(ANA, view, { target: 'cardio', reason: 'workload' });
    await eventually(() => expect(workspace.sentences(ANA)).toEqual(['Done.']));

    const reply = await redelivered();

    expect(reply).toMatchObject({ status: 200, body: '' });
    expect(other.desk.requests).toEqual([]);
    expect(workspace.sentences(ANA)).toEqual(['Done.']);
  });

  it('is told what became of it in the window of a dialog from Home', async () => {
    const row = {
      line: ['A Task'],
      buttons: [{ verb: 'reroute', label: 'Reroute', taskId: TASK_ID, asks: true }],
    };
    workspace.desk.homeListing = { sentence: 'One is yours.', sections: [{ rows: [row] }] };
    await workspace.openHome(ANA);
    const view = await workspace.dialog(ANA, () => workspace.pressHome(ANA, 'reroute', TASK_ID));
    await workspace.submit(ANA, view, { target: 'cardio', reason: 'workload' });

    const reply = await redelivered();

    expect(other.desk.requests).toEqual([]);
    expect(reply.body).toMatchObject({ response_action: 'update' });
    expect(JSON.stringify(reply.body)).toContain(TAKEN_UP);
  });

  it('opens no second dialog: a message’s action', async () => {
    const card = await workspace.post();
    const before = workspace.slack.views(ANA).length;
    await workspace.addNote(ANA, card);

    await redelivered();

    expect(workspace.slack.views(ANA)).toHaveLength(before + 1);
    expect(workspace.sentences(ANA)).toEqual([]);
  });
});
