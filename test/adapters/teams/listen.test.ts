import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { teams } from '../../../adapters/teams/index.ts';
import { type App, openApp } from '../../support/contract-app.ts';
import { ANA, BEN } from '../../support/contract-driver.ts';
import { eventually } from '../../support/flow-wait.ts';
import { type Eyes, eyesIn, fromBot } from '../../support/teams-eyes.ts';

const NURSES = '19:registered-nurses@thread.tacv2';

let app: App;
let eyes: Eyes;

beforeEach(async () => {
  app = await openApp(teams);
  eyes = eyesIn(app.sandbox.teams);
});
afterEach(() => app.close());

const say = (conversation: string, text: string, more = {}) =>
  app.sandbox.teams.say({ user: ANA, conversation, text, ...more });
const heard = () => eventually(() => expect(app.desk.said).not.toEqual([]));

describe('a command in Teams', () => {
  it.each([
    ['with a mention', NURSES, '@Switchboard claim a1b2c3', {}],
    ['with a mention and a slash', NURSES, '@Switchboard /claim a1b2c3', {}],
    ['from the menu of slash commands', NURSES, 'claim a1b2c3', { targeted: true }],
    ['in one’s own chat', 'personal', 'claim a1b2c3', {}],
    ['in one’s own chat, with a slash', 'personal', '/claim a1b2c3', {}],
  ])('is the same %s', async (_how, conversation, text, more) => {
    const { status, body } = await say(conversation, text, more);

    await heard();
    const { aadObjectId, tenantId } = eyes.personOf(ANA);
    const by = { platform: 'teams', tenant: tenantId, id: aadObjectId };
    expect([status, body]).toEqual([200, {}]);
    expect(app.desk.said).toEqual([{ word: 'claim', text: 'a1b2c3', by }]);
  });

  it('that does not mention us in a channel never reaches us', async () => {
    const { told } = await say(NURSES, 'claim a1b2c3');

    expect(told).toBe(false);
    expect(app.desk.wasReached).toBe(false);
  });

  it('is done once, however often Teams delivers it', async () => {
    await say(NURSES, '@Switchboard claim a1b2c3');
    await app.sandbox.teams.redeliver();
    await app.sandbox.teams.redeliver();

    await eventually(() => expect(eyes.targeted(ANA)).toEqual(['Done.']));
    expect(app.desk.said).toHaveLength(1);
  });

  it('of one person is not taken for that of another at the same millisecond', async () => {
    const { teams: tenant } = app.sandbox;
    await tenant.deliver({ ...tenant.draft(ANA, 'claim a1'), id: '1795400000000' });
    await tenant.deliver({ ...tenant.draft(BEN, 'claim b2'), id: '1795400000000' });

    await eventually(() => expect(app.desk.said.map(({ text }) => text).sort()).toEqual(['a1', 'b2']));
  });

  it('names a person by a mention, whom Teams names by an id of its own', async () => {
    const { teamsId, aadObjectId } = eyes.personOf(BEN);
    const { teams: tenant } = app.sandbox;
    const mention = {
      type: 'mention',
      text: '<at>Ben Carter</at>',
      mentioned: { id: teamsId, name: 'Ben Carter' },
    };
    const text = 'reroute a1b2c3 <at>Ben Carter</at> because workload';

    await tenant.deliver({
      ...tenant.draft(ANA, text),
      conversation: {
        id: `${NURSES};messageid=1`,
        conversationType: 'channel',
        tenantId: eyes.personOf(ANA).tenantId,
      },
      entities: [mention],
    });

    await heard();
    expect(app.desk.said[0]?.text.replace(/\s+/g, ' ')).toBe(`a1b2c3 user:${aadObjectId} because workload`);
    const { email } = await app.platform.profile({ platform: 'teams', tenant: '', id: aadObjectId });
    expect(email).toBe(eyes.personOf(BEN).email);
  });

  it('names nobody where Teams does not say who was mentioned, and is answered all the same', async () => {
    app.sandbox.teams.addFault({ kind: '500', operation: 'members' });
    const { teams: tenant } = app.sandbox;
    const mention = { type: 'mention', text: '<at>Ben</at>', mentioned: { id: '29:unknown', name: 'Ben' } };

    await tenant.deliver({ ...tenant.draft(ANA, 'reroute a1 <at>Ben</at>'), entities: [mention] });

    await heard();
    expect(app.desk.said[0]?.text).toBe('a1  user:29:unknown');
  });
});

describe('a private answer in Teams', () => {
  it('is a message that nobody else in the channel sees', async () => {
    await say(NURSES, '@Switchboard claim a1b2c3');

    await eventually(() => expect(eyes.targeted(ANA)).toEqual(['Done.']));
    expect(eyes.targeted(BEN)).toEqual([]);
    expect(fromBot(app.sandbox.teams.messages(NURSES))).toEqual([]);
    expect(eyes.ownChat(ANA)).toEqual([]);
  });

  it.each(['roster', '500', '412', 'drop'] as const)(
    'comes to the person’s own chat where the channel does not take it: %s',
    async (kind) => {
      app.sandbox.teams.addFault({ kind, operation: 'post', conversation: NURSES });

      await say(NURSES, '@Switchboard claim a1b2c3');

      await eventually(() => expect(eyes.ownChat(ANA)).toEqual(['Done.']));
      expect(fromBot(app.sandbox.teams.messages(NURSES))).toEqual([]);
    },
  );

  it('that cannot be given at all is logged, without a word of it', async () => {
    app.desk.saying = { kind: 'answer', answer: { kind: 'done', sentence: 'About Nadia Brown.' } };
    app.sandbox.teams.addFault({ kind: '500', operation: '*', times: 5 });

    await say(NURSES, '@Switchboard claim a1b2c3');

    await eventually(() =>
      expect(app.logged.filter((line) => line.includes('did not arrive'))).toHaveLength(2),
    );
    expect(app.logged.join()).not.toContain('Nadia');
  });
});

describe('the app, added by somebody for themselves', () => {
  const home = { sentence: 'You are Ana Silva.', sections: [] };
  const greetings = () =>
    eventually(() => expect(eyes.cardsOf(ANA)).not.toEqual([])).then(() => eyes.cardsOf(ANA));

  it('shows them their Home, once, although Teams says twice that it came', async () => {
    app.desk.saying = { kind: 'listing', listing: home };

    await app.sandbox.teams.install({ user: ANA });
    await app.sandbox.teams.redeliver();
    await app.sandbox.teams.install({ user: ANA });

    expect(JSON.stringify(await greetings())).toContain('You are Ana Silva.');
    await say('personal', 'dance');
    await eventually(() => expect(app.desk.said).toHaveLength(2));
    expect(app.desk.said.map(({ word, by }) => [word, by.id])).toEqual([
      ['home', eyes.personOf(ANA).aadObjectId],
      ['dance', eyes.personOf(ANA).aadObjectId],
    ]);
  });

  it('shows it again where they add it anew', async () => {
    app.desk.saying = { kind: 'listing', listing: home };
    await app.sandbox.teams.install({ user: ANA });
    await greetings();

    await app.sandbox.teams.uninstall({ user: ANA });
    await app.sandbox.teams.install({ user: ANA });

    await eventually(() => expect(eyes.cardsOf(ANA)).toHaveLength(2));
  });

  it('greets nobody where it was added to a team', async () => {
    await app.sandbox.teams.install();
    await app.platform.stop();

    expect(app.desk.wasReached).toBe(false);
    expect(fromBot(app.sandbox.teams.messages())).toEqual([]);
  });
});
