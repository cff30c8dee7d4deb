import type { Given, Question } from '../../src/index.ts';
import { PREVIEW, TURN } from './actions.ts';
import { type FormPlace, readInputs } from './inputs.ts';
import { readQuestion } from './questions.ts';

/** What a press on a card means. */
export type Press =
  /** A verb or a query, with nothing told yet; `asked` is the question of the listing that it stands in. */
  | {
      readonly kind: 'press';
      readonly word: string;
      readonly taskId: string;
      readonly asked: Question | undefined;
    }
  | {
      readonly kind: 'form';
      readonly verb: string;
      readonly taskId: string;
      readonly inputs: Given;
      readonly place: FormPlace;
    }
  | { readonly kind: 'preview'; readonly taskId: string; readonly target: string }
  | { readonly kind: 'turn'; readonly question: Question }
  | Unsupported;

/** What an invoke of Teams means. */
export type Invoke =
  | Press
  | { readonly kind: 'search'; readonly dataset: string; readonly words: string }
  /** The message action was chosen: what the message says, as Teams gives it. */
  | { readonly kind: 'open'; readonly command: string; readonly message: unknown }
  | { readonly kind: 'submit'; readonly command: string; readonly submission: Submission }
  | Unsupported;

interface Unsupported {
  readonly kind: 'unsupported';
  readonly reason: string;
}

/** What was filled into the dialog of a message action. */
export interface Submission {
  readonly taskId: string;
  /** The Task was known before the dialog opened, and was not chosen in it. */
  readonly isGiven: boolean;
  readonly inputs: Given;
}

type Dict = Readonly<Record<string, unknown>>;

/** Reads a press, a type-ahead, or a step of the message action. */
export function parseInvoke(name: string | undefined, value: unknown): Invoke {
  const body = asDict(value);
  switch (name) {
    case 'adaptiveCard/action': {
      const action = asDict(body.action);
      return parsePress(action.verb, asDict(action.data));
    }
    case 'application/search':
      return { kind: 'search', dataset: textOf(body.dataset), words: textOf(body.queryText) };
    case 'composeExtension/fetchTask':
      return { kind: 'open', command: textOf(body.commandId), message: body.messagePayload };
    case 'composeExtension/submitAction': {
      const command = textOf(body.commandId);
      const data = asDict(body.data);
      const submission = { ...parseForm(command, data), isGiven: textOf(data.task) !== '' };
      return { kind: 'submit', command, submission };
    }
    default:
      return { kind: 'unsupported', reason: `invoke ${name ?? 'without a name'}` };
  }
}

/** Reads the value of a message that an older client sends for `Action.Submit`; undefined for an ordinary message. */
export function parseSubmit(value: unknown): Press | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const data = asDict(value);
  return parsePress(data.verb, data);
}

function parsePress(verb: unknown, data: Dict): Press {
  if (typeof verb !== 'string' || verb === '') return { kind: 'unsupported', reason: 'no verb' };
  if (verb === TURN) {
    const question = readQuestion(data.asked);
    return question ? { kind: 'turn', question } : { kind: 'unsupported', reason: 'a turn to nowhere' };
  }
  if (verb === PREVIEW) {
    const { taskId, inputs } = parseForm(textOf(data.of), data);
    return { kind: 'preview', taskId, target: inputs.target ?? '' };
  }
  const { taskId, inputs } = parseForm(verb, data);
  const isForm = data.form === 'card' || data.form === 'own' || Object.keys(inputs).length > 0;
  if (!taskId && typeof data.task !== 'string' && !isForm)
    return { kind: 'unsupported', reason: `no task for ${verb}` };
  if (!isForm) return { kind: 'press', word: verb, taskId, asked: readQuestion(data.asked) };
  return { kind: 'form', verb, taskId, inputs, place: data.form === 'own' ? 'own' : 'card' };
}

/** The Task of the button, else the one that was chosen in the form; and what was filled in. */
function parseForm(verb: string, data: Dict): { taskId: string; inputs: Given } {
  const { task: chosen = '', target, reason, visibility, until, note } = readInputs(verb, data);
  const inputs = {
    ...(target && { target }),
    ...(reason && { reason }),
    ...(visibility && { visibility }),
    ...(until && { until }),
    ...(note && { note }),
  };
  return { taskId: textOf(data.task) || chosen, inputs };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function asDict(value: unknown): Dict {
  return typeof value === 'object' && value !== null ? (value as Dict) : {};
}
