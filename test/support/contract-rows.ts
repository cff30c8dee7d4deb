import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Button, Card, PostKey, Row } from '../../src/index.ts';
import { ANA, BEN, type Driver } from './contract-driver.ts';
import { eventually } from './flow-wait.ts';
import { plainCard } from './unit-cards.ts';

/** A card that is about no single Task. */
const KEY: PostKey = { card: 'card-1' };

const idOf = (i: number) => `${String(i).padStart(8, '0')}-0000-4000-8000-000000000000`;
const button = (verb: string, taskId: string): Button => ({ verb, label: verb, taskId, asks: false });

/** As long as the line of a Task usually is. */
const rowOf = (i: number, ...verbs: readonly string[]): Row => ({
  line: [
    { bold: 'Urgent' },
    '  ·  Patient message  ·  ',
    { code: idOf(i).slice(0, 8) },
    '  ·  arrived ',
    { instant: '2026-11-23T08:00:00Z', as: 'ago' },
    '  ·  7 min over',
  ],
  buttons: verbs.map((verb) => button(verb, idOf(i))),
});

const SHOW_ALL: Button = { verb: 'tasks', label: 'Show all', taskId: 'registered-nurse', asks: false };

const digest = (rows: readonly Row[], more: Partial<Card> = {}): Card =>
  plainCard({ facts: [], rows, buttons: [SHOW_ALL], ...more });

const DIGEST = digest([rowOf(1, 'claim', 'history'), rowOf(2, 'claim'), rowOf(3, 'claim', 'reroute')]);

/** Rows in a card: Tasks that can be taken up one by one, while the card stays what it is. */
export function describeRows(open: () => Promise<Driver>): void {
  let driver: Driver;

  beforeEach(async () => {
    driver = await open();
  });
  afterEach(() => driver.close());

  const post = (card = DIGEST) => driver.platform.post(driver.channel, card, KEY);
  const textOf = (ref: string) => JSON.stringify(driver.drawn(ref));

  it('stand below the lines and above the footer, each with its buttons', async () => {
    const ref = await post();

    const shown = textOf(ref);
    const words = ['Nobody has claimed this yet.', '00000001', '00000002', '00000003', 'Task '];
    const places = words.map((one) => (one === 'Task ' ? shown.lastIndexOf(one) : shown.indexOf(one)));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(driver.pressable(ref)).toEqual(['claim', 'history', 'claim', 'claim', 'reroute', 'tasks']);
  });

  it('are the same when they are drawn twice', async () => {
    const ref = await post();
    const first = driver.drawn(ref);

    await driver.platform.update(ref, DIGEST);

    expect(driver.drawn(ref)).toEqual(first);
  });

  it.each(['done', 'refused'] as const)(
    'have a Claim that is answered like a card’s, when it is %s: told to whoever pressed, and the digest stays',
    async (kind) => {
      driver.desk.answer = { kind, sentence: 'Somebody has this now.' };
      const ref = await post();
      const before = driver.drawn(ref);

      await driver.pressRow(ANA, ref, 'claim', idOf(2));

      await eventually(() => expect(driver.told(ANA)).toEqual(['Somebody has this now.']));
      expect(driver.desk.requests).toEqual([
        { verb: 'claim', task: idOf(2), by: driver.userOf(ANA), inputs: {} },
      ]);
      expect(driver.told(BEN)).toEqual([]);
      expect(driver.drawn(ref)).toEqual(before);
      expect(driver.standing()).toHaveLength(1);
    },
  );

  it('ask what has to be told in a dialog for their Task, and the digest stays', async () => {
    const ref = await post();
    const before = driver.drawn(ref);

    await driver.pressRow(ANA, ref, 'reroute', idOf(3));
    await driver.fill(ANA, 'reroute', { target: 'cardio', reason: 'workload' });

    await eventually(() => expect(driver.told(ANA).join()).toContain('Done.'));
    expect(driver.desk.requests).toMatchObject([
      { verb: 'reroute', task: idOf(3), inputs: { target: 'pool:cardiology', reason: 'workload' } },
    ]);
    expect(driver.told(BEN)).toEqual([]);
    expect(driver.drawn(ref)).toEqual(before);
  });

  it('have questions that are answered to whoever pressed', async () => {
    driver.desk.listing = { sentence: 'It was claimed twice.', sections: [] };
    const ref = await post();

    await driver.pressRow(ANA, ref, 'history', idOf(1));

    await eventually(() => expect(driver.told(ANA).join()).toContain('It was claimed twice.'));
    expect(driver.desk.presses).toEqual([{ word: 'history', taskId: idOf(1), by: driver.userOf(ANA) }]);
    expect(driver.told(BEN)).toEqual([]);
  });

  it('stand above a button that lists all of the pool to whoever pressed, page by page', async () => {
    const question = { query: 'tasks', words: 'registered-nurse', page: 2 };
    driver.desk.listing = {
      sentence: '40 Tasks wait.',
      sections: [{ rows: [rowOf(1, 'claim')] }],
      turn: { label: 'The next 20', question },
    };
    driver.desk.otherPage = { sentence: 'The last of them.', sections: [{ rows: [rowOf(9, 'claim')] }] };
    const ref = await post();
    const before = driver.drawn(ref);

    await driver.pressRow(ANA, ref, 'tasks', 'registered-nurse');
    await eventually(() => expect(driver.listing(ANA).text).toContain('40 Tasks wait.'));
    await driver.turn(ANA);

    await eventually(() => expect(driver.listing(ANA).text).toContain('The last of them.'));
    expect(driver.desk.presses).toEqual([
      { word: 'tasks', taskId: 'registered-nurse', by: driver.userOf(ANA) },
    ]);
    expect(driver.desk.questions.at(-1)).toEqual({ question, by: driver.userOf(ANA) });
    expect(driver.told(BEN)).toEqual([]);
    expect(driver.drawn(ref)).toEqual(before);
  });

  it('are all there where they are fifteen below eight lines', async () => {
    const lines = Array.from({ length: 8 }, (_, i) => [`Line ${i} of what came in and what was closed.`]);
    const rows = Array.from({ length: 15 }, (_, i) => rowOf(i, 'claim'));

    const ref = await post(digest(rows, { lines }));

    expect(driver.pressable(ref)).toEqual([...rows.map(() => 'claim'), 'tasks']);
    expect(textOf(ref)).toContain('Line 7 of what came in and what was closed.');
    expect(textOf(ref)).not.toContain('fit here');
  });

  it('are drawn as far as they fit, and a line says how many do not', async () => {
    const rows = Array.from({ length: 70 }, (_, i) => rowOf(i, 'claim'));

    const ref = await post(digest(rows));

    const shown = driver.pressable(ref).filter((verb) => verb === 'claim').length;
    expect(shown).toBeGreaterThan(10);
    expect(textOf(ref)).toContain(`${70 - shown} more do not fit here.`);
    expect(driver.pressable(ref)).toContain('tasks');
    await driver.pressRow(ANA, ref, 'claim', idOf(shown - 1));
    await eventually(() => expect(driver.desk.requests).toMatchObject([{ task: idOf(shown - 1) }]));
  });

  it.each([1, 3])(
    'of a card whose words become a note, %i of them, leave the Task to be chosen',
    async (count) => {
      const rows = Array.from({ length: count }, (_, i) => rowOf(i, 'claim'));
      const ref = await post(digest(rows, { buttons: [] }));

      await driver.noteFrom(ANA, { card: ref });

      const { inputs, filled } = await driver.asked(ANA, 'note');
      expect(inputs).toEqual(['task', 'note']);
      expect(filled).toEqual({});
    },
  );
}
