import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { wordsOf } from '../support/flow-card.ts';

const NURSES = 'C0NURSES';

/** The specification's “Create a Task for a Thread”. */
describe('“When a new message arrives that requires action, create a Task linked to the thread via focus”', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic({
      sweepSeconds: 1,
      config: (yaml, practitioner) =>
        yaml.replace(
          /( {2}- when: \{ category: "urn:switchboard:sandbox:category\|dietetics" \}\n) {4}pool: dietetics/,
          `$1    person: ${practitioner('U0ZEYNEP')}\n    priority: urgent`,
        ),
    });
  });
  afterAll(() => clinic?.close());

  const taskOf = (thread: string) =>
    eventually(async () => {
      const [task, ...others] = await clinic.search('Task', `focus=Communication/${thread}`);
      expect(others).toEqual([]);
      if (task === undefined) throw new Error(`There is no Task for Communication/${thread} yet.`);
      return task;
    });

  it('“focus links the Task to the Communication thread header”, “for … mirrors Communication.subject”, “requester: who … triggered the Task”', async () => {
    const { thread, message } = await clinic.patientSays({ patient: 'homer', pool: 'registered-nurse' });

    const task = await taskOf(thread);
    const [header] = await clinic.search('Communication', `_id=${thread}`);
    const [said] = await clinic.search('Communication', `_id=${message}`);

    expect(task.focus).toMatchObject({ reference: `Communication/${thread}` });
    expect(task.for?.reference).toBe(header?.subject?.reference);
    expect(task.requester?.reference).toBe(said?.sender?.reference);
    expect(task).toMatchObject({
      status: 'requested',
      intent: 'order',
      priority: 'routine',
      authoredOn: said?.sent,
    });
    expect(task.owner).toBeUndefined();
  });

  it('“Use performerType to route to a provider pool”: the pool’s code stands there, and its channel gets the card', async () => {
    const { thread } = await clinic.patientSays({ pool: 'registered-nurse' });

    const task = await taskOf(thread);

    expect(task.performerType?.[0]?.coding?.[0]).toMatchObject({
      code: '224535009',
      display: 'Registered nurse',
    });
    expect(wordsOf(await clinic.card(task.id, NURSES))).toContain('Nobody has claimed this yet.');
  });

  it('“To assign directly to a specific provider instead of a pool, set owner to the Practitioner reference and omit performerType”', async () => {
    const { thread } = await clinic.patientSays({ pool: 'dietetics' });

    const task = await taskOf(thread);

    expect(task.owner?.reference).toBe(clinic.practitioner('U0ZEYNEP'));
    expect(task.performerType).toBeUndefined();
    expect(task).toMatchObject({ status: 'requested', priority: 'urgent' });
  });

  it('“Does this message require a tracked response? If not, keep it as Communication only”', async () => {
    const { thread: plain } = await clinic.patientSays({ pool: 'registered-nurse' });
    const [header] = await clinic.search('Communication', `_id=${plain}`);
    const {
      id: _id,
      meta: _meta,
      ...words
    } = header ?? {
      id: '',
      meta: undefined,
      resourceType: 'Communication' as const,
      status: 'in-progress' as const,
    };
    const news = await clinic.put({ ...words, category: [{ text: 'Newsletter' }] });
    await clinic.patientSays({ thread: news.id, text: 'Thank you for the newsletter.' });

    await taskOf((await clinic.patientSays({ pool: 'registered-nurse' })).thread);

    expect(await clinic.search('Task', `focus=Communication/${news.id}`)).toEqual([]);
  });

  it('“Task creation is typically handled … on Communication creation”: one Task for a thread, however much is written in it', async () => {
    const { thread } = await clinic.patientSays({ pool: 'registered-nurse', patient: 'rosa' });
    const task = await taskOf(thread);

    await clinic.patientSays({ thread, text: 'One more thing.' });
    await clinic.patientSays({ thread, text: 'And another.' });

    await eventually(async () =>
      expect(wordsOf(await clinic.card(task.id, NURSES))).toContain('2 new messages'),
    );
    expect((await taskOf(thread)).id).toBe(task.id);
  });
});
