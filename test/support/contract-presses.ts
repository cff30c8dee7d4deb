import { afterEach, beforeEach, expect, it } from 'vitest';
import { findQuery, QUERIES } from '../../src/queries/index.ts';
import { DEFAULT_REASONS } from '../../src/routing/reasons.ts';
import { findVerb, VERBS } from '../../src/verbs/index.ts';
import { cardOffering, KEY, OFFERS, WAITING } from './contract-cards.ts';
import { ANA, BEN, type Driver } from './contract-driver.ts';
import { eventually } from './flow-wait.ts';
import { TASK_ID } from './pure-clinic.ts';

/** As a person would write it, with what platforms take for markup. */
const NOTE = 'She said “<90 & rising”,\nsee *chart* {{1}} <b> & co.';

const FILLED = { target: 'cardio', visibility: 'in-place', until: '4h', note: NOTE };

/** The first reason that such a verb takes. */
const reasonFor = (verb: string) => DEFAULT_REASONS[findVerb(verb)?.reasons ?? 'reroute'][0]?.code ?? '';

/** What comes back of it: the choice that was picked in place of the words. */
const INPUTS: Readonly<Record<string, string>> = {
  target: 'pool:cardiology',
  visibility: 'in-place',
  until: '4h',
  note: NOTE,
};

const only = <T>(given: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> =>
  Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name)));

/** What becomes of a press: the command that was meant, and an answer for whoever pressed. */
export function describePresses(open: () => Promise<Driver>): void {
  let driver: Driver;

  beforeEach(async () => {
    driver = await open();
  });
  afterEach(() => driver.close());

  const requested = () =>
    eventually(() => {
      const last = driver.desk.requests.at(-1);
      if (last === undefined) throw new Error('No command has come.');
      return last;
    });

  /** Presses the verb and fills in all that it asks for at once. */
  const pressAndFill = async (ref: string, word: string): Promise<readonly string[]> => {
    const fields = findVerb(word)?.fields ?? [];
    const asked = fields.some(({ required }) => required) ? fields.map(({ name }) => name) : [];
    const filled = only({ ...FILLED, reason: reasonFor(word) }, asked);
    await driver.press(ANA, ref, word, asked.length > 0 ? filled : undefined);
    return asked;
  };

  it.each(OFFERS.filter(({ verb }) => findVerb(verb)))(
    'of $verb on a card that is $standing comes back as that command',
    async ({ verb, card }) => {
      const ref = await driver.platform.post(driver.channel, card, KEY);

      const asked = await pressAndFill(ref, verb);

      expect(await requested()).toEqual({
        verb,
        task: TASK_ID,
        by: driver.userOf(ANA),
        inputs: only({ ...INPUTS, reason: reasonFor(verb) }, asked),
      });
      expect(driver.desk.requests).toHaveLength(1);
    },
  );

  it.each(VERBS.map(({ name }) => name))(
    'of %s is refused to whoever pressed, wherever it stands',
    async (verb) => {
      driver.desk.answer = { kind: 'refused', sentence: 'Ben Carter already has this Task.' };
      const ref = await driver.platform.post(driver.channel, cardOffering(verb), KEY);

      await pressAndFill(ref, verb);

      await eventually(() => expect(driver.told(ANA)).toEqual(['Ben Carter already has this Task.']));
      expect((await requested()).verb).toBe(verb);
      expect(driver.told(BEN)).toEqual([]);
    },
  );

  it.each(QUERIES.map(({ name }) => name))(
    'of %s is answered to whoever pressed, and changes nothing',
    async (query) => {
      driver.desk.listing = { sentence: 'It was claimed twice.', sections: [{ rows: [] }] };
      const ref = await driver.platform.post(driver.channel, cardOffering(query), KEY);
      const before = driver.drawn(ref);

      await driver.press(ANA, ref, query);

      await eventually(() => expect(driver.told(ANA).join()).toContain('It was claimed twice.'));
      expect(driver.desk.presses).toEqual([{ word: query, taskId: TASK_ID, by: driver.userOf(ANA) }]);
      expect(driver.desk.requests).toEqual([]);
      expect(driver.told(BEN)).toEqual([]);
      expect(driver.drawn(ref)).toEqual(before);
    },
  );

  it.each(OFFERS.filter(({ verb }) => findQuery(verb)))(
    'of $verb in the menu of a card that is $standing is answered',
    async ({ verb, card }) => {
      const ref = await driver.platform.post(driver.channel, card, KEY);

      await driver.press(ANA, ref, verb);

      await eventually(() => expect(driver.told(ANA)).toHaveLength(1));
      expect(driver.desk.presses).toEqual([{ word: verb, taskId: TASK_ID, by: driver.userOf(ANA) }]);
    },
  );

  it('leaves out what was left empty', async () => {
    const ref = await driver.platform.post(driver.channel, WAITING, KEY);

    await driver.press(BEN, ref, 'reroute', { target: 'cardio', reason: 'workload' });

    expect(await requested()).toEqual({
      verb: 'reroute',
      task: TASK_ID,
      by: driver.userOf(BEN),
      inputs: { target: 'pool:cardiology', reason: 'workload' },
    });
  });

  it('asks the desk for choices with the very words that were typed', async () => {
    const ref = await driver.platform.post(driver.channel, WAITING, KEY);

    await driver.press(ANA, ref, 'reroute', { target: 'Dr. Ö’Hara & <co>', reason: 'workload' });

    const asked = { input: 'target', words: 'Dr. Ö’Hara & <co>', by: driver.userOf(ANA) };
    expect(driver.desk.searched).toEqual([asked]);
  });

  it('that is refused is answered to whoever pressed, and to nobody else', async () => {
    const ref = await driver.platform.post(driver.channel, WAITING, KEY);
    const before = driver.standing();
    driver.desk.answer = { kind: 'refused', sentence: 'Ben Carter already has this Task.' };

    await driver.press(ANA, ref, 'claim');

    await eventually(() => expect(driver.told(ANA)).toEqual(['Ben Carter already has this Task.']));
    expect(driver.told(BEN)).toEqual([]);
    expect(driver.standing()).toEqual(before);
  });

  it('whose input is refused is answered to whoever filled it in, and to nobody else', async () => {
    const ref = await driver.platform.post(driver.channel, WAITING, KEY);
    const before = driver.standing();
    driver.desk.answer = { kind: 'refused', sentence: 'That pool takes nothing.', field: 'target' };

    const { until: _, ...filled } = FILLED;
    await driver.press(ANA, ref, 'reroute', { ...filled, reason: 'workload' });

    await eventually(() => expect(driver.told(ANA)).toEqual(['That pool takes nothing.']));
    expect(driver.told(BEN)).toEqual([]);
    expect(driver.standing()).toEqual(before);
  });

  it('is answered to whoever pressed where no card shows what it did', async () => {
    driver.desk.answer = { kind: 'done', sentence: 'You get no reminders until noon.', isUnseen: true };
    const ref = await driver.platform.post(driver.channel, cardOffering('keep'), KEY);

    await driver.press(ANA, ref, 'keep');

    await eventually(() => expect(driver.told(ANA)).toEqual(['You get no reminders until noon.']));
    expect(driver.told(BEN)).toEqual([]);
  });

  it('leaves the card as it is: only the record changes a card', async () => {
    const ref = await driver.platform.post(driver.channel, WAITING, KEY);
    const before = driver.drawn(ref);

    await driver.press(ANA, ref, 'claim');
    await requested();

    expect(driver.drawn(ref)).toEqual(before);
  });
}
