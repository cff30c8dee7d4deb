import type {
  ActionsBlock,
  ContextBlock,
  HeaderBlock,
  KnownBlock,
  Overflow,
  SectionBlock,
} from '@slack/types';
import { type Button, type Card, cut, type Line } from '../../src/index.ts';
import { BLANK, buttonElement } from './elements.ts';
import { fill, leftBlock, ROW } from './rows.ts';
import { escapeText, toMrkdwn } from './text.ts';

/** The action id of the menu that holds what has no button of its own; of the second one `more-2`, and so on. */
export const MENU = 'more';

/** Slack's 50, without the one that calls people when the message is posted. */
const ROOM = 49;

/** Slack takes no more in one menu. */
const IN_MENU = 5;

/** The most lines above rows: so many leave room for fifteen rows with several buttons each. */
const LINES_ABOVE_ROWS = 14;

/** A message as Slack's API takes it. `text` is what notifications show. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/**
 * Draws a card with Block Kit. Everything is cut to Slack's limits here, so that Slack never refuses a card because
 * of what somebody wrote into the record.
 *
 * @param version goes into the block ids: Slack wants new ones when a message is redrawn.
 */
export function toBlocks(card: Card, version: string): SlackMessage {
  const above = [headerBlock(card), ...factBlocks(card)];
  const below = [footerBlock(card), ...actionBlocks(card)];
  const room = ROOM - above.length - below.length;
  const { rows = [] } = card;
  const lines = card.lines.slice(0, rows.length > 0 ? LINES_ABOVE_ROWS : room).map(lineBlock);
  const { blocks, left } = fill([{ rows }], room - lines.length - 1);
  const body = [...lines, ...blocks.map((block) => ({ ...block, block_id: ROW })), ...leftBlock(left)];
  return {
    text: escapeText(cut(card.notification.trim() || BLANK, 300)),
    blocks: [...above, ...body, ...below].map((block, i) => ({
      ...block,
      block_id: `${version}-${i}${block.block_id ?? ''}`,
    })),
  };
}

/** A sentence that one person reads. */
export function toNote(sentence: string): SlackMessage {
  return { text: escapeText(cut(sentence.trim() || BLANK, 3000)), blocks: [plainSection(sentence)] };
}

/** A sentence as a block of plain text, so that nothing in it can be markup. */
export function plainSection(sentence: string): SectionBlock {
  return {
    type: 'section',
    text: { type: 'plain_text', text: cut(sentence.trim() || BLANK, 3000), emoji: false },
  };
}

function lineBlock(line: Line): SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: toMrkdwn(line) || BLANK } };
}

function headerBlock(card: Card): HeaderBlock {
  return {
    type: 'header',
    text: { type: 'plain_text', text: cut(card.title.trim() || BLANK, 150), emoji: true },
  };
}

function factBlocks(card: Card): SectionBlock[] {
  if (card.facts.length === 0) return [];
  const fields = card.facts.slice(0, 10).map((fact) => ({
    type: 'mrkdwn' as const,
    text: `${toMrkdwn([{ bold: fact.label }], 150)}\n${toMrkdwn(fact.value, 1800)}`,
  }));
  return [{ type: 'section', fields }];
}

function footerBlock(card: Card): ContextBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text: toMrkdwn(card.footer, 2000) || BLANK }] };
}

function actionBlocks(card: Card): ActionsBlock[] {
  const elements = [...card.buttons.map(buttonElement), ...menuElements(card.menu)];
  return elements.length > 0 ? [{ type: 'actions', elements }] : [];
}

/** As many menus as it takes, evenly filled, so that nothing is left out. */
function menuElements(menu: readonly Button[]): Overflow[] {
  const menus = Math.ceil(menu.length / IN_MENU);
  const each = Math.ceil(menu.length / menus);
  return Array.from({ length: menus }, (_, i) => ({
    type: 'overflow',
    action_id: i === 0 ? MENU : `${MENU}-${i + 1}`,
    options: menu.slice(i * each, (i + 1) * each).map(menuOption),
  }));
}

function menuOption(button: Button): Overflow['options'][number] {
  return {
    text: { type: 'plain_text', text: cut(button.label, 75), emoji: true },
    value: `${button.verb}:${button.taskId}`,
  };
}

/** Whether the action is the choice of something in one of the menus. */
export function isMenu(actionId: string): boolean {
  return actionId === MENU || actionId.startsWith(`${MENU}-`);
}
