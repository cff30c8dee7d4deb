import type { InputBlock, ModalView, PlainTextOption } from '@slack/types';
import { type Choice, cut, type Form, type FormInput } from '../../src/index.ts';
import { plainSection } from './blocks.ts';
import { optionFaults } from './limits.ts';
import type { DialogMemory } from './submission.ts';

/** What is chosen in these says what the dialog would do, so Slack has to tell of it before the submission. */
const PREVIEWED: readonly string[] = ['task', 'target'];

/** Slack takes no more in a text than this. */
const TEXT = 3000;
const OPTIONS = 100;

/** Draws a verb's dialog as a Slack modal. Block and action ids are the names of the inputs. */
export function toModal(form: Form, memory: DialogMemory): ModalView {
  return {
    type: 'modal',
    callback_id: form.verb,
    private_metadata: JSON.stringify(memory),
    title: plain(form.title, 24),
    submit: plain(form.submit, 24),
    close: plain('Cancel', 24),
    blocks: [
      ...(form.lead ? [{ ...plainSection(form.lead), block_id: 'lead' }] : []),
      ...form.inputs.map((input) => toInput(input, form.previews)),
    ],
  };
}

function toInput(input: FormInput, previews: boolean): InputBlock {
  return {
    type: 'input',
    block_id: input.name,
    label: plain(input.label, 2000),
    optional: !input.required,
    element: toElement(input),
    ...(previews && PREVIEWED.includes(input.name) && { dispatch_action: true }),
  };
}

function toElement(input: FormInput): InputBlock['element'] {
  const base = { action_id: input.name, placeholder: plain(input.hint, 150) };
  const options = toOptions(input.choices ?? []);
  const initial_option = options.find(({ value }) => value === input.initial);
  const chosen = { ...base, ...(initial_option && { initial_option }) };
  switch (input.kind) {
    case 'search':
      return { type: 'external_select', min_query_length: 0, ...chosen };
    case 'choice':
      // Slack refuses a choice among nothing; then whatever is typed is looked up, and refused with a sentence.
      return options.length > 0 ? { type: 'static_select', options, ...chosen } : textElement(base, input);
    case 'text':
      return { ...textElement(base, input), multiline: true };
    default:
      return input.kind satisfies never;
  }
}

function textElement(base: { action_id: string; placeholder: PlainText }, { initial, maxLength }: FormInput) {
  const most = Math.min(maxLength ?? TEXT, TEXT);
  return {
    type: 'plain_text_input' as const,
    ...base,
    ...(maxLength !== undefined && { max_length: most }),
    ...(initial && { initial_value: cut(initial, most) }),
  };
}

interface OptionGroup {
  label: PlainText;
  options: PlainTextOption[];
}

/** Choices of a type-ahead, in groups where they have any. */
export function toSuggestions(
  choices: readonly Choice[],
): { options: PlainTextOption[] } | { option_groups: OptionGroup[] } {
  const groups = Map.groupBy(choices.slice(0, OPTIONS), (choice) => choice.group);
  if (groups.size === 0 || (groups.size === 1 && groups.has(undefined)))
    return { options: toOptions(choices) };
  const option_groups = [...groups].flatMap(([label, members]) => {
    const options = toOptions(members);
    return options.length > 0 ? [{ label: plain(label ?? 'Others', 75), options }] : [];
  });
  return { option_groups };
}

/** As many as Slack takes, each once, and none whose value it would refuse: a value cannot be cut. */
function toOptions(choices: readonly Choice[]): PlainTextOption[] {
  const byValue = new Map(choices.map((choice) => [choice.value, choice]));
  return [...byValue.values()]
    .filter(({ value }) => value !== '' && optionFaults([{ value }]).length === 0)
    .slice(0, OPTIONS)
    .map((choice) => ({ text: plain(choice.label || choice.value, 75), value: choice.value }));
}

type PlainText = ReturnType<typeof plain>;

function plain(text: string, limit: number) {
  return { type: 'plain_text' as const, text: cut(text, limit), emoji: true };
}
