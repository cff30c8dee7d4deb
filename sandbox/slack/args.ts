import { type Dict, parseJson } from '../dict.ts';
import { SlackError } from './errors.ts';

/** The arguments of a Web API call, which come as a form or as JSON. */
export interface Args {
  text(name: string): string | undefined;
  /** Like `text`, and says `missing_argument` when there is none. */
  need(name: string): string;
  flag(name: string): boolean;
  number(name: string): number | undefined;
  /** A structure, which a form carries as JSON text; `badJson` is Slack's error when it is none. */
  json(name: string, badJson: string): unknown;
}

export function readArgs(raw: Dict): Args {
  const text = (name: string): string | undefined => {
    const value = raw[name];
    if (typeof value === 'string') return value;
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
  };
  return {
    text,
    need: (name) => {
      const value = text(name);
      if (!value) throw new SlackError('missing_argument', [`[ERROR] missing required field: ${name}`]);
      return value;
    },
    flag: (name) => ['true', '1'].includes(text(name) ?? ''),
    number: (name) => {
      const value = text(name);
      if (value === undefined) return undefined;
      if (!/^\d+$/.test(value))
        throw new SlackError('invalid_arguments', [`[ERROR] must be an integer [json-pointer:/${name}]`]);
      return Number(value);
    },
    json: (name, badJson) => {
      const value = raw[name];
      if (typeof value !== 'string') return value ?? undefined;
      const parsed = parseJson(value);
      if (parsed === undefined) throw new SlackError(badJson);
      return parsed;
    },
  };
}
