import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QUERIES, readSlash, type Slash, shorten, unknownReason, usage } from '../src/slash.ts';
import { findVerb, VERBS } from '../src/verbs/index.ts';
import { isSentence } from './support/pure-sentences.ts';

/** What was understood, in one comparable value. */
function understood(slash: Slash): unknown {
  if (slash.kind === 'command') {
    const { target, reason, note } = slash.inputs;
    return [slash.verb.name, slash.task, target, reason?.code, note];
  }
  if (slash.kind === 'dialog') return ['dialog', slash.verb.name, slash.task];
  if (slash.kind === 'query') return [slash.query, slash.words];
  return slash.sentence;
}

const say = (text: string) => {
  const [, word = '', rest = ''] = /^\/(\S+) ?([\s\S]*)$/.exec(text) ?? [];
  return understood(readSlash(word, rest));
};

describe('A slash command is understood', () => {
  it.each<[string, unknown]>([
    ['/claim a1b2c3', ['claim', 'a1b2c3', undefined, undefined, undefined]],
    ['/CLAIM a1b2c3', ['claim', 'a1b2c3', undefined, undefined, undefined]],
    ['/claim   a1b2c3  ', ['claim', 'a1b2c3', undefined, undefined, undefined]],
    ['/claim `a1b2c3`', ['claim', 'a1b2c3', undefined, undefined, undefined]],
    ['/claim #a1b2c3,', ['claim', 'a1b2c3', undefined, undefined, undefined]],
    ['/claim Task/a1b2c3', ['claim', 'Task/a1b2c3', undefined, undefined, undefined]],
    ['/accept a1b2c3', ['accept', 'a1b2c3', undefined, undefined, undefined]],
    ['/complete a1b2c3.', ['complete', 'a1b2c3', undefined, undefined, undefined]],
    [
      '/reroute a1b2c3 cardiology because specialty-referral',
      ['reroute', 'a1b2c3', 'cardiology', 'specialty-referral', undefined],
    ],
    [
      '/reroute a1b2c3 cardiology because specialty-referral new symptoms',
      ['reroute', 'a1b2c3', 'cardiology', 'specialty-referral', 'new symptoms'],
    ],
    [
      '/reroute a1b2c3 Registered nurse BECAUSE Wrong pool: sorry',
      ['reroute', 'a1b2c3', 'Registered nurse', 'wrong-pool', 'sorry'],
    ],
    [
      "/reroute a1b2c3 Ana Silva because patient's request",
      ['reroute', 'a1b2c3', 'Ana Silva', 'patient-request', undefined],
    ],
    ['/reroute a1b2c3 נועה לוי because workload', ['reroute', 'a1b2c3', 'נועה לוי', 'workload', undefined]],
    [
      '/reroute a1b2c3 user:U0ANA because workload',
      ['reroute', 'a1b2c3', 'user:U0ANA', 'workload', undefined],
    ],
    [
      '/reroute a1b2c3\ncardiology\nbecause workload\nback\non Monday',
      ['reroute', 'a1b2c3', 'cardiology', 'workload', 'back\non Monday'],
    ],
    [
      '/reroute a1b2c3 cardiology because workload because of the flu',
      ['reroute', 'a1b2c3', 'cardiology', 'workload', 'because of the flu'],
    ],
    [
      '/reroute a1b2c3 cardiology because other it is complicated',
      ['reroute', 'a1b2c3', 'cardiology', 'other', 'it is complicated'],
    ],
    [
      '/reroute a1b2c3 justbecause because workload',
      ['reroute', 'a1b2c3', 'justbecause', 'workload', undefined],
    ],
    ['/release a1b2c3 because end-of-shift', ['release', 'a1b2c3', undefined, 'end-of-shift', undefined]],
    [
      '/release a1b2c3 because End of shift, back on Monday',
      ['release', 'a1b2c3', undefined, 'end-of-shift', 'back on Monday'],
    ],
    ['/reroute', ['dialog', 'reroute', undefined]],
    ['/reroute a1b2c3', ['dialog', 'reroute', 'a1b2c3']],
    ['/reroute ,', ['dialog', 'reroute', undefined]],
    ['/release', ['dialog', 'release', undefined]],
    ['/release a1b2c3 ', ['dialog', 'release', 'a1b2c3']],
    ['/tasks', ['tasks', '']],
    ['/tasks  cardiology ', ['tasks', 'cardiology']],
  ])('%s', (text, expected) => {
    expect(say(text)).toEqual(expected);
  });
});

describe('A slash command is answered with what would be right', () => {
  it.each<[string, string]>([
    ['/claim', 'Say which Task: /claim a1b2c3. /tasks lists what waits in your pools.'],
    ['/claim `', 'Say which Task: /claim a1b2c3. /tasks lists what waits in your pools.'],
    ['/claim a1b2c3 please', '/claim takes a Task and nothing else: /claim a1b2c3.'],
    [
      '/reroute a1b2c3 cardiology',
      'Say why, with “because” and a reason: /reroute a1b2c3 cardiology because specialty-referral.',
    ],
    [
      '/reroute a1b2c3 cardiology because',
      'Say why, with “because” and a reason: /reroute a1b2c3 cardiology because specialty-referral.',
    ],
    [
      '/reroute a1b2c3 because workload',
      'Say where it should go: /reroute a1b2c3 cardiology because specialty-referral.',
    ],
    [
      '/reroute a1b2c3 cardiology because I say so',
      '“I say so” is no reason that is known. /reroute with the Task alone opens a dialog that lists them.',
    ],
    [
      '/release a1b2c3 because I say so',
      '“I say so” is no reason that is known. /release with the Task alone opens a dialog that lists them.',
    ],
    [
      '/release a1b2c3 cardiology because workload',
      '“cardiology” is not understood. Write /release a1b2c3 because specialty-referral.',
    ],
    [
      '/steal a1b2c3',
      'There is no /steal. There are /claim, /accept, /complete, /reroute, /release, /tasks.',
    ],
  ])('%s', (text, expected) => {
    expect(say(text)).toBe(expected);
  });

  it('reads the example of every verb as that verb', () => {
    for (const verb of VERBS) {
      const [word = '', ...rest] = usage(verb).slice(1).split(' ');

      const slash = readSlash(word, rest.join(' '));

      expect(slash).toMatchObject({ kind: 'command', verb, task: 'a1b2c3' });
      const given = slash.kind === 'command' ? Object.keys(slash.inputs) : [];
      expect(given).toEqual(verb.fields.filter((field) => field.required).map((field) => field.name));
    }
  });
});

describe('Whatever people type', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 4_000, size: 'max' }),
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc
      .array(
        fc.constantFrom(
          'a1b2c3',
          'because',
          'because ',
          '\n',
          '"',
          '’',
          '`',
          '\t',
          ',',
          'workload',
          'other',
          '👩🏽‍⚕️',
          'אנה',
          '$&',
          '\\',
          '\u0000',
          '\uD800',
        ),
        { maxLength: 40 },
      )
      .map((parts) => parts.join(' ')),
    fc.constantFrom(
      ' '.repeat(4_000),
      'a '.repeat(2_000),
      ','.repeat(4_000),
      'because '.repeat(500),
      'x'.repeat(4_000),
    ),
  );
  const names = [...VERBS.map((verb) => verb.name), ...QUERIES.map((query) => query.name)];
  const word = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...names) }, anything);

  it('is a command, a dialog, a question, or a sentence with an example that works', () => {
    fc.assert(
      fc.property(word, anything, (name, text) => {
        const slash = readSlash(name, text);

        expect(['command', 'dialog', 'query', 'wrong']).toContain(slash.kind);
        if (slash.kind !== 'wrong') return;
        expect(slash.sentence).toSatisfy(isSentenceOfOurs);
        expect(slash.sentence.length).toBeLessThan(300);
        expect(examples(slash.sentence).some(works)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('a command has a Task and all that its verb must be told', () => {
    fc.assert(
      fc.property(word, anything, (name, text) => {
        const slash = readSlash(name, text);
        fc.pre(slash.kind === 'command');
        if (slash.kind !== 'command') return;

        expect(slash.task).not.toBe('');
        const missing = slash.verb.fields.filter(
          (field) => field.required && slash.inputs[field.name] === undefined,
        );
        expect(missing).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('is read at once', () => {
    const started = performance.now();

    readSlash('reroute', `a1 cardiology because ${'a '.repeat(14_000)}`);
    readSlash('reroute', `a1 ${'because'.repeat(600)}`);
    readSlash('release', `a1${' '.repeat(4_000)}x`);

    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('is said back in short, on one line, with no character cut in two', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const short = shorten(text);

        expect(short.length).toBeLessThanOrEqual(60);
        expect(short).not.toMatch(/[\n\r\t]/);
        expect(short.isWellFormed()).toBe(true);
      }),
    );
    expect(shorten(`${'x'.repeat(58)}👍👍`)).toBe(`${'x'.repeat(58)}…`);
    expect(unknownReason('  I\n say so ', { name: 'release' })).toMatch(
      /^“I say so” is no reason that is known\. \/release /,
    );
  });
});

/** What was typed may hold anything, so only our own words are read. */
function isSentenceOfOurs(sentence: string): boolean {
  return isSentence(
    sentence
      .replace(/“.*”(?= is )/s, '“…”')
      .replace(/^There is no \/.*\. There are/s, 'There is no /…. There are'),
  );
}

/** The slash commands that a sentence shows. */
function examples(sentence: string): string[] {
  return sentence.match(/\/[a-z]+(?: a1b2c3[^.]*)?/g) ?? [];
}

function works(example: string): boolean {
  const [name = '', ...rest] = example.slice(1).split(' ');
  if (findVerb(name) === undefined && !QUERIES.some((query) => query.name === name)) return false;
  return rest.length === 0 || readSlash(name, rest.join(' ')).kind === 'command';
}
