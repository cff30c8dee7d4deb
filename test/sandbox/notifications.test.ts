import type { KnownBlock } from '@slack/types';
import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { addressesOf, SANDBOX_APP } from '../../sandbox/teams/index.ts';
import { clientOptions } from './slack-support.ts';

const NURSES = 'C0NURSES';
const TEAMS_NURSES = '19:registered-nurses@thread.tacv2';
const METADATA = { event_type: 'switchboard_card', event_payload: { task: 't1', card: 'c1' } };

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({ seed: false });
});
afterEach(() => sandbox.close());

const kinds = (person: string) =>
  sandbox.notifications().flatMap((one) => (one.person === person ? [one.kind] : []));
const section = (text: string): KnownBlock => ({ type: 'section', text: { type: 'mrkdwn', text } });

describe('a notification from Slack', () => {
  const web = () => new WebClient('xoxb-sandbox', clientOptions(sandbox.url));
  const post = (channel: string, text: string, blocks: KnownBlock[] = [section('x')]) =>
    web().chat.postMessage({ channel, text, blocks, metadata: METADATA });

  it('comes of every message in somebody’s direct messages, with its Task and its time', async () => {
    const { ts } = await post('U0ANA', 'A Task waits.');

    expect(sandbox.notifications()).toEqual([
      { person: 'U0ANA', platform: 'slack', kind: 'direct', task: 't1', at: new Date(Number(ts) * 1000) },
    ]);
  });

  it.each([
    ['<!channel> in its text', '<!channel> Look', 'x'],
    ['<!here> in a block', 'Look', '<!here>'],
    ['<!everyone> with a label', 'Look', '<!everyone|everyone>'],
  ])('goes to everybody in the channel for %s, once', async (_what, text, block) => {
    await post(NURSES, text, [section(block)]);

    const people = sandbox.slack.people().map(({ id }) => id);
    expect(sandbox.notifications().map(({ person }) => person)).toEqual(people);
    expect(new Set(sandbox.notifications().map(({ kind }) => kind))).toEqual(new Set(['broadcast']));
  });

  it('goes to whoever is named, and counts once where everybody is called too', async () => {
    await post(NURSES, 'For <@U0ANA> and <@U0ANA|Ana>');
    await post(NURSES, '<!here> <@U0BEN>');

    expect(kinds('U0ANA')).toEqual(['mention', 'broadcast']);
    expect(kinds('U0BEN')).toEqual(['mention']);
  });

  it('does not come of an ordinary message, of what only looks like a call, or of what a person writes', async () => {
    await post(NURSES, 'A Task waits.', [section('&lt;!channel&gt;')]);
    await post(NURSES, 'x', [{ type: 'header', text: { type: 'plain_text', text: '<!channel>' } }]);
    sandbox.slack.say({ user: 'U0BEN', channel: NURSES, text: '<!channel> <@U0ANA>' });
    await web().chat.postEphemeral({ channel: NURSES, user: 'U0ANA', text: '<@U0ANA> Done.' });

    expect(sandbox.notifications()).toEqual([]);
  });

  it('does not come of a change, and a change takes none back', async () => {
    const { ts = '' } = await post(NURSES, '<!here> Look');
    const { ts: quiet = '' } = await post(NURSES, 'Look');

    await web().chat.update({ channel: NURSES, ts, text: 'Seen.' });
    await web().chat.update({ channel: NURSES, ts: quiet, text: '<!here> <@U0ANA>' });
    sandbox.slack.deleteMessage(NURSES, ts);

    expect(kinds('U0ANA')).toEqual(['broadcast']);
  });
});

describe('a notification from Teams', () => {
  const call = async (method: string, path: string, body: object): Promise<{ id: string }> => {
    const login = await fetch(addressesOf(sandbox.url).token, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: SANDBOX_APP.appId,
        client_secret: SANDBOX_APP.appPassword,
        scope: 'https://api.botframework.com/.default',
      }),
    });
    const { access_token } = await login.json();
    const answer = await fetch(`${addressesOf(sandbox.url).serviceUrl}v3/${path}`, {
      method,
      headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'message', ...body }),
    });
    if (!answer.ok) throw new Error(`The connector answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  const at = (conversation: string) => `conversations/${encodeURIComponent(conversation)}/activities`;
  const mention = (id: string) => ({
    text: '<at>x</at> Look',
    entities: [{ type: 'mention', text: '<at>x</at>', mentioned: { id, name: 'x' } }],
  });
  const personOf = (id: string) => {
    const person = sandbox.teams.people().find((one) => one.id === id);
    if (person === undefined) throw new Error(`There is no ${id}.`);
    return person;
  };
  const cardWith = (...data: object[]) => ({
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          type: 'AdaptiveCard',
          version: '1.5',
          body: [
            {
              type: 'ActionSet',
              actions: data.map((one) => ({ type: 'Action.Execute', title: 'Go', verb: 'go', data: one })),
            },
          ],
        },
      },
    ],
  });

  it('goes to everybody in the channel that is mentioned, once', async () => {
    await call('POST', at(TEAMS_NURSES), mention(TEAMS_NURSES));

    const people = sandbox.notifications().map(({ person }) => person);
    expect(people).toEqual(sandbox.teams.members(TEAMS_NURSES));
    expect(people).toContain('U0ANA');
    expect(people).not.toContain('U0STRANGER');
  });

  it('goes to whoever is mentioned, and to whoever is written to', async () => {
    await sandbox.teams.say({ user: 'U0ANA', conversation: 'personal', text: 'hi' });

    await call('POST', at(TEAMS_NURSES), mention(personOf('U0BEN').teamsId));
    await call('POST', at(personOf('U0ANA').personal), { text: 'Look' });

    expect(sandbox.notifications()).toMatchObject([
      { person: 'U0BEN', platform: 'teams', kind: 'mention' },
      { person: 'U0ANA', platform: 'teams', kind: 'direct' },
    ]);
  });

  it('does not come of a change, of an answer that one person sees, or of what somebody writes themselves', async () => {
    const { id } = await call('POST', at(TEAMS_NURSES), { text: 'Look' });
    await call('PUT', `${at(TEAMS_NURSES)}/${id}`, mention(TEAMS_NURSES));
    await call('POST', `${at(TEAMS_NURSES)}?isTargetedActivity=true`, {
      text: 'Done.',
      recipient: { id: personOf('U0ANA').teamsId, isTargeted: true },
    });
    await sandbox.teams.say({ user: 'U0ANA', conversation: 'personal', text: 'hi' });

    expect(sandbox.notifications()).toEqual([]);
  });

  it.each<[string, object[], string | undefined]>([
    ['the Task that its card is about', [{ task: 't1' }, { task: 't1' }], 't1'],
    ['no Task of a card about several', [{ task: 't1' }, { task: 't2' }], undefined],
    ['no Task of a card of rows', [{ task: 't1', among: 'rows' }], undefined],
  ])('names %s, which follows the line that announced it', async (_what, data, task) => {
    const { id } = await call('POST', at(TEAMS_NURSES), mention(TEAMS_NURSES));
    await call('PUT', `${at(TEAMS_NURSES)}/${id}`, cardWith(...data));
    await call('PUT', `${at(TEAMS_NURSES)}/${id}`, cardWith({ task: 'another' }));

    expect(sandbox.notifications()[0]?.task).toBe(task);
    expect(kinds('U0ANA')).toEqual(['broadcast']);
  });
});
