/** The blocks of Block Kit, by type. https://docs.slack.dev/reference/block-kit/blocks */
import { anyText, blockId, imageUrl, mrkdwn, oneImageSource, plain, slackFile } from './composition.ts';
import { ELEMENTS, elementOf } from './elements.ts';
import { richText } from './rich-text.ts';
import {
  all,
  among,
  boolean,
  byType,
  integer,
  list,
  object,
  type Rule,
  string,
  typed,
  where,
} from './shapes.ts';

const SELECTS = [
  'static_select',
  'external_select',
  'users_select',
  'conversations_select',
  'channels_select',
];
const CHOICES = [
  ...SELECTS,
  ...SELECTS.map((name) => `multi_${name}`),
  'checkboxes',
  'radio_buttons',
  'datepicker',
  'timepicker',
];
const ACTIONS = [...CHOICES, 'button', 'workflow_button', 'overflow', 'datetimepicker', 'rich_text_input'];
const ACCESSORIES = [...CHOICES, 'button', 'workflow_button', 'overflow', 'image'];
const INPUTS = [
  ...CHOICES,
  'datetimepicker',
  'plain_text_input',
  'email_text_input',
  'url_text_input',
  'number_input',
  'rich_text_input',
  'file_input',
];

// Slack names no limit for texts in a context; this is the smallest of any text that stands alone.
const CONTEXT_TEXT = 2000;

const named = { block_id: blockId };
const image = elementOf('image');
const card = typed('card', [], {
  ...named,
  hero_image: image,
  icon: image,
  title: mrkdwn(150),
  subtitle: mrkdwn(150),
  body: mrkdwn(200),
  actions: list(elementOf('button'), 3),
});
const cell = byType({
  raw_text: typed('raw_text', ['text'], { text: string(3000) }),
  raw_number: typed('raw_number', ['value', 'text'], { value: number, text: string(255) }),
  rich_text: richText,
});
const column = object([], { align: among('left', 'center', 'right'), is_wrapped: boolean });
const source = typed('url', ['url', 'text'], { url: string(3000), text: string(3000) });
const taskCard = typed('task_card', ['task_id', 'title', 'status'], {
  ...named,
  task_id: string(255),
  title: string(255),
  details: richText,
  output: richText,
  sources: list(source, 100),
  status: among('pending', 'in_progress', 'complete', 'error'),
});

const PLAIN_BLOCKS: Readonly<Record<string, Rule>> = {
  section: all(
    typed('section', [], {
      ...named,
      text: anyText(3000),
      fields: list(anyText(2000), 10),
      accessory: elementOf(...ACCESSORIES),
      expand: boolean,
    }),
    where(
      (block) => block.text !== undefined || block.fields !== undefined,
      'must define either `text` or `fields`',
    ),
  ),
  header: typed('header', ['text'], { ...named, text: plain(150) }),
  divider: typed('divider', [], named),
  context: typed('context', ['elements'], {
    ...named,
    elements: list(byType({ plain_text: plain(CONTEXT_TEXT), mrkdwn: mrkdwn(CONTEXT_TEXT), image }), 10),
  }),
  actions: typed('actions', ['elements'], { ...named, elements: list(elementOf(...ACTIONS), 25) }),
  input: typed('input', ['label', 'element'], {
    ...named,
    label: plain(2000),
    element: elementOf(...INPUTS),
    hint: plain(2000),
    optional: boolean,
    dispatch_action: boolean,
  }),
  image: all(
    typed('image', ['alt_text'], {
      ...named,
      image_url: imageUrl,
      slack_file: slackFile,
      alt_text: string(2000),
      title: plain(2000),
    }),
    oneImageSource,
  ),
  rich_text: richText,
  file: typed('file', ['external_id', 'source'], {
    ...named,
    external_id: string(255),
    source: among('remote'),
  }),
  video: typed('video', ['video_url', 'thumbnail_url', 'alt_text', 'title'], {
    ...named,
    video_url: string(3000),
    thumbnail_url: string(3000),
    alt_text: string(2000),
    title: plain(200),
    title_url: string(3000),
    author_name: string(50),
    provider_name: string(50),
    provider_icon_url: string(3000),
    description: plain(200),
  }),
  table: typed('table', ['rows'], {
    ...named,
    rows: list(list(cell, 20), 100),
    column_settings: list(column, 20),
  }),
};

export const BLOCKS: Readonly<Record<string, Rule>> = {
  ...PLAIN_BLOCKS,
  markdown: typed('markdown', ['text'], { ...named, text: string(12_000) }),
  alert: typed('alert', ['text'], {
    ...named,
    text: anyText(200),
    level: among('default', 'info', 'warning', 'error', 'success'),
  }),
  card: all(
    card,
    where(
      (block) => ['hero_image', 'title', 'actions', 'body'].some((part) => block[part] !== undefined),
      'must define one of `hero_image`, `title`, `actions` or `body`',
    ),
  ),
  carousel: typed('carousel', ['elements'], { ...named, elements: list(card, 10) }),
  container: all(
    typed('container', ['child_blocks'], {
      ...named,
      title: plain(150),
      rich_text_title: richText,
      subtitle: anyText(150),
      icon: image,
      child_blocks: list(byType(PLAIN_BLOCKS), 10),
      width: among('narrow', 'standard', 'wide', 'full'),
      is_collapsible: boolean,
      default_collapsed: boolean,
      has_header_divider: boolean,
    }),
    where(
      (block) => block.title !== undefined || block.rich_text_title !== undefined,
      'must define either `title` or `rich_text_title`',
    ),
  ),
  context_actions: typed('context_actions', ['elements'], {
    ...named,
    elements: list(elementOf('feedback_buttons', 'icon_button'), 5),
  }),
  data_table: typed('data_table', ['rows', 'caption'], {
    ...named,
    rows: list(list(cell, 20), 201, 2),
    caption: string(255),
    page_size: integer(1, 100),
    row_header_column_index: integer(0, 19),
  }),
  task_card: taskCard,
  plan: typed('plan', ['title'], { ...named, title: string(255), tasks: list(taskCard, 50, 0) }),
};

/** Only in messages; a view with one of these is refused. */
export const MESSAGE_ONLY: readonly string[] = [
  'markdown',
  'context_actions',
  'table',
  'task_card',
  'plan',
  'carousel',
  'card',
];

/** Elements that Slack has in views only. */
export const VIEW_ONLY_ELEMENTS: readonly string[] = ['file_input'];

export const knownElement = (type: unknown): boolean =>
  typeof type === 'string' && Object.hasOwn(ELEMENTS, type);

function number(value: unknown, at: string, problems: { message: string; at: string }[]): void {
  if (typeof value !== 'number') problems.push({ message: 'must provide a number', at });
}
