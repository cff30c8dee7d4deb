import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DialogReply, TeamsMessage } from '../../sandbox/teams/index.ts';
import { MODES } from '../support/clinic.ts';
import { askedIn } from '../support/contract-teams-card.ts';
import { NURSES, openTeamsClinic, type TeamsClinic } from '../support/flow-teams.ts';

const ANA = 'U0ANA';
const BEN = 'U0BEN';
const SAM = 'U0SAM';

describe.each(MODES)('a message in Teams that is written down at a Task, $mode', (mode) => {
  let clinic: TeamsClinic;
  beforeAll(async () => {
    clinic = await openTeamsClinic(mode);
  });
  afterAll(() => clinic?.close());

  const writes = async (user: string, text: string, conversation: string = NURSES.teams) => {
    const { activityId } = await clinic.sandbox.teams.say({ user, conversation, text });
    return { conversation: NURSES.teams, activityId };
  };
  const waiting = async (): Promise<[taskId: string, card: TeamsMessage]> => {
    const taskId = await clinic.patientWrites();
    return [taskId, await clinic.teams.card(taskId, NURSES.teams)];
  };
  const submit = (user: string, data: object = {}): Promise<DialogReply> =>
    clinic.sandbox.teams.submit({ user, data: { ...data } });
  const asked = (user: string) => askedIn(clinic.teams.dialog(user).card, 'note');
  const notes = async (taskId: string) =>
    ((await clinic.record(taskId)).task.note ?? []).map(({ text, authorReference }) => [
      authorReference?.display,
      text,
    ]);

  it('keeps its words, its author is who wrote it down, and nobody else reads of it', async () => {
    const [taskId] = await waiting();
    const text = 'Her sister called: BP <90 & “dizzy”.\nمرحبا 💔';
    const before = clinic.sandbox.teams.messages(NURSES.teams).length;
    const message = await writes(BEN, text);

    await clinic.teams.addNote(ANA, message);
    const found = await clinic.sandbox.teams.search({
      user: ANA,
      conversation: NURSES.teams,
      dataset: 'task',
      text: taskId.slice(0, 6),
    });
    const sentence = await clinic.teams.answer(ANA, async () => {
      const { shown } = await submit(ANA, { 'note.task': taskId });
      expect(shown).toEqual({ kind: 'closed' });
    });

    expect(found.results.map(({ value }) => value)).toEqual([taskId]);
    expect(sentence).toBe(`Your note is on Task ${taskId.slice(0, 6)}.`);
    expect(await notes(taskId)).toEqual([['Ana Silva', text]]);
    const { task, provenances } = await clinic.record(taskId);
    expect(task.status).toBe('requested');
    expect(task.owner).toBeUndefined();
    expect(provenances.map((one) => one.agent[0]?.who?.display)).toEqual(['Ana Silva']);
    expect(clinic.sandbox.teams.messages(NURSES.teams)).toHaveLength(before + 1);
    expect(clinic.teams.heard(BEN)).toEqual([]);
  });

  it('goes to the Task of the card that it stands below, and a card to its own', async () => {
    const [taskId, card] = await waiting();
    const answer = await writes(BEN, 'I know her.', `${NURSES.teams};messageid=${card.activityId}`);

    await clinic.teams.addNote(ANA, answer);
    const below = asked(ANA);
    await submit(ANA);
    await clinic.teams.addNote(ANA, card);
    const ofCard = asked(ANA);
    await submit(ANA, { 'note.note': 'Seen at the desk.' });

    expect(below).toMatchObject({ inputs: ['note'], filled: { note: 'I know her.' } });
    expect(ofCard).toMatchObject({ inputs: ['note'], filled: {} });
    expect(await notes(taskId)).toEqual([
      ['Ana Silva', 'I know her.'],
      ['Ana Silva', 'Seen at the desk.'],
    ]);
  });

  it('is refused in the dialog, which keeps what was filled in, and can be mended there', async () => {
    const [closed] = await waiting();
    const [open] = await waiting();
    await clinic.teams.addNote(ANA, await writes(BEN, 'Called.'));
    for (const text of [closed, open])
      await clinic.sandbox.teams.search({
        user: ANA,
        conversation: NURSES.teams,
        dataset: 'task',
        text: text.slice(0, 6),
      });
    await clinic.patch('Task', closed, [{ op: 'replace', path: '/status', value: 'cancelled' }]);

    const refused = await submit(ANA, { 'note.task': closed, 'note.note': 'Called twice.' });
    const again = asked(ANA);
    const done = await submit(ANA, { 'note.task': open });

    expect(refused.shown.kind).toBe('open');
    expect(again.text).toContain(`Task ${closed.slice(0, 6)} is already cancelled`);
    expect(again.filled).toEqual({ task: closed, note: 'Called twice.' });
    expect(done.shown).toEqual({ kind: 'closed' });
    expect(await notes(closed)).toEqual([]);
    expect(await notes(open)).toEqual([['Ana Silva', 'Called twice.']]);
  });

  it.each([
    ['somebody whom the record does not know', SAM, 'You are not linked to a Practitioner'],
    ['a guest', 'U0GUEST', 'Guests and people of other organisations cannot act on Tasks here.'],
  ])('is not written for %s, who is told so', async (_who, user, says) => {
    const [taskId, card] = await waiting();
    const before = await clinic.record(taskId);

    await clinic.teams.addNote(user, card);
    const { shown } = await submit(user, { 'note.note': 'Let me in.' });

    expect(shown.kind).toBe('open');
    expect(asked(user).text).toContain(says);
    expect(await clinic.record(taskId)).toEqual(before);
  });

  it('opens nothing for somebody of another tenant', async () => {
    const [, card] = await waiting();

    const { status, shown } = await clinic.teams.addNote('U0STRANGER', card);

    expect([status, shown.kind]).toEqual([403, 'error']);
    expect(clinic.sandbox.teams.dialogs('U0STRANGER')).toEqual([]);
  });

  it('is written once where Teams submits it again', async () => {
    const [taskId, card] = await waiting();
    await clinic.teams.addNote(ANA, card);

    await submit(ANA, { 'note.note': 'Once.' });
    await clinic.sandbox.teams.redeliver();
    await clinic.teams.addNote(ANA, card);
    await submit(ANA, { 'note.note': 'Once.' });

    expect(await notes(taskId)).toEqual([['Ana Silva', 'Once.']]);
  });

  it('can be typed and filled in on the card as well', async () => {
    const [taskId, card] = await waiting();

    const typed = await clinic.teams.answer(ANA, () =>
      clinic.teams.say(ANA, NURSES.teams, `@Switchboard note ${taskId.slice(0, 8)} rang, no answer`),
    );
    const pressed = await clinic.teams.pressAnswer(BEN, card, 'note', { 'note.note': 'Rang again.' });

    expect([typed, pressed]).toEqual(Array(2).fill(`Your note is on Task ${taskId.slice(0, 6)}.`));
    expect((await notes(taskId)).map(([, text]) => text)).toEqual(['rang, no answer', 'Rang again.']);
  });
});
