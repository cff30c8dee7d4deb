import type {
  ActionsBlock,
  ContextBlock,
  HeaderBlock,
  KnownBlock,
  Overflow,
  SectionBlock,
  Button as SlackButton,
} from '@slack/types';
import { type Button, type Card, cut } from '../../src/index.ts';
import { escapeText, toMrkdwn } from './text.ts';

/** The action id of the menu that holds what has no button of its own; of the second one `more-2`, and so on. */
export const MENU = 'more';

/** Slack takes no more in one menu. */
const IN_MENU = 5;

/** Slack refuses empty text; this stands for it. */
export const BLANK = '—';

/** What is left of Slack's 50 blocks beside header, facts, footer and buttons. */
const LINES = 46;

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
  const blocks: KnownBlock[] = [
    headerBlock(card),
    ...factBlocks(card),
    ...card.lines.slice(0, LINES).map(
      (line): SectionBlock => ({
        type: 'section',
        text: { type: 'mrkdwn', text: toMrkdwn(line) || BLANK },
      }),
    ),
    footerBlock(card),
    ...actionBlocks(card),
  ];
  return {
    text: escapeText(cut(card.notification.trim() || BLANK, 300)),
    blocks: blocks.map((block, i) => ({ ...block, block_id: `${version}-${i}` })),
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

/** A button carries its verb as action id and the Task as value. */
export function buttonElement(button: Button): SlackButton {
  return {
    type: 'button',
    action_id: button.verb,
    text: { type: 'plain_text', text: cut(button.label, 75), emoji: true },
    value: button.taskId,
    ...(button.style && { style: button.style }),
    ...(button.confirm && {
      confirm: {
        title: { type: 'plain_text', text: cut(`${button.label}?`, 100) },
        text: { type: 'plain_text', text: cut(button.confirm, 300) },
        confirm: { type: 'plain_text', text: cut(button.label, 30) },
        deny: { type: 'plain_text', text: 'Not yet' },
      },
    }),
  };
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
