import { readInputs } from './inputs.ts';

/** What a press on a card means. */
export type Press =
  | {
      readonly kind: 'press';
      readonly verb: string;
      readonly taskId: string;
      readonly inputs: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'search'; readonly input: string; readonly words: string }
  | { readonly kind: 'unsupported'; readonly reason: string };

type Dict = Readonly<Record<string, unknown>>;

/** Reads `adaptiveCard/action` (a press) and `application/search` (a type-ahead). */
export function parseInvoke(name: string | undefined, value: unknown): Press {
  const body = asDict(value);
  if (name === 'application/search') {
    const words = typeof body.queryText === 'string' ? body.queryText : '';
    const input = typeof body.dataset === 'string' ? body.dataset : '';
    return { kind: 'search', input, words };
  }
  if (name !== 'adaptiveCard/action')
    return { kind: 'unsupported', reason: `invoke ${name ?? 'without a name'}` };
  const action = asDict(body.action);
  return parsePress(action.verb, asDict(action.data));
}

/** Reads the value of a message that an older client sends for `Action.Submit`; undefined for an ordinary message. */
export function parseSubmit(value: unknown): Press | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const data = asDict(value);
  return parsePress(data.verb, data);
}

function parsePress(verb: unknown, data: Dict): Press {
  if (typeof verb !== 'string') return { kind: 'unsupported', reason: 'no verb' };
  const { task: chosen, target, reason, note } = readInputs(verb, data);
  const taskId = typeof data.task === 'string' ? data.task : chosen;
  if (!taskId) return { kind: 'unsupported', reason: `no task for ${verb}` };
  const inputs = { ...(target && { target }), ...(reason && { reason }), ...(note && { note }) };
  return { kind: 'press', verb, taskId, inputs };
}

function asDict(value: unknown): Dict {
  return typeof value === 'object' && value !== null ? (value as Dict) : {};
}
