import { afterEach, describe, expect, it } from 'vitest';
import { type Clock, createClock } from '../../sandbox/clock.ts';
import { deedOf } from '../../src/record/provenance.ts';
import { type Clinic, type ClinicOptions, eventually, MODES, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';
import { configured } from '../support/flow-config.ts';

const NURSES = 'C0NURSES';
const ANA = 'U0ANA';
const GRACE = 'U0GRACE';
const MINUTE = 60_000;

/** Ten in the morning of a Monday far ahead, in New York. */
const MONDAY = new Date('2027-03-01T15:00:00Z');

/** Of the nurses alone. */
const LADDER = [
  '    escalation:',
  '      - { after: 0m, mention: here }',
  '      - { after: 15m, tell: lead }',
  '      - { after: 30m, rerouteTo: pharmacy }',
].join('\n');

let clinic: Clinic | undefined;
afterEach(async () => {
  await clinic?.close();
  clinic = undefined;
});

/** Nurses have an hour; then the channel is called, Grace is told, and the cardiologists get it. */
async function open(more: ClinicOptions = {}): Promise<{ clinic: Clinic; clock: Clock }> {
  const clock = createClock();
  clock.moveTo(MONDAY);
  clinic = await openClinic({
    clock,
    config: (yaml, practitioner) =>
      configured({
        timezone: 'America/New_York',
        hours: { 'mon-fri': '08:00-17:00' },
        targets: { claimWithin: { stat: '5m', routine: '1h' }, answerWithin: { routine: '2h' } },
        leads: [practitioner(GRACE)],
        reminders: { every: '1h', most: 2, returnToPool: true },
      })(yaml.replace(/^( {4}name: Registered nurse)$/m, `$1\n${LADDER}`)),
    ...more,
  });
  return { clinic, clock };
}

const steps = async (of: Clinic, taskId: string) =>
  (await of.record(taskId)).provenances
    .map(deedOf)
    .flatMap((deed) => (deed?.step ? [deed.step.kind] : []))
    .toReversed();

/** What the newest card of a Task in a channel says. */
const says = (of: Clinic, taskId: string, channel: string, words: string | RegExp) =>
  eventually(async () => expect(wordsOf(await of.card(taskId, channel))).toMatch(words), 20_000);

const stepsAre = (of: Clinic, taskId: string, kinds: readonly string[]) =>
  eventually(async () => expect(await steps(of, taskId)).toEqual(kinds), 20_000);

describe.each(MODES)('A Task that nobody claims, $mode', (mode) => {
  it('says by when it is to be claimed, and then how late it is', async () => {
    const { clinic, clock } = await open({ ...mode, ...withoutLadder });
    const taskId = await clinic.patientWrites();
    await says(clinic, taskId, NURSES, 'Claim by');

    clock.advance(67 * MINUTE);

    await says(clinic, taskId, NURSES, '7 min over');
    clock.advance(2 * MINUTE);
    await says(clinic, taskId, NURSES, '9 min over');
    expect(clinic.cards(taskId)).toHaveLength(1);
  });

  it('climbs the ladder: the channel is called, the lead is told, another pool gets it', async () => {
    const { clinic, clock } = await open(mode);
    const taskId = await clinic.patientWrites();
    await clinic.card(taskId, NURSES);

    clock.advance(60 * MINUTE);
    await stepsAre(clinic, taskId, ['mention']);
    await eventually(() => expect(clinic.cards(taskId, NURSES)).toHaveLength(2));
    const [old, anew] = clinic.cards(taskId, NURSES);
    await eventually(() => expect(buttonsOf(clinic.cards(taskId, NURSES)[0] ?? { blocks: [] })).toEqual([]));
    expect(old?.ts).not.toBe(anew?.ts);
    expect(anew && buttonsOf(anew)).toContain('Claim');

    clock.advance(15 * MINUTE);
    await stepsAre(clinic, taskId, ['mention', 'lead']);
    const direct = await eventually(() => {
      const found = clinic.cards(taskId).find(({ channel }) => channel !== NURSES);
      if (found === undefined) throw new Error('Grace is not told.');
      return found;
    });
    expect(buttonsOf(direct)).toContain('Claim');

    clock.advance(15 * MINUTE);
    await stepsAre(clinic, taskId, ['mention', 'lead', 'reroute']);
    await says(clinic, taskId, 'C0PHARMACY', 'Sent here');
    await says(clinic, taskId, NURSES, 'Rerouted to');
    const { task } = await clinic.record(taskId);
    expect(task.businessStatus?.text).toBe('escalated');
    expect(task.note?.map(({ text }) => text)).toEqual([
      'Not claimed in time in “Registered nurse”: the channel was called.',
      'Not claimed in time in “Registered nurse”: the lead was told.',
      'Not claimed in time in “Registered nurse”: sent to “Pharmacist”.',
    ]);
  });

  it('stops where somebody claims between the second step and the third, on either side of a restart', async () => {
    const { clinic, clock } = await open({ ...mode, keepLedger: true });
    const routine = () => clinic.patientWrites({ priority: 'routine' });
    const [before, after] = [await routine(), await routine()];
    for (const taskId of [before, after]) await clinic.card(taskId, NURSES);
    clock.advance(60 * MINUTE);
    for (const taskId of [before, after]) await stepsAre(clinic, taskId, ['mention']);
    clock.advance(15 * MINUTE);
    for (const taskId of [before, after]) await stepsAre(clinic, taskId, ['mention', 'lead']);

    await clinic.press(ANA, await clinic.card(before, NURSES), 'claim');
    await says(clinic, before, NURSES, 'Ana Silva');
    await clinic.stopApp();
    clock.advance(10 * MINUTE);
    await clinic.startApp();
    await clinic.press(ANA, await clinic.card(after, NURSES), 'claim');
    await says(clinic, after, NURSES, 'Ana Silva');
    clock.advance(6 * 60 * MINUTE);
    await says(clinic, after, NURSES, 'over');

    for (const taskId of [before, after]) {
      expect(await steps(clinic, taskId)).toEqual(['mention', 'lead']);
      expect((await clinic.record(taskId)).task.performerType?.[0]?.coding?.[0]?.code).toBe('224535009');
    }
  });
});

describe('At night', () => {
  it('a routine Task waits for the morning, and a stat Task is escalated at once', async () => {
    const { clinic, clock } = await open();
    clock.moveTo(new Date('2027-03-02T02:00:00Z'));
    const [routine, stat] = [
      await clinic.patientWrites({ priority: 'routine' }),
      await clinic.patientWrites({ priority: 'stat' }),
    ];
    for (const taskId of [routine, stat]) await clinic.card(taskId, NURSES);

    clock.advance(3 * 60 * MINUTE);

    await stepsAre(clinic, stat, ['mention']);
    expect(await steps(clinic, routine)).toEqual([]);
    clock.moveTo(new Date('2027-03-02T14:00:30Z'));
    await stepsAre(clinic, routine, ['mention']);
  });
});

describe('An owner who has not answered in time', () => {
  it('is reminded in private, says that they are still on it, and loses the Task in the end', async () => {
    const { clinic, clock } = await open();
    const taskId = await clinic.patientWrites();
    await clinic.press(ANA, await clinic.card(taskId, NURSES), 'claim');
    await says(clinic, taskId, NURSES, 'Answer by');
    const reminders = () => clinic.cards(taskId).filter(({ channel }) => channel !== NURSES);

    clock.advance(125 * MINUTE);
    const first = await eventually(() => {
      const [found] = reminders();
      if (found === undefined) throw new Error('There is no reminder.');
      return found;
    }, 20_000);
    expect(buttonsOf(first)).toEqual(expect.arrayContaining(['Still on it', 'Release', 'Reroute']));

    await clinic.press(ANA, first, 'keep');
    await eventually(() => expect(buttonsOf(reminders()[0] ?? { blocks: [] })).toEqual([]));
    clock.advance(61 * MINUTE);
    await eventually(() => expect(reminders()).toHaveLength(2), 20_000);
    clock.advance(60 * MINUTE);
    await eventually(() => expect(reminders()).toHaveLength(3), 20_000);
    clock.advance(61 * MINUTE);

    await eventually(async () => {
      const { task, provenances } = await clinic.record(taskId);
      expect(task.owner).toBeUndefined();
      expect(task.status).toBe('requested');
      expect(deedOf(provenances[0] ?? ({} as never))?.reason?.code).toBe('not-answered-in-time');
    }, 20_000);
    await says(clinic, taskId, NURSES, 'Released by Switchboard');
  });
});

const withoutLadder = {
  config: configured({
    timezone: 'America/New_York',
    hours: { 'mon-fri': '08:00-17:00' },
    targets: { claimWithin: { routine: '1h' } },
  }),
};
