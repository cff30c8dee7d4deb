import type { Dict } from '../dict.ts';
import { badArgument } from './errors.ts';
import type { Operation } from './faults.ts';
import type { Answer } from './faulty-answer.ts';
import type { State } from './state.ts';

/** A call of the connector, as its route gets it. */
export interface Call {
  readonly state: State;
  /** What the path names, decoded, in order. */
  readonly names: readonly string[];
  readonly query: URLSearchParams;
  /** The body; throws a refusal when it is no JSON object. */
  json(): Dict;
}

export interface Route {
  readonly method: string;
  /** Under `v3/`; every `*` is a name. */
  readonly path: string;
  readonly operation: Operation;
  run(call: Call): Answer;
}

export interface Match {
  readonly route: Route;
  readonly names: readonly string[];
}

/** The route of a request, and the names in its path. */
export function match(routes: readonly Route[], method: string, path: string): Match | undefined {
  const parts = path.split('/').map(decode);
  for (const route of routes) {
    const wanted = route.path.split('/');
    if (route.method !== method || wanted.length !== parts.length) continue;
    if (wanted.every((part, i) => part === parts[i] || (part === '*' && parts[i] !== '')))
      return { route, names: parts.filter((_, i) => wanted[i] === '*') };
  }
  return undefined;
}

/** A name that the route's path promises. */
export function nameAt(call: Call, index: number): string {
  const name = call.names[index];
  if (name === undefined) throw badArgument('The address names too little.');
  return name;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
