import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { teams } from '../../../adapters/teams/index.ts';
import { TAKEN_UP } from '../../../src/index.ts';
import { type App, openApp, openReplica } from '../../support/contract-app.ts';
import { KEY, WAITING } from '../../support/contract-cards.ts';
import { ANA } from '../../support/contract-driver.ts';
import { NURSES } from '../../support/flow-teams.ts';
import { eventually } from '../../support/flow-wait.ts';

describe('what Teams delivers again to another process', () => {
  let app: App;
  let other: Pick<App, 'desk' | 'close'>;

  beforeEach(async () => {
    app = await openApp(teams);
    await app.sandbox.teams.install();
    app.desk.answer = { kind: 'done', sentence: 'Done.' };
  });
  afterEach(async () => {
    await other?.close();
    await app.close();
  });

  async function redelivered() {
    other = await openReplica(teams, app);
    const reply = await app.sandbox.teams.redeliver();
    await other.close();
    return reply;
  }

  async function card() {
    const surface = { platform: 'teams', kind: 'channel', id: NURSES.teams } as const;
    await app.platform.post(surface, WAITING, KEY);
    const posted = app.sandbox.teams.messages(NURSES.teams).at(-1);
    if (posted === undefined) throw new Error('The card was not posted.');
    return { conversation: posted.conversation, activityId: posted.activityId };
  }

  it('is not done, and answered by saying so: a press', async () => {
    const at = await card();
    await app.sandbox.teams.press({ user: ANA, ...at, verb: 'claim' });

    const reply = await redelivered();

    expect(app.desk.requests).toHaveLength(1);
    expect(other.desk.requests).toEqual([]);
    expect(reply.body).toMatchObject({ statusCode: 200, value: TAKEN_UP });
  });

  it('is not done, and answered with silence: what was written to us', async () => {
    const personal = app.sandbox.teams.people().find(({ id }) => id === ANA)?.personal ?? '';
    await app.sandbox.teams.say({ user: ANA, conversation: personal, text: 'note a1b2c3 Call back.' });
    const told = () => app.sandbox.teams.messages(personal, ANA).length;
    await eventually(() => expect(told()).toBe(2));

    await redelivered();

    expect(other.desk.said).toEqual([]);
    expect(told()).toBe(2);
  });

  it('is answered all the same where it only asks: a type-ahead', async () => {
    const { teams: tenant } = app.sandbox;
    const first = await tenant.deliver({
      ...tenant.draft(ANA, ''),
      type: 'invoke',
      name: 'application/search',
      value: { kind: 'search', dataset: 'reroute.reason', queryText: 'SHIFT' },
    });

    const again = await redelivered();

    expect(again.body).toEqual(first.body);
  });
});
