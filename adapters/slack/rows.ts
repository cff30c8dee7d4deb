import type { ActionsBlock, ContextBlock, HeaderBlock, KnownBlock, SectionBlock } from '@slack/types';
import { cut, type Row, type Section } from '../../src/index.ts';
import { BLANK, buttonElement } from './elements.ts';
import { toMrkdwn } from './text.ts';

const BUTTONS = 25;

/** Ends the block ids of the rows of a card: what is done in one of them does not change the whole card. */
export const ROW = '/row';

/**
 * Rows under their titles, as many as there is room for, and how many are left: whole rows only, and no title without
 * the first of its rows.
 *
 * @param room in blocks, without the one that says how many are left.
 */
export function fill(sections: readonly Section[], room: number): { blocks: KnownBlock[]; left: number } {
  const blocks: KnownBlock[] = [];
  let left = 0;
  for (const { title, rows } of sections) {
    let above = title === undefined ? [] : [titleBlock(title)];
    if (rows.length === 0 && blocks.length < room) blocks.push(...above);
    for (const row of rows) {
      const drawn = [...above, ...rowBlocks(row)];
      if (left > 0 || blocks.length + drawn.length > room) {
        left++;
        continue;
      }
      blocks.push(...drawn);
      above = [];
    }
  }
  return { blocks, left };
}

function titleBlock(title: string): HeaderBlock {
  return {
    type: 'header',
    text: { type: 'plain_text', text: cut(title.trim() || BLANK, 150), emoji: true },
  };
}

function rowBlocks({ line, buttons }: Row): (SectionBlock | ActionsBlock)[] {
  const text = { type: 'mrkdwn' as const, text: toMrkdwn(line).trim() || BLANK };
  const [only, ...more] = buttons.slice(0, BUTTONS).map(buttonElement);
  if (only === undefined) return [{ type: 'section', text }];
  if (more.length === 0) return [{ type: 'section', text, accessory: only }];
  return [
    { type: 'section', text },
    { type: 'actions', elements: [only, ...more] },
  ];
}

/** Says how many rows have found no room; nothing where all of them have. */
export function leftBlock(left: number): ContextBlock[] {
  if (left === 0) return [];
  const text = left === 1 ? 'One more does not fit here.' : `${left} more do not fit here.`;
  return [{ type: 'context', elements: [{ type: 'plain_text', text }] }];
}
