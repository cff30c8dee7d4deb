import { MessageFactory, type TurnContext } from 'botbuilder';
import type { ConnectorClient } from 'botframework-connector';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { botSettings, type FaultKind, type Operation, SANDBOX_APP, TEAM } from '../../sandbox/teams/index.ts';
import {
  ANA,
  BEN,
  CARD,
  cardMessage,
  connector,
  control,
  NURSES,
  openWorld,
  plainCard,
  post,
  postCard,
  type World,
} from './teams-support.ts';

let world: World;
let anaId: string;
let anaChat: string;

beforeAll(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  world = await openWorld();
  const ana = world.teams.people().find(({ id }) => id === ANA);
  anaId = ana?.teamsId ?? '';
  anaChat = ana?.personal ?? '';
});

afterAll(async () => {
  await world.stop();
  vi.restoreAllMocks();
});

beforeEach(() => {
  world.teams.addFault({ kind: 'none' });
  world.teams.clearCalls();
  world.events.length = 0;
});

const say = (text: string) => ({ type: 'message', text });
const update = (activityId: string, activity: object, query = '') =>
  connector(
    world,
    'PUT',
    `conversations/${encodeURIComponent(NURSES)}/activities/${activityId}${query}`,
    activity,
  );

describe('the connector, through botbuilder', () => {
  it('gives the id of a new post in a channel, which can be updated and deleted', async () => {
    await inTurn(async (context, client) => {
      const made = await client.conversations.createConversation({
        isGroup: true,
        bot: context.activity.recipient,
        channelData: { channel: { id: NURSES } },
        activity: { ...cardMessage(CARD), channelId: 'msteams' },
      } as unknown as Parameters<typeof client.conversations.createConversation>[0]);
      const { id, activityId = '' } = made;

      expect(id).toBe(`${NURSES};messageid=${activityId}`);
      await client.conversations.updateActivity(id, activityId, cardMessage(plainCard('Done')));
      expect(find(activityId)).toMatchObject({ attachments: [{ content: plainCard('Done') }] });
      await client.conversations.deleteActivity(id, activityId);
      expect(find(activityId)).toBeUndefined();
    });
  });

  it('opens the same chat with a person each time, by either of their ids', async () => {
    const ana = world.teams.people().find(({ id }) => id === ANA);
    await inTurn(async (context, client) => {
      const open = async (member: string) => {
        const made = await client.conversations.createConversation({
          isGroup: false,
          bot: context.activity.recipient,
          members: [{ id: member, name: '' }],
          tenantId: SANDBOX_APP.tenantId,
        } as unknown as Parameters<typeof client.conversations.createConversation>[0]);
        return made.id;
      };

      expect(await open(anaId)).toBe(anaChat);
      expect(await open(ana?.aadObjectId ?? '')).toBe(anaChat);
    });
  });

  it('shows everybody what the SDK sends as a targeted message, since the SDK drops the flag', async () => {
    await inTurn(async (context) => {
      const sent = await context.sendActivity({
        ...MessageFactory.text('only you'),
        recipient: Object.assign({ id: anaId, name: 'Ana Silva' }, { isTargeted: true }),
      });

      expect(find(sent?.id ?? '', anaChat)?.text).toBe('only you');
    });
  });

  it('gives no id for a text with a card, which become two messages', async () => {
    await inTurn(async (context) => {
      const sent = await context.sendActivity({ ...cardMessage(CARD), text: 'Look' });

      expect(sent?.id).toBeUndefined();
      const [text, card] = world.teams.messages(anaChat).slice(-2);
      expect([text?.text, text?.attachments.length]).toEqual(['Look', 0]);
      expect([card?.text, card?.attachments.length]).toEqual(['', 1]);
    });
  });
});

describe('a targeted message', () => {
  const targeted = { ...say('psst'), recipient: { isTargeted: true } };
  const QUERY = '?isTargetedActivity=true';

  it('is seen by one person, for a day, and is changed and deleted by the same query', async () => {
    const activity = { ...targeted, recipient: { id: anaId, isTargeted: true } };
    const { status, body } = await post(world, NURSES, activity, QUERY);
    const { id } = body as { id: string };

    expect(status).toBe(201);
    expect(world.teams.targeted(ANA)).toMatchObject([{ activityId: id, text: 'psst' }]);
    expect([...world.teams.targeted(BEN), ...[find(id)].filter(Boolean)]).toEqual([]);
    expect(world.events).toEqual([
      { kind: 'teams', what: 'targeted', conversation: NURSES, activityId: id, user: ANA },
    ]);

    expect((await update(id, say('psst!'))).status).toBe(404);
    expect((await update(id, activity, QUERY)).status).toBe(400);
    expect((await update(id, say('psst!'), QUERY)).status).toBe(200);
    expect(world.teams.targeted(ANA)[0]?.text).toBe('psst!');

    world.clock.ahead = 25 * 60 * 60 * 1000;
    expect(world.teams.targeted(ANA)).toEqual([]);
    world.clock.ahead = 0;
  });

  it.each([
    ['for nobody', { ...targeted }, QUERY, 403],
    ['without the mark', { ...say('psst'), recipient: { id: 'x' } }, QUERY, 400],
    ['without the query', { ...say('psst'), recipient: { id: 'x', isTargeted: true } }, '', 400],
  ])('%s is refused', async (_name, activity, query, status) => {
    expect((await post(world, NURSES, activity, query)).status).toBe(status);
  });
});

describe('what Teams refuses', () => {
  const card = (content: object) => ({
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
  });

  it.each([
    ['an empty message', { type: 'message' }, 400, 'BadArgument'],
    ['100 KB in UTF-16', say('x'.repeat(51_200)), 413, 'MessageSizeTooBig'],
    ['a card of version 1.6', card({ ...plainCard('x'), version: '1.6' }), 400, 'BadArgument'],
    ['an unknown element', card({ ...plainCard('x'), body: [{ type: 'Nope' }] }), 400, 'BadArgument'],
    [
      'a text block without text',
      card({ ...plainCard('x'), body: [{ type: 'TextBlock' }] }),
      400,
      'BadArgument',
    ],
    [
      '61 people to refresh for',
      card({ ...plainCard('x'), refresh: { userIds: Array.from({ length: 61 }, String) } }),
      400,
      'BadArgument',
    ],
    [
      'an attachment that is no card',
      { type: 'message', attachments: [{ contentType: 'x' }] },
      400,
      'BadArgument',
    ],
  ])('is %s', async (_name, activity, status, code) => {
    const answer = await post(world, NURSES, activity);

    expect(answer).toMatchObject({ status, body: { error: { code } } });
    expect(world.events).toEqual([]);
  });

  it('is a call without a token of its own', async () => {
    const answer = await connector(world, 'GET', `teams/${TEAM.id}`, undefined, 'made-up');

    expect(answer).toMatchObject({ status: 401, body: { error: { code: 'Unauthorized' } } });
  });

  it('is a token for a wrong secret', async () => {
    const { credentials } = botSettings(world.url, { appPassword: 'wrong' });
    const made = await credentials.createCredentials(SANDBOX_APP.appId, undefined);

    await expect(made.getToken()).rejects.toThrow('invalid_client');
  });

  it('is what is not there', async () => {
    const lost = await post(world, '19:nowhere@thread.tacv2', say('hello'));
    const gone = await update('1', say('hello'));

    expect(lost).toMatchObject({ status: 404, body: { error: { code: 'ConversationNotFound' } } });
    expect(gone).toMatchObject({ status: 404, body: { error: { code: 'ActivityNotFoundInConversation' } } });
  });

  it('is the eighth post in a second, when the limits hold', async () => {
    world.teams.setRateLimits(true);
    const posts = await Promise.all(Array.from({ length: 8 }, () => post(world, NURSES, say('again'))));
    const last = await post(world, NURSES, say('again'));
    world.teams.setRateLimits(false);

    expect(posts.map(({ status }) => status).sort()).toEqual([...Array(7).fill(201), 429]);
    expect(last.headers.get('retry-after')).toBe('1');
  });
});

describe('a fault', () => {
  it.each<[FaultKind, number, string]>([
    ['429', 429, 'TooManyRequests'],
    ['429-bare', 429, 'TooManyRequests'],
    ['412', 412, 'PreconditionFailed'],
    ['500', 500, 'ServiceError'],
    ['502', 502, 'ServiceError'],
    ['503', 503, 'ServiceError'],
    ['504', 504, 'ServiceError'],
    ['roster', 403, 'BotNotInConversationRoster'],
    ['blocked', 403, 'ConversationBlockedByUser'],
    ['disabled', 403, 'BotDisabledByAdmin'],
    ['not-found', 404, 'ConversationNotFound'],
    ['bad-argument', 400, 'BadArgument'],
  ])('of %s answers %i once', async (kind, status, code) => {
    world.teams.addFault({ kind, operation: 'post', seconds: 3 });

    const answer = await post(world, NURSES, say('one'));

    expect(answer).toMatchObject({ status, body: { error: { code } } });
    expect(answer.headers.get('retry-after')).toBe(kind === '429' ? '3' : null);
    expect(world.teams.calls()).toMatchObject([{ operation: 'post', status, error: code, fault: kind }]);
    expect((await post(world, NURSES, say('two'))).status).toBe(201);
  });

  it.each<[Operation, FaultKind, number]>([
    ['post', 'drop', 0],
    ['post', 'drop-after-commit', 1],
  ])('of %s %s loses the answer and writes %i messages', async (operation, kind, written) => {
    world.teams.addFault({ kind, operation });
    const before = world.teams.messages(NURSES).length;

    await expect(post(world, NURSES, say('lost'))).rejects.toThrow();

    expect(world.teams.messages(NURSES)).toHaveLength(before + written);
  });

  it('of one conversation leaves the others alone', async () => {
    world.teams.addFault({ kind: 'roster', conversation: NURSES });

    expect((await post(world, TEAM.id, say('fine'))).status).toBe(201);
    expect((await post(world, NURSES, say('not here'))).status).toBe(403);
  });
});

describe('the control endpoints', () => {
  it.each([
    ['POST', 'press', '{', 400, 'The body must be a JSON object.'],
    ['POST', 'press', '{"user":"U0ANA"}', 400, 'conversation is missing.'],
    ['POST', 'say', '{"user":1}', 400, 'user must be a text.'],
    ['POST', 'faults', '{"kind":"flood"}', 400, 'There is no fault flood'],
    ['POST', 'fly', '{}', 404, 'There is no POST fly here.'],
    ['POST', 'say', '{"user":"U0X","conversation":"personal","text":"x"}', 404, 'There is no user U0X.'],
    ['POST', 'say', `"${'x'.repeat(2 * 1024 * 1024)}"`, 400, 'larger than 2 MiB'],
  ])('%s %s %.40s is told what is wrong', async (method, path, body, status, sentence) => {
    const answer = await control(world, method, path, body);

    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error: expect.stringContaining(sentence) });
  });

  it('play a person from outside', async () => {
    const activityId = await postCard(world);
    const press = { user: ANA, conversation: NURSES, activityId, verb: 'claim' };

    const pressed = await control(world, 'POST', 'press', JSON.stringify(press));
    const listed = await control(world, 'GET', `messages?conversation=${encodeURIComponent(NURSES)}`);
    const people = await control(world, 'GET', 'people');

    expect(pressed).toMatchObject({ status: 200, body: { status: 200, shown: { kind: 'message' } } });
    expect(listed.body).toContainEqual(expect.objectContaining({ activityId }));
    expect(people.body).toContainEqual(
      expect.objectContaining({ id: ANA, practitioner: 'practitioner-ana', personal: anaChat }),
    );
    expect(people.body).toContainEqual(expect.objectContaining({ userRole: 'guest' }));
  });
});

const find = (activityId: string, conversation = NURSES) =>
  world.teams.messages(conversation).find((one) => one.activityId === activityId);

/** Does something in a turn of Ana's chat, with the client that the turn has. */
async function inTurn(act: (context: TurnContext, client: ConnectorClient) => Promise<void>): Promise<void> {
  await world.teams.say({ user: ANA, conversation: 'personal', text: 'hello' });
  const reference = world.bot.references.at(-1) ?? {};
  await world.adapter.continueConversationAsync(SANDBOX_APP.appId, reference, async (context) => {
    const client = context.turnState.get<ConnectorClient>(world.adapter.ConnectorClientKey);
    await act(context, client);
  });
}
