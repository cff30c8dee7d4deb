import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { teams } from '../../../adapters/teams/index.ts';
import { MESSAGE_ACTION } from '../../../adapters/teams/message-action.ts';
import type { Dict } from '../../../sandbox/dict.ts';
import { MESSAGE_ACTIONS, OTHER_TENANT_ID } from '../../../sandbox/teams/index.ts';
import { type App, openApp } from '../../support/contract-app.ts';
import { KEY, WAITING } from '../../support/contract-cards.ts';
import { ANA, BEN } from '../../support/contract-driver.ts';
import { askedIn } from '../../support/contract-teams-card.ts';
import { eventually } from '../../support/flow-wait.ts';
import { TASK_ID } from '../../support/pure-clinic.ts';

const NURSES = '19:registered-nurses@thread.tacv2';
const NURSES_SURFACE = { platform: 'teams', kind: 'channel', id: NURSES } as const;

let app: App;

beforeEach(async () => {
  app = await openApp(teams);
});
afterEach(() => app.close());

const tenant = () => app.sandbox.teams;
const write = async (text: string, conversation: string = NURSES) => {
  const { activityId } = await tenant().say({ user: BEN, conversation, text });
  return { conversation: conversation.split(';')[0] ?? conversation, activityId };
};
const choose = (at: { conversation: string; activityId: string }) =>
  tenant().messageAction({ user: ANA, ...at });
const asked = () => askedIn(tenant().dialogs(ANA)[0]?.card ?? {}, 'note');
const told = (user: string) =>
  [
    ...tenant().targeted(user),
    ...tenant().messages(
      tenant()
        .people()
        .find(({ id }) => id === user)?.personal,
      user,
    ),
  ]
    .filter(({ from }) => from.user === undefined)
    .map(({ text }) => text);

/** An invoke of the message action, as Teams sends it. */
const invoke = (name: string, value: Dict, more: Dict = {}): Dict => ({
  ...tenant().draft(ANA, ''),
  type: 'invoke',
  name: `composeExtension/${name}`,
  id: `f:${crypto.randomUUID()}`,
  value: { commandId: 'note', commandContext: 'message', ...value },
  ...more,
});
const submission = { data: { verb: 'note', 'note.task': TASK_ID, 'note.note': 'Called her.' } };

describe('“Add to Task note” in the menu of a message in Teams', () => {
  it('is what the sandbox offers', () => {
    const { id, title } = MESSAGE_ACTION;

    expect(MESSAGE_ACTIONS).toEqual([{ id, title }]);
  });

  it('opens a dialog that holds the words of the message and offers one’s own Tasks', async () => {
    const at = await write('Ask @Switchboard: is BP <90 & falling?\nPlease.');

    const { shown } = await choose(at);

    expect(shown).toMatchObject({ kind: 'open', title: 'Add to Task note' });
    const { inputs, filled } = asked();
    expect(inputs).toEqual(['task', 'note']);
    expect(filled).toEqual({ note: 'Ask Switchboard: is BP <90 & falling?\nPlease.' });
    expect(JSON.stringify(tenant().dialogs(ANA))).toContain('a1b2c3 · Urgent · Patient message');
    expect(app.desk.searched).toMatchObject([{ input: 'task', words: '' }]);
  });

  it('cuts what is longer than a note may be', async () => {
    await choose(await write('😀'.repeat(3_000)));

    const { note = '' } = asked().filled;
    expect(note.length).toBeLessThanOrEqual(2_000);
    expect(note).toMatch(/😀…$/u);
  });

  it('finds Tasks as one types', async () => {
    await choose(await write('Please look.'));

    const { results } = await tenant().search({
      user: ANA,
      conversation: NURSES,
      dataset: 'task',
      text: 'a1',
    });

    expect(results).toEqual([{ title: 'a1b2c3 · Urgent · Patient message', value: TASK_ID }]);
  });

  it('knows the Task where the message is its card, or an answer below it', async () => {
    const ref = JSON.parse(await app.platform.post(NURSES_SURFACE, WAITING, KEY)) as Dict;
    const card = { conversation: NURSES, activityId: String(ref.activity) };
    const answer = await write('On it.', `${NURSES};messageid=${card.activityId}`);

    await choose(card);
    const ofCard = asked();
    await choose(answer);
    const ofAnswer = asked();
    await tenant().submit({ user: ANA });

    expect(ofCard).toMatchObject({ inputs: ['note'], filled: {} });
    expect(ofAnswer).toMatchObject({ inputs: ['note'], filled: { note: 'On it.' } });
    expect(app.desk.requests).toMatchObject([{ verb: 'note', task: TASK_ID, inputs: { note: 'On it.' } }]);
  });

  it('does not take the card of another app for ours', async () => {
    const content = JSON.stringify({ body: [{ actions: [{ data: { task: 'theirs' } }] }] });
    const messagePayload = {
      body: { contentType: 'html', content: '<attachment id="1"></attachment>' },
      from: { application: { id: crypto.randomUUID() } },
      attachments: [{ id: '1', contentType: 'application/vnd.microsoft.card.adaptive', content }],
    };

    const { body } = await tenant().deliver(invoke('fetchTask', { messagePayload }));

    expect(JSON.stringify(body)).toContain('note.task');
    expect(JSON.stringify(body)).not.toContain('theirs');
  });

  it('closes once it is done, and says so to whoever did it alone', async () => {
    app.desk.answer = { kind: 'done', sentence: 'Your note is on Task a1b2c3.' };
    await choose(await write('Called her.'));

    const { shown, body } = await tenant().submit({ user: ANA, data: { 'note.task': TASK_ID } });

    expect([shown, body]).toEqual([{ kind: 'closed' }, {}]);
    expect(tenant().dialogs(ANA)).toEqual([]);
    await eventually(() => expect(told(ANA)).toEqual(['Your note is on Task a1b2c3.']));
    expect(told(BEN)).toEqual([]);
    expect(
      tenant()
        .messages(NURSES)
        .every(({ from }) => from.user !== undefined),
    ).toBe(true);
  });

  it('says what is wrong above what was filled in, and can be tried again as it is', async () => {
    app.desk.choices = { task: [] };
    await choose(await write('Called her.'));
    app.desk.choices = { task: [{ value: 'other', label: 'another Task' }] };
    app.desk.answer = { kind: 'refused', sentence: 'Task a1b2c3 is completed.' };
    await tenant().search({ user: ANA, conversation: NURSES, dataset: 'task', text: '' });
    const data = { 'note.task': 'other', 'note.note': 'Called her twice.' };

    const { shown } = await tenant().submit({ user: ANA, data });
    const again = asked();
    app.desk.answer = { kind: 'done', sentence: 'Done.' };
    const second = await tenant().submit({ user: ANA });

    expect(shown.kind).toBe('open');
    expect(again.text).toContain('Task a1b2c3 is completed.');
    expect(again.filled).toEqual({ task: 'other', note: 'Called her twice.' });
    expect(second.shown).toEqual({ kind: 'closed' });
    expect(app.desk.requests).toHaveLength(2);
    expect(app.desk.requests[1]).toMatchObject({ task: 'other', inputs: { note: 'Called her twice.' } });
  });

  it('keeps the Task chosen that is not offered any more', async () => {
    app.desk.answer = { kind: 'refused', sentence: 'Not now.' };
    app.desk.choices = { task: [{ value: 'other', label: 'another Task' }] };

    const { body } = await tenant().deliver(invoke('submitAction', submission));

    const { task } = body as { task: { value: { card: { content: Dict } } } };
    expect(askedIn(task.value.card.content, 'note').filled.task).toBe(TASK_ID);
    expect(JSON.stringify(task)).toContain(`{"title":"Task a1b2c3","value":"${TASK_ID}"}`);
  });

  it('writes one note where Teams submits it three times for one click', async () => {
    app.desk.answer = { kind: 'done', sentence: 'Noted.' };

    const replies = await Promise.all(
      [1, 2, 3].map(() => tenant().deliver(invoke('submitAction', submission))),
    );
    await tenant().redeliver();

    expect(replies.map(({ body }) => body)).toEqual([{}, {}, {}]);
    expect(app.desk.requests).toHaveLength(1);
    await eventually(() => expect(told(ANA)).toEqual(['Noted.']));
  });

  it('writes the notes of two people, and two notes of one', async () => {
    const other = { data: { ...submission.data, 'note.note': 'Called again.' } };
    const ben = tenant().draft(BEN, '');

    await tenant().deliver(invoke('submitAction', submission));
    await tenant().deliver(invoke('submitAction', other));
    await tenant().deliver(
      invoke('submitAction', submission, { from: ben.from, conversation: ben.conversation }),
    );

    expect(app.desk.requests).toHaveLength(3);
  });

  it('is answered in one’s own chat where the message stands in a chat that we are not in', async () => {
    const conversation = {
      id: '19:ana_ben@unq.gbl.spaces',
      conversationType: 'personal',
      tenantId: tenant().people()[0]?.tenantId,
    };
    app.desk.answer = { kind: 'done', sentence: 'Noted.' };

    await tenant().deliver(invoke('submitAction', submission, { conversation }));

    await eventually(() => expect(told(ANA)).toEqual(['Noted.']));
    // The place is not taken for one where people can be asked about.
    expect([...app.memory.kept.values()].join()).not.toContain('unq.gbl');
  });

  it.each([
    ['another command', { commandId: 'translate' }],
    ['no command', { commandId: undefined }],
  ])('says that it is not known any more with %s', async (_what, value) => {
    const opened = await tenant().deliver(invoke('fetchTask', value));
    const submitted = await tenant().deliver(invoke('submitAction', { ...submission, ...value }));

    for (const { status, body } of [opened, submitted]) {
      expect(status).toBe(200);
      expect(body).toEqual({
        task: { type: 'message', value: 'This is not known any more; nothing was done.' },
      });
    }
    expect(app.desk.requests).toEqual([]);
  });

  it('opens empty where the message says nothing that could be read', async () => {
    for (const messagePayload of [undefined, null, 'x', {}, { body: 7 }, { body: { content: {} } }]) {
      const { body } = await tenant().deliver(invoke('fetchTask', { messagePayload }));

      expect(body).toMatchObject({ task: { type: 'continue', value: { title: 'Add to Task note' } } });
    }
  });

  it.each(['fetchTask', 'submitAction'])('has the same door as everything else: %s', async (name) => {
    const foreign = { conversation: { id: 'a:1', tenantId: OTHER_TENANT_ID }, channelData: {} };

    const badToken = await tenant().deliver(
      invoke(name, submission),
      `Bearer ${tenant().mint('bad-signature')}`,
    );
    const elsewhere = await tenant().deliver(invoke(name, submission, foreign));
    const nobody = await tenant().deliver(invoke(name, submission, { from: { id: '29:x' } }));

    expect([badToken.status, elsewhere.status, nobody.status]).toEqual([401, 403, 200]);
    expect(nobody.body).toMatchObject({
      task: { type: 'message', value: expect.stringContaining('who you are') },
    });
    expect(app.desk.wasReached).toBe(false);
  });
});
