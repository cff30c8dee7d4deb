import { cut } from './cards/cut.ts';
import { type DigestWish, readDigestWish } from './clock/digest-words.ts';
import { findQuery, QUERIES } from './queries/index.ts';
import { nearest } from './queries/nearest.ts';
import type { Query } from './queries/query.ts';
import { clean, commandOf, OWN_WORD, shorten } from './queries/typed.ts';
import { joinWords, type Pool } from './routing/pools.ts';
import { type Reason, type Reasons, takeReason } from './routing/reasons.ts';
import { findVerb, VERBS } from './verbs/index.ts';
import { parseUntil, UNTIL_FORMS } from './verbs/until.ts';
import { ALL, type Field, type FieldName, type Verb } from './verbs/verb.ts';

export { COLLIDING, commandOf, OWN_WORD, shorten } from './queries/typed.ts';

/** What typed words mean. Names are not looked up here: `target` is what the person typed. */
export type Slash =
  | { readonly kind: 'command'; readonly verb: Verb; readonly task: string; readonly inputs: SlashInputs }
  | { readonly kind: 'dialog'; readonly verb: Verb; readonly task: string | undefined }
  | { readonly kind: 'query'; readonly query: Query; readonly words: string }
  | { readonly kind: 'next'; readonly words: string }
  | { readonly kind: 'digest'; readonly wish: DigestWish }
  | { readonly kind: 'wrong'; readonly sentence: string };

export interface SlashInputs {
  readonly target?: string;
  readonly reason?: Reason;
  /** As it was typed, and can be understood. */
  readonly until?: string;
  readonly note?: string;
}

/** A word that people can say: a verb, a query, or `next`. */
export interface Word {
  readonly name: string;
  readonly description: string;
  /** What stands behind it, e.g. "[task] because [reason]". */
  readonly hint: string;
}

/** Claims whatever the person should take first: a claim whose Task is found for them. */
export const NEXT: Word = {
  name: 'next',
  description: 'Claim the most urgent, oldest Task that you may claim',
  hint: '[pool]',
};

/** Whether, and when, a person gets their own Tasks every morning. */
export const DIGEST: Word = {
  name: 'digest',
  description: 'Get your Tasks every morning in a direct message',
  hint: '[on 07:30 | off]',
};

/** Every word, in the order in which help lists them. */
export const WORDS: readonly Word[] = [
  ...VERBS.map((verb) => ({
    name: verb.name,
    description: verb.takesAll ? `${verb.description}, or all that you have` : verb.description,
    hint: verbHint(verb),
  })),
  NEXT,
  DIGEST,
  ...QUERIES.map((query: Query) => ({
    name: query.name,
    description: query.description,
    hint: { nothing: '', pool: '[pool]', task: '[task]' }[query.takes],
  })),
];

/** What the project calls things: its reasons, and its pools for the examples. */
interface Known {
  readonly reasons: Reasons;
  readonly pools: readonly Pool[];
}

/**
 * Reads `reroute a1b2c3 cardiology because specialty-referral new symptoms`: the verb, the Task, then as far as the
 * verb asks for them the target, "because" and the reason, and the rest as a note. Where inputs are missing
 * altogether, the dialog asks for them.
 *
 * @param word the command without its slash; @param text what stands behind it; @param pools for examples that fit.
 */
export function readSlash(word: string, text: string, reasons: Reasons, pools: readonly Pool[] = []): Slash {
  const said = clean(text);
  const name = clean(word).toLowerCase();
  if (name === OWN_WORD) {
    const [, inner = 'help', rest = ''] = /^\s*\/?(\S+)\s*([\s\S]*)$/.exec(said) ?? [];
    return inner.toLowerCase() === OWN_WORD
      ? wrong(`Say what to do: ${known()}.`)
      : readSlash(inner, rest, reasons, pools);
  }
  if (name === NEXT.name) return { kind: 'next', words: said.trim() };
  if (name === DIGEST.name) {
    const wish = readDigestWish(said);
    return wish ? { kind: 'digest', wish } : wrong('Write /digest on 07:30, /digest off, or /digest alone.');
  }
  const query = findQuery(name);
  if (query) return readQuery(query, said);
  const verb = findVerb(name);
  return verb ? readVerb(verb, said, { reasons, pools }) : unknownWord(name);
}

function readQuery(query: Query, text: string): Slash {
  const words = text.trim();
  if (query.takes === 'task') {
    const { task, rest } = splitTask(text);
    if (!task) return wrong(`Say which Task: ${commandOf(query.name)} a1b2c3. ${LISTS}`);
    if (rest) return wrong(onlyTask(query.name));
    return { kind: 'query', query, words: task };
  }
  // Whoever asks for help about something gets help.
  if (query.takes === 'nothing' && words !== '' && query.name !== 'help') {
    const form = commandOf(query.name);
    return wrong(`${form} takes nothing else. Write ${form}.`);
  }
  return { kind: 'query', query, words };
}

function readVerb(verb: Verb, text: string, { reasons, pools }: Known): Slash {
  const { task, rest } = splitTask(text);
  if (asks(verb) && !(task && rest)) return { kind: 'dialog', verb, task };
  if (!task) return wrong(`Say which Task: ${usage(verb, reasons, pools)}. ${LISTS}`);
  if (rest) return withInputs(verb, task, rest, { reasons, pools });
  return { kind: 'command', verb, task, inputs: {} };
}

/** What stands behind the Task, as far as the verb asks for it: the target, "because" and the reason, the note. */
function withInputs(verb: Verb, task: string, rest: string, { reasons, pools }: Known): Slash {
  if (has(verb, 'until')) {
    return parseUntil(rest)
      ? { kind: 'command', verb, task, inputs: { until: rest } }
      : wrong(unknownUntil(rest, verb));
  }
  if (!has(verb, 'target') && !has(verb, 'reason')) {
    return has(verb, 'note')
      ? { kind: 'command', verb, task, inputs: { note: rest } }
      : wrong(onlyTask(verb.name));
  }
  const [target, why] = splitAtBecause(rest);
  const form = usage(verb, reasons, pools, 'with a reason');
  if (has(verb, 'target') && target === '') return wrong(`Say where it should go: ${form}.`);
  if (!has(verb, 'target') && target !== '')
    return wrong(`“${shorten(target)}” is not understood. Write ${form}.`);
  if (!why) return wrong(`Say why, with “because” and a reason: ${form}.`);
  const ours = reasons[verb.reasons ?? 'reroute'];
  const taken = takeReason(why, ours);
  if (taken === undefined) return wrong(unknownReason(why, verb, ours));
  const inputs: SlashInputs = {
    ...(target && { target }),
    reason: taken.reason,
    ...(taken.note && { note: taken.note }),
  };
  return { kind: 'command', verb, task, inputs };
}

// ------------------------------------------------------------------------------------------------------- sentences

const LISTS = '/tasks lists what waits.';

/** The shortest valid form, as an example: "/reroute a1b2c3 cardiology because specialty-referral". */
export function usage(
  verb: Verb,
  reasons: Reasons,
  pools: readonly Pool[] = [],
  more?: 'with a reason',
): string {
  const reason = reasons[verb.reasons ?? 'reroute'][0]?.code ?? 'other';
  // The second pool: a Task that is rerouted has to leave the first.
  const pool = (pools[1] ?? pools[0])?.id ?? 'cardiology';
  const parts: Record<FieldName, string> = {
    target: ` ${pool}`,
    reason: ` because ${reason}`,
    visibility: '',
    until: ` ${UNTIL_FORMS[0]}`,
    note: ' called back, no answer yet',
  };
  const shown = verb.fields.filter(({ name, required }) => required || (more && name === 'reason'));
  return `${commandOf(verb.name)} a1b2c3${shown.map(({ name }) => parts[name]).join('')}`;
}

function verbHint(verb: Verb): string {
  const parts: Record<FieldName, string> = {
    target: ' [pool or person]',
    reason: ' because [reason]',
    visibility: '',
    until: ` [${UNTIL_FORMS.join(' | ')}]`,
    note: ' [note]',
  };
  const words = (fields: readonly Field[]) => fields.map(({ name }) => parts[name]).join('');
  const reason = verb.fields.findIndex(({ name, required }) => name === 'reason' && !required);
  const task = verb.takesAll ? `[task or ${ALL}]` : '[task]';
  if (reason < 0) return `${task}${words(verb.fields)}`;
  // What stands behind a reason that may be left out goes with it.
  return `${task}${words(verb.fields.slice(0, reason))} (${words(verb.fields.slice(reason)).trim()})`;
}

function unknownWord(word: string): Slash {
  const near = nearest(
    word,
    WORDS.map(({ name }) => name),
  ).slice(0, 3);
  const meant = joinWords(near.map(commandOf));
  const said = shorten(word);
  return meant
    ? wrong(`There is no /${said}. Did you mean ${meant}? ${commandOf('help')} lists every word.`)
    : wrong(`There is no /${said}. There are ${known()}.`);
}

/** Why a reason was not understood, with the one that may be meant, and where those are that are known. */
export function unknownReason(words: string, verb: Verb, reasons: readonly Reason[] = []): string {
  const [meant] = nearReasons(words, reasons);
  const did = meant === undefined ? [] : [`Did you mean ${meant}?`];
  const said = [`“${shorten(words)}” is no reason that is known.`, ...did, ...whereReasons(verb, reasons)];
  return cut(said.join(' '), LONGEST_SENTENCE);
}

/** Why a time was not understood, with what would be. */
export function unknownUntil(words: string, verb: Verb): string {
  const [first, ...others] = UNTIL_FORMS;
  const said = `“${shorten(words)}” is no time that is known.`;
  return `${said} Write ${commandOf(verb.name)} a1b2c3 ${first}, or ${others.join(', ')}.`;
}

function whereReasons(verb: Verb, reasons: readonly Reason[]): string[] {
  const command = commandOf(verb.name);
  if (asks(verb)) return [`${command} with the Task alone opens a dialog that lists them.`];
  const [first, ...others] = reasons.slice(0, 6).map(({ code }) => code);
  if (first === undefined) return [];
  const or = others.length > 0 ? `, or ${others.join(', ')}` : '';
  return [`Write ${command} a1b2c3 because ${first}${or}.`];
}

/** A reason is the beginning of what was typed, of so many words. */
const REASON_WORDS = 5;

function nearReasons(words: string, reasons: readonly Reason[]): string[] {
  const typed = clean(words).trim().split(/\s+/).slice(0, REASON_WORDS);
  const codes = reasons.map(({ code }) => code);
  return typed.map((_, i) => typed.slice(0, i + 1).join('-')).flatMap((begin) => nearest(begin, codes));
}

function onlyTask(name: string): string {
  return `${commandOf(name)} takes a Task and nothing else: ${commandOf(name)} a1b2c3.`;
}

function known(): string {
  return WORDS.map(({ name }) => commandOf(name)).join(', ');
}

/** What fits into one line of chat, and is read to its end. */
const LONGEST_SENTENCE = 300;

function wrong(sentence: string): Slash {
  return { kind: 'wrong', sentence: cut(sentence, LONGEST_SENTENCE) };
}

/** The Task, without the signs that come along when a reference is copied, and what stands behind it. */
function splitTask(text: string): { readonly task: string | undefined; readonly rest: string } {
  const [, typed = '', rest = ''] = /^\s*(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  return { task: typed.replace(/^[`#]+|[`,.]+$/g, '') || undefined, rest: rest.trim() };
}

function splitAtBecause(text: string): [before: string, after: string | undefined] {
  const match = /(?:^|\s)because(?:\s|$)/i.exec(text);
  if (match === null) return [text.trim(), undefined];
  return [text.slice(0, match.index).trim(), text.slice(match.index + match[0].length).trim()];
}

function asks(verb: Verb): boolean {
  return verb.fields.some((field) => field.required);
}

function has(verb: Verb, field: FieldName): boolean {
  return verb.fields.some(({ name }) => name === field);
}
