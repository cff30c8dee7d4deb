import { afterEach, beforeEach, expect, it } from 'vitest';
import { WORDS } from '../../src/index.ts';
import { VERBS } from '../../src/verbs/index.ts';
import { ANA, BEN, type Driver } from './contract-driver.ts';
import { row } from './contract-listings.ts';
import { eventually } from './flow-wait.ts';
import { TASK_ID } from './pure-clinic.ts';

const ROW = row(TASK_ID, 'claim');

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

  it('are told that it was done, where no card of theirs will change', async () => {
    driver.desk.saying = {
      kind: 'listing',
      listing: { sentence: 'One Task waits.', sections: [{ rows: [ROW] }] },
    };
    driver.desk.answer = { kind: 'done', sentence: 'It is yours now.' };

    await driver.type(ANA, 'tasks');
    await eventually(() => expect(driver.told(ANA)).toHaveLength(1));
    await driver.pressListed(ANA);

    await eventually(() => expect(driver.told(ANA).join('\n')).toContain('It is yours now.'));
  });

  it.each(WORDS.map(({ name }) => name))('are understood for every word that there is: %s', async (word) => {
    driver.desk.saying = { kind: 'answer', answer: { kind: 'done', sentence: 'Heard.' } };

    await driver.type(ANA, `${word} a1b2c3`);

    await eventually(() => expect(driver.told(ANA)).toEqual(['Heard.']));
    expect(driver.desk.said).toEqual([{ word, text: 'a1b2c3', by: driver.userOf(ANA) }]);
  });

  const dialogs = VERBS.filter(({ fields }) => fields.length > 0).map(({ name }) => name);

  it.each(dialogs)(
    'are answered with a dialog that works: %s, for a Task that is chosen in it',
    async (verb) => {
      const form = driver.desk.form(verb, undefined);
      if (form === undefined) throw new Error(`no dialog for ${verb}`);
      driver.desk.saying = { kind: 'dialog', form };
      const asked = form.inputs.map(({ name }) => name);
      const filled = {
        task: 'a1b2',
        target: 'cardio',
        reason: form.inputs.find(({ name }) => name === 'reason')?.choices?.[0]?.value,
        visibility: 'new-task',
        until: '4h',
        note: 'Please.',
      };

      await driver.type(ANA, verb);
      await driver.fill(ANA, verb, Object.fromEntries(asked.map((name) => [name, filled[name]])));

      const inputs = {
        target: 'pool:cardiology',
        reason: filled.reason,
        visibility: 'new-task',
        until: '4h',
        note: 'Please.',
      };
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
    const form = driver.desk.form('reroute', TASK_ID);
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
