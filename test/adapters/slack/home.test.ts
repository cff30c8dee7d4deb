import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Button, Listing } from '../../../src/index.ts';
import { ANA } from '../../support/contract-driver.ts';
import { openWorkspace, type Workspace } from '../../support/contract-workspace.ts';
import { wordsOf } from '../../support/flow-card.ts';
import { eventually } from '../../support/flow-wait.ts';
import { TASK_ID } from '../../support/pure-clinic.ts';
import { chatErrorOf } from '../../support/unit-slack.ts';

const button = (verb: string): Button => ({ verb, label: verb, taskId: TASK_ID, asks: false });
const list = (sentence: string, ...verbs: string[]): Listing => ({
  sentence,
  sections: [{ rows: [{ line: ['A Task'], buttons: verbs.map(button) }] }],
});

const TURNED = { label: 'More', question: { query: 'history', words: TASK_ID, page: 2 } };

describe('the Home tab in Slack', () => {
  let workspace: Workspace;

  beforeEach(async () => {
    workspace = await openWorkspace();
    workspace.desk.homeListing = list('One is yours.', 'complete', 'reroute', 'history');
    workspace.desk.listing = { ...list('It was claimed twice.', 'claim', 'reroute'), turn: TURNED };
    workspace.desk.otherPage = list('It was made.', 'claim');
  });
  afterEach(() => workspace.close());

  /** Presses History at Home, and gives the window that shows it. */
  const openHistory = async () => {
    await workspace.openHome(ANA);
    return workspace.dialog(ANA, () => workspace.pressHome(ANA, 'history', TASK_ID));
  };
  const windows = () => workspace.slack.views(ANA).map(wordsOf);
  const pressIn = (view_id: string, action_id: string, value: string = TASK_ID) =>
    workspace.slack.press({ user: ANA, view_id, action_id, value });

  it('is drawn when somebody opens it, for them alone', async () => {
    await workspace.openHome(ANA);

    expect(workspace.desk.homes).toEqual([workspace.userOf(ANA)]);
    expect(wordsOf(workspace.home(ANA))).toContain('One is yours.');
    expect(workspace.slack.homes()).toHaveLength(1);
  });

  it('answers in a window above it, and writes no direct message', async () => {
    workspace.desk.answer = { kind: 'refused', sentence: 'Accept it first.' };
    await workspace.openHome(ANA);

    const said = await workspace.answerAtHome(ANA, () => workspace.pressHome(ANA, 'complete', TASK_ID));

    expect(said).toContain('Accept it first.');
    await eventually(() => expect(workspace.desk.homes).toHaveLength(2));
    expect(workspace.inbox(ANA)).toEqual([]);
  });

  it('answers by direct message where it is too late for a window', async () => {
    workspace.desk.answer = { kind: 'done', sentence: 'It is completed.' };
    await workspace.openHome(ANA);
    workspace.slack.addFault({ kind: 'error-code', code: 'expired_trigger_id', method: 'views.open' });

    await workspace.pressHome(ANA, 'complete', TASK_ID);

    await eventually(() => expect(workspace.inbox(ANA)).toEqual(['It is completed.']));
    expect(workspace.slack.views(ANA)).toEqual([]);
  });

  it('shows the answer to a dialog in the dialog’s place, and is drawn again', async () => {
    workspace.desk.answer = { kind: 'done', sentence: 'It went to “Cardiologist”.' };
    await workspace.openHome(ANA);
    const view = await workspace.dialog(ANA, () => workspace.pressHome(ANA, 'reroute', TASK_ID));

    const { closed } = await workspace.submit(ANA, view, { target: 'cardio', reason: 'workload' });

    expect(closed).toBe(false);
    expect(windows()).toEqual([expect.stringContaining('It went to “Cardiologist”.')]);
    await eventually(() => expect(workspace.desk.homes).toHaveLength(2));
  });

  it('opens a listing in a window whose pages turn in their place', async () => {
    const window = await openHistory();

    await pressIn(window.id, 'listing.turn', `history 2 ${TASK_ID}`);

    await eventually(() => expect(windows()).toEqual([expect.stringContaining('It was made.')]));
    expect(workspace.desk.questions.at(-1)?.question).toEqual(TURNED.question);
  });

  it('answers a press in such a window above it, and draws the window again', async () => {
    workspace.desk.answer = { kind: 'done', sentence: 'It is yours now.' };
    const window = await openHistory();
    workspace.desk.listing = list('It was claimed three times.', 'history');

    await pressIn(window.id, 'claim');

    await eventually(() =>
      expect(windows()).toEqual([
        expect.stringContaining('It was claimed three times.'),
        expect.stringContaining('It is yours now.'),
      ]),
    );
  });

  it('puts the dialog of a press in such a window upon it, and its answer in the dialog’s place', async () => {
    workspace.desk.answer = { kind: 'done', sentence: 'It went to “Cardiologist”.' };
    const window = await openHistory();
    const view = await workspace.dialog(ANA, () => pressIn(window.id, 'reroute'));
    workspace.desk.listing = list('It was rerouted.', 'history');

    await workspace.submit(ANA, view, { target: 'cardio', reason: 'workload' });

    expect(view.previous_view_id).toBe(window.id);
    await eventually(() =>
      expect(windows()).toEqual([
        expect.stringContaining('It was rerouted.'),
        expect.stringContaining('It went to “Cardiologist”.'),
      ]),
    );
  });

  it('is not drawn for whoever opens the messages beside it', async () => {
    const { status } = await workspace.slack.openHome(ANA, 'messages');
    await workspace.platform.stop();

    expect(status).toBe(200);
    expect(workspace.desk.homes).toEqual([]);
    expect(workspace.slack.homes()).toEqual([]);
  });

  it.each([
    ['ratelimited', 'rate-limited'],
    ['error', 'unreachable'],
    ['drop', 'unreachable'],
  ] as const)('that cannot be drawn is an error that the core knows: %s', async (kind, expected) => {
    workspace.slack.addFault({ kind, method: 'views.publish' });

    const drawn = workspace.platform.publishHome?.(workspace.userOf(ANA), list('One is yours.'));

    const error = await chatErrorOf(drawn ?? Promise.resolve());
    expect(error.kind).toBe(expected);
  });

  it('of somebody who is gone is an error that can be mended', async () => {
    const drawn = workspace.platform.publishHome?.(workspace.userOf('U0NOBODY'), list('One is yours.'));

    const error = await chatErrorOf(drawn ?? Promise.resolve());
    expect(error.kind).toBe('forbidden');
  });
});
