/** The composition objects of Block Kit: texts, options, confirmations. https://docs.slack.dev/reference/block-kit/composition-objects */
import {
  all,
  among,
  boolean,
  byType,
  list,
  object,
  pattern,
  type Rule,
  string,
  typed,
  where,
} from './shapes.ts';

export const plain = (max: number): Rule =>
  typed('plain_text', ['text'], { text: string(max), emoji: boolean });

export const mrkdwn = (max: number): Rule =>
  typed('mrkdwn', ['text'], { text: string(max), verbatim: boolean });

export const anyText = (max: number): Rule => byType({ plain_text: plain(max), mrkdwn: mrkdwn(max) });

export const blockId = string(255);
export const actionId = string(255);

/** Where a button leads. */
export const linkUrl: Rule = all(
  string(3000),
  pattern(/^(https?|mailto|tel|slack):\S+$/i, 'must be a valid url'),
);

/** What Slack itself fetches. */
export const imageUrl: Rule = all(string(3000), pattern(/^https?:\/\/\S+$/i, 'must be a valid url'));

// Slack's documents say 75 in one place and 150 in another; the smaller one is safe in both.
const OPTION_VALUE = 75;

export const option: Rule = object(['text', 'value'], {
  text: plain(75),
  value: string(OPTION_VALUE),
  description: plain(75),
});

/** Checkboxes and radio buttons may use mrkdwn. */
export const richOption: Rule = object(['text', 'value'], {
  text: anyText(75),
  value: string(OPTION_VALUE),
  description: anyText(75),
});

export const overflowOption: Rule = object(['text', 'value'], {
  text: plain(75),
  value: string(OPTION_VALUE),
  description: plain(75),
  url: linkUrl,
});

export const optionGroup: Rule = object(['label', 'options'], {
  label: plain(75),
  options: list(option, 100),
});

export const confirm: Rule = object(['title', 'text', 'confirm', 'deny'], {
  title: plain(100),
  text: anyText(300),
  confirm: plain(30),
  deny: plain(30),
  style: among('primary', 'danger'),
});

export const dispatchConfig: Rule = object([], {
  trigger_actions_on: list(among('on_enter_pressed', 'on_character_entered'), 2),
});

export const conversationFilter: Rule = object([], {
  include: list(among('im', 'mpim', 'private', 'public'), 4),
  exclude_external_shared_channels: boolean,
  exclude_bot_users: boolean,
});

export const slackFile: Rule = object([], { id: string(255), url: string(3000) });

/** Exactly one of `image_url` and `slack_file`. */
export const oneImageSource: Rule = where(
  (image) => (image.image_url === undefined) !== (image.slack_file === undefined),
  'must define either `image_url` or `slack_file`',
);
