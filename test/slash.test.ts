import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QUERIES } from '../src/queries/index.ts';
import { shorten } from '../src/queries/typed.ts';
import { DEFAULT_REASONS } from '../src/routing/reasons.ts';
import { commandOf, OWN_WORD, readSlash, type Slash, unknownReason, usage, WORDS } from '../src/slash.ts';
import { findVerb, VERBS } from '../src/verbs/index.ts';
import { release } from '../src/verbs/release.ts';
import { CARDIOLOGY, NURSES } from './support/pure-clinic.ts';
import { isSentence } from './support/pure-sentences.ts';

/** What was understood, in one comparable value. */
function understood(slash: Slash): unknown {
  switch (slash.kind) {
    case 'command': {
      const { target, reason, until, note } = slash.inputs;
      const given = [target, reason?.code, ...(until === undefined ? [] : [until]), note];
      return [slash.verb.name, slash.task, ...given];
    }
    case 'dialog':
      return ['dialog', slash.verb.name, slash.task];
    case 'query':
      return [slash.query.name, slash.words];
    case 'next':
      return ['next', slash.words];
    case 'digest':
      return ['digest', slash.wish];
    case 'wrong':
      return slash.sentence;
    default:
      return slash satisfies never;
  }
}

const read = (word: string, text: string) => readSlash(word, text, DEFAULT_REASONS);

const say = (text: string) => {
  const [, word = '', rest = ''] = /^\/(\S+) ?([\s\S]*)$/.exec(text) ?? [];
  return understood(read(word, rest));
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
      '/complete a1b2c3 because answered-by-phone',
      ['complete', 'a1b2c3', undefined, 'answered-by-phone', undefined],
    ],
    [
      '/complete a1b2c3 because Answered by phone: spoke to her',
      ['complete', 'a1b2c3', undefined, 'answered-by-phone', 'spoke to her'],
    ],
    [
      '/note a1b2c3 called back, because nobody\nelse did',
      ['note', 'a1b2c3', undefined, undefined, 'called back, because nobody\nelse did'],
    ],
    ['/note', ['dialog', 'note', undefined]],
    ['/note a1b2c3 ', ['dialog', 'note', 'a1b2c3']],
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
    ['/release all because end-of-shift', ['release', 'all', undefined, 'end-of-shift', undefined]],
    ['/release a1b2c3 because end-of-shift', ['release', 'a1b2c3', undefined, 'end-of-shift', undefined]],
    [
      '/release a1b2c3 because End of shift, back on Monday',
      ['release', 'a1b2c3', undefined, 'end-of-shift', 'back on Monday'],
    ],
    [
      '/escalate a1b2c3 because Symptoms are getting worse: she faints',
      ['escalate', 'a1b2c3', undefined, 'symptoms-worse', 'she faints'],
    ],
    ['/escalate a1b2c3', ['dialog', 'escalate', 'a1b2c3']],
    ['/keep a1b2c3', ['keep', 'a1b2c3', undefined, undefined, undefined]],
    ['/snooze a1b2c3 30m', ['snooze', 'a1b2c3', undefined, undefined, '30m', undefined]],
    ['/snooze a1b2c3  2 hours ', ['snooze', 'a1b2c3', undefined, undefined, '2 hours', undefined]],
    ['/snooze a1b2c3 14:30', ['snooze', 'a1b2c3', undefined, undefined, '14:30', undefined]],
    ['/snooze a1b2c3 Opening', ['snooze', 'a1b2c3', undefined, undefined, 'Opening', undefined]],
    ['/snooze a1b2c3 reply', ['snooze', 'a1b2c3', undefined, undefined, 'reply', undefined]],
    ['/snooze a1b2c3', ['dialog', 'snooze', 'a1b2c3']],
    ['/snooze', ['dialog', 'snooze', undefined]],
    ['/reroute', ['dialog', 'reroute', undefined]],
    ['/reroute a1b2c3', ['dialog', 'reroute', 'a1b2c3']],
    ['/reroute ,', ['dialog', 'reroute', undefined]],
    ['/release', ['dialog', 'release', undefined]],
    ['/release a1b2c3 ', ['dialog', 'release', 'a1b2c3']],
    ['/release all', ['dialog', 'release', 'all']],
    ['/tasks', ['tasks', '']],
    ['/tasks  cardiology ', ['tasks', 'cardiology']],
    ['/mine', ['mine', '']],
    ['/next', ['next', '']],
    ['/NEXT  Registered nurse ', ['next', 'Registered nurse']],
    ['/digest', ['digest', { kind: 'tell' }]],
    ['/digest on', ['digest', { kind: 'on', at: '08:00' }]],
    ['/digest On  at 7:30', ['digest', { kind: 'on', at: '07:30' }]],
    ['/switchboard digest off', ['digest', { kind: 'off' }]],
    ['/history a1b2c3', ['history', 'a1b2c3']],
    ['/status `a1b2c3`', ['status', 'a1b2c3']],
    ['/help', ['help', '']],
    ['/help reroute', ['help', 'reroute']],
    ['/switchboard', ['help', '']],
    ['/switchboard status a1b2c3', ['status', 'a1b2c3']],
    ['/switchboard /status a1b2c3', ['status', 'a1b2c3']],
    ['/Switchboard Next cardiology', ['next', 'cardiology']],
    [
      '/switchboard reroute a1b2c3 cardiology because workload',
      ['reroute', 'a1b2c3', 'cardiology', 'workload', undefined],
    ],
  ])('%s', (text, expected) => {
    expect(say(text)).toEqual(expected);
  });

  it('without what nobody types: control characters, turned directions, halves of characters', () => {
    const text = 'a1b2c3\u0000 \u202Ecardiology\u2066 because workload the\u0007 flu\uD800';

    expect(understood(read('reroute\u0000', text))).toEqual([
      'reroute',
      'a1b2c3',
      'cardiology',
      'workload',
      'the flu\uFFFD',
    ]);
  });
});

describe('A slash command is answered with what would be right', () => {
  it.each<[string, string]>([
    ['/claim', 'Say which Task: /claim a1b2c3. /tasks lists what waits.'],
    ['/claim `', 'Say which Task: /claim a1b2c3. /tasks lists what waits.'],
    ['/claim a1b2c3 please', '/claim takes a Task and nothing else: /claim a1b2c3.'],
    ['/complete', 'Say which Task: /complete a1b2c3. /tasks lists what waits.'],
    [
      '/complete a1b2c3 spoke to her',
      '“spoke to her” is not understood. Write /complete a1b2c3 because answered-by-phone.',
    ],
    [
      '/complete a1b2c3 because',
      'Say why, with “because” and a reason: /complete a1b2c3 because answered-by-phone.',
    ],
    [
      '/complete a1b2c3 because workload',
      '“workload” is no reason that is known. Write /complete a1b2c3 because answered-by-phone, or answered-in-person, no-answer-needed, patient-withdrew, duplicate, other.',
    ],
    [
      '/complete a1b2c3 because answerd by phone',
      '“answerd by phone” is no reason that is known. Did you mean answered-by-phone? Write /complete a1b2c3 because answered-by-phone, or answered-in-person, no-answer-needed, patient-withdrew, duplicate, other.',
    ],
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
      '/reroute a1b2c3 cardiology because wrong pol, sorry',
      '“wrong pol, sorry” is no reason that is known. Did you mean wrong-pool? /reroute with the Task alone opens a dialog that lists them.',
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
      '/snooze a1b2c3 till tomorrow',
      '“till tomorrow” is no time that is known. Write /snooze a1b2c3 30m, or 2h, 14:30, opening, reply.',
    ],
    ['/keep a1b2c3 please', '/keep takes a Task and nothing else: /keep a1b2c3.'],
    ['/escalate a1b2c3 now', '“now” is not understood. Write /escalate a1b2c3 because symptoms-worse.'],
    [
      '/escalate a1b2c3 because not-claimed-in-time',
      '“not-claimed-in-time” is no reason that is known. /escalate with the Task alone opens a dialog that lists them.',
    ],
    ['/history', 'Say which Task: /history a1b2c3. /tasks lists what waits.'],
    ['/history a1b2c3 please', '/history takes a Task and nothing else: /history a1b2c3.'],
    ['/status', 'Say which Task: /switchboard status a1b2c3. /tasks lists what waits.'],
    ['/digest at noon', 'Write /digest on 07:30, /digest off, or /digest alone.'],
    ['/digest on 25:00', 'Write /digest on 07:30, /digest off, or /digest alone.'],
    ['/mine please', '/mine takes nothing else. Write /mine.'],
    ['/home now', '/switchboard home takes nothing else. Write /switchboard home.'],
    ['/rerout a1b2c3', 'There is no /rerout. Did you mean /reroute? /switchboard help lists every word.'],
    ['/calim a1b2c3', 'There is no /calim. Did you mean /claim? /switchboard help lists every word.'],
    [
      '/stats a1b2c3',
      'There is no /stats. Did you mean /switchboard status? /switchboard help lists every word.',
    ],
    [
      '/steal a1b2c3',
      'There is no /steal. There are /claim, /accept, /complete, /reroute, /release, /escalate, /snooze, /keep, /note, /next, /digest, /tasks, /mine, /history, /switchboard status, /pools, /whoami, /switchboard home, /switchboard help.',
    ],
    [
      '/switchboard switchboard',
      'Say what to do: /claim, /accept, /complete, /reroute, /release, /escalate, /snooze, /keep, /note, /next, /digest, /tasks, /mine, /history, /switchboard status, /pools, /whoami, /switchboard home, /switchboard help.',
    ],
  ])('%s', (text, expected) => {
    expect(say(text)).toBe(expected);
  });

  it('with the pools and the reasons of this project', () => {
    const reasons = { ...DEFAULT_REASONS, reroute: [{ system: 'urn:x', code: 'moved', display: 'Moved' }] };

    const slash = readSlash('reroute', 'a1b2c3 cardiology', reasons, [NURSES, CARDIOLOGY]);
    const one = readSlash('reroute', 'a1b2c3 cardiology', reasons, [NURSES]);

    expect(understood(slash)).toContain('/reroute a1b2c3 cardiology because moved.');
    expect(understood(one)).toContain('/reroute a1b2c3 registered-nurse because moved.');
  });

  it('reads the example of every verb as that verb', () => {
    for (const verb of VERBS) {
      const [word = '', ...rest] = usage(verb, DEFAULT_REASONS).slice(1).split(' ');

      const slash = read(word, rest.join(' '));

      expect(slash).toMatchObject({ kind: 'command', verb, task: 'a1b2c3' });
      const given = slash.kind === 'command' ? Object.keys(slash.inputs) : [];
      expect(given).toEqual(verb.fields.filter((field) => field.required).map((field) => field.name));
    }
  });
});

describe('Whatever people type', () => {
  const HOSTILE = [
    '<!channel>',
    '<@U1>',
    '@everyone',
    '*bold*',
    '<https://x.example|here>',
    '[a](b)',
    '"',
    '’',
    '“',
    '`',
    '\n',
    '\r\n',
    '\t',
    '\u0000',
    '\u0007',
    '\u0085',
    '\u2028',
    '\u202E',
    '\u2067',
    '\uFEFF',
    '\uD800',
    '\uDC00',
    '👩🏽‍⚕️',
    'אנה',
    'مرحبا',
    '$&',
    '\\',
    ',',
  ];
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 4_000, size: 'max' }),
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc
      .array(fc.constantFrom('a1b2c3', 'because', 'because ', 'workload', 'other', 'duplicate', ...HOSTILE), {
        maxLength: 40,
      })
      .map((parts) => parts.join(' ')),
    fc.constantFrom(
      ' '.repeat(4_000),
      'a '.repeat(2_000),
      ','.repeat(4_000),
      'because '.repeat(500),
      'x'.repeat(4_000),
      `a1b2c3 ${'<!channel>'.repeat(400)}`,
    ),
  );
  /** Much as it is meant to be, with something in the wrong place. */
  const nearly = fc
    .tuple(
      fc.constantFrom('a1b2c3', '`a1b2c3`', '', 'Task/a1', '#x'),
      fc.constantFrom('cardiology', 'Ana Silva', '', 'because', ...HOSTILE),
      fc.constantFrom('because', 'BECAUSE', 'becuase', ''),
      fc.constantFrom(
        'workload',
        'wrong pool -',
        'other,',
        'answered by phone',
        'nonsense',
        '30m',
        '9:05',
        '',
      ),
      anything,
    )
    .map((parts) => parts.join(' '));
  const names = WORDS.map(({ name }) => name);
  const word = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...names, OWN_WORD, ...names.map((name) => name.toUpperCase())) },
    { weight: 1, arbitrary: fc.constantFrom(...names).map((name) => `${name.slice(0, 2)}${name.slice(3)}`) },
    anything,
  );
  const text = fc.oneof(
    anything,
    nearly,
    fc.tuple(word, nearly).map((parts) => parts.join(' ')),
  );

  it('is understood, or answered with a sentence of one line and an example that works', () => {
    fc.assert(
      fc.property(word, text, (name, typed) => {
        const slash = read(name, typed);

        expect(['command', 'dialog', 'query', 'next', 'digest', 'wrong']).toContain(slash.kind);
        if (slash.kind !== 'wrong') return;
        expect(slash.sentence).toSatisfy(isSentenceOfOurs);
        expect(slash.sentence.length).toBeLessThanOrEqual(300);
        expect(slash.sentence).not.toMatch(ANOTHER_LINE);
        expect(examples(slash.sentence).some(works)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is nothing that was not typed: the verb, the query or “next” stands where the word belongs', () => {
    fc.assert(
      fc.property(word, text, (name, typed) => {
        const slash = read(name, typed);
        fc.pre(slash.kind !== 'wrong');

        const [first = '', second = ''] = `${name} ${typed}`.replace(NOT_TYPED, '').trim().split(/\s+/);
        const said = first.toLowerCase() === OWN_WORD ? second.replace(/^\//, '') || 'help' : first;
        const meant =
          slash.kind === 'next' || slash.kind === 'digest'
            ? slash.kind
            : slash.kind === 'query'
              ? slash.query.name
              : 'verb' in slash
                ? slash.verb.name
                : '';
        expect(said.toLowerCase()).toBe(meant);
      }),
      { numRuns: 400 },
    );
  });

  it('as a command has a Task and all that its verb must be told', () => {
    fc.assert(
      fc.property(word, text, (name, typed) => {
        const slash = read(name, typed);
        fc.pre(slash.kind === 'command');
        if (slash.kind !== 'command') return;

        expect(slash.task).not.toBe('');
        const missing = slash.verb.fields.filter(
          (field) =>
            field.required && (field.name === 'visibility' || slash.inputs[field.name] === undefined),
        );
        expect(missing).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('as a command is read the same when it is written down', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), text, (name, typed) => {
        const slash = read(name, typed);
        fc.pre(slash.kind === 'command');

        const [again, behind = ''] = written(slash);

        expect(understood(read(again ?? '', behind))).toEqual(understood(slash));
      }),
      { numRuns: 400 },
    );
  });

  it('behind our own word is read like the word itself', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), text, (name, typed) => {
        expect(understood(read(OWN_WORD, `${name} ${typed}`))).toEqual(understood(read(name, typed)));
      }),
      { numRuns: 200 },
    );
  });

  it('is read at once', () => {
    const started = performance.now();

    read('reroute', `a1 cardiology because ${'a '.repeat(14_000)}`);
    read('reroute', `a1 ${'because'.repeat(600)}`);
    read('release', `a1${' '.repeat(4_000)}x`);
    read('x'.repeat(4_000), '');
    read(OWN_WORD, ' '.repeat(40_000));

    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('is said back in short, on one line, with no character cut in two', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (typed) => {
        const short = shorten(typed);

        expect(short.length).toBeLessThanOrEqual(60);
        expect(short).not.toMatch(ANOTHER_LINE);
        expect(short.isWellFormed()).toBe(true);
      }),
    );
    expect(shorten(`${'x'.repeat(58)}👍👍`)).toBe(`${'x'.repeat(58)}…`);
    expect(unknownReason('  I\n say so ', release)).toMatch(
      /^“I say so” is no reason that is known\. \/release /,
    );
  });
});

/** Line breaks of every kind, control characters, and signs that turn what follows. */
const ANOTHER_LINE = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;

/** What is taken out before anything is read. */
const NOT_TYPED = /(?![\n\r\t])\p{Cc}|[\u202A-\u202E\u2066-\u2069]/gu;

/** A command as somebody would type it: the word, and what stands behind it. */
function written(slash: Slash): string[] {
  if (slash.kind !== 'command') return [];
  const { target, reason, until, note } = slash.inputs;
  const parts = [slash.task, target, reason && `because ${reason.code}${note ? ':' : ''}`, until, note];
  return [slash.verb.name, parts.filter((part) => part !== undefined).join(' ')];
}

/** What was typed may hold anything, so only our own words are read. */
function isSentenceOfOurs(sentence: string): boolean {
  return isSentence(
    sentence
      .replace(/“.*”(?= is )/s, '“…”')
      .replace(/^There is no \/.*\. (?=There are|Did you)/s, 'There is no /…. '),
  );
}

/** The slash commands that a sentence shows. */
function examples(sentence: string): string[] {
  return sentence.match(/\/[a-z]+(?: (?:status|home|help))?(?: a1b2c3[^.,]*)?/g) ?? [];
}

function works(example: string): boolean {
  const [name = '', ...rest] = example.slice(1).split(' ');
  if (findVerb(name) === undefined && !WORDS.some((one) => commandOf(one.name) === example))
    return read(name, rest.join(' ')).kind === 'query';
  return rest.length === 0 || read(name, rest.join(' ')).kind !== 'wrong';
}

describe('Every word', () => {
  it('has a name, a description and a hint of its own', () => {
    expect(new Set(WORDS.map(({ name }) => name)).size).toBe(WORDS.length);
    expect(WORDS).toHaveLength(VERBS.length + QUERIES.length + 2);
    for (const { description } of WORDS) expect(description).toMatch(/^[A-Z][^.]*[^.]$/);
  });

  it.each<[string, string]>([
    ['claim', '[task]'],
    ['complete', '[task] (because [reason] [note])'],
    ['reroute', '[task] [pool or person] because [reason] [note]'],
    ['release', '[task or all] because [reason] [note]'],
    ['escalate', '[task] because [reason] [note]'],
    ['snooze', '[task] [30m | 2h | 14:30 | opening | reply]'],
    ['keep', '[task]'],
    ['note', '[task] [note]'],
    ['next', '[pool]'],
    ['digest', '[on 07:30 | off]'],
    ['history', '[task]'],
    ['mine', ''],
  ])('says what stands behind it: %s', (name, hint) => {
    expect(WORDS.find((word) => word.name === name)?.hint).toBe(hint);
  });
});
