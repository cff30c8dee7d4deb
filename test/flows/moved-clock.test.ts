import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClock } from '../../sandbox/clock.ts';
import { eventually } from '../support/clinic.ts';
import { wordsOf } from '../support/flow-card.ts';
import { NURSES, openTeamsClinic, type TeamsClinic } from '../support/flow-teams.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const ANA = 'U0ANA';

/** Signatures, tokens and triggers are checked by the real libraries, which go by real time. */
describe('a clinic whose clock is days ahead', () => {
  const clock = createClock();
  let clinic: TeamsClinic;
  let moved: number;
  beforeAll(async () => {
    clinic = await openTeamsClinic({ clock });
    clock.advance(3 * DAY_MS);
    moved = clock.now();
  });
  afterAll(() => clinic?.close());

  it('is worked in as any other, from Slack', async () => {
    const taskId = await clinic.patientWrites();
    const card = await clinic.card(taskId, NURSES.slack);

    expect((await clinic.pressShown(ANA, card, 'claim')).status).toBe(200);

    await eventually(async () => expect((await clinic.record(taskId)).task.status).toBe('accepted'));
    await eventually(async () =>
      expect(wordsOf(await clinic.card(taskId, NURSES.slack))).toContain('Ana Silva'),
    );
    expect(Number(card.ts) * 1000).toBeGreaterThanOrEqual(moved);
  });

  it('is worked in as any other, from a dialog', async () => {
    const taskId = await clinic.patientWrites();
    const card = await clinic.card(taskId, NURSES.slack);

    const dialog = await clinic.dialog(ANA, () => clinic.press(ANA, card, 'reroute'));
    await clinic.submit(ANA, dialog, { target: 'card', reason: 'workload' });

    await eventually(async () => {
      const { provenances } = await clinic.record(taskId);
      expect(provenances).toHaveLength(1);
    });
  });

  it('is worked in as any other, from Teams', async () => {
    const taskId = await clinic.patientWrites();
    const card = await clinic.teams.card(taskId, NURSES.teams);

    await clinic.teams.press(ANA, card, 'claim');

    await eventually(async () => expect((await clinic.record(taskId)).task.status).toBe('accepted'));
  });

  it('has what the application writes down in its own time', async () => {
    const taskId = await clinic.patientWrites();
    await clinic.press(ANA, await clinic.card(taskId, NURSES.slack), 'claim');

    await eventually(async () => {
      const { provenances } = await clinic.record(taskId);
      expect(Date.parse(provenances[0]?.recorded ?? '')).toBeGreaterThanOrEqual(moved);
    });
  });

  it('opens Tasks for what patients write then', async () => {
    const { thread } = await clinic.patientSays({ text: 'May I shower?' });

    await eventually(async () => {
      const [task] = await clinic.search('Task', `focus=Communication/${thread}`);
      expect(Date.parse(task?.authoredOn ?? '')).toBeGreaterThanOrEqual(moved);
    });
  });

  it('keeps private answers in Teams for a day of its own time', async () => {
    const answer = await clinic.teams.told(ANA, () =>
      clinic.teams.say(ANA, NURSES.teams, '@Switchboard queue'),
    );
    const isThere = () =>
      clinic.sandbox.teams.targeted(ANA).some(({ activityId }) => activityId === answer.activityId);
    expect(isThere()).toBe(true);

    clock.advance(DAY_MS);

    expect(isThere()).toBe(false);
  });
});
