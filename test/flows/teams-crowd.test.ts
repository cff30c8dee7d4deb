import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, MODES } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';
import { NURSES, OFFERED, openTeamsClinic, type TeamsClinic } from '../support/flow-teams.ts';
import { teamsButtonsOf, teamsWordsOf } from '../support/flow-teams-card.ts';

const FIFTY = Array.from({ length: 50 }, (_, i) => `U0R${String(i + 1).padStart(3, '0')}`);
const IN_SLACK = FIFTY.slice(0, 25);
const IN_TEAMS = FIFTY.slice(25);

describe.each(MODES)(
  'fifty people who press Claim at once, half on each platform, $mode',
  ({ transactions }) => {
    let clinic: TeamsClinic;
    beforeAll(async () => {
      clinic = await openTeamsClinic({ transactions });
    });
    afterAll(() => clinic?.close());

    /** Holds the writes back until everybody has read that the Task is free: only then is it a race. */
    function holdWrites(times: number): void {
      const write = transactions
        ? { method: 'POST', resourceType: 'Bundle' }
        : { method: 'PATCH', resourceType: 'Task' };
      clinic.sandbox.fhir.faults.add({ kind: 'delay', ms: 1_500, times, ...write });
      clinic.sandbox.fhir.resetRequests();
    }

    const writes = () =>
      clinic.sandbox.fhir.requests.filter(({ method, path }) =>
        transactions ? /^\/fhir\/R4\/?$/.test(path) : method === 'PATCH' && path.includes('/Task/'),
      );

    it('leave one owner, one Provenance, and forty-nine people who are told who was quicker', async () => {
      const taskId = await clinic.patientWrites();
      const slack = await clinic.card(taskId, NURSES.slack);
      const teams = await clinic.teams.card(taskId, NURSES.teams);
      holdWrites(50);

      const [answers] = await Promise.all([
        Promise.all(IN_TEAMS.map((nurse) => clinic.teams.pressAnswer(nurse, teams, 'claim'))),
        Promise.all(IN_SLACK.map((nurse) => clinic.press(nurse, slack, 'claim'))),
      ]);

      const { task } = await clinic.record(taskId);
      const winner = FIFTY.find((nurse) => clinic.practitioner(nurse) === task.owner?.reference) ?? 'nobody';
      const others = IN_SLACK.filter((nurse) => nurse !== winner);
      await eventually(() =>
        expect(others.flatMap((nurse) => clinic.sentences(nurse))).toHaveLength(others.length),
      );
      const said = new Map(IN_TEAMS.map((nurse, i) => [nurse, answers[i] ?? '']));
      for (const nurse of others) said.set(nurse, clinic.sentences(nurse).join());
      said.delete(winner);
      const sentence = `${task.owner?.display} already has this Task. Ask for it to be released, or reroute it.`;
      expect(said.size).toBe(49);
      expect([...new Set(said.values())]).toEqual([sentence]);
      expect(clinic.sentences(winner)).toEqual([]);
      expect(writes().length).toBeGreaterThan(10);
      await eventually(async () => expect((await clinic.record(taskId)).provenances).toHaveLength(1));
      const { thread, provenances, versions } = await clinic.record(taskId);
      expect(versions.filter((version) => version.owner)).toHaveLength(1);
      expect(provenances[0]?.agent[0]?.who?.reference).toBe(task.owner?.reference);
      expect(thread?.recipient?.map(({ reference }) => reference)).toEqual([task.owner?.reference]);
      await eventually(async () =>
        expect(wordsOf(await clinic.card(taskId, NURSES.slack))).toContain(
          `✅ *${task.owner?.display}* claimed`,
        ),
      );
      await eventually(async () =>
        expect(teamsWordsOf(await clinic.teams.card(taskId, NURSES.teams))).toContain(
          `✅ **${task.owner?.display}** claimed`,
        ),
      );
      const buttons = OFFERED.claimed;
      expect(buttonsOf(await clinic.card(taskId, NURSES.slack))).toEqual(buttons);
      expect(teamsButtonsOf(await clinic.teams.card(taskId, NURSES.teams))).toEqual(buttons);
      expect(clinic.cards(taskId)).toHaveLength(1);
      expect(clinic.teams.cards(taskId)).toHaveLength(1);
    });

    it('cannot be one person twice: a press on each platform counts once', async () => {
      const taskId = await clinic.patientWrites();
      const slack = await clinic.card(taskId, NURSES.slack);
      const teams = await clinic.teams.card(taskId, NURSES.teams);
      const before = clinic.sentences('U0ANA').length;
      holdWrites(2);

      const [answer] = await Promise.all([
        clinic.teams.pressAnswer('U0ANA', teams, 'claim'),
        clinic.press('U0ANA', slack, 'claim'),
      ]);

      await eventually(async () => expect((await clinic.record(taskId)).provenances).toHaveLength(1));
      const short = taskId.slice(0, 6);
      const [mine, twice] = [`Ana Silva, Task ${short} is yours.`, `You already have Task ${short}.`];
      // A press that is done shows on the card in Slack; Teams wants a word for each.
      await eventually(() =>
        expect([answer, ...clinic.sentences('U0ANA').slice(before)].join()).toMatch(
          new RegExp(`^(${mine},${twice}|${twice})$`),
        ),
      );
      expect((await clinic.record(taskId)).task.owner?.reference).toBe(clinic.practitioner('U0ANA'));
      expect((await clinic.record(taskId)).versions).toHaveLength(2);
    });
  },
);
