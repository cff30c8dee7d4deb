import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { wordsOf } from '../support/flow-card.ts';
import { configured, intakeFor } from '../support/flow-config.ts';

const NURSES = 'C0NURSES';
const PHARMACY = 'C0PHARMACY';
const DIET = 'C0DIET';
const ANA = 'U0ANA';

describe('A patient who writes again while a Task is open', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic({
      sweepSeconds: 1,
      config: configured({
        intake: intakeFor('registered-nurse'),
        followUps: { raise: [{ messages: 3, to: 'asap' }] },
        completeWhenAnsweredBy: 'nobody',
      }),
    });
  });
  afterAll(() => clinic?.close());

  /** A thread with its Task, as a Bot of the project makes them. */
  async function opened(pool = 'registered-nurse'): Promise<{ taskId: string; thread: string }> {
    const taskId = await clinic.patientWrites({
      pool,
      patient: 'homer',
      text: 'It hurts.',
      priority: 'routine',
    });
    const { thread } = await clinic.record(taskId);
    return { taskId, thread: thread?.id ?? '' };
  }

  const cardSays = (taskId: string, channel: string, words: RegExp) =>
    eventually(async () => expect(wordsOf(await clinic.card(taskId, channel))).toMatch(words));

  it('makes no second Task: the card says how many messages there are, and since when', async () => {
    const { taskId, thread } = await opened();
    const card = await clinic.card(taskId, NURSES);
    expect(wordsOf(card)).not.toContain('new message');

    await clinic.patientSays({ thread });
    await cardSays(taskId, NURSES, /💬 \*1 new message\*, <!date\^\d+\^\{ago\}/);
    await clinic.patientSays({ thread });

    await cardSays(taskId, NURSES, /💬 \*2 new messages\*, the last one <!date\^\d+\^\{ago\}/);
    expect((await clinic.card(taskId, NURSES)).ts).toBe(card.ts);
    expect(clinic.cards(taskId)).toHaveLength(1);
    expect(await clinic.search('Task', `focus=Communication/${thread}`)).toHaveLength(1);
  });

  it('is counted in channels of every level of privacy, in the same words', async () => {
    const pools = [
      ['registered-nurse', NURSES],
      ['pharmacy', PHARMACY],
      ['dietetics', DIET],
    ] as const;

    const words = await Promise.all(
      pools.map(async ([pool, channel]) => {
        const { taskId, thread } = await opened(pool);
        await clinic.patientSays({ thread, text: 'It hurts more.' });
        await cardSays(taskId, channel, /1 new message/);
        return wordsOf(await clinic.card(taskId, channel));
      }),
    );

    expect(words.map((one) => one.match(/💬 .*/)?.[0].replace(/<!date.*>/, '…'))).toEqual(
      Array(3).fill('💬 *1 new message*, ….'),
    );
    expect(words.map((one) => one.includes('It hurts more.'))).toEqual([false, false, true]);
  });

  it('is counted no more once somebody has answered, and again after that', async () => {
    const { taskId, thread } = await opened();
    await clinic.patientSays({ thread });
    await cardSays(taskId, NURSES, /1 new message/);

    await clinic.staffAnswers({ thread, by: ANA, text: 'Somebody will call you.' });

    await eventually(async () =>
      expect(wordsOf(await clinic.card(taskId, NURSES))).not.toContain('new message'),
    );
    await clinic.patientSays({ thread });
    await cardSays(taskId, NURSES, /1 new message\*/);
  });

  it('is not counted for what they take back', async () => {
    const { taskId, thread } = await opened();
    const { message } = await clinic.patientSays({ thread });
    await cardSays(taskId, NURSES, /1 new message/);

    await clinic.patch('Communication', message, [
      { op: 'replace', path: '/status', value: 'entered-in-error' },
    ]);

    await eventually(async () =>
      expect(wordsOf(await clinic.card(taskId, NURSES))).not.toContain('new message'),
    );
  });

  it('makes the Task more urgent by rule, once, with a Provenance', async () => {
    const { taskId, thread } = await opened();

    for (let i = 0; i < 4; i++) await clinic.patientSays({ thread });

    await cardSays(taskId, NURSES, /ASAP[\s\S]*4 new messages/);
    const { task, provenances } = await clinic.record(taskId);
    expect(task.priority).toBe('asap');
    expect(provenances.map((one) => one.activity?.coding?.at(-1)?.code)).toEqual(['raise']);
    expect(provenances[0]?.agent[0]?.who).toEqual({ display: 'Switchboard' });
  });

  it('makes the Task as urgent as the message says of itself', async () => {
    const { taskId, thread } = await opened();

    await clinic.patientSays({ thread, priority: 'stat', text: 'I cannot breathe.' });

    await cardSays(taskId, NURSES, /STAT/);
    expect((await clinic.record(taskId)).task.priority).toBe('stat');
  });

  it('leaves a Task that somebody has as it is, but for that', async () => {
    const { taskId, thread } = await opened();
    await clinic.press(ANA, await clinic.card(taskId, NURSES), 'claim');
    await cardSays(taskId, NURSES, /✅/);

    await clinic.patientSays({ thread });

    await cardSays(taskId, NURSES, /✅[\s\S]*1 new message/);
    expect((await clinic.record(taskId)).task).toMatchObject({
      status: 'accepted',
      owner: { reference: clinic.practitioner(ANA) },
    });
  });
});
