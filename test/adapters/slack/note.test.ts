import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { taskOfCard } from '../../../adapters/slack/metadata.ts';
import { ANA, BEN } from '../../support/contract-driver.ts';
import { NURSES, openWorkspace, type Workspace } from '../../support/contract-workspace.ts';
import { eventually } from '../../support/flow-wait.ts';
import { TASK_ID } from '../../support/pure-clinic.ts';

const inputsOf = ({ blocks }: { blocks: readonly { block_id?: unknown }[] }) =>
  blocks.map(({ block_id }) => block_id);

describe('“Add to Task note” in Slack', () => {
  let workspace: Workspace;

  beforeEach(async () => {
    workspace = await openWorkspace();
  });
  afterEach(() => workspace.close());

  const say = (text: string, thread_ts?: string) =>
    workspace.slack.say({ user: BEN, channel: NURSES, text, ...(thread_ts && { thread_ts }) });
  const noteIn = (view: { state: { values: unknown } }) => view.state.values;

  it('takes the words as their readers saw them', async () => {
    const view = await workspace.addNote(ANA, say('BP <90 & falling, see https://example.org/a?b&c'));

    expect(inputsOf(view)).toEqual(['task', 'note']);
    expect(noteIn(view)).toMatchObject({
      note: { note: { value: 'BP <90 & falling, see https://example.org/a?b&c' } },
    });
  });

  it('takes as much of a message as a note can hold', async () => {
    const view = await workspace.addNote(ANA, say('word '.repeat(1000)));

    const { value = '' } = (noteIn(view) as { note: { note: { value: string } } }).note.note;
    expect(value).toHaveLength(2000);
    expect(value.endsWith('…')).toBe(true);
  });

  it('knows the Task of a message in the thread of a card', async () => {
    const card = await workspace.post();

    const view = await workspace.addNote(ANA, say('She called back.', card.ts));
    await workspace.submit(ANA, view, {});

    expect(inputsOf(view)).toEqual(['note']);
    await eventually(() =>
      expect(workspace.desk.requests).toEqual([
        { verb: 'note', task: TASK_ID, by: workspace.userOf(ANA), inputs: { note: 'She called back.' } },
      ]),
    );
  });

  it.each(['error', 'ratelimited', 'drop'] as const)(
    'asks for the Task where the thread cannot be read (%s)',
    async (kind) => {
      const card = await workspace.post();
      workspace.slack.addFault({ kind, method: 'conversations.history' });

      const view = await workspace.addNote(ANA, say('She called back.', card.ts));

      expect(inputsOf(view)).toEqual(['task', 'note']);
    },
  );

  it('asks for the Task where the thread takes too long', async () => {
    const card = await workspace.post();
    workspace.slack.addFault({ kind: 'delay', ms: 2500, method: 'conversations.history' });

    const view = await workspace.addNote(ANA, say('She called back.', card.ts));

    expect(inputsOf(view)).toEqual(['task', 'note']);
  });

  it('asks for the Task in the thread of any other message', async () => {
    const { ts } = say('Coffee?');

    expect(inputsOf(await workspace.addNote(ANA, say('Yes!', ts)))).toEqual(['task', 'note']);
  });

  it('holds no words of a card: they are in the record already', async () => {
    const view = await workspace.addNote(ANA, await workspace.post());

    expect(inputsOf(view)).toEqual(['note']);
    expect(noteIn(view)).toMatchObject({ note: { note: { value: null } } });
  });

  it('tells of it where the message stands, also where the bot is not', async () => {
    workspace.slack.setChannel({ id: 'C0OTHERS', is_member: false });
    const message = workspace.slack.say({ user: BEN, channel: 'C0OTHERS', text: 'She called back.' });
    workspace.desk.answer = { kind: 'done', sentence: 'The note is in the record.' };
    const view = await workspace.addNote(ANA, message);

    const said = await workspace.told(ANA, () => workspace.submit(ANA, view, { task: 'a1b2' }));

    expect(said).toMatchObject({ channel: 'C0OTHERS', text: 'The note is in the record.' });
  });
});

describe('the Task of a message', () => {
  const ours = (event_payload: unknown, event_type = 'switchboard_card') => ({
    metadata: { event_type, event_payload },
  });

  it.each([
    ['a card of ours', ours({ task: 'a1', card: 'c1' }), 'a1'],
    ['another app’s message', ours({ task: 'a1' }, 'other_app'), undefined],
    ['a message without metadata', {}, undefined],
    ['metadata of nothing', { metadata: null }, undefined],
    ['a payload of nothing', ours(null), undefined],
    ['a Task that is no text', ours({ task: 1 }), undefined],
    ['a card of several Tasks', ours({ card: 'c1' }), undefined],
    ['a Task without a name', ours({ task: '', card: 'c1' }), undefined],
  ])('is told by %s', (_what, message, task) => {
    expect(taskOfCard(message)).toBe(task);
  });
});
