import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { asDict } from '../../sandbox/dict.ts';
import {
  ANA,
  answerOf,
  BEN,
  control,
  NURSES,
  openWorld,
  plainCard,
  postCard,
  type World,
} from './teams-support.ts';

let world: World;

beforeAll(async () => {
  // botbuilder prints every token that it refuses.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  world = await openWorld();
});

afterAll(async () => {
  await world.stop();
  vi.restoreAllMocks();
});

beforeEach(() => {
  world.bot.heard.length = 0;
  world.bot.submitted = {};
  world.bot.button = { type: 'Action.Submit', title: 'Keep', data: { keep: true } };
  world.events.length = 0;
});

const say = async (user: string, text: string, conversation = NURSES) =>
  (await world.teams.say({ user, conversation, text })).activityId;
const choose = (activityId: string, more: object = {}) =>
  world.teams.messageAction({ user: ANA, conversation: NURSES, activityId, ...more });

describe('a message action', () => {
  it('is told the message as Teams tells it, and who chose it where', async () => {
    const root = await say(BEN, 'Lunch?');
    const activityId = await say(BEN, '@Switchboard BP <90 & "low"\nplease', `${NURSES};messageid=${root}`);
    world.bot.heard.length = 0;
    const people = world.teams.people();

    await choose(activityId);

    expect(world.bot.heard[0]).toMatchObject({
      type: 'invoke',
      name: 'composeExtension/fetchTask',
      from: { aadObjectId: people.find(({ id }) => id === ANA)?.aadObjectId },
      conversation: { id: `${NURSES};messageid=${root}` },
      channelData: { source: { name: 'compose' }, channel: { id: NURSES } },
      value: {
        commandId: 'note',
        commandContext: 'message',
        messagePayload: {
          id: activityId,
          replyToId: root,
          from: { user: { id: people.find(({ id }) => id === BEN)?.aadObjectId, displayName: 'Ben Carter' } },
          body: {
            contentType: 'html',
            content:
              '<div><div><at id="0">Switchboard</at> BP &lt;90 &amp; &quot;low&quot;<br>please</div>\n</div>',
          },
        },
      },
    });
  });

  it('is told a card as a card of its bot, whose content is text', async () => {
    const activityId = await postCard(world, plainCard('Blood pressure'));

    await choose(activityId);

    const { messagePayload } = world.bot.heard[0]?.value ?? {};
    expect(messagePayload.from.application.id).toBe(world.bot.heard[0]?.recipient.id.replace('28:', ''));
    expect(messagePayload.body.content).toContain('<attachment id=');
    expect(JSON.parse(messagePayload.attachments[0].content)).toEqual(plainCard('Blood pressure'));
  });

  it('opens a dialog, whose submission comes back with the message', async () => {
    const activityId = await say(BEN, 'Keep me.');

    const { shown } = await choose(activityId);
    const submitted = await world.teams.submit({ user: ANA, data: { words: 'Kept.' } });

    expect(shown).toMatchObject({ kind: 'open', title: 'Keep' });
    expect(world.bot.heard.at(-1)).toMatchObject({
      name: 'composeExtension/submitAction',
      value: {
        commandId: 'note',
        commandContext: 'message',
        data: { keep: true, words: 'Kept.' },
        messagePayload: { id: activityId },
      },
    });
    expect(submitted.shown).toEqual({ kind: 'closed' });
    expect(world.teams.dialogs(ANA)).toEqual([]);
    expect(world.events.filter(({ what }) => what === 'dialog')).toHaveLength(2);
  });

  it('may be asked for more in another dialog, which is submitted in the same way', async () => {
    await choose(await say(BEN, 'Keep me.'));
    const again = {
      ...plainCard('Why?'),
      actions: [{ type: 'Action.Submit', title: 'Yes', data: { why: 1 } }],
    };
    const card = { contentType: 'application/vnd.microsoft.card.adaptive', content: again };
    world.bot.submitted = { task: { type: 'continue', value: { title: 'Why?', card } } };

    const first = await world.teams.submit({ user: ANA });
    world.bot.submitted = { task: { type: 'message', value: 'Thank you.' } };
    const second = await world.teams.submit({ user: ANA });

    expect(first.shown).toMatchObject({ kind: 'open', title: 'Why?' });
    expect(second.shown).toEqual({ kind: 'message', text: 'Thank you.' });
    expect(world.bot.heard.at(-1)).toMatchObject({
      name: 'composeExtension/submitAction',
      value: { commandId: 'note', data: { why: 1 } },
    });
  });

  it('cannot put anything into the compose box here', async () => {
    await choose(await say(BEN, 'Keep me.'));
    world.bot.submitted = { composeExtension: { type: 'result', attachments: [] } };

    const { shown } = await world.teams.submit({ user: ANA });

    expect(shown).toMatchObject({ kind: 'error', message: expect.stringContaining('compose box') });
    world.teams.closeDialog(ANA);
  });

  it('is refused where a person could not choose it', async () => {
    const activityId = await say(BEN, 'for the bot', NURSES);
    const { activityId: mine } = await world.teams.say({
      user: BEN,
      conversation: NURSES,
      text: 'list',
      targeted: true,
    });

    await expect(choose(mine)).rejects.toThrow('U0ANA sees no message');
    await expect(choose(activityId, { command: 'translate' })).rejects.toThrow('no message action translate');
  });
});

describe('a dialog', () => {
  it('knows Action.Submit, and no Action.Execute', async () => {
    world.bot.button = { type: 'Action.Execute', title: 'Keep', verb: 'keep' };
    await choose(await say(BEN, 'Keep me.'));

    await expect(world.teams.submit({ user: ANA })).rejects.toThrow('A dialog knows Action.Submit');
    world.teams.closeDialog(ANA);
  });

  it('can be closed, and the application hears nothing of it', async () => {
    await choose(await say(BEN, 'Keep me.'));
    world.bot.heard.length = 0;

    world.teams.closeDialog(ANA);

    expect(world.teams.dialogs(ANA)).toEqual([]);
    expect(world.bot.heard).toEqual([]);
    expect(() => world.teams.closeDialog(ANA)).toThrow('no dialog open');
  });
});

describe('several buttons with the same verb', () => {
  const button = (task: string) => ({
    type: 'Action.Execute',
    title: 'Claim',
    verb: 'claim',
    data: { task },
    fallback: { type: 'Action.Submit', title: 'Claim', data: { task, verb: 'claim' } },
  });
  const listing = {
    ...plainCard('Two'),
    body: [{ type: 'ActionSet', actions: [button('t1'), button('t2')] }],
  };
  const press = (activityId: string, more: object) =>
    world.teams.press({ user: ANA, conversation: NURSES, activityId, verb: 'claim', ...more });

  it('are told apart by what their data hold, from new clients and from old ones', async () => {
    world.bot.answer = answerOf('activity.message', 'Done.');
    const activityId = await postCard(world, listing);

    await press(activityId, {});
    await press(activityId, { own: { task: 't2' } });
    await press(activityId, { own: { task: 't2' }, fallback: true });

    const [first, second, older] = world.bot.heard;
    expect([first, second].map((one) => one?.value.action.data.task)).toEqual(['t1', 't2']);
    expect(older?.value).toMatchObject({ task: 't2' });
    await expect(press(activityId, { own: { task: 't3' } })).rejects.toThrow('The card has no claim');
  });
});

describe('over HTTP', () => {
  it('a person chooses a message action, fills in its dialog, and closes it', async () => {
    const activityId = await say(BEN, 'Keep me.');
    const at = { user: ANA, conversation: NURSES, activityId };

    const actions = await control(world, 'GET', 'message-actions');
    const opened = await control(world, 'POST', 'message-action', JSON.stringify(at));
    const closed = await control(world, 'POST', 'close', JSON.stringify({ user: ANA }));
    const unknown = await control(world, 'POST', 'message-action', JSON.stringify({ ...at, command: 'x' }));

    expect(actions.body).toEqual([{ id: 'note', title: 'Add to Task note' }]);
    expect(asDict(asDict(opened.body).shown).kind).toBe('open');
    expect(closed.body).toEqual({ ok: true });
    expect(unknown).toEqual({ status: 404, body: { error: 'The app has no message action x.' } });
  });

  it('a person may send a message without words, as a picture is one', async () => {
    const { status } = await control(
      world,
      'POST',
      'say',
      JSON.stringify({ user: ANA, conversation: 'personal' }),
    );

    expect(status).toBe(200);
    expect(world.bot.heard.at(-1)).toMatchObject({ type: 'message', text: '' });
  });
});
