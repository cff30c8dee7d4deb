import { ControlError } from './control-error.ts';
import { type Dict, isDict } from './dict.ts';

/** Fields of a control call, read strictly: a wrong type is the caller's mistake, told in a sentence. */
export interface Fields {
  text(name: string): string;
  maybe(name: string): string | undefined;
  number(name: string): number | undefined;
  flag(name: string): boolean | undefined;
  object(name: string): Dict | undefined;
}

export function readFields(raw: Dict): Fields {
  const maybe = (name: string): string | undefined => {
    const value = raw[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw new ControlError(400, `${name} must be a text.`);
    return value;
  };
  return {
    maybe,
    text: (name) => {
      const value = maybe(name);
      if (!value) throw new ControlError(400, `${name} is missing.`);
      return value;
    },
    number: (name) => {
      const value = raw[name];
      if (value === undefined) return undefined;
      if (typeof value !== 'number' || value < 0)
        throw new ControlError(400, `${name} must be a number of at least 0.`);
      return value;
    },
    flag: (name) => {
      const value = raw[name];
      if (value === undefined) return undefined;
      if (typeof value !== 'boolean') throw new ControlError(400, `${name} must be true or false.`);
      return value;
    },
    object: (name) => {
      const value = raw[name];
      if (value === undefined) return undefined;
      if (!isDict(value)) throw new ControlError(400, `${name} must be an object.`);
      return value;
    },
  };
}

/** The fields that are there, by name: what is absent stays absent. */
export function pick<Value, Name extends string>(
  read: (name: string) => Value | undefined,
  ...names: readonly Name[]
): { [Key in Name]?: Value } {
  const found: { [Key in Name]?: Value } = {};
  for (const name of names) {
    const value = read(name);
    if (value !== undefined) found[name] = value;
  }
  return found;
}
