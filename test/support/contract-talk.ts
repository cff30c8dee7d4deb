import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Row } from '../../src/index.ts';
import { VERBS } from '../../src/index.ts';
import { formOf } from '../../src/runtime/forms.ts';
import { ANA, BEN, type Driver } from './contract-driver.ts';
import { eventually } from './flow-wait.ts';
import { POOLS, TASK_ID } from './pure-clinic.ts';

const OTHER_TASK = 'b2c3d4e5-0000-4000-8000-000000000002';

const row = (taskId: string): Row => ({
  line: [{ bold: 'Urgent' }, '  ·  Patient message  ·  ', { code: taskId.slice(0, 6) }],
  buttons: [{ verb: 'claim', label: 'Claim', taskId, asks: false }],
});

/** Typed commands: the core's words in, and an answer, a listing or a dialog for whoever typed. */
export function describeTalk(open: () => Promise<Driver>): void {
  let driver: Driver;

  beforeEach(async () => {
    driver = await open();
  });
  afterEach(() => driver.close());

  it.each([
    ['claim a1b2c3', 'claim', 'a1b2c3'],
    ['tasks', 'tasks', ''],
    ['reroute a1b2c3 cardiology because workload', 'reroute', 'a1b2c3 cardiology because workload'],
    ['reroute a1 cardiology because workload BP <90 & pulse >120', 'reroute', undefined],
    ['nonsense and  more', 'nonsense', undefined],
  ])('reach the desk as they were typed: “%s”', async (typed, word, text) => {
    await driver.type(ANA, typed);

    const rest = text ?? typed.slice(word.length + 1);
    await eventually(() => expect(driver.desk.said).toEqual([{ word, text: rest, by: driver.userOf(ANA) }]));
  });

  it.each(['done', 'refused'] as const)(
    'are answered to whoever typed them, and to nobody else, when %s',
    async (kind) => {
      const sentence = 'A sentence with <b>signs</b> & *stars*.';
      driver.desk.saying = { kind: 'answer', answer: { kind, sentence } };
      const before = driver.standing();

      await driver.type(ANA, 'claim a1b2c3');

      await eventually(() => expect(driver.told(ANA)).toHaveLength(1));
      // Slack escapes three signs in the text of a notification.
      const [read = ''] = driver.told(ANA);
      const plain = read.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
      expect(plain.replaceAll('∗', '*')).toBe(sentence);
      expect(driver.told(BEN)).toEqual([]);
      expect(driver.standing()).toEqual(before);
    },
  );

  it('are answered with a listing whose rows can be pressed', async () => {
    const answer = { kind: 'done', sentence: '2 Tasks wait.' } as const;
    driver.desk.saying = { kind: 'answer', answer, rows: [row(TASK_ID), row(OTHER_TASK)] };

    await driver.type(ANA, 'tasks');
    await eventually(() => expect(driver.told(ANA)).toHaveLength(1));
    const listed = driver.listed(ANA);
    await driver.pressListed(ANA);

    expect(listed).toEqual([
      { verb: 'claim', task: TASK_ID },
      { verb: 'claim', task: OTHER_TASK },
    ]);
    await eventually(() =>
      expect(driver.desk.requests).toEqual([
        { verb: 'claim', task: TASK_ID, by: driver.userOf(ANA), inputs: {} },
      ]),
    );
    expect(driver.told(BEN)).toEqual([]);
  });

  it('are told that it was done, where no card of theirs will change', async () => {
    const answer = { kind: 'done', sentence: 'One Task waits.' } as const;
    driver.desk.saying = { kind: 'answer', answer, rows: [row(TASK_ID)] };
    driver.desk.answer = { kind: 'done', sentence: 'It is yours now.' };

    await driver.type(ANA, 'tasks');
    await eventually(() => expect(driver.told(ANA)).toHaveLength(1));
    await driver.pressListed(ANA);

    await eventually(() => expect(driver.told(ANA)).toContain('It is yours now.'));
  });

  const dialogs = VERBS.filter(({ fields }) => fields.length > 0).map(({ name }) => name);

  it.each(dialogs)(
    'are answered with a dialog that works: %s, for a Task that is chosen in it',
    async (verb) => {
      const form = formOf(verb, undefined, POOLS);
      if (form === undefined) throw new Error(`no dialog for ${verb}`);
      driver.desk.saying = { kind: 'dialog', form };
      const asked = form.inputs.map(({ name }) => name);
      const filled = { task: 'a1b2', target: 'cardio', reason: 'workload', note: 'Please.' };

      await driver.type(ANA, verb);
      await driver.fill(ANA, verb, Object.fromEntries(asked.map((name) => [name, filled[name]])));

      const inputs = { target: 'pool:cardiology', reason: 'workload', note: 'Please.' };
      await eventually(() =>
        expect(driver.desk.requests).toEqual([
          {
            verb,
            task: TASK_ID,
            by: driver.userOf(ANA),
            inputs: Object.fromEntries(
              Object.entries(inputs).filter(([name]) => asked.some((one) => one === name)),
            ),
          },
        ]),
      );
      expect(driver.desk.searched.map(({ input }) => input)).toContain('task');
      expect(driver.told(BEN)).toEqual([]);
    },
  );

  it('are answered with a dialog that works: reroute, for the Task that was typed', async () => {
    const form = formOf('reroute', TASK_ID, POOLS);
    if (form === undefined) throw new Error('no dialog for reroute');
    driver.desk.saying = { kind: 'dialog', form };

    await driver.type(BEN, 'reroute a1b2c3');
    await driver.fill(BEN, 'reroute', { target: 'cardio', reason: 'workload' });

    await eventually(() =>
      expect(driver.desk.requests).toEqual([
        {
          verb: 'reroute',
          task: TASK_ID,
          by: driver.userOf(BEN),
          inputs: { target: 'pool:cardiology', reason: 'workload' },
        },
      ]),
    );
  });
}
