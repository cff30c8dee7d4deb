import { cut } from './cards/cut.ts';
import { type Reason, takeReason } from './routing/reasons.ts';
import { findVerb, VERBS } from './verbs/index.ts';
import type { FieldName, Verb } from './verbs/verb.ts';

/** What the words of a slash command mean. Names are not looked up here: `target` is what the person typed. */
export type Slash =
  | { readonly kind: 'command'; readonly verb: Verb; readonly task: string; readonly inputs: SlashInputs }
  | { readonly kind: 'dialog'; readonly verb: Verb; readonly task: string | undefined }
  | { readonly kind: 'query'; readonly query: 'tasks'; readonly words: string }
  | { readonly kind: 'wrong'; readonly sentence: string };

export interface SlashInputs {
  readonly target?: string;
  readonly reason?: Reason;
  readonly note?: string;
}

/** The questions that can be asked by a slash command, with what they answer. */
export const QUERIES: readonly { readonly name: 'tasks'; readonly description: string }[] = [
  { name: 'tasks', description: 'What waits in your pools' },
];

/**
 * Reads `reroute a1b2c3 cardiology because specialty-referral new symptoms`: the verb, the Task, then as far as the
 * verb asks for them the target, "because" and the reason, and the rest as a note. Where inputs are missing
 * altogether, the dialog asks for them.
 *
 * @param word the command without its slash; @param text what stands behind it.
 */
export function readSlash(word: string, text: string): Slash {
  const query = QUERIES.find((one) => one.name === word.toLowerCase());
  if (query) return { kind: 'query', query: query.name, words: text.trim() };
  const verb = findVerb(word);
  if (verb === undefined) return wrong(`There is no /${shorten(word)}. There are ${known()}.`);
  const [, typed, rest = ''] = /^\s*(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  const task = typed?.replace(/^[`#]+|[`,.]+$/g, '') || undefined;
  if (asks(verb)) return task && rest.trim() ? withInputs(verb, task, rest) : { kind: 'dialog', verb, task };
  if (!task) return wrong(`Say which Task: ${usage(verb)}. /tasks lists what waits in your pools.`);
  if (rest.trim()) return wrong(`/${verb.name} takes a Task and nothing else: ${usage(verb)}.`);
  return { kind: 'command', verb, task, inputs: {} };
}

/** The shortest valid form, as an example: "/reroute a1b2c3 cardiology because specialty-referral". */
export function usage(verb: Verb): string {
  const parts: Record<FieldName, string> = {
    target: ' cardiology',
    reason: ' because specialty-referral',
    note: '',
  };
  return `/${verb.name} a1b2c3${verb.fields.map((field) => parts[field.name]).join('')}`;
}

function withInputs(verb: Verb, task: string, rest: string): Slash {
  const [before, after] = splitAtBecause(rest);
  const wantsTarget = verb.fields.some((field) => field.name === 'target');
  if (wantsTarget && before === '') return wrong(`Say where it should go: ${usage(verb)}.`);
  if (!wantsTarget && before !== '')
    return wrong(`“${shorten(before)}” is not understood. Write ${usage(verb)}.`);
  if (after === undefined || after === '')
    return wrong(`Say why, with “because” and a reason: ${usage(verb)}.`);
  const taken = takeReason(after);
  if (taken === undefined) return wrong(unknownReason(after, verb));
  const inputs: SlashInputs = {
    ...(wantsTarget && { target: before }),
    reason: taken.reason,
    ...(taken.note && { note: taken.note }),
  };
  return { kind: 'command', verb, task, inputs };
}

/** Why a reason was not understood, with those that are. */
export function unknownReason(words: string, verb: { readonly name: string }): string {
  return `“${shorten(words)}” is no reason that is known. /${verb.name} with the Task alone opens a dialog that lists them.`;
}

/** What people typed, said back to them in short and on one line. */
export function shorten(words: string): string {
  return cut(words.replace(/\s+/g, ' ').trim(), 60);
}

function splitAtBecause(text: string): [before: string, after: string | undefined] {
  const match = /(?:^|\s)because(?:\s|$)/i.exec(text);
  if (match === null) return [text.trim(), undefined];
  return [text.slice(0, match.index).trim(), text.slice(match.index + match[0].length).trim()];
}

function asks(verb: Verb): boolean {
  return verb.fields.some((field) => field.required);
}

function known(): string {
  return [...VERBS.map((verb) => `/${verb.name}`), ...QUERIES.map((query) => `/${query.name}`)].join(', ');
}

function wrong(sentence: string): Slash {
  return { kind: 'wrong', sentence };
}
