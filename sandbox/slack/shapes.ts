/**
 * Small rules that are put together into the shape of a Block Kit payload.
 * A rule adds what it objects to, in the words of Slack's own `response_metadata.messages`.
 */
import { isDict } from '../dict.ts';

export interface Problem {
  readonly message: string;
  /** A JSON pointer, as Slack gives it: `/blocks/2/elements/0/text/text`. */
  readonly at: string;
}

export type Rule = (value: unknown, at: string, problems: Problem[]) => void;

/** A string of `min` (1 unless told) to `max` UTF-16 units. */
export function string(max: number, min = 1): Rule {
  return (value, at, problems) => {
    if (typeof value !== 'string') return void problems.push({ message: 'must provide a string', at });
    if (value.length > max) problems.push({ message: `must be less than ${max + 1} characters`, at });
    if (value.length < min) problems.push({ message: `must be more than ${min - 1} characters`, at });
  };
}

export function pattern(form: RegExp, message: string): Rule {
  return (value, at, problems) => {
    if (typeof value !== 'string' || !form.test(value)) problems.push({ message, at });
  };
}

export const boolean: Rule = (value, at, problems) => {
  if (typeof value !== 'boolean') problems.push({ message: 'must provide a boolean', at });
};

export function integer(min: number, max: number): Rule {
  return (value, at, problems) => {
    if (typeof value !== 'number' || !Number.isInteger(value))
      problems.push({ message: 'must provide an integer', at });
    else if (value < min) problems.push({ message: `must be more than ${min - 1}`, at });
    else if (value > max) problems.push({ message: `must be less than ${max + 1}`, at });
  };
}

export function among(...values: readonly (string | number)[]): Rule {
  return (value, at, problems) => {
    if (!values.some((one) => one === value)) problems.push({ message: 'must be a valid enum value', at });
  };
}

export function list(item: Rule, max: number, min = 1): Rule {
  return (value, at, problems) => {
    if (!Array.isArray(value)) return void problems.push({ message: 'must provide an array', at });
    if (value.length > max) problems.push({ message: `no more than ${max} items allowed`, at });
    if (value.length < min) problems.push({ message: `no less than ${min} items allowed`, at });
    value.forEach((one: unknown, i) => {
      item(one, `${at}/${i}`, problems);
    });
  };
}

/** An object of these fields and no others; names in `required` must be there. */
export function object(required: readonly string[], fields: Readonly<Record<string, Rule>>): Rule {
  return (value, at, problems) => {
    if (!isDict(value)) return void problems.push({ message: 'must provide an object', at });
    for (const name of required) {
      if (value[name] === undefined) problems.push({ message: `missing required field: ${name}`, at });
    }
    for (const [name, content] of Object.entries(value)) {
      if (content === undefined) continue;
      const rule = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (rule) rule(content, `${at}/${name}`, problems);
      else problems.push({ message: `invalid additional property: ${name}`, at });
    }
  };
}

/** Chooses the rule by the object's `type`. */
export function byType(kinds: Readonly<Record<string, Rule>>): Rule {
  return (value, at, problems) => {
    if (!isDict(value)) return void problems.push({ message: 'must provide an object', at });
    if (value.type === undefined) return void problems.push({ message: 'missing required field: type', at });
    const rule =
      typeof value.type === 'string' && Object.hasOwn(kinds, value.type) ? kinds[value.type] : undefined;
    if (rule) rule(value, at, problems);
    else problems.push({ message: `unsupported type: ${String(value.type)}`, at: `${at}/type` });
  };
}

/** An object whose `type` is this word. */
export function typed(
  type: string,
  required: readonly string[],
  fields: Readonly<Record<string, Rule>>,
): Rule {
  return object(['type', ...required], { type: among(type), ...fields });
}

export function all(...rules: readonly Rule[]): Rule {
  return (value, at, problems) => {
    for (const rule of rules) rule(value, at, problems);
  };
}

/** Objects unless `holds`; for what no single field can tell. Only objects are asked. */
export function where(
  holds: (value: Readonly<Record<string, unknown>>) => boolean,
  message: string,
  under = '',
): Rule {
  return (value, at, problems) => {
    if (isDict(value) && !holds(value)) problems.push({ message, at: `${at}${under}` });
  };
}
