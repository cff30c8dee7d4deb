import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { snoozeOf } from '../../src/record/snooze.ts';
import type { Form, Said } from '../../src/runtime/ports/desk.ts';
import { buttonsOn } from '../support/pure-queries.ts';
import { isSentence } from '../support/pure-sentences.ts';
import { type DeskClinic, openDesk, user } from '../support/unit-desk.ts';

const ANA = user('ANA');
const BEN = user('BEN');

let clinic: DeskClinic;
let taskId: string;
beforeAll(async () => {
  clinic = await openDesk();
});
afterAll(() => clinic?.close());
beforeEach(async () => {
  taskId = await clinic.patientWrites();
});

const short = () => taskId.slice(0, 6);

function formOf(said: Said): Form {
  if (said.kind !== 'dialog') throw new Error(`no dialog, but ${JSON.stringify(said)}`);
  return said.form;
}

function sentenceOf(said: Said): string {
  if (said.kind === 'dialog') throw new Error('a dialog');
  return said.kind === 'answer' ? said.answer.sentence : said.listing.sentence;
}

describe('a press', () => {
  it.each(['reroute', 'release', 'escalate', 'snooze', 'note'])(
    'on %s opens its dialog at once, without a look at the record',
    async (verb) => {
      clinic.sandbox.fhir.resetRequests();

      const form = formOf(await clinic.desk.press(verb, taskId, ANA));

      expect(form).toMatchObject({ verb, task: { id: taskId, short: short() } });
      expect(form.lead).toBeUndefined();
      expect(clinic.sandbox.fhir.requests).toEqual([]);
    },
  );

  it('on a verb that needs nothing does it', async () => {
    const said = await clinic.desk.press('claim', taskId, ANA);

    expect(said).toEqual({
      kind: 'answer',
      answer: { kind: 'done', sentence: `Ana Silva, Task ${short()} is yours.` },
    });
    expect((await clinic.task(taskId)).status).toBe('accepted');
  });

  it('on Complete before anybody has answered opens its dialog, which says why, and what is filled in then counts', async () => {
    await clinic.does(ANA, 'claim', taskId);

    const form = formOf(await clinic.desk.press('complete', taskId, ANA));
    const answer = await clinic.desk.run({
      verb: form.verb,
      task: form.task?.id ?? '',
      by: ANA,
      inputs: { reason: 'answered-by-phone' },
    });

    expect(form.lead).toBe('Nobody has answered in the thread yet. Say why it is done without an answer.');
    expect(form.inputs.map(({ name }) => name)).toEqual(['reason', 'note']);
    expect(answer).toEqual({ kind: 'done', sentence: `Task ${short()} is completed: Answered by phone.` });
  });

  it('on Complete where it may not be used is answered, not asked about', async () => {
    await clinic.does(ANA, 'claim', taskId);

    expect(sentenceOf(await clinic.desk.press('complete', taskId, BEN))).toBe(
      'Ana Silva has this Task; only they can complete it.',
    );
  });

  it.each(['history', 'status'])('on %s lists it', async (query) => {
    const said = await clinic.desk.press(query, taskId, ANA);

    expect(said.kind).toBe('listing');
    expect(sentenceOf(said)).toContain(`Task ${short()}`);
  });

  it('on the button of a pool lists what waits there', async () => {
    expect(sentenceOf(await clinic.desk.press('tasks', 'cardiology', ANA))).toBe(
      'Nothing waits in “Cardiologist”.',
    );
  });

  it('on what is no word any more is answered with a sentence', async () => {
    expect(sentenceOf(await clinic.desk.press('explode', taskId, ANA))).toBe('There is no “explode”.');
  });

  it('while the record is away says so, and changes nothing', async () => {
    clinic.sandbox.fhir.faults.add({ kind: 'error', resourceType: 'Task', times: 50 });

    const said = [
      await clinic.desk.press('claim', taskId, ANA),
      await clinic.desk.press('status', taskId, ANA),
    ];
    clinic.sandbox.fhir.faults.clear();

    expect(said.map(sentenceOf)).toEqual(
      Array(2).fill('The record is not reachable just now; nothing was changed.'),
    );
    expect((await clinic.task(taskId)).status).toBe('requested');
  });
});

describe('typed words', () => {
  it('do what a press does', async () => {
    expect(sentenceOf(await clinic.desk.say('claim', short(), ANA))).toBe(
      `Ana Silva, Task ${short()} is yours.`,
    );
    expect(sentenceOf(await clinic.desk.say('switchboard', `status ${short()}`, ANA))).toContain(
      'You have had Task',
    );
  });

  it('open a dialog for the Task that they name, found by its reference', async () => {
    expect(formOf(await clinic.desk.say('note', short(), ANA)).task).toEqual({ id: taskId, short: short() });
    expect(formOf(await clinic.desk.say('reroute', '', ANA)).task).toBeUndefined();
  });

  it('open the dialog of Complete where a reason is needed, for the whole id', async () => {
    await clinic.does(ANA, 'claim', taskId);

    const form = formOf(await clinic.desk.say('complete', short(), ANA));

    expect(form.task).toEqual({ id: taskId, short: short() });
    expect(form.lead).toContain('Say why it is done without an answer.');
  });

  it('write a note as it was typed', async () => {
    await clinic.does(ANA, 'claim', taskId);

    const text = 'called back\n“no answer”, because nobody was in <!channel>';
    const said = await clinic.desk.say('note', `${short()} ${text}`, ANA);

    expect(said).toEqual({
      kind: 'answer',
      answer: { kind: 'done', sentence: `Your note is on Task ${short()}.`, isUnseen: true },
    });
    expect((await clinic.task(taskId)).note?.at(-1)?.text).toBe(text);
  });

  it('put reminders off, and say that one is still on it', async () => {
    await clinic.does(ANA, 'claim', taskId);

    const forever = await clinic.desk.say('snooze', `${short()} reply`, ANA);
    const before = snoozeOf(await clinic.task(taskId));
    const kept = await clinic.desk.say('keep', short(), ANA);
    const after = snoozeOf(await clinic.task(taskId));

    expect(sentenceOf(forever)).toBe(`You get no reminders of Task ${short()} until the patient writes.`);
    expect(forever).toMatchObject({ answer: { isUnseen: true } });
    expect(before?.end).toBeUndefined();
    expect(sentenceOf(kept)).toMatch(/^You get no reminders of Task \w{6} until .*\d\d:\d\d UTC\.$/);
    expect(after?.end?.getTime()).toBe((after?.start.getTime() ?? 0) + 3_600_000);
  });

  it('raise the alarm, with a reason of the right list', async () => {
    const said = await clinic.desk.say('escalate', `${short()} because The patient called again`, BEN);

    expect(said).toEqual({
      kind: 'answer',
      answer: { kind: 'done', sentence: `Task ${short()} is escalated: The patient called again.` },
    });
    expect(await clinic.task(taskId)).toMatchObject({
      status: 'requested',
      businessStatus: { text: 'escalated' },
    });
  });

  it('of “next” claim a Task and say what to do with it', async () => {
    await clinic.patientWrites({ pool: 'pharmacy', priority: 'stat' });

    const said = await clinic.desk.say('next', '', user('MEI'));

    expect(sentenceOf(said)).toMatch(/^Task \w{6} is yours: STAT, arrived less than a minute ago\./);
    expect(said.kind === 'listing' && buttonsOn(said.listing)).toEqual([
      ['Complete', 'Reroute', 'Release', 'Escalate', 'Snooze', 'Add note'],
    ]);
  });

  it.each([
    [
      'reroute',
      'TASK cardiology',
      'Say why, with “because” and a reason: /reroute a1b2c3 cardiology because specialty-referral.',
    ],
    [
      'snooze',
      'TASK until lunch',
      '“until lunch” is no time that is known. Write /snooze a1b2c3 30m, or 2h, 14:30, opening, reply.',
    ],
    [
      'note',
      'zzzzzz',
      'There is no Task “zzzzzz”. Its reference stands at the end of its card, and /tasks lists what waits.',
    ],
    [
      'tasks',
      'kardiology',
      'There is no pool “kardiology”. Did you mean cardiology? The pools are registered-nurse, cardiology, pharmacy, dietetics.',
    ],
    [
      'next',
      'kardiology',
      'There is no pool “kardiology”. Did you mean cardiology? The pools are registered-nurse, cardiology, pharmacy, dietetics.',
    ],
    [
      'reroute',
      'TASK kardiology because workload',
      'There is no pool or person “kardiology”. Did you mean cardiology? The pools are registered-nurse, cardiology, pharmacy, dietetics.',
    ],
    [
      'reroute',
      'TASK Chidi Okafr because workload',
      'There is no pool or person “Chidi Okafr”. Did you mean Chidi Okafor? The pools are registered-nurse, cardiology, pharmacy, dietetics.',
    ],
    [
      'reroute',
      'TASK surgery because workload',
      'There is no pool or person “surgery”. The pools are registered-nurse, cardiology, pharmacy, dietetics.',
    ],
    ['wohami', '', 'There is no /wohami. Did you mean /whoami? /switchboard help lists every word.'],
  ])('that are wrong are answered with what would be right: /%s %s', async (word, text, sentence) => {
    const before = await clinic.task(taskId);

    expect(sentenceOf(await clinic.desk.say(word, text.replace('TASK', short()), ANA))).toBe(sentence);
    expect(await clinic.task(taskId)).toEqual(before);
  });
});

describe('what comes out of a dialog', () => {
  it('is refused at the input where nobody can tell until when', async () => {
    await clinic.does(ANA, 'claim', taskId);

    const answer = await clinic.desk.run({
      verb: 'snooze',
      task: taskId,
      by: ANA,
      inputs: { until: 'noon' },
    });

    expect(answer).toEqual({
      kind: 'refused',
      sentence: '“noon” is no time that is known. Write /snooze a1b2c3 30m, or 2h, 14:30, opening, reply.',
      field: 'until',
    });
  });

  it('of Snooze is whatever it offers', async () => {
    await clinic.does(ANA, 'claim', taskId);
    const [until] = formOf(await clinic.desk.press('snooze', taskId, ANA)).inputs;

    const said: string[] = [];
    for (const { value } of until?.choices ?? []) {
      const inputs = { until: value };
      said.push((await clinic.desk.run({ verb: 'snooze', task: taskId, by: ANA, inputs })).sentence);
    }

    const opening = '“Registered nurse” does not close, so it does not open again. Say a time instead.';
    expect(until).toMatchObject({ name: 'until', kind: 'choice', required: true });
    expect(said).toHaveLength(5);
    expect(said.filter((one) => one.startsWith('You get no reminders'))).toHaveLength(4);
    expect(said).toContain(opening);
  });

  it('goes into the record without what no database takes', async () => {
    await clinic.does(ANA, 'claim', taskId);

    const answer = await clinic.desk.run({
      verb: 'note',
      task: taskId,
      by: ANA,
      inputs: { note: 'a\u0000b\u202Ec\uD800\nd' },
    });

    expect(answer.kind).toBe('done');
    expect((await clinic.task(taskId)).note?.at(-1)?.text).toBe('abc\uFFFD\nd');
  });
});

describe('the desk', () => {
  it('never throws for what anybody does, and always answers with a sentence', async () => {
    for (const word of [
      'claim',
      'reroute',
      'status',
      'next',
      'tasks',
      'switchboard',
      '\u0000',
      '<!channel>',
    ]) {
      for (const text of [
        '',
        '\u0000',
        'x'.repeat(4_000),
        '¯\\_(ツ)_/¯ because workload',
        `${short()} \u202E because`,
      ]) {
        const said = await clinic.desk.say(word, text, BEN);

        if (said.kind !== 'dialog') expect(sentenceOf(said)).toSatisfy(isSentence);
      }
    }
    expect(clinic.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
  });

  it('asks for a Home to be drawn, and remembers who looks at it', async () => {
    await clinic.desk.openHome(ANA);
    await clinic.desk.openHome(user('SAM'));

    expect(clinic.jobs.homes).toEqual([ANA, user('SAM')]);
    expect(clinic.ledger.homes).toEqual([
      { user: ANA, practitionerId: clinic.sandbox.practitionerOf('U0ANA') },
    ]);
  });

  it('tells nobody whom the record does not know who works here', async () => {
    expect(await clinic.desk.search('target', 'ana', user('SAM'))).toEqual([]);
    expect(await clinic.desk.preview(taskId, 'person:x', user('SAM'))).toEqual([]);
    expect((await clinic.desk.search('target', 'carter', ANA)).map(({ label }) => label)).toEqual([
      'Ben Carter (Cardiologist)',
    ]);
  });
});
