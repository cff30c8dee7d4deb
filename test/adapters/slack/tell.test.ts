import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { toNote } from '../../../adapters/slack/blocks.ts';
import { replace, tell } from '../../../adapters/slack/tell.ts';
import { capturedLog, closedNetwork, SLACK, slackApi } from '../../support/unit-slack.ts';

closedNetwork();

const HOOK = 'https://hooks.slack.example';
const SENTENCE = 'Ana Silva already has this Task.';
const ALL = { user: 'U1', channel: 'C1', responseUrl: `${HOOK}/actions/1` };

/** Expects one call, and gives its body. */
function expectCall(base: string, path: string, status: number, answer: object): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  nock(base)
    .post(path)
    .reply(async (request: Request) => {
      resolve(await request.text());
      return [status, answer];
    });
  return promise;
}

const ephemeral = (answer: object) => expectCall(SLACK, '/api/chat.postEphemeral', 200, answer);
const direct = (answer: object) => expectCall(SLACK, '/api/chat.postMessage', 200, answer);

describe('telling one person something', () => {
  it('answers the interaction itself, to that person alone, and leaves the card as it is', async () => {
    const sent = expectCall(HOOK, '/actions/1', 200, {});

    await tell(slackApi().client, ALL, toNote(SENTENCE), capturedLog().log);

    expect(JSON.parse(await sent)).toMatchObject({
      response_type: 'ephemeral',
      replace_original: false,
      text: SENTENCE,
    });
  });

  it('says it in the channel where the interaction’s address is used up', async () => {
    nock(HOOK).post('/actions/1').reply(404, 'used_url');
    const sent = ephemeral({ ok: true });

    await tell(slackApi().client, ALL, toNote(SENTENCE), capturedLog().log);

    const said = new URLSearchParams(await sent);
    expect([said.get('channel'), said.get('user'), said.get('text')]).toEqual(['C1', 'U1', SENTENCE]);
  });

  it('writes a direct message where we are not in that channel', async () => {
    nock(HOOK).post('/actions/1').replyWithError(new Error('reset'));
    ephemeral({ ok: false, error: 'not_in_channel' });
    const sent = direct({ ok: true });

    await tell(slackApi().client, ALL, toNote(SENTENCE), capturedLog().log);

    expect(new URLSearchParams(await sent).get('channel')).toBe('U1');
  });

  it('begins with the direct message where nothing else is known', async () => {
    const sent = direct({ ok: true });
    const ear = { user: 'U1', channel: undefined, responseUrl: undefined };

    await tell(slackApi().client, ear, toNote(SENTENCE), capturedLog().log);

    expect(new URLSearchParams(await sent).get('text')).toBe(SENTENCE);
  });

  it('throws nothing where nobody could be told, and logs each try without a word of it', async () => {
    nock(HOOK).post('/actions/1').reply(500, 'x');
    ephemeral({ ok: false, error: `<html>${SENTENCE}</html>` });
    direct({ ok: false, error: 'invalid_auth' });
    const { log, lines } = capturedLog();

    await tell(slackApi().client, ALL, toNote(SENTENCE), log);

    expect(lines).toHaveLength(3);
    expect(lines.join()).not.toContain('Ana Silva');
  });

  it('throws nothing for a message that Slack would refuse', async () => {
    const { log, lines } = capturedLog();

    await tell(slackApi().client, ALL, { text: '', blocks: [] }, log);

    expect(lines).not.toEqual([]);
  });
});

describe('putting another content in the place of what was pressed', () => {
  it('replaces it, for that person alone', async () => {
    const sent = expectCall(HOOK, '/actions/1', 200, {});

    await replace(slackApi().client, ALL, toNote(SENTENCE), capturedLog().log);

    expect(JSON.parse(await sent)).toMatchObject({
      response_type: 'ephemeral',
      replace_original: true,
      text: SENTENCE,
    });
  });

  it('tells it anew where it cannot be replaced any more', async () => {
    nock(HOOK).post('/actions/1').reply(404, 'expired_url');
    const sent = ephemeral({ ok: true });

    await replace(slackApi().client, ALL, toNote(SENTENCE), capturedLog().log);

    expect(new URLSearchParams(await sent).get('text')).toBe(SENTENCE);
  });
});
