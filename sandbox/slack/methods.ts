import type { Dict } from '../dict.ts';
import type { Args } from './args.ts';
import type { State } from './state.ts';

/** One method of the Web API: gives what comes next to `ok: true`, or throws a SlackError. */
export type Method = (args: Args, state: State) => Dict;

export type Methods = Readonly<Record<string, Method>>;
