/** How each stateful element keeps what a person chose: in `state.values`, in `actions`, in a submission. */

import { ControlError } from '../control-error.ts';
import { asDict, asDicts, asText, type Dict, isDict } from '../dict.ts';
import { elementsIn, flatBlocks } from './block-kit.ts';
import type { StateValues } from './types.ts';

interface Kind {
  /** The field of a state value. */
  readonly field: string;
  /** The field of the element that says what it starts with. */
  readonly initial: string;
  /** What a person's input is turned into. */
  readonly as: 'text' | 'number' | 'option' | 'options' | 'texts' | 'object';
}

const text = (field: string, initial: string): Kind => ({ field, initial, as: 'text' });
const texts = (field: string, initial: string): Kind => ({ field, initial, as: 'texts' });
const typing = text('value', 'initial_value');
const one: Kind = { field: 'selected_option', initial: 'initial_option', as: 'option' };
const several: Kind = { field: 'selected_options', initial: 'initial_options', as: 'options' };

const KINDS: Readonly<Record<string, Kind>> = {
  plain_text_input: typing,
  email_text_input: typing,
  url_text_input: typing,
  number_input: typing,
  static_select: one,
  external_select: one,
  radio_buttons: one,
  multi_static_select: several,
  multi_external_select: several,
  checkboxes: several,
  users_select: text('selected_user', 'initial_user'),
  conversations_select: text('selected_conversation', 'initial_conversation'),
  channels_select: text('selected_channel', 'initial_channel'),
  multi_users_select: texts('selected_users', 'initial_users'),
  multi_conversations_select: texts('selected_conversations', 'initial_conversations'),
  multi_channels_select: texts('selected_channels', 'initial_channels'),
  datepicker: text('selected_date', 'initial_date'),
  timepicker: text('selected_time', 'initial_time'),
  datetimepicker: { field: 'selected_date_time', initial: 'initial_date_time', as: 'number' },
  rich_text_input: { field: 'rich_text_value', initial: 'initial_value', as: 'object' },
};

const kindOf = (element: Dict): Kind | undefined => KINDS[asText(element.type) ?? ''];

export const keepsState = (element: Dict): boolean => kindOf(element) !== undefined;

const isMany = (kind: Kind): boolean => kind.as === 'options' || kind.as === 'texts';

/** What the element holds before anybody touched it. */
export function initialValue(element: Dict): Dict {
  const kind = kindOf(element);
  if (!kind) return { type: element.type };
  return { type: element.type, [kind.field]: element[kind.initial] ?? (isMany(kind) ? [] : null) };
}

/**
 * What the element holds after a person gave `given`: text for inputs, the option's value for selects, an array
 * for elements of many, `null` for nothing. `suggested` are options that the application offered.
 */
export function chosenValue(element: Dict, given: unknown, suggested: readonly Dict[]): Dict {
  const kind = kindOf(element);
  if (!kind) throw new ControlError(400, `A ${String(element.type)} holds no value.`);
  if (given === null) return { type: element.type, [kind.field]: isMany(kind) ? [] : null };
  return { type: element.type, [kind.field]: convert(kind, element, given, suggested) };
}

function convert(kind: Kind, element: Dict, given: unknown, suggested: readonly Dict[]): unknown {
  switch (kind.as) {
    case 'text':
      if (typeof given !== 'string')
        throw new ControlError(400, `${String(element.action_id)} takes a text.`);
      return given;
    case 'number':
      return Number(given);
    case 'object':
      return given;
    case 'option':
      return findOption(element, given, suggested);
    case 'options':
      return [given].flat().map((value) => findOption(element, value, suggested));
    case 'texts':
      return [given].flat().map(String);
    default:
      return kind.as satisfies never;
  }
}

export const optionsOf = (element: Dict): Dict[] => [
  ...asDicts(element.options),
  ...asDicts(element.option_groups).flatMap((group) => asDicts(group.options)),
];

/** The whole option with this value, from the element or from what was suggested. */
export function findOption(element: Dict, given: unknown, suggested: readonly Dict[]): Dict {
  const value = isDict(given) ? given.value : given;
  const initial = [element.initial_option, ...asDicts(element.initial_options)].filter(isDict);
  const found = [...optionsOf(element), ...suggested.toReversed(), ...initial].find(
    (option) => option.value === value,
  );
  if (!found)
    throw new ControlError(400, `${String(element.action_id)} has no option ${JSON.stringify(value)}.`);
  return found;
}

/** Whether an input holds nothing, so that a required one keeps the dialog open. */
export function isEmpty(value: Dict): boolean {
  const { type: _, ...held } = value;
  return Object.values(held).every(
    (one) => one === null || one === '' || (Array.isArray(one) && one.length === 0),
  );
}

/** Every stateful element with the block it is in. */
export function statefulElements(blocks: readonly Dict[]): { block: Dict; element: Dict }[] {
  return flatBlocks(blocks).flatMap((block) =>
    elementsIn(block)
      .filter(keepsState)
      .map((element) => ({ block, element })),
  );
}

/** The `state.values` of these blocks: what was kept so far, or what the elements start with. */
export function stateOf(blocks: readonly Dict[], kept: StateValues): StateValues {
  const values: Record<string, Record<string, Dict>> = {};
  for (const { block, element } of statefulElements(blocks)) {
    const blockId = String(block.block_id);
    const actionId = String(element.action_id);
    const before = kept[blockId]?.[actionId];
    values[blockId] = {
      ...values[blockId],
      [actionId]: before && before.type === element.type ? before : initialValue(element),
    };
  }
  return values;
}

/** `values` with one element's value put in. */
export function withValue(values: StateValues, blockId: string, actionId: string, value: Dict): StateValues {
  return { ...values, [blockId]: { ...asDict(values[blockId]), [actionId]: value } as Record<string, Dict> };
}
