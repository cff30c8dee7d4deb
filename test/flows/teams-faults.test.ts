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

type Fault = Parameters<TeamsClinic['sandbox']['teams']['addFault']>[0];

/** The call is done, and its answer never arrives. */
const lost = { kind: 'drop-after-commit' } as const;

const POOLS = [
  { pool: 'registered-nurse', at: NURSES, by: ANA },
  { pool: 'cardiology', at: CARDIO, by: 'U0BEN' },
  { pool: 'pharmacy', at: PHARMACY, by: 'U0MEI' },
  { pool: 'dietetics', at: DIET, by: 'U0ZEYNEP' },
] as const;

interface Written {
  readonly taskId: string;
  readonly channel: string;
  readonly by: string;
  /** How many messages stood in the channel before. */
  readonly before: number;
  readonly fault: Fault;
}

describe('when Teams is not well', () => {
  let clinic: TeamsClinic;
  beforeAll(async () => {
    clinic = await openTeamsClinic();
  });
  beforeEach(() => {
    clinic.sandbox.teams.addFault({ kind: 'none' });
    clinic.sandbox.slack.addFault({ kind: 'none' });
  });
  afterAll(() => clinic?.close());

  const calls = (operation: string, channel: string) =>
    clinic.sandbox.teams
      .calls()
      .filter((call) => call.operation === operation && call.conversation === channel);
  const says = (taskId: string, words: string, channel: string = NURSES.teams) =>
    eventually(
      async () => expect(teamsWordsOf(await clinic.teams.card(taskId, channel))).toContain(words),
      20_000,
    );

  /** A Task in each pool, while each pool's channel has its own fault. */
  async function written(operation: 'create' | 'update', faults: readonly Fault[]): Promise<Written[]> {
    clinic.sandbox.teams.clearCalls();
    return Promise.all(
      faults.map(async (fault, i) => {
        const { pool, by, at } = POOLS[i] ?? POOLS[0];
        const before = clinic.sandbox.teams.messages(at.teams).length;
        clinic.sandbox.teams.addFault({ operation, conversation: at.teams, ...fault });
        return { taskId: await clinic.patientWrites({ pool }), channel: at.teams, by, before, fault };
      }),
    );
  }
  const claimed = async ({ taskId, channel, by }: Written): Promise<void> => {
    await says(taskId, 'Nobody has claimed this yet.', channel);
    await clinic.teams.press(by, await clinic.teams.card(taskId, channel), 'claim');
    await says(taskId, '✅', channel);
  };

  it.each([
    { faults: [lost, { kind: '502' }, { kind: '503' }, { kind: '504' }] },
    {
      faults: [{ kind: '500' }, { kind: '412' }, { kind: '429-bare' }, { kind: '429', seconds: 1, times: 2 }],
    },
  ] satisfies { faults: Fault[] }[])(
    'each post becomes exactly one card: $faults.0.kind, $faults.1.kind, $faults.2.kind, $faults.3.kind',
    async ({ faults }) => {
      for (const one of await written('create', faults)) {
        await claimed(one);

        const cards = clinic.teams.cards(one.taskId);
        expect(cards).toHaveLength(1);
        expect(calls('create', one.channel)).toHaveLength((one.fault.times ?? 1) + 1);
        // Teams never tells where a message stands whose answer was lost: a line stays that says nothing of any Task.
        const others = clinic.sandbox.teams.messages(one.channel).slice(one.before);
        const left = others.filter(({ activityId }) => activityId !== cards[0]?.activityId);
        expect(left.map(({ text, attachments }) => ({ text, attachments }))).toEqual(
          one.fault.kind === lost.kind ? [{ text: 'A card follows.', attachments: [] }] : [],
        );
      }
    },
  );

  it.each([
    { faults: [lost, { kind: 'drop' }, { kind: '502' }, { kind: '429', seconds: 1 }] },
    { faults: [{ kind: '412' }, { kind: '500' }, { kind: '503' }, { kind: '504' }] },
  ] satisfies { faults: Fault[] }[])(
    'each new card is drawn where its line stands: $faults.0.kind, $faults.1.kind, $faults.2.kind, $faults.3.kind',
    async ({ faults }) => {
      for (const one of await written('update', faults)) {
        await claimed(one);

        expect(calls('create', one.channel)).toHaveLength(1);
        expect(clinic.sandbox.teams.messages(one.channel)).toHaveLength(one.before + 1);
      }
    },
  );

  it('each card tells the truth in the end, without hammering', async () => {
    const tasks = await Promise.all(
      POOLS.map(async ({ pool, at, by }) => {
        const taskId = await clinic.patientWrites({ pool });
        await clinic.teams.card(taskId, at.teams);
        return { taskId, by, channel: at.teams };
      }),
    );
    clinic.sandbox.teams.clearCalls();
    const faults: Fault[] = [lost, { kind: '503' }, { kind: '429', seconds: 1, times: 2 }, { kind: '412' }];
    for (const [i, fault] of faults.entries())
      clinic.sandbox.teams.addFault({
        operation: 'update',
        conversation: POOLS[i]?.at.teams ?? '',
        ...fault,
      });

    const answers = await Promise.all(
      tasks.map(async ({ by, taskId, channel }) =>
        clinic.teams.pressAnswer(by, await clinic.teams.card(taskId, channel), 'claim'),
      ),
    );

    for (const [i, { taskId, channel }] of tasks.entries()) {
      expect(answers[i]).toContain(`Task ${taskId.slice(0, 6)} is yours.`);
      await says(taskId, '✅', channel);
      await eventually(() => expect(calls('update', channel).at(-1)?.status).toBe(200), 20_000);
      expect(calls('update', channel).length).toBeLessThanOrEqual((faults[i]?.times ?? 1) + 2);
      expect(clinic.teams.cards(taskId)).toHaveLength(1);
    }
  });

  it('a card that a person deleted is posted anew at the next change', async () => {
    const taskId = await clinic.patientWrites();
    const first = await clinic.teams.card(taskId, NURSES.teams);
    clinic.sandbox.teams.deleteMessage(first);

    await clinic.sandbox.fhir.repository.patchResource('Task', taskId, [
      { op: 'replace', path: '/priority', value: 'stat' },
    ]);

    const second = await clinic.teams.card(taskId, NURSES.teams);
    expect(second.activityId).not.toBe(first.activityId);
    expect(teamsButtonsOf(second)).toEqual(OFFERED.waiting);
    expect(teamsWordsOf(second)).toContain('STAT');
  });

  it('a line that a person deleted before it became a card is no reason to give the channel up', async () => {
    const before = clinic.sandbox.teams.messages(NURSES.teams).length;
    // Also other cards of the channel may be redrawn meanwhile.
    clinic.sandbox.teams.addFault({
      operation: 'update',
      kind: '503',
      conversation: NURSES.teams,
      times: 10,
    });
    const taskId = await clinic.patientWrites();
    const line = await eventually(() => {
      const newest = clinic.sandbox.teams.messages(NURSES.teams).at(-1);
      expect(clinic.sandbox.teams.messages(NURSES.teams)).toHaveLength(before + 1);
      if (newest?.text !== 'A card follows.') throw new Error('There is no line.');
      return newest;
    });

    clinic.sandbox.teams.deleteMessage(line);
    clinic.sandbox.teams.addFault({ kind: 'none' });

    await says(taskId, 'Nobody has claimed this yet.');
    const ready = await fetch(`${clinic.url}/readyz`);
    expect(await ready.json()).toMatchObject({ status: 'ready', lostSurfaces: [] });
    expect(clinic.sandbox.teams.messages(NURSES.teams)).toHaveLength(before + 1);
  });

  it('the cards in Teams follow while Slack answers nothing but errors', async () => {
    const taskId = await clinic.patientWrites();
    const card = await clinic.teams.card(taskId, NURSES.teams);
    await clinic.card(taskId, NURSES.slack);
    clinic.sandbox.slack.addFault({ kind: 'error', times: 10_000 });

    await clinic.teams.pressAnswer(ANA, card, 'claim');
    await says(taskId, '✅ **Ana Silva** claimed this');
    const fresh = await clinic.patientWrites({ pool: 'cardiology' });
    expect(teamsButtonsOf(await clinic.teams.card(fresh, CARDIO.teams))).toEqual(OFFERED.waiting);
    expect(wordsOf(await clinic.card(taskId, NURSES.slack))).toContain('Nobody has claimed this yet.');
    clinic.sandbox.slack.addFault({ kind: 'none' });

    await eventually(
      async () => expect(wordsOf(await clinic.card(taskId, NURSES.slack))).toContain('✅ *Ana Silva*'),
      20_000,
    );
  });

  it('the cards in Slack follow while Teams answers nothing but errors', async () => {
    const taskId = await clinic.patientWrites();
    await says(taskId, 'Nobody has claimed this yet.');
    const card = await clinic.card(taskId, NURSES.slack);
    clinic.sandbox.teams.addFault({ operation: '*', kind: '500', times: 10_000 });

    await clinic.pressShown(ANA, card, 'claim');
    await eventually(async () =>
      expect(wordsOf(await clinic.card(taskId, NURSES.slack))).toContain('✅ *Ana Silva* claimed this'),
    );
    await clinic.card(await clinic.patientWrites({ pool: 'cardiology' }), CARDIO.slack);
    expect(teamsWordsOf(await clinic.teams.card(taskId, NURSES.teams))).toContain('Nobody has');
    clinic.sandbox.teams.addFault({ kind: 'none' });

    await says(taskId, '✅ **Ana Silva** claimed this');
  });
});
