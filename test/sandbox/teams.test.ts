import { type ConversationReference, TeamsInfo, type TurnContext } from 'botbuilder';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { SANDBOX_APP, TEAM, TOKEN_VARIATIONS, type TokenVariation } from '../../sandbox/teams/index.ts';
import {
  ANA,
  answerOf,
  BEN,
  CARD,
  cardMessage,
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
  world.teams.addFault({ kind: 'none' });
  world.bot.heard.length = 0;
  world.bot.answer = answerOf('activity.message', 'Done.');
});

describe('a delivery to a real CloudAdapter', () => {
  // What the SDK answers by itself; a stricter authenticator makes 401 of each 500.
  const refused: Readonly<Record<TokenVariation, 200 | 401 | 500>> = {
    valid: 200,
    'wrong-audience': 401,
    'no-audience': 401,
    'wrong-issuer': 401,
    'no-issuer': 401,
    expired: 401,
    'expired-within-skew': 200,
    'no-expiry': 200,
    'not-yet-valid': 500,
    'alg-none': 500,
    'hs256-public-key': 500,
    'bad-signature': 500,
    'changed-payload': 500,
    'unknown-kid': 401,
    'no-kid': 401,
    'other-channel-key': 401,
    'unendorsed-key': 200,
    'no-service-url': 401,
    'other-service-url': 401,
    'service-url-slash': 401,
    'own-app': 200,
    'other-app': 401,
  };

  it.each(TOKEN_VARIATIONS)(
    'with the token "%s" is taken or refused as the SDK does it',
    async (variation) => {
      const activity = world.teams.draft(ANA, '');

      const reply = await world.teams.deliver(activity, `Bearer ${world.teams.mint(variation)}`);

      expect(reply.status).toBe(refused[variation]);
      expect(world.bot.heard).toHaveLength(refused[variation] === 200 ? 1 : 0);
    },
  );

  it.each([null, 'Bearer garbage', 'Basic YTpi'])('with the header %s is refused', async (header) => {
    const reply = await world.teams.deliver(world.teams.draft(ANA, ''), header);

    expect(reply.status).toBe(401);
    expect(world.bot.heard).toHaveLength(0);
  });

  it('can be repeated byte for byte', async () => {
    await world.teams.say({ user: ANA, conversation: 'personal', text: 'twice' });
    await world.teams.redeliver();

    expect(new Set(world.bot.heard.map(({ id }) => id)).size).toBe(1);
    expect(world.bot.heard).toHaveLength(2);
  });
});

describe('what a person writes', () => {
  it('comes from a channel with the mention and the thread, and the answer goes into that thread', async () => {
    const said = await world.teams.say({ user: ANA, conversation: NURSES, text: '@Switchboard help me' });

    const [activity] = world.bot.heard;
    expect(said).toMatchObject({ status: 200, told: true });
    expect(activity?.conversation.id).toBe(`${NURSES};messageid=${said.activityId}`);
    expect(activity?.channelData).toMatchObject({
      tenant: { id: SANDBOX_APP.tenantId },
      channel: { id: NURSES },
    });
    const answer = world.teams.messages(NURSES).at(-1);
    expect(answer).toMatchObject({ text: 'You said help me', root: said.activityId });
  });

  it('is not heard in a channel when it does not mention the bot', async () => {
    const said = await world.teams.say({ user: ANA, conversation: NURSES, text: 'lunch?' });

    expect(said.told).toBe(false);
    expect(world.bot.heard).toHaveLength(0);
    expect(world.teams.messages(NURSES).at(-1)?.text).toBe('lunch?');
  });

  it('is for the bot alone when it is a slash command', async () => {
    await world.teams.say({ user: ANA, conversation: NURSES, text: 'list', targeted: true });

    expect(world.bot.heard[0]?.recipient).toMatchObject({ isTargeted: true });
    expect(world.teams.messages(NURSES).some(({ text }) => text === 'list')).toBe(false);
    expect(world.teams.targeted(ANA).map(({ text }) => text)).toContain('list');
    expect(world.teams.targeted(BEN)).toEqual([]);
  });

  it('comes from another tenant when its writer belongs there', async () => {
    await world.teams.say({ user: 'U0STRANGER', conversation: NURSES, text: '@Switchboard hello' });

    expect(world.bot.heard[0]?.conversation.tenantId).not.toBe(SANDBOX_APP.tenantId);
  });
});

describe('a press', () => {
  const press = (activityId: string, verb: string, more: object = {}) =>
    world.teams.press({ user: ANA, conversation: NURSES, activityId, verb, ...more });

  it('arrives as an invoke with the data of the action and the inputs around it', async () => {
    const activityId = await postCard(world);

    await press(activityId, 'reroute', { data: { target: 'pool:cardiology', note: 'chest pain' } });

    expect(world.bot.heard[0]).toMatchObject({
      type: 'invoke',
      name: 'adaptiveCard/action',
      replyToId: activityId,
      conversation: { id: `${NURSES};messageid=${activityId}` },
      value: {
        trigger: 'manual',
        action: { verb: 'reroute', data: { task: 't1', target: 'pool:cardiology', note: 'chest pain' } },
      },
    });
  });

  it('shows the returned card to the presser alone, until the message is updated', async () => {
    const activityId = await postCard(world);
    world.bot.answer = answerOf('card.adaptive', plainCard('Yours'));

    const { shown } = await press(activityId, 'claim');

    const cardOf = (user?: string) =>
      world.teams.messages(NURSES, user).find((one) => one.activityId === activityId)?.attachments[0]
        ?.content;
    expect(shown).toEqual({ kind: 'card', card: plainCard('Yours') });
    expect(cardOf(ANA)).toEqual(plainCard('Yours'));
    expect(cardOf(BEN)).toEqual(CARD);
    await proactively(async (context) => {
      await context.updateActivity({ ...cardMessage(plainCard('Taken')), id: activityId });
    });
    expect(cardOf(ANA)).toEqual(plainCard('Taken'));
  });

  it.each([
    [answerOf('activity.message', 'Ana has it.'), { kind: 'message', text: 'Ana has it.' }],
    [
      answerOf('error', { code: 'Nope', message: 'Not now.' }, 500),
      { kind: 'error', code: 'Nope', message: 'Not now.' },
    ],
    [answerOf('card.adaptive', { type: 'AdaptiveCard', version: '1.6' }), { kind: 'error', code: 'BadCard' }],
  ])('shows what the answer %j says', async (answer, expected) => {
    const activityId = await postCard(world);
    world.bot.answer = answer;

    const { shown } = await press(activityId, 'claim');

    expect(shown).toMatchObject(expected);
  });

  it('on the Submit that an old client falls back to arrives as a message with a value', async () => {
    const activityId = await postCard(world);

    await press(activityId, 'claim', { fallback: true });

    expect(world.bot.heard[0]).toMatchObject({
      type: 'message',
      replyToId: activityId,
      value: { verb: 'claim', task: 't1' },
    });
  });

  it.each([
    ['vanish', {}, 'The card has no vanish'],
    ['reroute', {}, 'Choose where it goes'],
    ['reroute', { target: 'person:nobody' }, 'offers no choice person:nobody'],
    ['reroute', { target: 'pool:cardiology', note: 'x'.repeat(21) }, 'takes 20 characters'],
    ['claim', { colour: 'red' }, 'no input colour'],
  ])('of %s with %j is refused as a client would', async (verb, data, sentence) => {
    const activityId = await postCard(world);

    await expect(press(activityId, verb, { data })).rejects.toThrow(sentence);
    expect(world.bot.heard).toHaveLength(0);
  });

  it('on a button that is gone reaches the application all the same when it is stale', async () => {
    const activityId = await postCard(world);
    await proactively(async (context) => {
      await context.deleteActivity(activityId);
    });

    await expect(press(activityId, 'claim')).rejects.toThrow('sees no message');
    await press(activityId, 'claim', { stale: true });

    expect(world.bot.heard.at(-1)?.value.action).toMatchObject({ verb: 'claim', data: { task: 't1' } });
  });

  it('may pick what a search offered', async () => {
    const activityId = await postCard(world);

    const { results } = await world.teams.search({
      user: ANA,
      conversation: NURSES,
      dataset: 'targets',
      text: 'gra',
    });
    await press(activityId, 'reroute', { data: { target: 'person:grace' } });

    expect(results).toEqual([{ title: 'Grace Osei', value: 'person:grace' }]);
    expect(world.bot.heard.at(-1)?.value.action.data.target).toBe('person:grace');
  });

  it('opens a dialog, whose submission comes back', async () => {
    const activityId = await postCard(world);

    const { shown } = await press(activityId, 'more');
    const submitted = await world.teams.submit({ user: ANA });

    expect(shown).toMatchObject({ kind: 'open', title: 'More' });
    expect(submitted.shown).toEqual({ kind: 'message', text: '{"save":true}' });
    expect(world.teams.dialogs(ANA)).toEqual([]);
  });

  it('happens by itself for the people whom the card refreshes for', async () => {
    const ana = world.teams.people().find(({ id }) => id === ANA);
    const action = { type: 'Action.Execute', title: 'Refresh', verb: 'refresh' };
    const refresh = { action, userIds: [ana?.teamsId] };
    const activityId = await postCard(world, { ...plainCard('Blood pressure'), refresh });

    await world.teams.refresh({ user: ANA, conversation: NURSES, activityId });

    expect(world.bot.heard[0]?.value).toMatchObject({ trigger: 'automatic', action: { verb: 'refresh' } });
    await expect(world.teams.refresh({ user: BEN, conversation: NURSES, activityId })).rejects.toThrow(
      'U0BEN',
    );
  });
});

describe('an installed bot', () => {
  it('is told of its team, and can post there from then on', async () => {
    await world.teams.uninstall();
    await expect(postCard(world)).resolves.toBeUndefined();

    const { status, replies } = await world.teams.install();

    expect([status, replies.length]).toEqual([200, 2]);
    expect(world.bot.heard.slice(-2).map(({ type }) => type)).toEqual([
      'conversationUpdate',
      'installationUpdate',
    ]);
    expect(world.bot.heard.at(-1)).toMatchObject({ action: 'add', channelData: { team: { id: TEAM.id } } });
    expect(await postCard(world)).toMatch(/^\d+$/);
  });

  it('comes to one person when it is installed for that one', async () => {
    await world.teams.install({ user: BEN });

    expect(world.bot.heard.at(-1)?.conversation).toMatchObject({ conversationType: 'personal' });
  });

  it('reads the roster, a member and the channels', async () => {
    await world.teams.install();
    const [members, ana, channels, details] = await proactively(async (context) => {
      const page = await TeamsInfo.getPagedMembers(context, 50);
      const person = world.teams.people().find(({ id }) => id === ANA);
      return [
        page,
        await TeamsInfo.getMember(context, person?.aadObjectId ?? ''),
        await TeamsInfo.getTeamChannels(context, TEAM.id),
        await TeamsInfo.getTeamDetails(context, TEAM.id),
      ] as const;
    });

    expect(members.members).toHaveLength(50);
    expect(members.continuationToken).toBe('50');
    expect(ana).toMatchObject({ email: 'ana.silva@riverside.example', userRole: 'user' });
    expect(channels.map(({ id }) => id)).toContain(NURSES);
    expect(details).toMatchObject({ name: 'Riverside Clinic', aadGroupId: TEAM.aadGroupId });
  });
});

/** Does something in a turn that nobody's message started. */
async function proactively<Result>(act: (context: TurnContext) => Promise<Result>): Promise<Result> {
  const reference: Partial<ConversationReference> = {
    channelId: 'msteams',
    serviceUrl: `${world.url}/teams/connector/`,
    conversation: {
      id: NURSES,
      isGroup: true,
      conversationType: 'channel',
      name: '',
      tenantId: SANDBOX_APP.tenantId,
    },
  };
  let result: Result | undefined;
  await world.adapter.continueConversationAsync(SANDBOX_APP.appId, reference, async (context) => {
    result = await act(context);
  });
  return result as Result;
}
