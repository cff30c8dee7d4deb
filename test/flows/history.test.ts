import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, eventually, MODES, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';

const NURSES = 'C0NURSES';
const CARDIO = 'C0CARDIO';
const ANA = 'U0ANA';
const BEN = 'U0BEN';

describe.each(MODES)('the history of a Task, $mode', ({ transactions }) => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic({ transactions });
  });
  afterAll(() => clinic?.close());

  const history = async (user: string, taskId: string) =>
    wordsOf(await clinic.told(user, () => clinic.slash(user, `/history ${taskId}`)))
      .split('\n')
      .filter(Boolean);
  const say = (user: string, typed: string) => clinic.answer(user, () => clinic.slash(user, typed));
  /** The lines of a story, without their instants. */
  const told = (lines: string[]) => lines.slice(1).map((line) => line.split('  ·  ')[1]);

  it('is told from the card’s menu: who had it, for how long, and why it moved', async () => {
    const taskId = await clinic.patientWrites({ patient: 'homer' });
    const ref = taskId.slice(0, 8);
    await clinic.card(taskId, NURSES);
    await say(ANA, `/claim ${ref}`);
    await say(ANA, `/reroute ${ref} cardiology because specialty-referral Homer’s heart`);
    await say(BEN, `/claim ${ref}`);
    const card = await eventually(async () => {
      const found = await clinic.card(taskId, CARDIO);
      expect(wordsOf(found)).toContain('✅ *Ben Carter*');
      return found;
    });
    expect(buttonsOf(card)).toContain('History');

    const listing = await clinic.told(BEN, () => clinic.pick(BEN, card, 'history'));

    const lines = wordsOf(listing).split('\n').filter(Boolean);
    expect(lines[0]).toBe(
      `Ben Carter has had Task ${taskId.slice(0, 6)} for less than a minute. It arrived less than a minute ago and has moved once.`,
    );
    expect(told(lines)).toEqual([
      expect.stringMatching(/^Arrived in \*Registered nurse\*, /),
      '*Ana Silva* claimed it. Had it for less than a minute.',
      '*Ana Silva* rerouted it to *Cardiologist*: *Specialty referral*, with a note. It waited for less than a minute.',
      '*Ben Carter* claimed it. Has had it for less than a minute.',
    ]);
    expect(wordsOf(listing)).not.toMatch(/homer/i);
  });

  it('has what another application changed, by whom, and says that nobody gave a reason', async () => {
    const taskId = await clinic.patientWrites();
    await clinic.card(taskId, NURSES);
    await clinic.patch('Task', taskId, [
      { op: 'replace', path: '/priority', value: 'stat' },
      { op: 'add', path: '/owner', value: { reference: clinic.practitioner(BEN), display: 'Ben Carter' } },
    ]);

    expect(told(await history(ANA, taskId)).at(-1)).toMatch(
      /^Changed in Medplum.*: it is assigned to \*Ben Carter\*, the priority is STAT\. Not accepted yet/,
    );
  });

  it('goes on in the Task that took its place, and is the same story from both', async () => {
    const taskId = await clinic.patientWrites();
    await clinic.card(taskId, NURSES);
    await say(ANA, `/claim ${taskId.slice(0, 8)}`);
    const card = await eventually(async () => {
      const found = await clinic.card(taskId, NURSES);
      expect(wordsOf(found)).toContain('✅ *Ana Silva*');
      return found;
    });
    await clinic.reroute(ANA, card, { target: 'Cardiologist', reason: 'wrong-pool', visibility: 'new-task' });
    const next = await eventually(async () => {
      const [found] = await clinic.search(
        'Task',
        `identifier=urn:switchboard:successor|${(await clinic.record(taskId)).task.id}/${(await clinic.record(taskId)).versions[1]?.meta?.versionId}`,
      );
      if (!found) throw new Error('no successor');
      return found.id;
    });
    await eventually(async () => expect((await clinic.record(next)).provenances).toHaveLength(1));

    const [fromOld, fromNew] = [await history(ANA, taskId), await history(BEN, next)];

    expect(fromNew).toEqual(fromOld);
    expect(fromOld.join('\n')).toContain(`It goes on as Task \`${next.slice(0, 6)}\`.`);
    expect(fromOld.join('\n')).toContain(`Replaces Task \`${taskId.slice(0, 6)}\` in *Cardiologist*`);
    expect(fromOld.filter((line) => line.startsWith('Task '))).toEqual([
      expect.stringContaining(`Task ${next.slice(0, 6)} has waited`),
      `Task ${taskId.slice(0, 6)}`,
      `Task ${next.slice(0, 6)}`,
    ]);
  });

  it('tells what Switchboard did by itself as its own deed', async () => {
    const taskId = await clinic.patientWrites();
    const { thread } = await clinic.record(taskId);
    await clinic.card(taskId, NURSES);
    await say(ANA, `/claim ${taskId.slice(0, 8)}`);
    await clinic.staffAnswers({ thread: thread?.id ?? '', by: ANA, text: 'Rest, please.' });
    await eventually(async () => expect((await clinic.record(taskId)).task.status).toBe('completed'));
    await eventually(async () => expect((await clinic.record(taskId)).provenances).toHaveLength(2));

    const lines = await history(ANA, taskId);

    expect(lines[0]).toContain(`Task ${taskId.slice(0, 6)} is completed.`);
    expect(told(lines).at(-1)).toMatch(/ completed it with the answer in the thread\.$/);
  });

  it('is turned to its beginning, page by page', async () => {
    const taskId = await clinic.patientWrites();
    await clinic.card(taskId, NURSES);
    for (let i = 0; i < 8; i++) {
      await say(ANA, `/claim ${taskId}`);
      await say(ANA, `/release ${taskId} because workload`);
    }

    const latest = await clinic.told(ANA, () => clinic.slash(ANA, `/history ${taskId}`));
    const end = wordsOf(latest);
    const earlier = wordsOf(await clinic.turn(ANA, latest));

    expect(buttonsOf(latest)).toEqual(['Earlier']);
    expect(end).not.toContain('Arrived');
    expect(earlier).toContain('Arrived in *Registered nurse*');
    expect(buttonsOf(clinic.again(ANA, latest))).toEqual(['Back to the latest']);
  });
});
