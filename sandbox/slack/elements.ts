/** The elements of Block Kit, by type. https://docs.slack.dev/reference/block-kit/block-elements */

import { asDicts, asText, isDict } from '../dict.ts';
import {
  actionId,
  confirm,
  conversationFilter,
  dispatchConfig,
  imageUrl,
  linkUrl,
  oneImageSource,
  option,
  optionGroup,
  overflowOption,
  plain,
  richOption,
  slackFile,
} from './composition.ts';
import { richText } from './rich-text.ts';
import {
  all,
  among,
  boolean,
  byType,
  integer,
  list,
  object,
  pattern,
  type Rule,
  string,
  typed,
  where,
} from './shapes.ts';

const style = among('primary', 'danger');
const label = string(75);
const id = string(255);

const acts = { action_id: actionId };
const confirms = { ...acts, confirm };
const focuses = { ...acts, focus_on_load: boolean };
const picks = { ...confirms, ...focuses, placeholder: plain(150) };
const types = { ...focuses, placeholder: plain(150), dispatch_action_config: dispatchConfig };
const many = { ...picks, max_selected_items: integer(1, 100) };
const conversations = { filter: conversationFilter, default_to_current_conversation: boolean };

const optionsOrGroups = where(
  (menu) => (menu.options === undefined) !== (menu.option_groups === undefined),
  'must define either `options` or `option_groups`',
);

/** What is chosen at first must be one of the options, letter for letter, or Slack refuses the payload. */
const initialAmongOptions: Rule = (value, at, problems) => {
  if (!isDict(value)) return;
  const offered = [
    ...asDicts(value.options),
    ...asDicts(value.option_groups).flatMap((group) => asDicts(group.options)),
  ];
  const known = (one: unknown): boolean =>
    isDict(one) &&
    offered.some((other) => other.value === one.value && textOf(other.text) === textOf(one.text));
  if (value.initial_option !== undefined && !known(value.initial_option))
    problems.push({ message: 'must be one of the provided options', at: `${at}/initial_option` });
  asDicts(value.initial_options).forEach((one, i) => {
    if (!known(one))
      problems.push({ message: 'must be one of the provided options', at: `${at}/initial_options/${i}` });
  });
};

const textOf = (text: unknown): string | undefined => (isDict(text) ? asText(text.text) : undefined);

const uniqueValues: Rule = (value, at, problems) => {
  if (!isDict(value)) return;
  const values = asDicts(value.options).map((one) => one.value);
  if (new Set(values).size !== values.length)
    problems.push({ message: 'option values must be unique', at: `${at}/options` });
};

const menu = { options: list(option, 100), option_groups: list(optionGroup, 100) };
const date = pattern(/^\d{4}-\d{2}-\d{2}$/, 'must be a date of the form YYYY-MM-DD');
const time = pattern(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of the form HH:mm');
const decimal = pattern(/^-?\d+(\.\d+)?$/, 'must be a number');
const feedback = object(['text', 'value'], {
  text: plain(75),
  value: string(2000),
  accessibility_label: label,
});

export const ELEMENTS: Readonly<Record<string, Rule>> = {
  button: typed('button', ['text'], {
    ...confirms,
    text: plain(75),
    value: string(2000),
    url: linkUrl,
    style,
    accessibility_label: label,
  }),
  workflow_button: typed('workflow_button', ['text', 'workflow'], {
    ...confirms,
    text: plain(75),
    workflow: isObject,
    style,
    accessibility_label: label,
  }),
  icon_button: typed('icon_button', ['icon', 'text'], {
    ...confirms,
    icon: string(75),
    text: plain(75),
    value: string(2000),
    accessibility_label: label,
    visible_to_user_ids: list(id, 100),
  }),
  feedback_buttons: typed('feedback_buttons', ['positive_button', 'negative_button'], {
    ...acts,
    positive_button: feedback,
    negative_button: feedback,
  }),
  overflow: all(
    typed('overflow', ['options'], { ...confirms, options: list(overflowOption, 5) }),
    uniqueValues,
  ),
  image: all(
    typed('image', ['alt_text'], { image_url: imageUrl, slack_file: slackFile, alt_text: string(2000) }),
    oneImageSource,
  ),
  static_select: all(
    typed('static_select', [], { ...picks, ...menu, initial_option: option }),
    optionsOrGroups,
    initialAmongOptions,
    uniqueValues,
  ),
  multi_static_select: all(
    typed('multi_static_select', [], { ...many, ...menu, initial_options: list(option, 100) }),
    optionsOrGroups,
    initialAmongOptions,
    uniqueValues,
  ),
  external_select: typed('external_select', [], {
    ...picks,
    initial_option: option,
    min_query_length: integer(0, 1000),
  }),
  multi_external_select: typed('multi_external_select', [], {
    ...many,
    initial_options: list(option, 100),
    min_query_length: integer(0, 1000),
  }),
  users_select: typed('users_select', [], { ...picks, initial_user: id }),
  multi_users_select: typed('multi_users_select', [], { ...many, initial_users: list(id, 100) }),
  conversations_select: typed('conversations_select', [], {
    ...picks,
    ...conversations,
    initial_conversation: id,
    response_url_enabled: boolean,
  }),
  multi_conversations_select: typed('multi_conversations_select', [], {
    ...many,
    ...conversations,
    initial_conversations: list(id, 100),
  }),
  channels_select: typed('channels_select', [], {
    ...picks,
    initial_channel: id,
    response_url_enabled: boolean,
  }),
  multi_channels_select: typed('multi_channels_select', [], { ...many, initial_channels: list(id, 100) }),
  checkboxes: all(
    typed('checkboxes', ['options'], {
      ...confirms,
      ...focuses,
      options: list(richOption, 10),
      initial_options: list(richOption, 10),
    }),
    initialAmongOptions,
    uniqueValues,
  ),
  radio_buttons: all(
    typed('radio_buttons', ['options'], {
      ...confirms,
      ...focuses,
      options: list(richOption, 10),
      initial_option: richOption,
    }),
    initialAmongOptions,
    uniqueValues,
  ),
  datepicker: typed('datepicker', [], { ...picks, initial_date: date }),
  timepicker: typed('timepicker', [], { ...picks, initial_time: time, timezone: string(255) }),
  datetimepicker: typed('datetimepicker', [], {
    ...confirms,
    ...focuses,
    initial_date_time: integer(1_000_000_000, 9_999_999_999),
  }),
  plain_text_input: typed('plain_text_input', [], {
    ...types,
    initial_value: string(3000, 0),
    multiline: boolean,
    min_length: integer(0, 3000),
    max_length: integer(1, 3000),
  }),
  email_text_input: typed('email_text_input', [], { ...types, initial_value: string(3000, 0) }),
  url_text_input: typed('url_text_input', [], { ...types, initial_value: string(3000, 0) }),
  number_input: typed('number_input', ['is_decimal_allowed'], {
    ...types,
    is_decimal_allowed: boolean,
    initial_value: decimal,
    min_value: decimal,
    max_value: decimal,
  }),
  rich_text_input: typed('rich_text_input', [], {
    ...types,
    initial_value: richText,
    min_lines: integer(1, 100),
    max_lines: integer(1, 100),
  }),
  file_input: typed('file_input', [], {
    ...acts,
    filetypes: list(string(20), 100),
    max_files: integer(1, 10),
  }),
};

function isObject(value: unknown, at: string, problems: { message: string; at: string }[]): void {
  if (!isDict(value)) problems.push({ message: 'must provide an object', at });
}

/** One of these element types and no other. */
export function elementOf(...names: readonly string[]): Rule {
  return byType(
    Object.fromEntries(names.flatMap((name) => (ELEMENTS[name] ? [[name, ELEMENTS[name]]] : []))),
  );
}
