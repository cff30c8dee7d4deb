import { type Button, cut, type Line } from '../../src/index.ts';
import { type ActionData, executeAction } from './actions.ts';
import { confirmCard } from './inputs.ts';
import type { CardAction, CardElement } from './shapes.ts';
import { escapeText, toMarkdown } from './text.ts';

/** Stands for a text that is empty. */
export const BLANK = '—';

/** A set of actions holds no more than this. */
const ACTIONS = 5;

/** A button that does or asks something at once; one that cannot be taken back asks once more before. */
export function plainAction(button: Button, data: ActionData, mode: 'primary' | 'secondary'): CardAction {
  if (!button.confirm) return executeAction(button.label, button.verb, data, button.style, mode);
  const card = confirmCard(button, button.confirm, data);
  return { type: 'Action.ShowCard', title: cut(button.label, 40), mode, card };
}

/** Actions in rows of as many as Teams draws. */
export function actionSets(actions: readonly CardAction[]): CardElement[] {
  const sets = Array.from({ length: Math.ceil(actions.length / ACTIONS) }, (_, i) =>
    actions.slice(i * ACTIONS, (i + 1) * ACTIONS),
  );
  return sets.map((some) => ({ type: 'ActionSet', actions: some }));
}

/** A line of text, at most `limit` characters of it. */
export function textBlock(line: Line, limit: number): Extract<CardElement, { type: 'TextBlock' }> {
  return { type: 'TextBlock', text: toMarkdown(line, limit).trim() || BLANK, wrap: true };
}

/** What stands above a part of a card. */
export function heading(title: string): CardElement {
  return {
    type: 'TextBlock',
    text: escapeText(cut(title, 150)) || BLANK,
    weight: 'Bolder',
    size: 'Medium',
    wrap: true,
  };
}
