import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PREVIEW, TURN } from '../../../adapters/teams/actions.ts';
import { teams } from '../../../adapters/teams/index.ts';
import { type App, openApp } from '../../support/contract-app.ts';
import { KEY, WAITING } from '../../support/contract-cards.ts';
import { ANA, BEN } from '../../support/contract-driver.ts';
import { row } from '../../support/contract-listings.ts';
import { eventually } from '../../support/flow-wait.ts';
import { TASK_ID } from '../../support/pure-clinic.ts';
import { type Eyes, eyesIn, fromBot } from '../../support/teams-eyes.ts';

const NURSES = '19:registered-nurses@thread.tacv2';
const SURFACE = { platform: 'teams', kind: 'channel', id: NURSES } as const;

let app: App;
let eyes: Eyes;

beforeEach(async () => {
  app = await openApp(teams);
  eyes = eyesIn(app.sandbox.teams);
});
afterEach(() => app.close());

const say = (conversation: string, text: string, more = {}) =>
  app.sandbox.teams.say({ user: ANA, conversation, text, ...more });

describe('a press in Teams', () => {
  const card = async () => {
    const { conversation, activity } = JSON.parse(await app.platform.post(SURFACE, WAITING, KEY)) as Record<
      string,
      string
    >;
    return { conversation: conversation ?? '', activityId: activity ?? '' };
  };

  it('from a client that knows only the older way is the same command, answered in private', async () => {
    const at = await card();
    app.desk.answer = { kind: 'refused', sentence: 'Ben has it.' };

    await app.sandbox.teams.press({ user: ANA, ...at, verb: 'claim', fallback: true });

    await eventually(() => expect(eyes.targeted(ANA)).toEqual(['Ben has it.']));
    expect(app.desk.requests).toMatchObject([{ verb: 'claim', task: TASK_ID, inputs: {} }]);
    expect(eyes.targeted(BEN)).toEqual([]);
  });

  it('of a button that is not known any more is answered with a sentence', async () => {
    const at = await card();

    const { status, shown } = await app.sandbox.teams.press({
      user: ANA,
      ...at,
      verb: 'triage',
      stale: true,
    });

    expect(status).toBe(200);
    expect(shown).toMatchObject({
      kind: 'error',
      message: 'This button is not known any more; nothing was done.',
    });
    expect(app.desk.requests).toEqual([]);
  });

  it('that leads to a listing shows it in a message of one’s own, from any client', async () => {
    const at = await card();
    app.desk.listing = { sentence: 'It was claimed twice.', sections: [] };

    const { shown } = await app.sandbox.teams.press({ user: ANA, ...at, verb: 'history' });
    await eventually(() => expect(eyes.cardsOf(ANA)).toHaveLength(1));
    await app.sandbox.teams.press({ user: ANA, ...at, verb: 'history', fallback: true });
    await eventually(() => expect(eyes.cardsOf(ANA)).toHaveLength(2));

    expect(shown).toEqual({ kind: 'message', text: 'It follows in a message that only you see.' });
    for (const one of eyes.cardsOf(ANA)) expect(JSON.stringify(one)).toContain('It was claimed twice.');
    expect(eyes.cardsOf(BEN)).toEqual([]);
    expect(fromBot(app.sandbox.teams.messages(NURSES))).toHaveLength(1);
  });

  it('that turns a listing in an older client brings the other rows in a new message', async () => {
    const turn = { label: 'More', question: { query: 'tasks', words: '', page: 2 } };
    app.desk.saying = { kind: 'listing', listing: { sentence: 'The first.', sections: [], turn } };
    app.desk.otherPage = { sentence: 'The last.', sections: [] };
    await say(NURSES, '@Switchboard tasks');
    const at = await eventually(() => eyes.newestCard(ANA));

    await app.sandbox.teams.press({ user: ANA, ...at, verb: TURN, fallback: true });

    await eventually(() => expect(eyes.cardsOf(ANA)).toHaveLength(2));
    expect(eyes.cardsOf(ANA).map((one) => JSON.stringify(one).includes('The last.'))).toEqual([false, true]);
  });

  it('in a listing keeps its rows where the record could not be read again', async () => {
    const listing = { sentence: 'One waits.', sections: [{ rows: [row(TASK_ID, 'claim')] }] };
    app.desk.saying = { kind: 'listing', listing };
    await say(NURSES, '@Switchboard tasks');
    const at = await eventually(() => eyes.newestCard(ANA));
    app.desk.answer = { kind: 'refused', sentence: 'The record is not reachable just now.' };
    app.desk.listing = { sentence: 'The record is not reachable just now.', sections: [] };

    const { shown } = await app.sandbox.teams.press({ user: ANA, ...at, verb: 'claim' });

    expect(shown).toEqual({ kind: 'message', text: 'The record is not reachable just now.' });
    expect(JSON.stringify(eyes.newestCard(ANA).attachments)).toContain('One waits.');
  });

  it('in what “next” took asks again for what one has: asking again would take another', async () => {
    const listing = { sentence: 'It is yours.', sections: [{ rows: [row(TASK_ID, 'claim')] }] };
    app.desk.saying = { kind: 'listing', listing };
    await say(NURSES, '@Switchboard next');

    await app.sandbox.teams.press({
      user: ANA,
      ...(await eventually(() => eyes.newestCard(ANA))),
      verb: 'claim',
    });

    expect(app.desk.questions.map(({ question }) => question)).toEqual([
      { query: 'mine', words: '', page: 1 },
    ]);
    expect(app.desk.said).toHaveLength(1);
  });

  it('of a form that stands alone leaves the answer in its place; what is refused leaves the form', async () => {
    const form = app.desk.form('release', TASK_ID);
    if (form === undefined) throw new Error('There is no dialog for release.');
    app.desk.saying = { kind: 'dialog', form };
    await say(NURSES, '@Switchboard release a1b2c3');
    const at = await eventually(() => eyes.newestCard(ANA));
    const press = { user: ANA, ...at, verb: 'release', data: { 'release.reason': 'workload' } };
    app.desk.answer = { kind: 'refused', sentence: 'It is not yours.' };
    const refused = await app.sandbox.teams.press(press);
    app.desk.answer = { kind: 'done', sentence: 'It is back.' };

    const done = await app.sandbox.teams.press(press);

    expect(refused.shown).toEqual({ kind: 'message', text: 'It is not yours.' });
    expect(done.shown).toMatchObject({ kind: 'card', card: { body: [{ text: 'It is back.' }] } });
    expect(JSON.stringify(eyes.newestCard(ANA).attachments)).not.toContain('Input.');
  });

  it('for a preview says so where there is nothing to say, and asks for a target where there is none', async () => {
    const at = await card();
    const preview = { user: ANA, ...at, verb: PREVIEW, stale: true };

    const without = await app.sandbox.teams.press({ ...preview, data: { of: 'reroute' } });
    const nothing = await app.sandbox.teams.press({
      ...preview,
      data: { of: 'reroute', 'reroute.target': 'pool:cardiology' },
    });

    expect(without.shown).toMatchObject({ text: 'Choose first where it should go.' });
    expect(nothing.shown).toMatchObject({
      text: expect.stringContaining('There is nothing to say against this'),
    });
    expect(app.desk.previewed).toMatchObject([{ taskId: TASK_ID, target: 'pool:cardiology' }]);
  });

  it('that Teams delivers again has the answer that it had, and is not done again', async () => {
    const at = await card();
    const { body } = await app.sandbox.teams.press({ user: ANA, ...at, verb: 'claim' });
    app.desk.answer = { kind: 'refused', sentence: 'You have it already.' };

    const again = await app.sandbox.teams.redeliver();

    expect(again.body).toEqual(body);
    expect(app.desk.requests).toHaveLength(1);
  });

  it('finds by typing the choices for which a form has no room', async () => {
    const { teams: tenant } = app.sandbox;
    const search = (dataset: string, queryText: string) =>
      tenant.deliver({
        ...tenant.draft(ANA, ''),
        type: 'invoke',
        name: 'application/search',
        value: { kind: 'search', dataset, queryText },
      });

    const found = await search('reroute.reason', 'SHIFT');
    const strange = await search('reroute.constructor', '');
    const unknown = await search('dance.reason', '');

    expect(found.body).toMatchObject({
      value: { results: [{ title: 'End of shift', value: 'end-of-shift' }] },
    });
    expect([strange, unknown].map(({ body }) => body)).toMatchObject([
      { value: { results: [] } },
      { value: { results: [] } },
    ]);
    expect(app.desk.searched).toEqual([]);
  });

  it('is answered where the ledger is away: what it would have learned is not lost on the person', async () => {
    const at = await card();
    app.memory.set = async () => Promise.reject(new Error('the ledger is away'));

    const { status, shown } = await app.sandbox.teams.press({ user: BEN, ...at, verb: 'claim' });

    expect([status, shown]).toEqual([200, { kind: 'message', text: 'Done.' }]);
    expect(app.logged.join()).toContain('could not be remembered');
  });
});
