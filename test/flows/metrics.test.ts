import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/clinic.ts';
import { wordsOf } from '../support/flow-card.ts';
import { NURSES, openTeamsClinic, type TeamsClinic } from '../support/flow-teams.ts';

const ANA = 'U0ANA';
const BEN = 'U0BEN';

describe('GET /metrics', () => {
  let clinic: TeamsClinic;
  beforeAll(async () => {
    clinic = await openTeamsClinic();
  });
  afterAll(() => clinic?.close());

  const scrape = async () => (await fetch(`${clinic.url}/metrics`)).text();
  /** The figure of a series; 0 for one that is not there. */
  const figure = async (series: string) =>
    Number(
      (await scrape())
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.split(' ')
        .at(-1) ?? 0,
    );

  it('times cards and answers, and counts refusals, requests and posts', async () => {
    const taskId = await clinic.patientWrites();
    const card = await clinic.card(taskId, NURSES.slack);
    await clinic.teams.card(taskId, NURSES.teams);
    await clinic.pressShown(ANA, card, 'claim');
    await eventually(async () =>
      expect(wordsOf(await clinic.card(taskId, NURSES.slack))).toContain('✅ *Ana Silva*'),
    );
    await clinic.told(BEN, () => clinic.press(BEN, card, 'claim'));
    await clinic.told(BEN, () => clinic.slash(BEN, '/whoami'));

    const answers = 'switchboard_press_to_answer_seconds_count';
    const cards = 'switchboard_task_change_to_card_seconds_count';
    expect(await figure(`${answers}{word="claim",kind="done"}`)).toBe(1);
    expect(await figure(`${answers}{word="claim",kind="refused"}`)).toBe(1);
    expect(await figure(`${answers}{word="whoami",kind="listing"}`)).toBe(1);
    expect(await figure('switchboard_refusals_total{word="claim",reason="rule"}')).toBe(1);
    await eventually(async () => {
      for (const platform of ['slack', 'teams']) {
        expect(await figure(`${cards}{platform="${platform}",step="post"}`)).toBe(1);
        expect(await figure(`${cards}{platform="${platform}",step="update"}`)).toBe(1);
        expect(await figure(`switchboard_posts_total{platform="${platform}",about="task"}`)).toBe(1);
      }
    });
    expect(await figure('switchboard_commits_total{outcome="done"}')).toBe(1);
    expect(
      await figure('switchboard_fhir_requests_total{operation="patch",outcome="answered"}'),
    ).toBeGreaterThan(1);
    expect(await figure('switchboard_fhir_quota_units_total{operation="patch"}')).toBeGreaterThan(100);
  });

  it('counts a post whose answer was lost, and that it was found again', async () => {
    clinic.sandbox.slack.addFault({ kind: 'drop-after-commit', method: 'chat.postMessage' });
    const taskId = await clinic.patientWrites();
    await eventually(async () =>
      expect(wordsOf(await clinic.card(taskId, NURSES.slack))).toContain('Nobody'),
    );

    await eventually(async () => {
      expect(await figure('switchboard_posts_in_doubt_total{platform="slack"}')).toBe(1);
      expect(await figure('switchboard_posts_in_doubt_settled_total{platform="slack",found="yes"}')).toBe(1);
    });
    expect(await figure('switchboard_posts_maybe_twice_total{platform="slack"}')).toBe(0);
    expect(clinic.cards(taskId, NURSES.slack)).toHaveLength(1);
  });

  it('shows how each dependency stands', async () => {
    for (const dependency of ['record', 'ledger', 'slack', 'teams']) {
      const of = (state: string) => `switchboard_dependency_up{dependency="${dependency}",state="${state}"}`;
      expect(await figure(of('well'))).toBe(1);
      expect(await figure(of('unreachable'))).toBe(0);
    }
  });

  it('has few series, whatever people type, and no id and nobody’s name in them', async () => {
    const before = (await scrape()).split('\n').length;
    for (let i = 0; i < 20; i++) await clinic.told(ANA, () => clinic.slash(ANA, `/switchboard word${i}`));
    const taskIds = await Promise.all(Array.from({ length: 5 }, () => clinic.patientWrites()));
    for (const taskId of taskIds) await clinic.card(taskId, NURSES.slack);

    const text = await scrape();

    // One word for all of them: a histogram's series.
    expect(text.split('\n').length - before).toBeLessThan(60);
    expect(text).toContain('word="other"');
    for (const secret of [...taskIds, ANA, BEN, 'Ana Silva', clinic.practitioner(ANA)])
      expect(text).not.toContain(secret);
  });
});
