import { z } from 'zod';
import type { CommandRequest } from '../../src/index.ts';
import { SPOT } from './spot.ts';

const MEMORY = z.object({
  /** The Task; absent where the person chooses it in the dialog. */
  task: z.string().optional(),
  /** Where the dialog was opened. */
  spot: SPOT,
});

/** What a dialog remembers, in Slack's `private_metadata`. */
export type DialogMemory = z.output<typeof MEMORY>;

/** What Slack says was filled into one input. */
interface Filled {
  readonly value?: string | null;
  readonly selected_option?: { readonly value?: string } | null;
}

/** The parts of Slack's view that matter. */
export interface DialogView {
  readonly callback_id: string;
  readonly private_metadata: string;
  readonly state: { readonly values: Readonly<Record<string, Readonly<Record<string, Filled>>>> };
}

/** A dialog as it is filled in: the command that it means, and what it remembered. */
export interface Submission {
  readonly request: Omit<CommandRequest, 'by'>;
  readonly memory: DialogMemory;
}

/** Reads a dialog; undefined for one that is not ours. */
export function parseSubmission(view: DialogView): Submission | undefined {
  const memory = readMemory(view.private_metadata);
  if (memory === undefined) return undefined;
  const { task, ...inputs } = valuesIn(view);
  return { request: { verb: view.callback_id, task: memory.task ?? task ?? '', inputs }, memory };
}

/** What stands in each input, by its name; nothing for one that is empty. */
function valuesIn({ state }: DialogView): Record<string, string> {
  return Object.fromEntries(
    Object.entries(state.values).flatMap(([name, block]) => {
      const [filled] = Object.values(block);
      const value = filled?.selected_option?.value ?? filled?.value;
      return value ? [[name, value]] : [];
    }),
  );
}

function readMemory(text: string): DialogMemory | undefined {
  try {
    return MEMORY.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
