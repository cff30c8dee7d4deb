import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListedView } from '../../../sandbox/slack/index.ts';
import { ANA } from '../../support/contract-driver.ts';
import { openWorkspace, type Workspace } from '../../support/contract-workspace.ts';
import { eventually } from '../../support/flow-wait.ts';
import { TASK_ID } from '../../support/pure-clinic.ts';

describe('what a dialog in Slack says of a choice', () => {
  let workspace: Workspace;

  beforeEach(async () => {
    workspace = await openWorkspace();
  });
  afterEach(() => workspace.close());

  const openReroute = async (): Promise<ListedView> => {
    const card = await workspace.post();
    return workspace.dialog(ANA, () => workspace.pressShown(ANA, card, 'reroute'));
  };
  const viewNow = (view: ListedView) => workspace.slack.views(ANA).find(({ id }) => id === view.id);
  const choose = (view: ListedView, action_id: string, value: string, values?: Record<string, string>) =>
    workspace.slack.press({ user: ANA, view_id: view.id, action_id, value, ...(values && { values }) });
  /** A desk that says its sentences when it is told to, in any order. */
  const slowDesk = () => {
    const waiting = new Map<string, (sentences: string[]) => void>();
    workspace.desk.preview = (_task, target) => new Promise((resolve) => waiting.set(target, resolve));
    const say = async (target: string, ...sentences: string[]) =>
      (await eventually(() => waiting.get(target) ?? Promise.reject(new Error('not asked'))))(sentences);
    return { say };
  };

  it('stands below the target, and keeps what was filled in', async () => {
    workspace.desk.sentences = ['2 people can claim there now.', 'You will no longer see this.'];
    const view = await openReroute();
    await workspace.offers(ANA, view, 'target', 'cardio');

    await choose(view, 'target', 'pool:cardiology', { reason: 'workload', note: 'Half a note' });

    await eventually(() => expect(viewNow(view)?.blocks).toHaveLength(view.blocks.length + 1));
    const now = viewNow(view);
    const ids = now?.blocks.map(({ block_id }) => block_id) ?? [];
    expect(ids.indexOf('preview')).toBe(ids.indexOf('target') + 1);
    expect(now?.blocks[ids.indexOf('preview')]).toMatchObject({
      type: 'context',
      elements: [{ type: 'plain_text', text: '2 people can claim there now.\nYou will no longer see this.' }],
    });
    expect(now?.state.values).toMatchObject({
      target: { target: { selected_option: { value: 'pool:cardiology' } } },
      reason: { reason: { selected_option: { value: 'workload' } } },
      note: { note: { value: 'Half a note' } },
    });
  });

  it('goes away where another choice means nothing special', async () => {
    workspace.desk.sentences = ['2 people can claim there now.'];
    const view = await openReroute();
    await workspace.preview(ANA, view, 'cardio');
    workspace.desk.sentences = [];

    await choose(view, 'target', 'person:ben');

    await eventually(() => expect(viewNow(view)?.blocks).toHaveLength(view.blocks.length));
    expect(viewNow(view)?.state.values.target).toMatchObject({
      target: { selected_option: { value: 'person:ben' } },
    });
  });

  it('is of the newest choice, whichever is understood first', async () => {
    const { say } = slowDesk();
    const view = await openReroute();
    await workspace.offers(ANA, view, 'target', '');

    await choose(view, 'target', 'pool:cardiology');
    await choose(view, 'target', 'person:ben');
    await say('person:ben', 'Ben has three.');
    await eventually(() => expect(JSON.stringify(viewNow(view)?.blocks)).toContain('Ben has three.'));
    await say('pool:cardiology', 'Nobody is there.');
    await workspace.platform.stop();

    expect(JSON.stringify(viewNow(view)?.blocks)).toContain('Ben has three.');
    expect(JSON.stringify(viewNow(view)?.blocks)).not.toContain('Nobody is there.');
  });

  it('is of the newest choice also where the one before it is just being drawn', async () => {
    const { say } = slowDesk();
    const view = await openReroute();
    await workspace.offers(ANA, view, 'target', '');
    workspace.slack.addFault({ kind: 'delay', ms: 400, method: 'views.update' });
    const updates = () => workspace.slack.calls().filter(({ method }) => method === 'views.update');

    await choose(view, 'target', 'pool:cardiology');
    await say('pool:cardiology', 'Nobody is there.');
    await choose(view, 'target', 'person:ben');
    await say('person:ben', 'Ben has three.');

    await eventually(() => expect(updates()).toHaveLength(2));
    expect(JSON.stringify(viewNow(view)?.blocks)).toContain('Ben has three.');
  });

  it('is drawn again and again, each time with the hash that Slack wants', async () => {
    const view = await openReroute();
    const said: string[] = [];
    for (const words of ['one', 'two', 'three']) {
      workspace.desk.sentences = [words];
      said.push(await workspace.preview(ANA, view, 'cardio'));
    }

    expect(said).toEqual(['one', 'two', 'three']);
  });

  it('says nothing before a Task is chosen, and then as soon as one is', async () => {
    workspace.desk.sentences = ['2 people can claim there now.'];
    const form = workspace.desk.form('reroute', undefined);
    if (form === undefined) throw new Error('no dialog for reroute');
    workspace.desk.saying = { kind: 'dialog', form };
    const view = await workspace.dialog(ANA, () => workspace.slash(ANA, '/reroute'));
    await workspace.offers(ANA, view, 'target', 'cardio');
    await workspace.offers(ANA, view, 'task', 'a1b2');

    await choose(view, 'target', 'pool:cardiology');
    const before = [...workspace.desk.previewed];
    await choose(view, 'task', TASK_ID);

    await eventually(() => expect(viewNow(view)?.blocks).toHaveLength(view.blocks.length + 1));
    expect(before).toEqual([]);
    expect(workspace.desk.previewed).toEqual([
      { taskId: TASK_ID, target: 'pool:cardiology', by: workspace.userOf(ANA) },
    ]);
  });

  it('does not draw over the errors of a submission that came first', async () => {
    const { say } = slowDesk();
    workspace.desk.answer = { kind: 'refused', sentence: 'That pool takes nothing.', field: 'target' };
    const view = await openReroute();
    await workspace.offers(ANA, view, 'target', 'cardio');
    await choose(view, 'target', 'pool:cardiology');

    await workspace.submit(ANA, view, { target: 'cardio', reason: 'workload' });
    await say('pool:cardiology', 'Nobody is there.');
    await workspace.platform.stop();

    expect(viewNow(view)?.errors).toEqual({ target: 'That pool takes nothing.' });
    expect(JSON.stringify(viewNow(view)?.blocks)).not.toContain('Nobody is there.');
  });

  it.each(['closed', 'submitted'] as const)('is dropped in silence where the dialog was %s', async (how) => {
    const { say } = slowDesk();
    const view = await openReroute();
    await workspace.offers(ANA, view, 'target', 'cardio');
    await choose(view, 'target', 'pool:cardiology');

    if (how === 'closed') await workspace.slack.closeView({ user: ANA, view_id: view.id });
    else await workspace.submit(ANA, view, { target: 'cardio', reason: 'workload' });
    await say('pool:cardiology', 'Nobody is there.');
    await workspace.platform.stop();

    expect(workspace.slack.views(ANA)).toEqual([]);
    expect(workspace.logged.filter((line) => JSON.parse(line).level >= 40)).toEqual([]);
  });

  it('that Slack does not take leaves the dialog as it is, and a line in the log', async () => {
    workspace.desk.sentences = ['2 people can claim there now.'];
    const view = await openReroute();
    await workspace.offers(ANA, view, 'target', 'cardio');
    workspace.slack.addFault({ kind: 'error', method: 'views.update' });

    await choose(view, 'target', 'pool:cardiology');

    await eventually(() => expect(workspace.logged.join()).toContain('a preview could not be shown'));
    expect(viewNow(view)?.blocks).toHaveLength(view.blocks.length);
  });
});
