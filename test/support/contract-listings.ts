import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Button, Listing, Row } from '../../src/index.ts';
import { ANA, BEN, type Driver } from './contract-driver.ts';
import { eventually } from './flow-wait.ts';
import { TASK_ID } from './pure-clinic.ts';

const OTHER_TASK = 'b2c3d4e5-0000-4000-8000-000000000002';
const THIRD_TASK = 'c3d4e5f6-0000-4000-8000-000000000003';

const button = (verb: string, taskId: string): Button => ({ verb, label: verb, taskId, asks: false });

export const row = (taskId: string, ...verbs: readonly string[]): Row => ({
  line: [{ bold: 'Urgent' }, '  ·  Patient message  ·  ', { code: taskId.slice(0, 6) }],
  buttons: verbs.map((verb) => button(verb, taskId)),
});

const QUEUE: Listing = {
  sentence: '23 Tasks wait.',
  sections: [
    { title: 'Yours', rows: [row(TASK_ID, 'complete', 'history')] },
    { title: 'Registered nurse', rows: [row(OTHER_TASK, 'claim'), { line: ['and more'], buttons: [] }] },
  ],
  turn: { label: 'The next 20', question: { query: 'tasks', words: 'registered nurse', page: 2 } },
};

const PAGE_TWO: Listing = { sentence: 'The last of them.', sections: [{ rows: [row(THIRD_TASK, 'claim')] }] };

/** What a query answers: rows that can be pressed, and pages that can be turned. */
export function describeListings(open: () => Promise<Driver>): void {
  let driver: Driver;

  beforeEach(async () => {
    driver = await open();
    driver.desk.listing = QUEUE;
    driver.desk.otherPage = PAGE_TWO;
  });
  afterEach(() => driver.close());

  /** Types a query and waits for what it lists. */
  const list = async (listing: Listing = QUEUE, words = 'tasks registered nurse'): Promise<void> => {
    driver.desk.saying = { kind: 'listing', listing };
    const before = driver.told(ANA).length;
    await driver.type(ANA, words);
    await eventually(() => expect(driver.told(ANA)).toHaveLength(before + 1));
  };

  it('has a sentence, titles above their rows, each row with its buttons, and a button that turns it', async () => {
    await list();

    const { text, buttons, turn } = driver.listing(ANA);
    const places = ['23 Tasks wait.', 'Yours', 'a1b2c3', 'Registered nurse', 'b2c3d4', 'and more'].map(
      (words) => text.indexOf(words),
    );
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(buttons).toEqual([
      { verb: 'complete', task: TASK_ID },
      { verb: 'history', task: TASK_ID },
      { verb: 'claim', task: OTHER_TASK },
    ]);
    expect(turn).toBe('The next 20');
  });

  it('can be one sentence and nothing else', async () => {
    await list({ sentence: 'Nothing waits in your pools.', sections: [] });

    expect(driver.told(ANA)).toEqual([expect.stringContaining('Nothing waits in your pools.')]);
    expect(driver.told(BEN)).toEqual([]);
  });

  it('of more than fits is shown as far as it fits', async () => {
    const rows = Array.from({ length: 130 }, (_, i) =>
      row(`${String(i).padStart(8, '0')}-0000-4000-8000-000000000000`, 'claim', 'history'),
    );

    await list({ sentence: '130 Tasks wait.', sections: [{ title: 'All', rows }] });

    const { text, buttons } = driver.listing(ANA);
    expect(text).toContain('130 Tasks wait.');
    expect(buttons.length).toBeGreaterThan(10);
    expect(buttons[0]).toEqual({ verb: 'claim', task: rows[0]?.buttons[0]?.taskId });
  });

  it('turns in its place: the other rows are there, and the first ones are not any more', async () => {
    await list();

    await driver.turn(ANA);

    await eventually(() => expect(driver.listing(ANA).text).toContain('c3d4e5'));
    expect(driver.desk.questions).toEqual([
      { question: { query: 'tasks', words: 'registered nurse', page: 2 }, by: driver.userOf(ANA) },
    ]);
    expect(driver.listing(ANA).text).not.toContain('23 Tasks wait.');
    expect(driver.listing(ANA).buttons).toEqual([{ verb: 'claim', task: THIRD_TASK }]);
    expect(driver.told(BEN)).toEqual([]);
  });

  it.each(['done', 'refused'] as const)(
    'is asked again after a press in it was %s, so that no row offers what is over',
    async (kind) => {
      await list();
      driver.desk.answer = { kind, sentence: 'Somebody has this now.' };
      driver.desk.listing = { sentence: '22 Tasks wait.', sections: [{ rows: [row(THIRD_TASK, 'claim')] }] };

      await driver.pressListed(ANA, 'claim');

      await eventually(() => expect(driver.listing(ANA).text).toContain('22 Tasks wait.'));
      expect(driver.desk.requests).toEqual([
        { verb: 'claim', task: OTHER_TASK, by: driver.userOf(ANA), inputs: {} },
      ]);
      expect(driver.desk.questions.map(({ question }) => question)).toEqual([
        { query: 'tasks', words: 'registered nurse', page: 1 },
      ]);
      expect(driver.listing(ANA).buttons).toEqual([{ verb: 'claim', task: THIRD_TASK }]);
      expect(driver.told(ANA).join('\n')).toContain('Somebody has this now.');
      expect(driver.told(BEN)).toEqual([]);
    },
  );

  it('is asked again as the page that it had been turned to', async () => {
    await list();
    await driver.turn(ANA);
    await eventually(() => expect(driver.listing(ANA).text).toContain('c3d4e5'));
    driver.desk.otherPage = { sentence: 'That was the last.', sections: [] };

    await driver.pressListed(ANA, 'claim');

    await eventually(() => expect(driver.desk.questions).toHaveLength(2));
    expect(driver.desk.questions.at(-1)?.question).toEqual({
      query: 'tasks',
      words: 'registered nurse',
      page: 2,
    });
  });

  it('opens what a query in one of its rows lists, beside itself', async () => {
    await list();
    driver.desk.listing = { sentence: 'It was claimed twice.', sections: [] };

    await driver.pressListed(ANA, 'history');

    await eventually(() => expect(driver.told(ANA).join('\n')).toContain('It was claimed twice.'));
    expect(driver.desk.questions.map(({ question }) => question)).toEqual([
      { query: 'history', words: TASK_ID, page: 1 },
    ]);
    expect(driver.told(BEN)).toEqual([]);
  });
}
