import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/clinic.ts';
import { wordsOf } from '../support/flow-card.ts';
import {
  CARDIO,
  DIET,
  NURSES,
  OFFERED,
  openTeamsClinic,
  PHARMACY,
  type TeamsClinic,
} from '../support/flow-teams.ts';
import { teamsButtonsOf, teamsWordsOf } from '../support/flow-teams-card.ts';

const ANA = 'U0ANA';
const MINUTE_MS = 60_000;

describe('a Switchboard that was taken out of its team', () => {
  let clinic: TeamsClinic;
  /** How far the application's clock is ahead, in milliseconds. */
  let ahead = 0;
  beforeAll(async () => {
    clinic = await openTeamsClinic({ sweepSeconds: 1, now: () => Date.now() + ahead });
  });
  beforeEach(() => clinic.sandbox.teams.addFault({ kind: 'none' }));
  afterAll(() => clinic?.close());

  const lost = async (): Promise<{ surface: string; since: string; why: string }[]> => {
    const response = await fetch(`${clinic.url}/readyz`);
    expect(response.status).toBe(200);
    return (await response.json()).lostSurfaces;
  };
  const saidOf = (channel: string, words: string) =>
    clinic.logged.filter((line) => line.includes(`teams:channel:${channel}`) && line.includes(words));
  const refused = () => clinic.sandbox.teams.calls().filter(({ status }) => status === 403);
  const claimInSlack = async (taskId: string) => {
    await clinic.pressShown(ANA, await clinic.card(taskId, NURSES.slack), 'claim');
    await eventually(async () =>
      expect(wordsOf(await clinic.card(taskId, NURSES.slack))).toContain('✅ *Ana Silva* claimed this'),
    );
  };

  it('says so once, works on in Slack, leaves Teams alone, and comes back after it is added again', async () => {
    const { teams } = clinic.sandbox;
    const before = await clinic.patientWrites();
    await clinic.teams.card(before, NURSES.teams);
    await eventually(async () => expect(await lost()).toEqual([]));
    await teams.uninstall();
    teams.clearCalls();

    await claimInSlack(before);
    const during = await Promise.all([1, 2, 3, 4, 5].map(() => clinic.patientWrites()));
    for (const taskId of during) await clinic.card(taskId, NURSES.slack);
    for (const taskId of during) await claimInSlack(taskId);
    const waiting = await clinic.patientWrites();
    await clinic.card(waiting, NURSES.slack);

    await eventually(async () => expect(await lost()).toHaveLength(1));
    const [{ surface, since, why } = { surface: '', since: '', why: '' }] = await lost();
    expect(surface).toBe(`teams:channel:${NURSES.teams}`);
    expect(why).toBe('the connector answered 403 BotNotInConversationRoster');
    expect(Number.isNaN(Date.parse(since))).toBe(false);
    expect(saidOf(NURSES.teams, 'this surface sent us away')).toHaveLength(1);
    // Four Tasks are looked at side by side; what is refused is left alone for 5 s, then for twice as long.
    expect(refused().length).toBeLessThanOrEqual(12);
    expect(clinic.teams.cards(waiting)).toEqual([]);

    teams.clearCalls();
    ahead += 6 * MINUTE_MS;
    for (const taskId of await Promise.all([1, 2, 3, 4, 5].map(() => clinic.patientWrites())))
      await claimInSlack(taskId);
    await eventually(() => expect(refused().length).toBeGreaterThan(0));
    expect(refused().length).toBeLessThanOrEqual(12);
    expect((await lost()).map((one) => one.since)).toEqual([since]);
    expect(saidOf(NURSES.teams, 'this surface sent us away')).toHaveLength(1);

    await teams.install();
    ahead += 11 * MINUTE_MS;

    expect(teamsButtonsOf(await clinic.teams.card(waiting, NURSES.teams))).toEqual(OFFERED.waiting);
    await eventually(async () =>
      expect(teamsWordsOf(await clinic.teams.card(before, NURSES.teams))).toContain('✅ **Ana Silva**'),
    );
    await eventually(async () => expect(await lost()).toEqual([]));
    expect(saidOf(NURSES.teams, 'this surface takes cards again')).toHaveLength(1);
    expect(clinic.teams.cards(before)).toHaveLength(1);
    expect(clinic.teams.cards(waiting)).toHaveLength(1);
  });

  it('names the reason of each channel that refuses it, while every other one is served', async () => {
    const refusing = [
      { pool: 'cardiology', at: CARDIO, kind: 'blocked', code: '403 ConversationBlockedByUser' },
      { pool: 'pharmacy', at: PHARMACY, kind: 'disabled', code: '403 BotDisabledByAdmin' },
      { pool: 'dietetics', at: DIET, kind: 'not-found', code: '404 ConversationNotFound' },
    ] as const;
    for (const { kind, at } of refusing)
      clinic.sandbox.teams.addFault({ operation: 'create', kind, conversation: at.teams, times: 1000 });

    const away = await Promise.all(refusing.map(({ pool }) => clinic.patientWrites({ pool })));
    for (const [i, { at }] of refusing.entries()) await clinic.card(away[i] ?? '', at.slack);

    await eventually(async () => expect(await lost()).toHaveLength(3));
    const whyAt = Object.fromEntries((await lost()).map(({ surface, why }) => [surface, why]));
    for (const { at, code } of refusing)
      expect(whyAt[`teams:channel:${at.teams}`]).toBe(`the connector answered ${code}`);
    const here = await clinic.patientWrites();
    expect(teamsButtonsOf(await clinic.teams.card(here, NURSES.teams))).toEqual(OFFERED.waiting);
    clinic.sandbox.teams.addFault({ kind: 'none' });
    ahead += 11 * MINUTE_MS;
    for (const [i, { at }] of refusing.entries())
      expect(teamsButtonsOf(await clinic.teams.card(away[i] ?? '', at.teams))).toEqual(OFFERED.waiting);
    await eventually(async () => expect(await lost()).toEqual([]));
  });

  it('still lets the recipients of a thread follow an owner who was changed elsewhere', async () => {
    const { teams, fhir } = clinic.sandbox;
    const taskId = await clinic.patientWrites();
    await clinic.teams.card(taskId, NURSES.teams);
    await teams.uninstall();
    const chidi = { reference: clinic.practitioner('U0CHIDI'), display: 'Chidi Okafor' };
    const grace = { reference: clinic.practitioner('U0GRACE'), display: 'Grace Osei' };

    for (const owner of [chidi, grace]) {
      await fhir.repository.patchResource('Task', taskId, [
        { op: 'replace', path: '/status', value: 'accepted' },
        { op: 'add', path: '/owner', value: owner },
      ]);
      await eventually(async () =>
        expect((await clinic.record(taskId)).thread?.recipient).toMatchObject([
          { reference: owner.reference },
        ]),
      );
    }

    expect(await lost()).toHaveLength(1);
    await teams.install();
    ahead += 11 * MINUTE_MS;
    await eventually(async () =>
      expect(teamsWordsOf(await clinic.teams.card(taskId, NURSES.teams))).toContain('✅ **Grace Osei**'),
    );
  });

  it('by one person only has no card for them, and everybody else has theirs', async () => {
    const { teams } = clinic.sandbox;
    await clinic.teams.answer('U0CHIDI', () => clinic.teams.say('U0CHIDI', 'personal', 'tasks'));
    await teams.uninstall({ user: 'U0CHIDI' });
    const taskId = await clinic.patientWrites();
    const card = await clinic.teams.card(taskId, NURSES.teams);

    const filled = { target: 'Okafor', reason: 'workload' };
    await clinic.teams.press(ANA, card, 'reroute', await clinic.teams.fill(ANA, card, 'reroute', filled));

    await eventually(async () =>
      expect(teamsWordsOf(await clinic.teams.card(taskId, NURSES.teams))).toContain('➡️ Rerouted to'),
    );
    await eventually(async () => expect((await lost()).map(({ surface }) => surface)).toHaveLength(1));
    expect((await lost())[0]?.surface).toMatch(/^teams:person:/);
    await teams.install({ user: 'U0CHIDI' });
    ahead += 11 * MINUTE_MS;
    const direct = await clinic.teams.card(taskId, clinic.teams.chatOf('U0CHIDI'));
    expect(teamsButtonsOf(direct)).toEqual(OFFERED.assigned);
  });
});
