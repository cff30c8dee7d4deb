import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClock } from '../../sandbox/clock.ts';
import { eventually } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';
import { digestsIn, nextEight, teamsDigestsIn, withDigest } from '../support/flow-digest.ts';
import { NURSES, openTeamsClinic, PHARMACY, type TeamsClinic } from '../support/flow-teams.ts';
import { noticesOf, teamsButtonsOf, teamsWordsOf } from '../support/flow-teams-card.ts';

const [ANA, CHIDI] = ['U0ANA', 'U0CHIDI'];
/** The clock is looked at every ten seconds. */
const TICKS = 30_000;

describe('the daily digest', () => {
  const clock = createClock();
  let clinic: TeamsClinic;
  const ids: string[] = [];
  beforeAll(async () => {
    clinic = await openTeamsClinic({ clock, config: withDigest(), keepLedger: true });
    // In the middle of a working morning, a day before.
    clock.moveTo(new Date(nextEight(clock.now()).getTime() + 2 * 3_600_000));
    for (let i = 0; i < 12; i++) {
      const priority = i === 11 ? 'stat' : i > 8 ? 'urgent' : 'routine';
      ids.push(await clinic.patientWrites({ priority, patient: 'homer', text: 'My chest hurts' }));
    }
    for (const id of ids) await clinic.card(id, NURSES.slack);
  }, 120_000);
  afterAll(() => clinic?.close());

  const digest = () => eventually(() => single(digestsIn(clinic, NURSES.slack)), TICKS);
  const teamsDigest = () => eventually(() => single(teamsDigestsIn(clinic, NURSES.teams)), TICKS);
  const says = (words: string, teamsWords: string) =>
    eventually(async () => {
      expect(wordsOf(await digest())).toContain(words);
      expect(teamsWordsOf(await teamsDigest())).toContain(teamsWords);
    }, TICKS);

  it('appears at eight, local time, once in each channel of the pool, and nothing of an empty pool', async () => {
    clock.moveTo(nextEight(clock.now()));

    const [slack, teams] = [wordsOf(await digest()), teamsWordsOf(await teamsDigest())];

    for (const words of [slack, teams]) {
      expect(words).toMatch(/Daily digest {2}·.*Registered nurse/);
      expect(words).toContain('12');
      expect(words).toContain('1 STAT, 2 Urgent, 9 Routine');
      expect(words).toContain('These are the 10 most urgent.');
      expect(words).toMatch(/STAT[\s\S]*Urgent[\s\S]*Urgent[\s\S]*Routine/);
    }
    expect(buttonsOf(await digest())).toEqual([...Array(10).fill('Claim'), 'Show all']);
    expect(teamsButtonsOf(await teamsDigest())).toEqual([...Array(10).fill('Claim'), 'Show all']);
    expect(digestsIn(clinic, PHARMACY.slack)).toEqual([]);
  });

  it('says nothing of a patient, and its notification has numbers only', async () => {
    const slack = await digest();
    const teams = await teamsDigest();

    expect(JSON.stringify([slack, teams])).not.toMatch(/homer|simpson|chest|hurts/i);
    expect(slack.text).toMatch(
      /^Daily digest: 12 Tasks wait in “Registered nurse”, \d+ past their target\.$/,
    );
    expect(noticesOf(teams).join()).toContain(slack.text);
  });

  it('is worked on: Claim on a row claims the Task, and the row is struck out on both platforms', async () => {
    const [, , , routine = ''] = ids;
    const { channel, ts } = await digest();

    const { status } = await clinic.sandbox.slack.press({
      user: ANA,
      channel,
      ts,
      action_id: 'claim',
      value: routine,
    });

    expect(status).toBe(200);
    await says('~  ·  *Ana Silva* has it', '·  **Ana Silva** has it');
    expect(wordsOf(await digest())).toMatch(new RegExp(`~Routine.*${routine.slice(0, 6)}~`));
    expect(teamsWordsOf(await teamsDigest())).toMatch(new RegExp(`✓ Routine.*${routine.slice(0, 6)}`));
    expect(buttonsOf(await digest()).filter((label) => label === 'Claim')).toHaveLength(9);
    expect((await clinic.record(routine)).task.status).toBe('accepted');
  });

  it('is worked on in Teams the same', async () => {
    const [, , , , routine = ''] = ids;

    await clinic.teams.press(CHIDI, await teamsDigest(), 'claim', {}, { own: { task: routine } });

    await says('*Chidi Okafor* has it', '**Chidi Okafor** has it');
  });

  it('follows what is done elsewhere: rerouted, deleted, and put back', async () => {
    const [, , , , , rerouted = '', deleted = ''] = ids;
    await clinic.reroute(ANA, await clinic.card(rerouted, NURSES.slack), {
      target: 'Cardiologist',
      reason: 'specialty-referral',
    });
    await says('~  ·  waits for *Cardiologist*', '·  waits for **Cardiologist**');

    await clinic.sandbox.fhir.repository.deleteResource('Task', deleted);
    await clinic.stopApp();
    await clinic.startApp();
    await says('is no longer in the record', 'is no longer in the record');
  });

  it('lists all that waits, in private, to whoever asks', async () => {
    const { channel, ts } = await digest();

    const all = await clinic.told(ANA, () =>
      clinic.sandbox.slack.press({
        user: ANA,
        channel,
        ts,
        action_id: 'tasks',
        value: 'registered-nurse',
      }),
    );

    expect(all.text).toContain('Tasks wait in “Registered nurse”.');
  });

  it('is closed under the next one, which counts since then', async () => {
    const first = await digest();
    const [, , , , , , , completed = ''] = ids;
    await clinic.patch('Task', completed, [{ op: 'replace', path: '/status', value: 'completed' }]);
    await clinic.patientWrites();
    clock.moveTo(nextEight(clock.now()));

    const [old, fresh] = await eventually(() => pair(digestsIn(clinic, NURSES.slack)), TICKS);

    expect(old.ts).toBe(first.ts);
    expect(wordsOf(fresh)).toContain('*Since the last digest*\n1 came in, 1 closed');
    await eventually(() => expect(buttonsOf(pair(digestsIn(clinic, NURSES.slack))[0])).toEqual([]), TICKS);
    await eventually(
      () => expect(teamsButtonsOf(pair(teamsDigestsIn(clinic, NURSES.teams))[0])).toEqual([]),
      TICKS,
    );
    expect(buttonsOf(fresh)).toContain('Claim');
  });

  it('comes no more on that day, however often Switchboard is started', async () => {
    await clinic.stopApp();
    await clinic.startApp();
    const id = await clinic.patientWrites();
    await clinic.card(id, NURSES.slack);

    clock.advance(60_000);

    await eventually(() => expect(clinic.logged.filter((line) => line.includes('"ready"'))).toHaveLength(3));
    expect(digestsIn(clinic, NURSES.slack)).toHaveLength(2);
    expect(teamsDigestsIn(clinic, NURSES.teams)).toHaveLength(2);
  });
});

function single<T>(all: readonly T[]): T {
  const [one, ...others] = all;
  if (one === undefined || others.length > 0) throw new Error(`There are ${all.length}, not one.`);
  return one;
}

function pair<T>(all: readonly T[]): readonly [T, T] {
  const [one, two, ...others] = all;
  if (one === undefined || two === undefined || others.length > 0)
    throw new Error(`There are ${all.length}, not two.`);
  return [one, two];
}
