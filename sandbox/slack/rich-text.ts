/** The `rich_text` block and what may be inside it. https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
import { blockId } from './composition.ts';
import { among, boolean, byType, integer, list, object, type Rule, string, typed } from './shapes.ts';

const style = object([], {
  bold: boolean,
  code: boolean,
  italic: boolean,
  strike: boolean,
  underline: boolean,
});
const id = string(255);

const leaf = byType({
  text: typed('text', ['text'], { text: string(12_000), style }),
  link: typed('link', ['url'], { url: string(3000), text: string(3000), unsafe: boolean, style }),
  user: typed('user', ['user_id'], { user_id: id, style }),
  usergroup: typed('usergroup', ['usergroup_id'], { usergroup_id: id, style }),
  channel: typed('channel', ['channel_id'], { channel_id: id, style }),
  team: typed('team', ['team_id'], { team_id: id, style }),
  emoji: typed('emoji', ['name'], { name: string(100), unicode: string(100), url: string(3000), style }),
  broadcast: typed('broadcast', ['range'], { range: among('here', 'channel', 'everyone'), style }),
  color: typed('color', ['value'], { value: string(20), style }),
  date: typed('date', ['timestamp', 'format'], {
    timestamp: integer(0, 9_999_999_999),
    format: string(255),
    url: string(3000),
    fallback: string(255),
    style,
  }),
});

const leaves = list(leaf, 1000, 0);
const border = among(0, 1);
const section = typed('rich_text_section', ['elements'], { elements: leaves });

export const richText: Rule = typed('rich_text', ['elements'], {
  block_id: blockId,
  elements: list(
    byType({
      rich_text_section: section,
      rich_text_quote: typed('rich_text_quote', ['elements'], { elements: leaves, border }),
      rich_text_preformatted: typed('rich_text_preformatted', ['elements'], { elements: leaves, border }),
      rich_text_list: typed('rich_text_list', ['elements', 'style'], {
        elements: list(section, 100),
        style: among('bullet', 'ordered'),
        indent: integer(0, 8),
        border,
      }),
    }),
    1000,
  ),
});
