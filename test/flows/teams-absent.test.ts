import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { PlatformModule } from '../../src/index.ts';
import type { Clinic } from '../support/clinic.ts';
import { eventually } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';
import { createTeamsActs, NURSES, OFFERED } from '../support/flow-teams.ts';
import { teamsWordsOf } from '../support/flow-teams-card.ts';

const ANA = 'U0ANA';

/** A platform's folder, and the packages that only it uses. */
const HOMES = {
  slack: ['../../adapters/slack/index.ts', '@slack/bolt', '@slack/web-api'],
  teams: ['../../adapters/teams/index.ts', 'botbuilder', 'botframework-connector'],
} as const;

/** Opens a clinic in which a platform has neither its folder, nor its line in the list, nor any channel. */
async function openWithout(gone: 'slack' | 'teams'): Promise<Clinic> {
  const left = gone === 'slack' ? 'teams' : 'slack';
  vi.resetModules();
  for (const module of HOMES[left]) vi.doUnmock(module);
  for (const module of HOMES[gone])
    vi.doMock(module, () => {
      throw new Error(`${module} is not there any more.`);
    });
  // What people do there goes with it.
  if (gone === 'slack') vi.doMock('../support/flow-acts.ts', () => ({ createPeople: () => ({}) }));
  else vi.doUnmock('../support/flow-acts.ts');
  const { [left]: platform }: Record<string, PlatformModule> = await import(HOMES[left][0]);
  vi.doMock('../../adapters/index.ts', () => ({ PLATFORMS: [platform] }));
  const { openClinic } = await import('../support/clinic.ts');
  const channel = new RegExp(`^ {6}- ${gone}:.*\\n( {8}.*\\n)?`, 'gm');
  return openClinic({ config: (yaml) => yaml.replace(channel, '') });
}

describe('a platform that is taken out of the house', () => {
  let clinic: Clinic | undefined;
  afterEach(() => clinic?.close());
  afterAll(() => vi.resetModules());

  it('leaves Slack as it was, where it is Teams', async () => {
    clinic = await openWithout('teams');
    const taskId = await clinic.patientWrites();
    const card = await clinic.card(taskId, NURSES.slack);

    await clinic.pressShown(ANA, card, 'claim');

    await eventually(async () =>
      expect(wordsOf((await clinic?.card(taskId, NURSES.slack)) ?? card)).toContain('✅ *Ana Silva* claimed'),
    );
    expect(buttonsOf(await clinic.card(taskId, NURSES.slack))).toEqual(OFFERED.claimed);
    expect(clinic.sandbox.teams.calls()).toEqual([]);
    expect(clinic.sandbox.teams.messages()).toEqual([]);
    expect((await fetch(`${clinic.url}/teams/messages`, { method: 'POST', body: '{}' })).status).toBe(404);
    expect(await (await fetch(`${clinic.url}/readyz`)).json()).toMatchObject({
      status: 'ready',
      lostSurfaces: [],
    });
  });

  it('leaves Teams as it was, where it is Slack', async () => {
    clinic = await openWithout('slack');
    const teams = createTeamsActs(clinic);
    const taskId = await clinic.patientWrites();
    const card = await teams.card(taskId, NURSES.teams);

    const sentence = await teams.pressAnswer(ANA, card, 'claim');

    expect(sentence).toBe(`Ana Silva, Task ${taskId.slice(0, 6)} is yours.`);
    await eventually(async () =>
      expect(teamsWordsOf(await teams.card(taskId, NURSES.teams))).toContain('✅ **Ana Silva** claimed'),
    );
    expect(clinic.sandbox.slack.calls()).toEqual([]);
    expect((await fetch(`${clinic.url}/slack/events`, { method: 'POST', body: '{}' })).status).toBe(404);
  });
});
