import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Form } from '../../src/index.ts';
import { findVerb } from '../../src/verbs/index.ts';
import { cardOffering, KEY } from './contract-cards.ts';
import { ANA, BEN, type Driver } from './contract-driver.ts';
import { eventually } from './flow-wait.ts';
import { TASK_ID } from './pure-clinic.ts';

const REASONS = [
  { value: 'answered-by-phone', label: 'Answered by phone' },
  { value: 'other', label: 'Other' },
];

/** A dialog that a verb turned out to need, after the record was read. */
const AFTER_READING: Form = {
  verb: 'complete',
  title: 'Complete a1b2c3',
  submit: 'Complete',
  task: { id: TASK_ID, short: 'a1b2c3' },
  lead: 'Nobody has answered <b>this</b> patient & that needs a *reason*.',
  inputs: [
    {
      name: 'reason',
      label: 'Reason',
      hint: 'Why',
      required: true,
      kind: 'choice',
      choices: REASONS,
      initial: 'answered-by-phone',
    },
    {
      name: 'note',
      label: 'Note',
      hint: 'Says more',
      required: false,
      kind: 'text',
      initial: 'Called at noon.',
    },
  ],
  previews: false,
};

const NOTE = 'She said “<90 & rising”,\nsee *chart* {{1}} <b> & co.';

/** What is asked before something is done: what a dialog says, what stands in it, and what it says of a choice. */
export function describeDialogs(open: () => Promise<Driver>): void {
  let driver: Driver;

  beforeEach(async () => {
    driver = await open();
  });
  afterEach(() => driver.close());

  const requested = () =>
    eventually(() => {
      expect(driver.desk.requests).toHaveLength(1);
      return driver.desk.requests[0];
    });

  /** Presses what leads to a dialog only after the record was read. */
  const pressComplete = async (): Promise<void> => {
    driver.desk.pressing = { kind: 'dialog', form: AFTER_READING };
    const ref = await driver.platform.post(driver.channel, cardOffering('complete'), KEY);
    await driver.press(ANA, ref, 'complete');
  };

  it('says what has to be known first, and holds what is known already', async () => {
    await pressComplete();

    const { text, inputs, filled } = await driver.asked(ANA, 'complete');
    expect(text).toContain('Nobody has answered');
    expect(text).toMatch(/this.*patient/);
    expect(inputs).toEqual(['reason', 'note']);
    expect(filled).toEqual({ reason: 'answered-by-phone', note: 'Called at noon.' });
  });

  it('sends what stood in it already, where nobody changed it', async () => {
    await pressComplete();

    await driver.fill(ANA, 'complete', { reason: 'other' });

    expect(await requested()).toEqual({
      verb: 'complete',
      task: TASK_ID,
      by: driver.userOf(ANA),
      inputs: { reason: 'other', note: 'Called at noon.' },
    });
    expect(driver.told(BEN)).toEqual([]);
  });

  it('says what the choice of a target would mean, before anything is sent', async () => {
    driver.desk.sentences = ['2 people can claim there now.', 'You will no longer see this.'];
    const form = driver.desk.form('reroute', TASK_ID);
    if (form === undefined) throw new Error('There is no dialog for reroute.');
    driver.desk.saying = { kind: 'dialog', form };
    await driver.type(ANA, 'reroute a1b2c3');

    const said = await driver.preview(ANA, 'reroute', 'cardio');

    expect(said).toContain('2 people can claim there now.');
    expect(said).toContain('You will no longer see this.');
    expect(driver.desk.previewed).toEqual([
      { taskId: TASK_ID, target: 'pool:cardiology', by: driver.userOf(ANA) },
    ]);
    expect(driver.desk.requests).toEqual([]);
  });

  it('can still be filled in after it said so', async () => {
    driver.desk.sentences = ['2 people can claim there now.'];
    const form = driver.desk.form('reroute', TASK_ID);
    if (form === undefined) throw new Error('There is no dialog for reroute.');
    driver.desk.saying = { kind: 'dialog', form };
    await driver.type(ANA, 'reroute a1b2c3');
    await driver.preview(ANA, 'reroute', 'cardio');

    await driver.fill(ANA, 'reroute', { target: 'cardio', reason: 'workload' });

    expect(await requested()).toMatchObject({ inputs: { target: 'pool:cardiology', reason: 'workload' } });
  });

  it.skipIf(!findVerb('reroute')?.fields.some(({ name }) => name === 'visibility'))(
    'lets people choose who keeps it in sight',
    async () => {
      const form = driver.desk.form('reroute', TASK_ID);
      if (form === undefined) throw new Error('There is no dialog for reroute.');
      driver.desk.saying = { kind: 'dialog', form };
      await driver.type(ANA, 'reroute a1b2c3');

      await driver.fill(ANA, 'reroute', { target: 'cardio', reason: 'workload', visibility: 'new-task' });

      expect(await requested()).toMatchObject({
        inputs: { target: 'pool:cardiology', reason: 'workload', visibility: 'new-task' },
      });
    },
  );

  it('is opened from any message: its words are the note, and the Task is chosen', async () => {
    await driver.noteFrom(ANA, { text: NOTE });

    const { inputs, filled } = await driver.asked(ANA, 'note');
    await driver.fill(ANA, 'note', { task: 'a1b2' });

    expect(inputs).toContain('task');
    expect(filled.note).toBe(NOTE);
    expect(await requested()).toEqual({
      verb: 'note',
      task: TASK_ID,
      by: driver.userOf(ANA),
      inputs: { note: NOTE },
    });
  });

  it('is opened from a card: the Task is known', async () => {
    const ref = await driver.platform.post(driver.channel, cardOffering('claim'), KEY);

    await driver.noteFrom(ANA, { card: ref });
    const { inputs } = await driver.asked(ANA, 'note');
    await driver.fill(ANA, 'note', { note: 'Called her.' });

    expect(inputs).toEqual(['note']);
    expect(await requested()).toEqual({
      verb: 'note',
      task: TASK_ID,
      by: driver.userOf(ANA),
      inputs: { note: 'Called her.' },
    });
  });

  it('of what no card shows is answered also where it was opened from a card', async () => {
    driver.desk.answer = { kind: 'done', sentence: 'The note is in the record.', isUnseen: true };
    const ref = await driver.platform.post(driver.channel, cardOffering('note'), KEY);

    await driver.press(ANA, ref, 'note', { note: 'Called her.' });

    await eventually(() => expect(driver.told(ANA).join('\n')).toContain('The note is in the record.'));
    expect(driver.told(BEN)).toEqual([]);
  });

  it('tells whoever wrote a note down how it went, and nobody else', async () => {
    driver.desk.answer = { kind: 'done', sentence: 'The note is in the record.' };
    await driver.noteFrom(ANA, { text: 'Called her.' });

    await driver.fill(ANA, 'note', { task: 'a1b2' });

    await eventually(() => expect(driver.told(ANA).join('\n')).toContain('The note is in the record.'));
    expect(driver.told(BEN)).toEqual([]);
  });
}
