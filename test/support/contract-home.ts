import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Listing } from '../../src/index.ts';
import { ANA, BEN, type Driver } from './contract-driver.ts';
import { row } from './contract-listings.ts';
import { eventually } from './flow-wait.ts';
import { TASK_ID } from './pure-clinic.ts';

const OTHER_TASK = 'b2c3d4e5-0000-4000-8000-000000000002';

const HOME: Listing = {
  sentence: 'You are Ana Silva, Registered nurse.',
  sections: [
    { title: 'Yours', rows: [row(TASK_ID, 'complete', 'history')] },
    { title: 'Registered nurse', rows: [row(OTHER_TASK, 'claim')] },
  ],
};

const AFTERWARDS: Listing = { sentence: 'Two are yours.', sections: [] };

/** Everything that concerns one person, on one page. */
export function describeHome(open: () => Promise<Driver>): void {
  let driver: Driver;

  beforeEach(async () => {
    driver = await open();
    driver.desk.homeListing = HOME;
    driver.desk.listing = HOME;
    driver.desk.saying = { kind: 'listing', listing: HOME };
  });
  afterEach(() => driver.close());

  const openHome = async () => {
    await driver.openHome(ANA);
    return eventually(() => driver.home(ANA));
  };

  it('shows what is theirs and what waits, with buttons', async () => {
    const { text, buttons } = await openHome();

    expect(text).toContain('You are Ana Silva, Registered nurse.');
    expect(text).toContain('Yours');
    expect(text).toContain('b2c3d4');
    expect(buttons).toEqual([
      { verb: 'complete', task: TASK_ID },
      { verb: 'history', task: TASK_ID },
      { verb: 'claim', task: OTHER_TASK },
    ]);
  });

  it('is seen by nobody else', async () => {
    await openHome();

    expect(() => driver.home(BEN)).toThrow();
    expect(driver.told(BEN)).toEqual([]);
    expect(driver.standing()).toEqual([]);
  });

  it.each(['done', 'refused'] as const)(
    'tells whoever pressed there that it was %s, and is drawn again',
    async (kind) => {
      await openHome();
      driver.desk.answer = { kind, sentence: 'Somebody has this now.' };
      driver.desk.homeListing = AFTERWARDS;
      driver.desk.listing = AFTERWARDS;

      await driver.pressHome(ANA, 'claim');

      await eventually(() => expect(driver.told(ANA).join('\n')).toContain('Somebody has this now.'));
      expect(driver.desk.requests).toEqual([
        { verb: 'claim', task: OTHER_TASK, by: driver.userOf(ANA), inputs: {} },
      ]);
      await eventually(() => expect(driver.home(ANA).text).toContain('Two are yours.'));
      expect(driver.told(BEN)).toEqual([]);
    },
  );

  it('answers a query that is pressed there', async () => {
    await openHome();
    driver.desk.pressing = {
      kind: 'listing',
      listing: { sentence: 'It was claimed twice.', sections: [] },
    };

    await driver.pressHome(ANA, 'history');

    await eventually(() => expect(driver.told(ANA).join('\n')).toContain('It was claimed twice.'));
    expect(driver.desk.presses).toEqual([{ word: 'history', taskId: TASK_ID, by: driver.userOf(ANA) }]);
  });

  it('opens the dialog of what is pressed there', async () => {
    driver.desk.homeListing = { sentence: 'One is yours.', sections: [{ rows: [row(TASK_ID, 'reroute')] }] };
    driver.desk.saying = { kind: 'listing', listing: driver.desk.homeListing };
    await openHome();

    await driver.pressHome(ANA, 'reroute');
    await driver.fill(ANA, 'reroute', { target: 'cardio', reason: 'workload' });

    await eventually(() =>
      expect(driver.desk.requests).toEqual([
        {
          verb: 'reroute',
          task: TASK_ID,
          by: driver.userOf(ANA),
          inputs: { target: 'pool:cardiology', reason: 'workload' },
        },
      ]),
    );
    await eventually(() => expect(driver.told(ANA).join('\n')).toContain('Done.'));
  });
}
