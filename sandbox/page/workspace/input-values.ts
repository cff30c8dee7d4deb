import type { Block, Element } from '../data/blocks.ts';
import type { Values } from '../data/slack.ts';

/** What was given so far, by block id. */
export type Given = Readonly<Record<string, string | readonly string[]>>;

export type Value = string | readonly string[];

/** What an input holds: what was given, otherwise what its element began with. */
export function givenOf(block: Block, given: Given): Value {
  return given[block.block_id ?? ''] ?? initialOf(block.element);
}

/** Everything that a submission says, in the shape of a view's state. */
export function valuesOf(blocks: readonly Block[], given: Given): Values {
  return Object.fromEntries(
    inputsOf(blocks).map((block) => [
      block.block_id ?? '',
      { [block.element?.action_id ?? '']: orNull(givenOf(block, given)) },
    ]),
  );
}

/** Slack itself refuses to submit a required input without a value; so does this page. */
export function missingOf(blocks: readonly Block[], given: Given): Readonly<Record<string, string>> {
  return Object.fromEntries(
    inputsOf(blocks)
      .filter((block) => block.optional !== true && givenOf(block, given).length === 0)
      .map((block) => [block.block_id ?? '', 'Please complete this required field.']),
  );
}

/** What the app wants to hear of at once, before the submission: a choice, in an input that says so. */
export function choiceToTell({ dispatch_action, element }: Block, value: Value): string | undefined {
  const chosen = typeof value === 'string' && value !== '' ? value : undefined;
  return dispatch_action === true && CHOOSING.test(element?.type ?? '') ? chosen : undefined;
}

/** Typing is told of when it ends, which this page does not play; a choice is made at once. */
const CHOOSING = /_select$|^radio_buttons$|^datepicker$|^timepicker$/;

function initialOf(element: Element | undefined): Value {
  if (element === undefined) return '';
  if (element.type === 'checkboxes')
    return (element.initial_options ?? []).map((option) => option.value ?? '');
  return (
    element.initial_option?.value ??
    element.initial_value ??
    element.initial_date ??
    element.initial_time ??
    element.initial_user ??
    ''
  );
}

const orNull = (value: Value): Value | null => (value === '' ? null : value);

const inputsOf = (blocks: readonly Block[]): readonly Block[] =>
  blocks.filter((block) => block.type === 'input');
