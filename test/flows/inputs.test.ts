import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SlackMessage } from '../../sandbox/slack/index.ts';
import { NEXT, WORDS } from '../../src/slash.ts';
import { VERBS } from '../../src/verbs/index.ts';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { bareTask } from '../support/flow-tasks.ts';

const NURSES = 'C0NURSES';
const ANA = 'U0ANA';

/** Nothing of it is a command that somebody could mean. */
const HOSTILE = [
  'zzzzzz <!channel> <@U0BEN> @everyone',
  `zzzzzz ${'x'.repeat(4_000)}`,
  'zzzzzz "cardiology" because ‘workload’ *bold* `code` <https://evil.example|here>',
  'zzzzzz\ncardiology\nbecause\nworkload\n\n',
  'zzzzzz קרדיולוגיה because עומס \u202E',
  'zzzzzz\u0000 \u0007because\u0000 workload',
  '¯\\_(ツ)_/¯ because workload',
  '\u202E \u0000',
];

const isBlank = (text: string) => /^[\s\p{Cc}\u202E]*$/u.test(text);

describe('what people type', () => {
  let clinic: Clinic;
  let taskId: string;
  let short: string;
  let card: SlackMessage;
  beforeAll(async () => {
    clinic = await openClinic();
  });
  beforeEach(async () => {
    taskId = await clinic.patientWrites();
    short = taskId.slice(0, 8);
    card = await clinic.card(taskId, NURSES);
    await eventually(async () =>
      expect(await clinic.answer(ANA, () => clinic.slash(ANA, `/complete ${short}`))).toContain('Nobody has'),
    );
  });
  afterAll(() => clinic?.close());

  const unchanged = async (act: () => Promise<void>) => {
    const before = await clinic.record(taskId);
    const messages = clinic.sandbox.slack.messages(NURSES);
    await act();
    expect(await clinic.record(taskId)).toEqual(before);
    expect(clinic.sandbox.slack.messages(NURSES)).toEqual(messages);
  };

  it.each([
    {
      what: 'an unknown pool',
      text: 'reroute TASK neurosurgery because workload',
      says: 'There is no pool or person “neurosurgery”. The pools are registered-nurse, cardiology, pharmacy, dietetics.',
    },
    {
      what: 'an unknown reason',
      text: 'reroute TASK cardiology because i feel like it',
      says: '“i feel like it” is no reason that is known. /reroute with the Task alone opens a dialog that lists them.',
    },
    {
      what: 'no reason',
      text: 'reroute TASK cardiology',
      says: 'Say why, with “because” and a reason: /reroute a1b2c3 cardiology because specialty-referral.',
    },
    {
      what: 'an empty reason',
      text: 'reroute TASK cardiology because',
      says: 'Say why, with “because” and a reason: /reroute a1b2c3 cardiology because specialty-referral.',
    },
    {
      what: 'no target',
      text: 'reroute TASK because workload',
      says: 'Say where it should go: /reroute a1b2c3 cardiology because specialty-referral.',
    },
    {
      what: 'the reason that says nothing, without a note',
      text: 'reroute TASK cardiology because other',
      says: '“Other” needs a note that says why.',
    },
    {
      what: 'a note of ten thousand characters',
      text: `reroute TASK cardiology because workload ${'x'.repeat(10_000)}`,
      says: 'The note has 10,000 characters; at most 2,000 fit. Nothing was changed.',
    },
    {
      what: 'a name that fits several people',
      text: 'reroute TASK Alma because workload',
      says: '“Alma” fits several people: Alma Abbott, Alma Brandt, Alma Castro, Alma Dube. Write the whole name.',
    },
    {
      what: 'the pool in which it waits already',
      text: 'reroute TASK registered-nurse because workload',
      says: 'Task REF already waits in “Registered nurse”.',
    },
    {
      what: 'oneself',
      text: 'reroute TASK Ana Silva because workload',
      says: 'To take a Task yourself, claim it.',
    },
    {
      what: 'somebody who is not active',
      text: 'reroute TASK <@U0LENA|lena> because workload',
      says: 'Lena Fischer is not active in the record and cannot be given Tasks.',
    },
    {
      what: 'somebody whose role has ended',
      text: 'reroute TASK <@U0PAT> because workload',
      says: 'Pat Doyle has no active role in the record and cannot be given Tasks.',
    },
    {
      what: 'a mention of somebody whom the record does not know',
      text: 'reroute TASK <@U0SAM|sam> because workload',
      says: 'The person you mention is not linked to a Practitioner in the record.',
    },
    {
      what: 'more than a claim takes',
      text: 'claim TASK please',
      says: '/claim takes a Task and nothing else: /claim a1b2c3.',
    },
    {
      what: 'a Task that nobody has',
      text: 'complete TASK',
      says: 'Nobody has Task REF yet. Claim it first.',
    },
    {
      what: 'a release of what nobody has',
      text: 'release TASK because workload',
      says: 'Nobody has Task REF, so there is nothing to release.',
    },
  ])('is answered with a sentence that says what is wrong: $what', async ({ text, says }) => {
    await unchanged(async () => {
      const sentence = await clinic.answer(ANA, () => clinic.slash(ANA, `/${text.replace('TASK', short)}`));

      expect(sentence).toBe(says.replace('REF', taskId.slice(0, 6)));
    });
  });

  it.each([
    { what: 'no Task', text: 'claim', says: /^Say which Task: \/claim a1b2c3\. \/tasks lists/ },
    {
      what: 'a Task that is not there',
      text: 'claim zzzzzz',
      says: /^There is no Task “zzzzzz”\. Its reference/,
    },
    {
      what: 'an id that is not there',
      text: 'claim 00000000-0000-4000-8000-00000000dead',
      says: /^There is no Task “00000000-0000-4000-8000-00000000dead” in the record any more\.$/,
    },
    {
      what: 'what cannot be a Task',
      text: 'claim ¯\\_(ツ)_/¯',
      says: /is no Task\. Its reference stands at the end/,
    },
    {
      what: 'a word that is no command',
      text: 'explode now',
      says: /^There is no \/explode\. There are \/claim, /,
    },
    {
      what: 'a pool that is not there',
      text: 'tasks surgery',
      says: /^There is no pool “surgery”\. The pools are/,
    },
  ])('is answered with what would be understood: $what', async ({ text, says }) => {
    await unchanged(async () => {
      const sentence = await clinic.answer(ANA, () => clinic.slash(ANA, `/${text}`));

      expect(sentence).toMatch(says);
    });
  });

  it.each(WORDS.map(({ name }) => name))(
    'is answered with one line, and changes nothing, however wrong it is: %s',
    async (word) => {
      await unchanged(async () => {
        for (const text of HOSTILE) {
          const typed = `/switchboard ${word} ${text.replace('TASK', short)}`;
          // With nothing behind it, one opens its dialog, and the other is no mistake at all.
          const opens = VERBS.some(
            ({ name, fields }) => name === word && fields.some(({ required }) => required),
          );
          if (isBlank(text) && (opens || word === NEXT.name)) continue;
          const told = await clinic.told(ANA, () => clinic.slash(ANA, typed));

          expect(told.text).not.toMatch(/[\n\r\u2028\u202E]|\p{Cc}/u);
          expect(told.text).not.toContain('<!channel>');
          expect(told.text.length).toBeLessThan(400);
        }
      });
    },
  );

  it('is refused where a reference fits several Tasks, and longer references are shown', async () => {
    for (const id of ['feedbe01-a', 'feedbe02-b']) {
      await clinic.put({ ...bareTask, id });
      await eventually(async () =>
        expect(await clinic.answer(ANA, () => clinic.slash(ANA, `/complete ${id}`))).toContain('Nobody has'),
      );
    }

    const both = await clinic.answer(ANA, () => clinic.slash(ANA, '/claim feedbe'));
    const one = await clinic.answer(ANA, () => clinic.slash(ANA, '/claim feedbe01'));

    expect(both).toBe('“feedbe” fits several Tasks (feedbe01-a, feedbe02-b…). Type more of the reference.');
    expect(one).toBe('Ana Silva, Task feedbe is yours.');
    expect((await clinic.record('feedbe02-b')).task.owner).toBeUndefined();
    // What follows looks at the whole channel.
    await eventually(async () =>
      expect(JSON.stringify((await clinic.card('feedbe01-a', NURSES)).blocks)).toContain('✅'),
    );
  });

  it('stays in the dialog while something is wrong, with the sentence beside its field', async () => {
    const view = await clinic.dialog(ANA, () => clinic.pressShown(ANA, card, 'reroute'));

    await unchanged(async () => {
      const answer = await clinic.submit(ANA, view, { target: 'Cardiologist', reason: 'other' });

      expect(answer.closed).toBe(false);
      expect(clinic.sandbox.slack.views(ANA).at(-1)?.errors).toEqual({
        note: '“Other” needs a note that says why.',
      });
    });
    const answer = await clinic.submit(ANA, view, {
      target: 'Cardiologist',
      reason: 'other',
      note: 'Moved.',
    });
    expect(answer.closed).toBe(true);
    await eventually(async () => expect((await clinic.record(taskId)).task.note?.[0]?.text).toBe('Moved.'));
    await eventually(async () =>
      expect(JSON.stringify((await clinic.card(taskId, NURSES)).blocks)).toContain('Rerouted to'),
    );
  });

  it('cannot be a note that is too long, because the dialog takes no more than fits', async () => {
    const view = await clinic.dialog(ANA, () => clinic.pressShown(ANA, card, 'reroute'));

    await unchanged(async () => {
      const filled = { target: 'Cardiologist', reason: 'workload', note: 'x'.repeat(10_000) };
      await expect(clinic.submit(ANA, view, filled)).rejects.toThrow('at most 2000 characters');
    });
  });

  it('stands in the note as it was written: emoji, right-to-left text and several lines', async () => {
    const note = '💔 palpitations\nمرحبا <b>&amp;</b>';
    const view = await clinic.dialog(ANA, () => clinic.pressShown(ANA, card, 'reroute'));

    await clinic.submit(ANA, view, { target: 'Cardiologist', reason: 'workload', note });

    await eventually(async () => expect((await clinic.record(taskId)).task.note?.[0]?.text).toBe(note));
  });
});
