import type { InputBlock, ModalView, PlainTextOption } from '@slack/types';
import { type Choice, type CommandRequest, cut, type Form, type FormInput } from '../../src/index.ts';

/** What a dialog remembers about where it was opened, in Slack's `private_metadata`. */
export interface DialogMemory {
  /** The Task; absent where the person chooses it in the dialog. */
  readonly task?: string;
  /** The channel to answer in. */
  readonly channel?: string;
  /** Opened from a card that will change by itself: then only a refusal needs words. */
  readonly fromCard: boolean;
}

/** Draws a verb's dialog as a Slack modal. Block and action ids are the names of the inputs. */
export function toModal(form: Form, memory: DialogMemory): ModalView {
  return {
    type: 'modal',
    callback_id: form.verb,
    private_metadata: JSON.stringify(memory),
    title: plain(form.title, 24),
    submit: plain(form.submit, 24),
    close: plain('Cancel', 24),
    blocks: form.inputs.map(toInput),
  };
}

function toInput(input: FormInput): InputBlock {
  return {
    type: 'input',
    block_id: input.name,
    label: plain(input.label, 2000),
    optional: !input.required,
    element: toElement(input),
  };
}

function toElement(input: FormInput): InputBlock['element'] {
  const base = { action_id: input.name, placeholder: plain(input.hint, 150) };
  switch (input.kind) {
    case 'search':
      return { type: 'external_select', min_query_length: 0, ...base };
    case 'choice':
      return { type: 'static_select', options: (input.choices ?? []).map(toOption), ...base };
    case 'text':
      return {
        type: 'plain_text_input',
        multiline: true,
        ...base,
        ...(input.maxLength !== undefined && { max_length: input.maxLength }),
      };
    default:
      return input.kind satisfies never;
  }
}

interface OptionGroup {
  label: ReturnType<typeof plain>;
  options: PlainTextOption[];
}

/** Choices of a type-ahead, in groups where they have any. */
export function toSuggestions(
  choices: readonly Choice[],
): { options: PlainTextOption[] } | { option_groups: OptionGroup[] } {
  const groups = Map.groupBy(choices.slice(0, 100), (choice) => choice.group);
  if (groups.size === 0 || (groups.size === 1 && groups.has(undefined)))
    return { options: choices.slice(0, 100).map(toOption) };
  const option_groups = [...groups].map(([label, members]) => ({
    label: plain(label ?? 'Others', 75),
    options: members.map(toOption),
  }));
  return { option_groups };
}

function toOption(choice: Choice): PlainTextOption {
  return { text: plain(choice.label, 75), value: choice.value };
}

function plain(text: string, limit: number) {
  return { type: 'plain_text' as const, text: cut(text, limit), emoji: true };
}

/** What Slack says was filled into one input. */
interface ViewStateValue {
  readonly value?: string | null;
  readonly selected_option?: { readonly value?: string } | null;
}

/** A submitted dialog: the command that it means, and what it remembered. */
export interface Submission {
  readonly request: Omit<CommandRequest, 'by'>;
  readonly memory: DialogMemory;
}

/** Reads a submitted modal; undefined for one that is not ours. */
export function parseSubmission(view: {
  readonly callback_id: string;
  readonly private_metadata: string;
  readonly state: { readonly values: Record<string, Record<string, ViewStateValue>> };
}): Submission | undefined {
  const memory = readMemory(view.private_metadata);
  if (memory === undefined) return undefined;
  const values = Object.fromEntries(
    Object.entries(view.state.values).map(([name, block]) => [name, readValue(Object.values(block)[0])]),
  );
  const { target, reason, note } = values;
  const inputs = { ...(target && { target }), ...(reason && { reason }), ...(note && { note }) };
  return { request: { verb: view.callback_id, task: memory.task ?? values.task ?? '', inputs }, memory };
}

function readValue(state: ViewStateValue | undefined): string | undefined {
  return state?.selected_option?.value ?? state?.value ?? undefined;
}

function readMemory(text: string): DialogMemory | undefined {
  try {
    const memory: unknown = JSON.parse(text);
    if (typeof memory !== 'object' || memory === null || !('fromCard' in memory)) return undefined;
    return memory as DialogMemory;
  } catch {
    return undefined;
  }
}
